"""Saved tables of a calibration that hold less than what was computed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import xarray

from gutexo.analysis.calibration.rank_check import RankCheck, TruthRank
from gutexo.analysis.dose_grid_draws import DoseGridShare
from gutexo.analysis.tables import read_table


def read_dose_grid(path: Path) -> xarray.DataArray:
    """Rebuild the result of `simulate_dose_grid` from the saved shares of draws.

    The table contains only how many draws held, not which; so the first draws are ones and the
    rest zeros.

    Args:
        path: box.csv.

    Returns:
        1, 0 or NaN with dims fact, dose, duration, every, route, draw.

    Raises:
        GutexoError: The file is not such a table.
    """
    rows = read_table(DoseGridShare, path)
    coords = {
        name: list(dict.fromkeys(getattr(row, name) for row in rows))
        for name in ("fact", "dose", "duration", "every", "route")
    }
    draws = max(row.draws for row in rows)
    holds = np.full([*map(len, coords.values()), draws], np.nan)
    for row in rows:
        if row.draws:
            place = tuple(values.index(getattr(row, name)) for name, values in coords.items())
            holds[place][: row.draws] = 0.0
            holds[place][: round(row.draws * row.share)] = 1.0
    return xarray.DataArray(holds, dims=(*coords, "draw"), coords=coords)


def read_ranks(path: Path) -> list[RankCheck]:
    """Read the rank check of each parameter, with the ranks of its truths beside it.

    Args:
        path: ranks.csv, in a folder with truth_ranks.csv.

    Raises:
        GutexoError: One of the files is not such a table.
    """
    ranks: dict[str, list[float]] = {}
    for row in read_table(TruthRank, path.with_name("truth_ranks.csv")):
        ranks.setdefault(row.parameter, []).append(row.rank)
    return [
        replace(row, ranks=tuple(ranks.get(row.parameter, ())))
        for row in read_table(RankCheck, path)
    ]
