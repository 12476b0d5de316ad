"""Pairs of mice on a day: the ratio that a row is judged by, with diabetic and dead mice.

A pair counts if both mice live. A diabetic mouse has no HOMA-IR: its pair counts as failing, with
the worst ratio of the row's pairs. A second reading counts a death as the worst rank.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gutexo.analysis.diabetic import find_diabetic, find_living
from gutexo.analysis.effects import find_recorded_day, trajectories_of
from gutexo.analysis.estimates import Estimate, ratio_of_pairs
from gutexo.analysis.windows import Window

if TYPE_CHECKING:
    import xarray


@dataclass(frozen=True)
class ArmReadings:
    """Readings of the mice of an arm on one day.

    Attributes:
        values: float64[mouse], NaN where a mouse is dead or has no such reading.
        lives: bool[mouse].
        diabetic: bool[mouse]: the mouse lives and the readout is not defined.
    """

    values: np.ndarray
    lives: np.ndarray
    diabetic: np.ndarray

    @classmethod
    def read(cls, data: xarray.Dataset, readout: str, arm: str, day: float) -> ArmReadings:
        """Read an arm.

        Args:
            data: Result with dims scenario, replicate and time (days).
            readout: Name of the observable.
            arm: Name of the scenario.
            day: Day since the scenario began.

        Raises:
            GutexoError: A name or the day is not in the dataset.
        """
        position, _ = find_recorded_day(data, day)
        return cls(
            trajectories_of(data, readout, arm)[:, position],
            find_living(data, readout, arm, day),
            find_diabetic(data, readout, arm, day),
        )


def estimate_pairs(treated: ArmReadings, control: ArmReadings, window: Window) -> Estimate:
    """Estimate the geometric mean of the ratios of pairs on a day.

    Args:
        treated: Readings of the treated mice.
        control: Readings of their twins.
        window: Window of the row, which says which ratio is the worst.

    Returns:
        The estimate. Its note names diabetic and dead mice where there are any.
    """
    if (treated.values <= 0).any() or (control.values <= 0).any():
        return Estimate(math.nan, mice=0, note="a value is not above zero", applies=False)
    logs = np.log(treated.values) - np.log(control.values)
    diabetic = (treated.diabetic | control.diabetic) & treated.lives & control.lives
    notes = []
    if diabetic.any() and np.isfinite(logs).any():
        logs[diabetic] = _worst(logs[np.isfinite(logs)], window)
        pairs = int(np.isfinite(logs).sum())
        notes.append(f"{diabetic.sum()} of {pairs} pairs are diabetic and count as the worst")
    found = ratio_of_pairs(np.exp(logs), np.ones(len(logs)))
    if not (treated.lives.all() and control.lives.all()):
        notes.append(_describe_deaths(logs, treated.lives, control.lives))
    return replace(found, note="; ".join(part for part in (found.note, *notes) if part))


def _worst(logs: np.ndarray, window: Window) -> float:
    """Log ratio of a pair that fails: beyond all others, and no effect of the wanted sign."""
    if window[0] >= 1.0:
        return min(float(logs.min()), 0.0)
    if window[1] <= 1.0:
        return max(float(logs.max()), 0.0)
    return float(logs[np.abs(logs).argmax()])


def _describe_deaths(logs: np.ndarray, lives: np.ndarray, twin_lives: np.ndarray) -> str:
    """Say how many mice died, and the median ratio if a dead mouse is worse than all that live."""
    ranked = logs.copy()
    ranked[twin_lives & ~lives] = math.inf
    ranked[lives & ~twin_lives] = -math.inf
    ranked = np.sort(ranked[~np.isnan(ranked)])
    words = f"died: {(~lives).sum()} and {(~twin_lives).sum()} of {len(logs)}"
    if not len(ranked):
        return words
    # A lower and an upper middle, since the mean of two infinities is no number.
    middle = math.exp(ranked[(len(ranked) - 1) // 2]), math.exp(ranked[len(ranked) // 2])
    median = middle[0] if middle[0] == middle[1] else math.sqrt(middle[0] * middle[1])
    return f"{words}, median ratio with a death as the worst rank {median:.3g}"
