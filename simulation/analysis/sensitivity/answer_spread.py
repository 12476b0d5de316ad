"""Spread of the answers over the parameter space, and its shares from assumed and sourced numbers.

Assumed and sourced parameters are two groups of one Saltelli design, so interactions within a
group count for that group. Sums of indices of single parameters would leave them out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gutexo.analysis.parameter_space import ParameterSpace

ASSUMED, SOURCED = "assumed", "sourced"


def group_by_knowledge(space: ParameterSpace) -> list[str]:
    """Assign each parameter to the group `assumed` or `sourced`."""
    return [ASSUMED if one.assumed else SOURCED for one in space.dimensions]


@dataclass(frozen=True)
class AnswerSpread:
    """Spread of one answer when all uncertain parameters vary.

    Attributes:
        question: Question that was evaluated.
        default: Answer of the emulator at the defaults.
        low: Value below which 5 % of parameter sets lie.
        median: Median over parameter sets.
        high: Value above which 5 % of parameter sets lie.
        sd_log: Standard deviation of the log answer over parameter sets, none beyond a fence.
        far: Share of sets whose answer lies beyond a fence (see `winsorise`) and is set to it.
        above_one: Share of sets with an answer above 1, where the answer is a ratio; else NaN.
        above_one_low: Lower end of its 95 % interval (Wilson).
        above_one_high: Upper end.
        sets: Number of parameter sets with an answer.
        lost: Number of sets without an answer.
    """

    question: str
    default: float
    low: float
    median: float
    high: float
    sd_log: float
    far: float
    above_one: float
    above_one_low: float
    above_one_high: float
    sets: int
    lost: int


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Compute the 95 % interval of a share with Wilson's score.

    Args:
        hits: Number of hits.
        of: Number of cases; the interval is NaN for none.

    Returns:
        Low and high.
    """
    if of == 0:
        return math.nan, math.nan
    from scipy.stats import binomtest  # it loads slowly

    found = binomtest(hits, of).proportion_ci(0.95, method="wilson")
    return float(found.low), float(found.high)


def measure_spreads(
    questions: Sequence[str], default: np.ndarray, logs: np.ndarray, ends: np.ndarray
) -> list[AnswerSpread]:
    """Measure median and spread of every answer over independent parameter sets.

    Args:
        questions: Questions that were evaluated.
        default: Log answer at the defaults, float64[question].
        logs: Log answers, float64[set, question], NaN where there is none.
        ends: Fences, float64[2, question].

    Returns:
        One row per question.
    """
    rows = []
    for q, question in enumerate(questions):
        known = logs[~np.isnan(logs[:, q]), q]
        lost = len(logs) - len(known)
        above = (math.nan, math.nan, math.nan)
        low = median = high = math.nan
        if len(known):
            low, median, high = (float(x) for x in np.exp(np.percentile(known, (5, 50, 95))))
            if not question.startswith("young "):
                hits = int((known > 0).sum())
                above = (hits / len(known), *wilson(hits, len(known)))
        inside = np.clip(known, *ends[:, q])
        sd = float(inside.std(ddof=1)) if len(known) > 1 else math.nan
        far = float((inside != known).mean()) if len(known) else math.nan
        at = float(np.exp(default[q]))
        rows.append(
            AnswerSpread(
                question,
                at,
                low,
                median,
                high,
                sd,
                far,
                above[0],
                above[1],
                above[2],
                len(known),
                lost,
            )  # fmt: skip
        )
    return rows
