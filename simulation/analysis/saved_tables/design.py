"""Saved tables of the plan of a laboratory experiment."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from gutexo.analysis.sample_size import POWER_CURVE_COLUMNS, SAMPLE_SIZE_COLUMNS, SampleSize
from gutexo.analysis.saved_tables.rows import parse_number, read_records, read_table
from gutexo.errors import GutexoError

POWER_CURVES_FILE = "design_power.csv"


def read_design(path: Path) -> list[SampleSize]:
    """Read the number of animals per group for each readout, with curves of power.

    Args:
        path: design.csv; design_power.csv is in the same folder.

    Raises:
        GutexoError: The files are not such tables.
    """
    curves_path = path.with_name(POWER_CURVES_FILE)
    points: dict[str, list[tuple[int, float, float, float]]] = {}
    for row in read_table(curves_path, *POWER_CURVE_COLUMNS):
        try:
            power, low, high = (
                parse_number(row[name]) for name in ("power", "power_low", "power_high")
            )
            points.setdefault(row["readout"], []).append((int(row["animals"]), power, low, high))
        except ValueError as error:
            raise GutexoError(f"{curves_path}: {error}") from None
    return [
        _with_curve(one, points.get(one.readout, []))
        for one in read_records(SampleSize, SAMPLE_SIZE_COLUMNS, path)
    ]


def _with_curve(one: SampleSize, points: list[tuple[int, float, float, float]]) -> SampleSize:
    if not points:
        return one
    sizes, power, low, high = zip(*points, strict=True)
    return replace(one, sizes=sizes, power=power, power_low=low, power_high=high)
