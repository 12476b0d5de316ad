"""Table of every trajectory of a result: ``trajectories.csv``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gutexo.analysis.csv_style import STANDARD, CsvStyle
from gutexo.analysis.effects import DIMENSIONS, list_arms, list_readouts, unit_of
from gutexo.analysis.tables import csv_text, write_atomically
from gutexo.errors import GutexoError

if TYPE_CHECKING:
    import xarray

TRAJECTORY_COLUMNS = ("scenario", "replicate", "day", "readout", "value", "unit")


def write_trajectories(
    data: xarray.Dataset, path: Path | str, *, force: bool = False, style: CsvStyle = STANDARD
) -> Path:
    """Write ``trajectories.csv``: one row per mouse, day and readout.

    There is no row for a dead mouse, or for a day on which an assay was not run.

    Args:
        data: Result with dims scenario, replicate and time (days).
        path: The file to write.
        force: Replace an existing file.
        style: Separator and decimal mark.

    Returns:
        Path of the written file.

    Raises:
        GutexoError: The file exists and ``force`` is off, or a value is infinite.
    """
    return write_atomically(path, trajectories_csv(data, style), force=force)


def trajectories_csv(data: xarray.Dataset, style: CsvStyle = STANDARD) -> bytes:
    """Return the content of ``trajectories.csv``, for callers that have no disk to write to."""
    return csv_text(_trajectory_lines(data), style).encode()


def _trajectory_lines(data: xarray.Dataset) -> Iterator[tuple[Any, ...]]:
    yield TRAJECTORY_COLUMNS
    names = list_readouts(data)
    days = data["time"].values.astype(float).tolist()
    numbered = range(data.sizes["replicate"])
    mice = [str(m) for m in (data["replicate"].values if "replicate" in data.coords else numbered)]
    units = {name: unit_of(data, name) for name in names}
    values = {name: data[name].transpose(*DIMENSIONS).values.tolist() for name in names}
    for s, scenario in enumerate(list_arms(data)):
        for m, mouse in enumerate(mice):
            for name in names:
                for day, value in zip(days, values[name][s][m], strict=True):
                    if math.isinf(value):
                        raise GutexoError(
                            f"{name} is infinite in '{scenario}', replicate {mouse}, day {day:g}"
                        )
                    if not math.isnan(value):
                        yield scenario, mouse, day, name, value, units[name]
