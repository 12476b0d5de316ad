"""Diabetic mice: their HOMA-IR is not defined, so they are counted and named instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gutexo.analysis.effects import (
    find_recorded_day,
    last_followed_day,
    list_arms,
    list_readouts,
    trajectories_of,
)
from gutexo.body.observables import OBSERVABLES

if TYPE_CHECKING:
    import xarray

GLUCOSE = "fasting glucose"
MOST_DIABETIC = 0.02  # share of old untreated mice, from the head of patterns.toml


def find_diabetic(data: xarray.Dataset, readout: str, arm: str, day: float) -> np.ndarray:
    """Find the mice that live on a day and in which a readout is not defined.

    Args:
        data: Result with dims scenario, replicate and time (days).
        readout: Name of the observable.
        arm: Name of the scenario.
        day: Day since the scenario began.

    Returns:
        bool[mouse]; all False for a readout that every living mouse has.
    """
    values = trajectories_of(data, readout, arm)
    known = OBSERVABLES.get(readout)
    if known is None or known.of_diabetic or GLUCOSE not in list_readouts(data):
        return np.zeros(len(values), dtype=bool)
    position, _ = find_recorded_day(data, day)
    return np.isnan(values[:, position]) & find_living(data, readout, arm, day)


def find_living(data: xarray.Dataset, readout: str, arm: str, day: float) -> np.ndarray:
    """Find the mice that live on a day, bool[mouse].

    Args:
        data: Result with dims scenario, replicate and time (days).
        readout: Name of the observable that tells it where glucose was not recorded.
        arm: Name of the scenario.
        day: Day since the scenario began.
    """
    position, _ = find_recorded_day(data, day)
    name = GLUCOSE if GLUCOSE in list_readouts(data) else readout
    return ~np.isnan(trajectories_of(data, name, arm)[:, position])


def count_diabetic(data: xarray.Dataset, arm: str, day: float) -> tuple[int, int]:
    """Count the diabetic mice of an arm on a day, and those that live."""
    living = int(find_living(data, GLUCOSE, arm, day).sum())
    return int(find_diabetic(data, "HOMA-IR", arm, day).sum()), living


def describe_diabetic(data: xarray.Dataset) -> list[str]:
    """Describe how many mice were diabetic on the last day, a line for each arm with such mice."""
    if not {GLUCOSE, "HOMA-IR"} <= set(list_readouts(data)):
        return []
    lines = []
    for arm in list_arms(data):
        day = last_followed_day(data, arm)
        diabetic, living = count_diabetic(data, arm, day)
        if diabetic:
            lines.append(
                f"{arm}, day {day:g}: {diabetic} of {living} mice are diabetic;"
                " their HOMA-IR is not defined and not in the means"
            )
    return lines
