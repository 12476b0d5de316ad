"""Check of the emulator: the mean-field model against small mice, at points of the design.

Mean-field model and mice have the same resolution. Runs of mice with other seeds at each point
separate the noise of the mice from the error of the emulator. An error that is the same everywhere
changes no index; what matters is the error that differs from point to point, compared with the
variance that the analysis divides. Where few mice reach old age, hundreds would have to be
simulated for each that does: such points are skipped and counted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gutexo.body.assays.kinetics import simulate_burdens
from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError
from gutexo.protocol.life import OLD

ENOUGH = 0.25  # share of mice that reach old age from which on mice are evaluated
LIVES = 100  # simulated burdens from which that share is estimated


@dataclass(frozen=True)
class EmulatorCheck:
    """Log answers of the emulator against those of mice, for one question.

    Attributes:
        question: Question that was evaluated.
        points: Number of parameter sets at which both answered.
        lost: Number of sets at which one did not.
        bias: Mean of emulator minus mice, in logarithms.
        rms: Root mean square difference, bias included.
        largest: Largest absolute difference.
        noise: Standard deviation of one point's difference that the randomness of the mice
            explains; NaN where mice were run once.
        spread: Standard deviation of the emulator's log answer over the whole design.
        share: Variance of the difference around its mean over the variance of the answer in the
            design, the noise of mice included: small compared with 1 where indices are reliable.
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


def share_reaching_old_age(changes: Mapping[str, Any]) -> float:
    """Estimate the share of mice that reach old age from burdens alone; 0 for a refused set.

    Args:
        changes: Value by parameter name.
    """
    try:
        burdens = simulate_burdens(Parameters().change(changes), LIVES, int(OLD))
    except GutexoError:
        return 0.0
    return float(np.mean(~np.isnan(burdens[:, -1])))


def choose_mouse_points(
    sets: Sequence[dict[str, float]], count: int
) -> tuple[list[dict[str, float]], int]:
    """Choose the first sets in which enough mice reach old age.

    Args:
        sets: Candidates, value by parameter name.
        count: Requested number of sets.

    Returns:
        Sets, fewer than requested if there are no more, and the number of skipped sets.
    """
    found: list[dict[str, float]] = []
    passed = 0
    for changes in sets:
        if len(found) == count:
            break
        if share_reaching_old_age(changes) >= ENOUGH:
            found.append(changes)
        else:
            passed += 1
    return found, passed


def check_emulator(
    questions: Sequence[str], emulated: np.ndarray, mice: np.ndarray, spread: Sequence[float]
) -> list[EmulatorCheck]:
    """Compare the emulator with mice, question by question.

    Args:
        questions: Questions that were evaluated.
        emulated: Log answers of the emulator, float64[point, question].
        mice: Log answers of mice, float64[run, point, question]; runs have other seeds.
        spread: Standard deviation of the emulator's log answer over the design, by question.

    Returns:
        One row per question; NaN where too few points have answers.
    """
    rows = []
    for q, question in enumerate(questions):
        present = ~(np.isnan(emulated[:, q]) | np.isnan(mice[:, :, q]).any(axis=0))
        gaps = emulated[present, q] - mice[:, present, q].mean(axis=0)
        count = len(gaps)
        nan = math.nan
        bias = rms = largest = noise = share = nan
        if count:
            bias, rms = float(gaps.mean()), float(np.sqrt((gaps**2).mean()))
            largest = float(np.abs(gaps).max())
        if count and len(mice) > 1:
            between = mice[:, present, q].var(axis=0, ddof=1).mean()
            noise = float(np.sqrt(between / len(mice)))
        if count > 1 and spread[q] > 0:
            share = float(gaps.var(ddof=1) / spread[q] ** 2)
        rows.append(
            EmulatorCheck(
                question, count, len(present) - count, bias, rms, largest, noise, spread[q], share
            )
        )
    return rows
