"""Second stage of a calibration: mice evaluate the sets that the mean-field model has accepted.

The method is delayed acceptance. Sets are drawn from the mean-field model's posterior, so each
occurs in proportion to its prior where that model is close; those at which the mice are close too
are accepted. The result is a sample of prior x [model close] x [mice close], and no density has to
be known for it. A set that the mean-field model refuses is never run with mice, so that model's
threshold must allow for its difference from the mice.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gutexo.analysis.calibration.distance import FittedRow, worst_distance
from gutexo.analysis.calibration.evaluator import CalibrationEvaluator
from gutexo.analysis.calibration.mean_field_stage import Population
from gutexo.analysis.calibration.space import CalibrationSpace
from gutexo.errors import GutexoError


def estimate_cohort_bias(few: Mapping[str, float], many: Mapping[str, float]) -> dict[str, float]:
    """Estimate the bias of the few mice of every set, from their resolution and from chance.

    All sets are evaluated with the same few mice, so that sets can be distinguished by effects
    smaller than the differences between mice. But then the chance deviation of these mice is the
    same in every answer, and so is the effect of a coarser gut; both would be fitted. Both are
    measured once, at the defaults, against many mice of the default resolution.

    Args:
        few: Answers of these mice at the defaults.
        many: Answers of many mice at the defaults.

    Returns:
        Factor by question; 1 where either has no answer.
    """
    factors = {}
    for name, value in many.items():
        ratio = few.get(name, math.nan) / value if value else math.nan
        factors[name] = ratio if math.isfinite(ratio) and ratio > 0 else 1.0
    return factors


def remove_cohort_bias(
    answers: Mapping[str, float], factors: Mapping[str, float]
) -> dict[str, float]:
    """Remove the cohort bias from the answers of the few mice."""
    return {name: value / factors.get(name, 1.0) for name, value in answers.items()}


@dataclass(frozen=True)
class EvaluatedSet:
    """A set that was evaluated with mice.

    Attributes:
        shares: float64[parameter], shares of the prior.
        values: Value by parameter name.
        count: How often it was drawn.
        answers: Number by question, with the cohort bias removed.
        distance: Distance of the worst row.
    """

    shares: np.ndarray
    values: dict[str, float]
    count: int
    answers: dict[str, float]
    distance: float


def draw_particles(population: Population, count: int, seed: int) -> list[tuple[int, int]]:
    """Draw particles in proportion to their weight, in random order.

    Args:
        population: Weighted particles.
        count: Requested number of draws.
        seed: Seed of the draws.

    Returns:
        Number of the particle and how often it is drawn, each particle once.
    """
    random = np.random.default_rng(np.random.SeedSequence([seed, 1]))
    # Systematic: a particle is drawn in proportion to its weight, up to a difference of one.
    steps = (random.random() + np.arange(count)) / count
    edges = np.cumsum(population.weights)
    places = np.minimum(np.searchsorted(edges, steps * edges[-1]), len(edges) - 1)
    numbers, times = np.unique(places, return_counts=True)
    order = random.permutation(len(numbers))
    return [(int(numbers[i]), int(times[i])) for i in order]


def evaluate_draws(
    space: CalibrationSpace,
    rows: Sequence[FittedRow],
    evaluator: CalibrationEvaluator,
    population: Population,
    *,
    count: int,
    seed: int = 1,
    factors: Mapping[str, float] | None = None,
    until: Callable[[], bool] | None = None,
) -> list[EvaluatedSet]:
    """Evaluate draws of the mean-field model's posterior with mice.

    Args:
        space: Free parameters and their priors.
        rows: Rows that may be fitted.
        evaluator: Evaluator of the mice.
        population: Posterior of the mean-field model.
        count: Number of draws.
        seed: Seed of the draws.
        factors: Cohort bias by question, see `estimate_cohort_bias`.
        until: Called before each set; once it returns True, no further set is started.

    Returns:
        Sets in the order they were drawn, accepted or not.

    Raises:
        GutexoError: The budget did not allow one set.
    """
    chosen = draw_particles(population, count, seed)
    points = [population.shares[number] for number, _ in chosen]
    values = [space.values(point) for point in points]
    found = evaluator.evaluate(values, until=until)
    if not found:
        raise GutexoError("the budget ended before mice were run: a larger --budget continues")
    corrected = [remove_cohort_bias(answer.answers, factors or {}) for answer in found]
    return [
        EvaluatedSet(point, value, times, answers, worst_distance(answers, rows))
        for point, value, (_, times), answers in zip(
            points, values, chosen, corrected, strict=False
        )
    ]


def select_close(evaluated: Sequence[EvaluatedSet], tolerance: float) -> list[EvaluatedSet]:
    """Select the sets whose mice are within a tolerance of every window."""
    return [one for one in evaluated if one.distance <= tolerance]


def repeat_by_count(accepted: Sequence[EvaluatedSet]) -> list[dict[str, float]]:
    """Make equally weighted draws: repeat each accepted set as often as it was drawn."""
    return [one.values for one in accepted for _ in range(one.count)]
