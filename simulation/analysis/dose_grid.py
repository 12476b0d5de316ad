"""Dose grid (dose, interval, duration, route): the runs in which each reported sign holds."""

from __future__ import annotations

import numpy as np
import xarray

from gutexo.analysis.effects import trajectories_of
from gutexo.analysis.facts import OBSERVABLE_BY_READOUT, YOUNG_CONTROL
from gutexo.analysis.windows import sign_holds
from gutexo.catalogue.patterns import Pattern, dose_grid, reported_signs
from gutexo.protocol.dose_studies import DOSES, READ_DAYS, arm_name


def score_signs(data: xarray.Dataset) -> xarray.DataArray:
    """Check for each mouse whether each reported sign lies in its window.

    Args:
        data: Result of the study "dose and duration".

    Returns:
        1, 0 or NaN (no mouse) with dims fact, dose, duration, every, route, replicate.
    """
    edges = dose_grid()
    rows = reported_signs()
    intervals, routes = edges["every"], edges["route"]
    replicates = data.sizes["replicate"]
    shape = (len(rows), len(DOSES), len(READ_DAYS), len(intervals), len(routes), replicates)
    holds = np.full(shape, np.nan)
    for f, row in enumerate(rows):
        recipient, _, exosomes = str(row.arm).partition(" + ")
        donors = exosomes.split()[0]
        for d, dose in enumerate(DOSES):
            for e, every in enumerate(intervals):
                for r, route in enumerate(routes):
                    name = arm_name(recipient, donors, dose, every, route)
                    holds[f, d, :, e, r, :] = _score_arm(data, row, name)
    return xarray.DataArray(
        holds,
        dims=("fact", "dose", "duration", "every", "route", "replicate"),
        coords={
            "fact": [
                f"{row.arm}: {OBSERVABLE_BY_READOUT.get(row.readout, row.readout)}" for row in rows
            ],
            "dose": list(DOSES),
            "duration": list(READ_DAYS),
            "every": intervals,
            "route": routes,
        },
    )


def _score_arm(data: xarray.Dataset, row: Pattern, name: str) -> np.ndarray:
    """Score one sign in one arm, by day and replicate."""
    readout = OBSERVABLE_BY_READOUT.get(row.readout, row.readout)
    days = data["time"].values.astype(float)
    columns = [int(np.argmin(np.abs(days - day))) for day in READ_DAYS]
    treated = trajectories_of(data, readout, name)[:, columns].T
    control = trajectories_of(data, readout, str(row.comparator))[:, columns].T
    ratio = treated / control
    young = trajectories_of(data, readout, YOUNG_CONTROL)[:, columns].T
    return sign_holds(ratio, row.window, treated, np.nanmean(young, axis=1, keepdims=True))


def describe_shares(holds: xarray.DataArray) -> list[str]:
    """Describe, one line per sign, the share of the grid in which it holds, in all and by route."""
    lines = []
    for fact in holds["fact"].values:
        found = holds.sel(fact=fact)
        counted = int(found.notnull().sum())
        by = [
            f"{route} {_mean_share(found.sel(route=route)):.0%}" for route in found["route"].values
        ]
        lines.append(
            f"{fact}: holds in {_mean_share(found):.0%} of {counted} runs of the dose grid "
            f"({', '.join(by)})"
        )
    return lines


def _mean_share(found: xarray.DataArray) -> float:
    """Mean over the runs that have a value; NaN where none has."""
    return float(found.mean())
