"""Correction of the mean-field model by the answers of mice to the same few sets.

A difference between mean-field model and mice that is the same everywhere is known after a few sets
and can be removed; where it varies from set to set, the model's windows must be wider by that much.
Both only decide which sets are evaluated with mice, so neither can make a set acceptable that mice
do not accept.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from gutexo.analysis.calibration.distance import FittedRow
from gutexo.analysis.calibration.posterior_predictive import EmulatorDiscrepancy

FEWEST = 4  # sets that both must have answered before the mean-field model is corrected


def choose_pilot_sets(distances: np.ndarray, count: int, seed: int) -> list[int]:
    """Choose the sets of the prior to evaluate with both: some of those nearest to the windows.

    Args:
        distances: float64[set], of the mean-field model's answers.
        count: Requested number of sets.
        seed: Seed of the choice.

    Returns:
        Their numbers, chosen at random from eight times as many of the nearest.
    """
    nearest = [int(n) for n in np.argsort(distances, kind="stable")[: 8 * count]]
    nearest = [number for number in nearest if math.isfinite(distances[number])]
    random = np.random.default_rng(np.random.SeedSequence([seed, 4]))
    return [nearest[n] for n in random.permutation(len(nearest))[:count]]


def widen_windows(
    rows: Sequence[FittedRow], discrepancies: Sequence[EmulatorDiscrepancy], widen: float
) -> list[FittedRow]:
    """Shift and widen the windows for the answers of the mean-field model.

    Args:
        rows: Rows with the windows for mice.
        discrepancies: Comparison of the answers of mice and mean-field model to the same sets.
        widen: Standard deviations of their difference by which each window is widened.

    Returns:
        The same rows, each window shifted by the mean difference and widened by its spread.
    """
    by = {one.question: one for one in discrepancies}
    found = []
    for row in rows:
        discrepancy = by.get(row.id)
        if discrepancy is None or discrepancy.sets < FEWEST:
            found.append(row)
            continue
        low = row.low / discrepancy.mice_over_twin * math.exp(-widen * discrepancy.spread)
        high = row.high / discrepancy.mice_over_twin * math.exp(widen * discrepancy.spread)
        found.append(FittedRow(row.id, row.use, low, high, row.scale))
    return found


def correct_emulator(
    answers: Mapping[str, float], discrepancies: Sequence[EmulatorDiscrepancy]
) -> dict[str, float]:
    """Remove the average difference from mice from the answers of the mean-field model."""
    by = {one.question: one.mice_over_twin for one in discrepancies if one.sets >= FEWEST}
    return {name: value * by.get(name, 1.0) for name, value in answers.items()}
