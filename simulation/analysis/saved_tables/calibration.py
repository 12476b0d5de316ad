"""Saved tables of a calibration: marginals, predictive answers, ranks, and dose grid over draws."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import xarray

from gutexo.analysis.saved_tables.rows import parse_number, parse_yes, read_table

if TYPE_CHECKING:
    from gutexo.analysis.calibration.diagnostics import MarginalSummary
    from gutexo.analysis.calibration.posterior_predictive import PredictiveSummary
    from gutexo.analysis.calibration.simulation_based_calibration import RankHistogram


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
    names = ("fact", "dose", "duration", "every", "route")
    rows = read_table(path, *names, "share", "draws")
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


def read_predictive(path: Path) -> list[PredictiveSummary]:
    """Read the answers of prior and posterior from predictive.csv.

    Raises:
        GutexoError: The file is not such a table.
    """
    from gutexo.analysis.calibration.posterior_predictive import PredictiveSummary

    points = ("q05", "q25", "q50", "q75", "q95")
    return [
        PredictiveSummary(
            row["id"], row["use"], row["model"], int(row["draws"]),
            tuple(parse_number(row[q]) for q in points), parse_number(row["window_low"]),
            parse_number(row["window_high"] or "inf"), parse_number(row["inside"]),
        )
        for row in read_table(path, "id", "model", *points, "inside")
    ]  # fmt: skip


def read_sbc_ranks(path: Path) -> list[RankHistogram]:
    """Read the rank statistics of a calibration from ranks.csv.

    Raises:
        GutexoError: The file is not such a table.
    """
    from gutexo.analysis.calibration.simulation_based_calibration import RankHistogram

    tenths = [f"tenth_{n}" for n in range(1, 11)]
    return [
        RankHistogram(
            row["parameter"], tuple(int(row[t]) for t in tenths), int(row["truths"]),
            parse_number(row["draws"]), parse_number(row["z"]), parse_number(row["width"]),
        )
        for row in read_table(path, "parameter", "truths", "z", *tenths)
    ]  # fmt: skip


def read_marginal_summaries(path: Path) -> list[MarginalSummary]:
    """Read posterior and prior of each parameter from identifiability.csv.

    Shares of the prior are computed with the priors of the catalogue.

    Raises:
        GutexoError: The file is not such a table, or a parameter has no prior.
    """
    from gutexo.analysis.calibration.diagnostics import MarginalSummary
    from gutexo.analysis.calibration.space import make_calibration_space

    rows = read_table(path, "parameter", "median", "low", "high", "width", "ranks_uniform", "draws")
    free = make_calibration_space([row["parameter"] for row in rows])
    low, median, high = (
        free.shares({row["parameter"]: parse_number(row[end]) for row in rows}).tolist()
        for end in ("low", "median", "high")
    )
    return [
        MarginalSummary(
            row["parameter"], row["unit"], parse_number(row["prior_low"]),
            parse_number(row["prior_high"]),
            parse_number(row["median"]), parse_number(row["low"]), parse_number(row["high"]),
            shares,
            parse_number(row["width"]), parse_number(row["expected_width"]),
            parse_yes(row["ranks_uniform"]) if row["ranks_uniform"] else None,
            parse_number(row["draws"]),
        )
        for row, shares in zip(rows, zip(low, median, high, strict=True), strict=True)
    ]  # fmt: skip
