"""Tables that analyses left behind, read again so that their figures can be drawn without a run."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import xarray

from simulation.errors import GutexoError

if TYPE_CHECKING:
    from simulation.analysis.calibration.predictive import Predicted
    from simulation.analysis.calibration.ranks import Ranks
    from simulation.analysis.scorecard import Score


def _rows(path: Path, *columns: str) -> list[dict[str, str]]:
    """Rows of a table that has these columns."""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise GutexoError(f"{path} cannot be read: {type(error).__name__}") from None
    missing = [name for name in columns if not rows or name not in rows[0]]
    if missing:
        raise GutexoError(f"{path} has no rows with a column '{missing[0]}'")
    return rows


def _number(text: str) -> float:
    return float(text) if text else math.nan


def read_box(path: Path) -> xarray.DataArray:
    """What `box_over_draws` found, from its shares: so many draws of ones, the rest zeros.

    Which draw it was that held is not kept, only how many did.

    Args:
        path: box.csv.

    Returns:
        1, 0 or NaN with dims fact, dose, duration, every, route, draw.

    Raises:
        GutexoError: It is not such a table.
    """
    names = ("fact", "dose", "duration", "every", "route")
    rows = _rows(path, *names, "share", "draws")
    draws = max(int(row["draws"]) for row in rows)
    coords = {name: list(dict.fromkeys(row[name] for row in rows)) for name in names}
    holds = np.full([*(len(coords[name]) for name in names), draws], np.nan)
    for row in rows:
        place = tuple(coords[name].index(row[name]) for name in names)
        count = int(row["draws"])
        if count:
            holds[place][:count] = 0.0
            holds[place][: round(count * float(row["share"]))] = 1.0
    values = {n: c if n in ("fact", "route") else [float(v) for v in c] for n, c in coords.items()}
    return xarray.DataArray(holds, dims=(*names, "draw"), coords=values)


def read_scores(path: Path, of_draws: bool = False) -> list[Score]:
    """Scores of the parameter set and seed that were logged last.

    Args:
        path: A log such as docs/scores.csv.
        of_draws: Of mice that each lived by a draw of a posterior, not of one set for all.

    Returns:
        Scores; notes are not kept.

    Raises:
        GutexoError: It is not such a log.
    """
    from simulation.analysis.scorecard import Score
    from simulation.catalogue.patterns import patterns

    logged = _rows(path, "parameters", "seed", "id", "value", "verdict")
    rows = [row for row in logged if (" draws " in row["parameters"]) == of_draws]
    if not rows:
        raise GutexoError(f"{path} has no scores {'of draws' if of_draws else 'of one set'}")
    last = (rows[-1]["parameters"], rows[-1]["seed"])
    known = {row.id: row for row in patterns()}
    return [
        Score(
            row["id"], row["use"], _number(row["value"]), _number(row["low"]),
            _number(row["high"]), known[row["id"]].window, known[row["id"]].unit, row["verdict"],
            int(row["mice"] or 0),
        )
        for row in rows
        if (row["parameters"], row["seed"]) == last and row["id"] in known
    ]  # fmt: skip


def read_scores_of_draws(path: Path) -> list[Score]:
    """Scores that were logged last of mice that each lived by a draw of a posterior."""
    return read_scores(path, of_draws=True)


def read_predictive(path: Path) -> list[Predicted]:
    """What prior and posterior answer, from predictive.csv.

    Raises:
        GutexoError: It is not such a table.
    """
    from simulation.analysis.calibration.predictive import Predicted

    points = ("q05", "q25", "q50", "q75", "q95")
    return [
        Predicted(
            row["id"], row["use"], row["model"], int(row["draws"]),
            tuple(_number(row[q]) for q in points), _number(row["window_low"]),
            _number(row["window_high"]), _number(row["inside"]),
        )
        for row in _rows(path, "id", "model", *points, "inside")
    ]  # fmt: skip


def read_ranks(path: Path) -> list[Ranks]:
    """Rank statistics of a calibration, from ranks.csv.

    Raises:
        GutexoError: It is not such a table.
    """
    from simulation.analysis.calibration.ranks import Ranks

    tenths = [f"tenth_{n}" for n in range(1, 11)]
    return [
        Ranks(
            row["parameter"], tuple(int(row[t]) for t in tenths), int(row["truths"]),
            _number(row["draws"]), _number(row["z"]), _number(row["width"]),
        )
        for row in _rows(path, "parameter", "truths", "z", *tenths)
    ]  # fmt: skip
