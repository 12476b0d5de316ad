"""What the emulator is worth: the mean-field twin against small mice, at points of the design.

Twin and mice are of one resolution. Runs of mice with other seeds at each point tell the noise of
the mice from the error of the twin. An error that is the same everywhere moves no index; what
counts is the error that differs from point to point, held against the variance that the analysis
shares out. Where few mice reach old age, hundreds would be raised for each that does: such points
are passed over, and counted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gutexo.analysis.tables import Column
from gutexo.body.kinetics import lone_burdens
from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError
from gutexo.protocol.life import OLD

ENOUGH = 0.25  # share of mice that reach old age, from which on mice are asked
LIVES = 100  # burdens by which that share is told


@dataclass(frozen=True)
class Check:
    """Log answers of the emulator against those of mice, for one question.

    Attributes:
        question: What was asked.
        points: Parameter sets at which both answered.
        lost: Sets at which one did not.
        bias: Mean of emulator less mice, in logarithms.
        rms: Root mean square difference, bias included.
        largest: Largest absolute difference.
        noise: Standard deviation of one point's difference that the mice's own chance explains;
            NaN where mice were run once.
        spread: Standard deviation of the emulator's log answer over the whole design.
        share: Variance of the difference around its mean over the variance of the answer in the
            design, the noise of mice included: small against 1 where indices can be trusted.
    """

    question: str
    points: int
    lost: int
    bias: float
    rms: float
    largest: float
    noise: float
    spread: float
    share: float


COLUMNS: dict[str, Column] = {
    name: name for name in "question points lost bias rms largest noise spread share".split()
}


def old_age(changes: Mapping[str, Any]) -> float:
    """Share of mice that reach old age, told from burdens alone; 0 where the set is refused.

    Args:
        changes: Value by parameter name.
    """
    try:
        burdens = lone_burdens(Parameters().change(changes), LIVES, int(OLD))
    except GutexoError:
        return 0.0
    return float(np.mean(~np.isnan(burdens[:, -1])))


def points_for_mice(
    sets: Sequence[dict[str, float]], count: int
) -> tuple[list[dict[str, float]], int]:
    """The first sets in which enough mice reach old age.

    Args:
        sets: Candidates, value by parameter name.
        count: How many are wanted.

    Returns:
        Sets, fewer where there are no more, and how many were passed over on the way.
    """
    found: list[dict[str, float]] = []
    passed = 0
    for changes in sets:
        if len(found) == count:
            break
        if old_age(changes) >= ENOUGH:
            found.append(changes)
        else:
            passed += 1
    return found, passed


def checks(
    questions: Sequence[str], emulated: np.ndarray, mice: np.ndarray, spread: Sequence[float]
) -> list[Check]:
    """Compare the emulator with mice, question by question.

    Args:
        questions: What was asked.
        emulated: Log answers of the emulator, float64[point, question].
        mice: Log answers of mice, float64[run, point, question]; runs have other seeds.
        spread: Standard deviation of the emulator's log answer over the design, by question.

    Returns:
        A row a question; NaN where too few points answered.
    """
    rows = []
    for q, question in enumerate(questions):
        there = ~(np.isnan(emulated[:, q]) | np.isnan(mice[:, :, q]).any(axis=0))
        gaps = emulated[there, q] - mice[:, there, q].mean(axis=0)
        count = len(gaps)
        nan = math.nan
        bias = rms = largest = noise = share = nan
        if count:
            bias, rms = float(gaps.mean()), float(np.sqrt((gaps**2).mean()))
            largest = float(np.abs(gaps).max())
        if count and len(mice) > 1:
            between = mice[:, there, q].var(axis=0, ddof=1).mean()
            noise = float(np.sqrt(between / len(mice)))
        if count > 1 and spread[q] > 0:
            share = float(gaps.var(ddof=1) / spread[q] ** 2)
        rows.append(
            Check(question, count, len(there) - count, bias, rms, largest, noise, spread[q], share)
        )
    return rows
