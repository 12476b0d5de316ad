"""Results of a sweep: effects by point of its grid, as a tidy table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import xarray

from gutexo.analysis.csv_style import STANDARD, CsvStyle
from gutexo.analysis.effects import Effect
from gutexo.analysis.tables import columns_of, csv_text, row_values, write_atomically
from gutexo.errors import GutexoError
from gutexo.protocol.sweep import point_name


@dataclass(frozen=True)
class SweepPoint:
    """One effect at one point of a grid.

    Attributes:
        values: Value by parameter name.
        effect: Arm against comparator in one readout, with the names of the study that was swept.
    """

    values: dict[str, float]
    effect: Effect


def build_sweep_points(effects: Sequence[Effect], data: xarray.Dataset) -> list[SweepPoint]:
    """Assign each effect of a sweep to its point of the grid.

    Args:
        effects: Effects of all its comparisons.
        data: Dataset of the sweep.

    Returns:
        One entry per effect, in the order of the effects.

    Raises:
        GutexoError: The dataset is not that of a sweep.
    """
    if "grid" not in data.attrs:
        raise GutexoError("this result is not that of a sweep")
    grid = json.loads(data.attrs["grid"])
    by_name = {}
    for point in product(*grid.values()):
        values = dict(zip(grid, point, strict=True))
        by_name[f" [{point_name(values)}]"] = values
    found = []
    for one in effects:
        arm, bracket, rest = one.arm.rpartition(" [")
        where = f"{bracket}{rest}"
        comparator = one.comparator.removesuffix(where)
        found.append(SweepPoint(by_name[where], replace(one, arm=arm, comparator=comparator)))
    return found


def write_sweep_points(
    found: Sequence[SweepPoint], path: Path, *, force: bool = False, style: CsvStyle = STANDARD
) -> Path:
    """Write ``sweep.csv``: a column per parameter, then the columns of ``effects.csv``.

    Args:
        found: Effects by point.
        path: The file.
        force: Replace an existing file.
        style: Separator and decimal mark.

    Raises:
        GutexoError: There is nothing to write, or the file exists and ``force`` is off.
    """
    if not found:
        raise GutexoError("a sweep without an effect cannot be written")
    names = list(found[0].values)
    lines = [[*(one.values[n] for n in names), *row_values(one.effect)] for one in found]
    text = csv_text([[*names, *columns_of(Effect)], *lines], style)
    return write_atomically(path, text.encode(), force=force)
