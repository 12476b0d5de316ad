"""Between twin and mice: a few sets are put to both, and the twin is held to what mice answer.

The twin is a mean field: where it differs from mice in the same way everywhere, that difference is
known after a few sets and can be taken out; where it differs from set to set, its windows must be
wider by that much. Both only decide which sets mice are asked about, so neither can make a set
acceptable that mice do not accept.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from gutexo.analysis.calibration.distance import Row
from gutexo.analysis.calibration.predictive import Likeness

FEWEST = 4  # sets both must have answered before the twin is corrected


def chosen(distances: np.ndarray, count: int, seed: int) -> list[int]:
    """Sets of the prior that both are asked about: some of those nearest to the windows.

    Args:
        distances: float64[set], by the twin.
        count: Sets wanted.
        seed: Of the choice.

    Returns:
        Their numbers, at random from eight times as many of the nearest.
    """
    near = [int(n) for n in np.argsort(distances, kind="stable")[: 8 * count]]
    near = [number for number in near if math.isfinite(distances[number])]
    random = np.random.default_rng(np.random.SeedSequence([seed, 4]))
    return [near[n] for n in random.permutation(len(near))[:count]]


def as_the_twin_sees(rows: Sequence[Row], known: Sequence[Likeness], widen: float) -> list[Row]:
    """Windows for the twin's answers.

    Args:
        rows: What mice are held to.
        known: How mice and twin answered the same sets.
        widen: Standard deviations of their difference by which each window is wider.

    Returns:
        The same rows, each window moved by the mean difference and widened by its spread.
    """
    by = {one.id: one for one in known}
    found = []
    for row in rows:
        like = by.get(row.id)
        if like is None or like.sets < FEWEST:
            found.append(row)
            continue
        low = row.low / like.ratio * math.exp(-widen * like.spread)
        high = row.high / like.ratio * math.exp(widen * like.spread)
        found.append(Row(row.id, row.use, low, high, row.scale))
    return found


def corrected(answers: Mapping[str, float], known: Sequence[Likeness]) -> dict[str, float]:
    """The twin's answers, less what it differs from mice on average."""
    by = {one.id: one.ratio for one in known if one.sets >= FEWEST}
    return {name: value * by.get(name, 1.0) for name, value in answers.items()}
