"""Tables that a study writes to disk: every trajectory, and every effect.

Numbers are written with ten significant digits (``%.10g``), missing ones as an empty cell, and
lines end in a line feed: the same result gives the same bytes. Columns are separated by commas and
numbers have a decimal point, unless another style is requested.
"""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gutexo.analysis.csv_style import STANDARD, CsvStyle
from gutexo.analysis.effects import (
    DIMENSIONS,
    EFFECT_COLUMNS,
    Effect,
    list_arms,
    list_readouts,
    unit_of,
)
from gutexo.errors import GutexoError
from gutexo.support.paths import local_path, open_atomically

if TYPE_CHECKING:
    import xarray

    from gutexo.analysis.ablations import AblatedEffect
    from gutexo.analysis.scorecard import Score
    from gutexo.analysis.verification_checks import VerificationCheck, VerificationCurve

TRAJECTORY_COLUMNS = ("scenario", "replicate", "day", "readout", "value", "unit")


def format_number(value: float) -> str:
    """Format a number as in the tables; empty where it is missing.

    Args:
        value: Any finite number, or NaN.

    Returns:
        Ten significant digits, or an empty string for NaN.

    Raises:
        GutexoError: The number is infinite.
    """
    value = float(value)
    if math.isnan(value):
        return ""
    if math.isinf(value):
        raise GutexoError("a table holds finite numbers only, not an infinite one")
    # Adding zero turns -0.0 into 0.0; otherwise one value would have two spellings.
    return f"{value + 0.0:.10g}"


def write_atomically(path: Path | str, content: bytes, *, force: bool = False) -> Path:
    """Write a whole file or nothing.

    Args:
        path: Path of the file; missing folders are created.
        content: Every byte of the file.
        force: Replace an existing file.

    Returns:
        Path of the written file.

    Raises:
        GutexoError: The file exists and ``force`` is off, or it cannot be written.
    """
    path = local_path(path)
    if os.path.lexists(path) and not force:
        raise GutexoError(
            f"'{path}' exists and is not replaced; pass force=True (--force) to replace it"
        )
    with open_atomically(path) as file:
        file.write(content)
    return path


def _csv_bytes(columns: Iterable[str], rows: Iterable[Iterable[str]], style: CsvStyle) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", delimiter=style.sep)
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode()


def write_effects(
    rows: Iterable[Effect], path: Path | str, *, force: bool = False, style: CsvStyle = STANDARD
) -> Path:
    """Write ``effects.csv``: one row per readout and comparison.

    Args:
        rows: Effects, paired by seed.
        path: The file to write.
        force: Replace an existing file.
        style: Separator and decimal mark.

    Returns:
        Path of the written file.

    Raises:
        GutexoError: The file exists and ``force`` is off, or a number is infinite.
    """
    lines = (
        [
            value if isinstance(value, str) else style.number(format_number(value))
            for value in row.row()
        ]
        for row in rows
    )
    return write_atomically(path, _csv_bytes(EFFECT_COLUMNS, lines, style), force=force)


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
    return _csv_bytes(TRAJECTORY_COLUMNS, _trajectory_rows(data, style), style)


Column = str | Callable[[Any], Any]
"""Source of the value of a column: the name of an attribute, or a function of the row."""

ABLATION_COLUMNS: dict[str, Column] = {
    "cut": "cut",
    "readout": "readout",
    "arm": "arm",
    "comparator": "comparator",
    "ratio": "ratio",
    "ratio_low": "low",
    "ratio_high": "high",
    "survives": "survives",
}
CHECK_COLUMNS: dict[str, Column] = {
    "id": "id",
    "what": "what",
    "value": "value",
    "standard_error": "error",
    "bound": "bound",
    "holds": "holds",
}
CURVE_POINT_COLUMNS: dict[str, Column] = {
    name: itemgetter(place)
    for place, name in enumerate("curve x_label y_label logarithmic x simulated known".split())
}
SCORE_COLUMNS: dict[str, Column] = {
    "id": "id",
    "use": "use",
    "value": "value",
    "low": "low",
    "high": "high",
    "window_low": lambda score: score.window[0],
    "window_high": lambda score: score.window[1],
    "unit": "unit",
    "verdict": "verdict",
    "mice": "mice",
    "note": "note",
}


def format_cell(value: Any, style: CsvStyle = STANDARD) -> str:
    """Format a value as in the tables: text unchanged, yes or no, ten digits, empty if missing."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    return str(value) if isinstance(value, int) else style.number(format_number(value))


def write_rows(
    rows: Iterable[Any],
    columns: Mapping[str, Column],
    path: Path | str,
    *,
    force: bool = False,
    style: CsvStyle = STANDARD,
) -> Path:
    """Write one table of an analysis: one line per row.

    Args:
        rows: Results of the analysis, dataclasses of one kind.
        columns: Attribute, or function of a row, by the name of its column.
        path: The file to write.
        force: Replace an existing file.
        style: Separator and decimal mark.

    Returns:
        Path of the written file.

    Raises:
        GutexoError: The file exists and ``force`` is off, or a number is infinite.
    """
    read = [attrgetter(from_) if isinstance(from_, str) else from_ for from_ in columns.values()]
    lines = ([format_cell(get(row), style) for get in read] for row in rows)
    return write_atomically(path, _csv_bytes(columns, lines, style), force=force)


def write_ablations(
    rows: Iterable[AblatedEffect], path: Path | str, *, force: bool = False
) -> Path:
    """Write ``ablations.csv``, a row per ablation and effect; see :func:`write_rows`."""
    return write_rows(rows, ABLATION_COLUMNS, path, force=force)


def write_checks(
    rows: Iterable[VerificationCheck], path: Path | str, *, force: bool = False
) -> Path:
    """Write ``verification.csv``, a row per check; see :func:`write_rows`."""
    return write_rows(rows, CHECK_COLUMNS, path, force=force)


def write_curves(
    curves: Iterable[VerificationCurve], path: Path | str, *, force: bool = False
) -> Path:
    """Write ``verification_curves.csv``, a row per point of a curve; see :func:`write_rows`."""
    points = (
        (curve.name, curve.x_label, curve.y_label, curve.logarithmic, *point)
        for curve in curves
        for point in zip(curve.x, curve.simulated, curve.known, strict=True)
    )
    return write_rows(points, CURVE_POINT_COLUMNS, path, force=force)


def write_scores(rows: Iterable[Score], path: Path | str, *, force: bool = False) -> Path:
    """Write ``scorecard.csv``, a row per pattern; see :func:`write_rows`."""
    return write_rows(rows, SCORE_COLUMNS, path, force=force)


def _trajectory_rows(data: xarray.Dataset, style: CsvStyle) -> Iterable[tuple[str, ...]]:
    names = list_readouts(data)
    days = [style.number(format_number(day)) for day in data["time"].values]
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
                            f"{name} is infinite in '{scenario}', replicate {mouse}, day {day}"
                        )
                    if not math.isnan(value):
                        yield (
                            scenario,
                            mouse,
                            day,
                            name,
                            style.number(format_number(value)),
                            units[name],
                        )
