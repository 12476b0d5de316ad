"""What the plan of a laboratory's experiment left."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from gutexo.analysis.animals import COLUMNS, CURVE_COLUMNS, Need
from gutexo.analysis.kept.rows import number, read_as, rows_of
from gutexo.errors import GutexoError

CURVES = "design_power.csv"


def read_design(path: Path) -> list[Need]:
    """Animals a group for each readout, with curves of power.

    Args:
        path: design.csv; design_power.csv lies beside it.

    Raises:
        GutexoError: They are not such tables.
    """
    beside = path.with_name(CURVES)
    points: dict[str, list[tuple[int, float, float, float]]] = {}
    for row in rows_of(beside, *CURVE_COLUMNS):
        try:
            power, low, high = (number(row[name]) for name in ("power", "power_low", "power_high"))
            points.setdefault(row["readout"], []).append((int(row["animals"]), power, low, high))
        except ValueError as error:
            raise GutexoError(f"{beside}: {error}") from None
    return [_with_curve(one, points.get(one.readout, [])) for one in read_as(Need, COLUMNS, path)]


def _with_curve(one: Need, points: list[tuple[int, float, float, float]]) -> Need:
    if not points:
        return one
    sizes, power, low, high = zip(*points, strict=True)
    return replace(one, sizes=sizes, power=power, power_low=low, power_high=high)
