"""What is not known: how far answers spread over the space, and whose variance it is.

Assumed and sourced parameters are two groups of one Saltelli design, so interactions within a
group are its own. Sums of indices of single parameters would leave them out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gutexo.analysis.sensitivity.space import Space
from gutexo.analysis.tables import Column

ASSUMED, SOURCED = "assumed", "sourced"
Z = 1.959963984540054


def by_knowledge(space: Space) -> list[str]:
    """Group of each parameter: `assumed`, or `sourced`."""
    return [ASSUMED if one.assumed else SOURCED for one in space.dimensions]


@dataclass(frozen=True)
class Spread:
    """How far one answer spreads when all uncertain parameters vary.

    Attributes:
        question: What was asked.
        default: Answer of the emulator at the defaults.
        low: Below it lie 5 % of parameter sets.
        median: Median over parameter sets.
        high: Above it lie 5 % of parameter sets.
        sd_log: Standard deviation of the log answer over parameter sets, none beyond a fence.
        far: Share of sets whose answer lies beyond a fence (`tails`), and is held there.
        above_one: Share of sets with an answer above 1, where the answer is a ratio; else NaN.
        above_one_low: Lower end of its 95 % interval (Wilson).
        above_one_high: Upper end.
        sets: Parameter sets that answered.
        lost: Sets that did not.
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


COLUMNS: dict[str, Column] = {
    name: name
    for name in (
        "question default low median high sd_log far above_one above_one_low above_one_high sets"
        " lost"
    ).split()
}


def wilson(hits: int, of: int) -> tuple[float, float]:
    """95 % interval of a share, by Wilson's score.

    Args:
        hits: How often.
        of: Of how many; NaN for none.
    """
    if of == 0:
        return math.nan, math.nan
    p, square = hits / of, Z * Z
    centre = (p + square / (2 * of)) / (1 + square / of)
    half = Z * math.sqrt(p * (1 - p) / of + square / (4 * of * of)) / (1 + square / of)
    return centre - half, centre + half


def spreads(
    questions: Sequence[str], default: np.ndarray, logs: np.ndarray, ends: np.ndarray
) -> list[Spread]:
    """Middle and spread of every answer over independent parameter sets.

    Args:
        questions: What was asked.
        default: Log answer at the defaults, float64[question].
        logs: Log answers, float64[set, question], NaN where there is none.
        ends: Fences, float64[2, question].

    Returns:
        A row a question.
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
            Spread(
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
