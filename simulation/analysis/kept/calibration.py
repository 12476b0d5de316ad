"""What a calibration left: what it learnt and answers, its ranks, the box over its draws."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import xarray

from gutexo.analysis.kept.rows import number, rows_of, yes

if TYPE_CHECKING:
    from gutexo.analysis.calibration.checks import Learnt
    from gutexo.analysis.calibration.predictive import Predicted
    from gutexo.analysis.calibration.ranks import Ranks


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
    rows = rows_of(path, *names, "share", "draws")
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


def read_predictive(path: Path) -> list[Predicted]:
    """What prior and posterior answer, from predictive.csv.

    Raises:
        GutexoError: It is not such a table.
    """
    from gutexo.analysis.calibration.predictive import Predicted

    points = ("q05", "q25", "q50", "q75", "q95")
    return [
        Predicted(
            row["id"], row["use"], row["model"], int(row["draws"]),
            tuple(number(row[q]) for q in points), number(row["window_low"]),
            number(row["window_high"] or "inf"), number(row["inside"]),
        )
        for row in rows_of(path, "id", "model", *points, "inside")
    ]  # fmt: skip


def read_ranks(path: Path) -> list[Ranks]:
    """Rank statistics of a calibration, from ranks.csv.

    Raises:
        GutexoError: It is not such a table.
    """
    from gutexo.analysis.calibration.ranks import Ranks

    tenths = [f"tenth_{n}" for n in range(1, 11)]
    return [
        Ranks(
            row["parameter"], tuple(int(row[t]) for t in tenths), int(row["truths"]),
            number(row["draws"]), number(row["z"]), number(row["width"]),
        )
        for row in rows_of(path, "parameter", "truths", "z", *tenths)
    ]  # fmt: skip


def read_learnt(path: Path) -> list[Learnt]:
    """Posterior against prior, from identifiability.csv; the priors are the catalogue's.

    Raises:
        GutexoError: It is not such a table, or a parameter has no prior.
    """
    from gutexo.analysis.calibration.checks import Learnt
    from gutexo.analysis.calibration.space import space

    rows = rows_of(path, "parameter", "median", "low", "high", "width", "ranks_uniform", "draws")
    free = space([row["parameter"] for row in rows])
    low, median, high = (
        free.shares({row["parameter"]: number(row[end]) for row in rows}).tolist()
        for end in ("low", "median", "high")
    )
    return [
        Learnt(
            row["parameter"], row["unit"], number(row["prior_low"]), number(row["prior_high"]),
            number(row["median"]), number(row["low"]), number(row["high"]), shares,
            number(row["width"]), number(row["expected_width"]),
            yes(row["ranks_uniform"]) if row["ranks_uniform"] else None, number(row["draws"]),
        )
        for row, shares in zip(rows, zip(low, median, high, strict=True), strict=True)
    ]  # fmt: skip
