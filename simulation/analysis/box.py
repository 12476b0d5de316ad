"""The box of dose and duration: in which runs each reported sign holds."""

from __future__ import annotations

import numpy as np
import xarray

from gutexo.analysis.effects import trajectories_of
from gutexo.catalogue.patterns import Pattern, box, patterns
from gutexo.protocol.box import DOSES, READ_DAYS, arm_name

OBSERVABLE = {"FITC-dextran in plasma": "FITC-dextran"}


def signs(data: xarray.Dataset) -> xarray.DataArray:
    """Whether each reported sign lies in its window, mouse by mouse.

    Args:
        data: Result of the study "dose and duration".

    Returns:
        1, 0 or NaN (no mouse) with dims fact, dose, duration, every, route, replicate.
    """
    edges = box()
    rows = patterns("constrain")
    intervals, routes = edges["every"], edges["route"]
    replicates = data.sizes["replicate"]
    shape = (len(rows), len(DOSES), len(READ_DAYS), len(intervals), len(routes), replicates)
    holds = np.full(shape, np.nan)
    for f, row in enumerate(rows):
        recipient, _, given = str(row.arm).partition(" + ")
        donors = given.split()[0]
        for d, dose in enumerate(DOSES):
            for e, every in enumerate(intervals):
                for r, route in enumerate(routes):
                    name = arm_name(recipient, donors, dose, every, route)
                    holds[f, d, :, e, r, :] = _one_arm(data, row, name)
    return xarray.DataArray(
        holds,
        dims=("fact", "dose", "duration", "every", "route", "replicate"),
        coords={
            "fact": [f"{row.arm}: {OBSERVABLE.get(row.readout, row.readout)}" for row in rows],
            "dose": list(DOSES),
            "duration": list(READ_DAYS),
            "every": intervals,
            "route": routes,
        },
    )


def _one_arm(data: xarray.Dataset, row: Pattern, name: str) -> np.ndarray:
    """Verdict by day and replicate."""
    readout = OBSERVABLE.get(row.readout, row.readout)
    days = data["time"].values.astype(float)
    columns = [int(np.argmin(np.abs(days - day))) for day in READ_DAYS]
    treated = trajectories_of(data, readout, name)[:, columns].T
    control = trajectories_of(data, readout, str(row.comparator))[:, columns].T
    ratio = treated / control
    inside = (ratio >= row.window[0]) & (ratio <= row.window[1])
    if row.window[1] < 1:  # a rescue stays partial: no better than the young control's mean
        young = trajectories_of(data, readout, "young + vehicle")[:, columns].T
        inside &= treated >= np.nanmean(young, axis=1, keepdims=True)
    return np.where(np.isnan(ratio), np.nan, inside.astype(float))


def shares(holds: xarray.DataArray) -> list[str]:
    """A line for each sign: the share of the box in which it holds, of all and by route."""
    lines = []
    for fact in holds["fact"].values:
        found = holds.sel(fact=fact)
        counted = int(found.notnull().sum())
        by = [f"{route} {_share(found.sel(route=route)):.0%}" for route in found["route"].values]
        lines.append(
            f"{fact}: holds in {_share(found):.0%} of {counted} runs of the box ({', '.join(by)})"
        )
    return lines


def _share(found: xarray.DataArray) -> float:
    """Mean of the runs that answered; NaN where none did."""
    return float(found.mean())
