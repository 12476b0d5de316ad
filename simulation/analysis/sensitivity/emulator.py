"""What the emulator is worth: the mean-field twin against small mice, at points of the design.

Two numbers of seeds of mice at each point tell the noise of the mice from the error of the twin.
An error that is the same everywhere moves no index; what counts is the error that differs from
point to point, held against the variance that the analysis shares out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulation.analysis.tables import Column


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
