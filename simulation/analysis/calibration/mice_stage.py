"""Second stage of a calibration: mice decide what the twin has let through.

Delayed acceptance. Sets are drawn from the twin's posterior, so each comes in proportion to its
prior where the twin is close; those of which the mice are close too are kept. What is left is a
sample of prior x [twin close] x [mice close], and no density has to be known for it. A set that
the twin refuses is never run, so its threshold must leave room for how far it is from the mice.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gutexo.analysis.calibration.answers import Asker
from gutexo.analysis.calibration.distance import Row, distance
from gutexo.analysis.calibration.space import Space
from gutexo.analysis.calibration.twin_stage import Population
from gutexo.errors import GutexoError


def luck(few: Mapping[str, float], many: Mapping[str, float]) -> dict[str, float]:
    """What the mice that every set is asked of have by their size and by luck.

    All sets are put to the same few mice, so that sets can be told apart by effects smaller than
    mice differ. But then the luck of these mice is in every answer alike, and so is what a
    coarser gut answers otherwise; both would be fitted. They are measured once, at the defaults,
    against many mice of the default resolution.

    Args:
        few: What these mice answer there.
        many: What many mice answer there.

    Returns:
        Factor by question; 1 where either has no answer.
    """
    factors = {}
    for name, value in many.items():
        ratio = few.get(name, math.nan) / value if value else math.nan
        factors[name] = ratio if math.isfinite(ratio) and ratio > 0 else 1.0
    return factors


def without_luck(answers: Mapping[str, float], factors: Mapping[str, float]) -> dict[str, float]:
    """Answers of the few mice, less their luck."""
    return {name: value / factors.get(name, 1.0) for name, value in answers.items()}


@dataclass(frozen=True)
class Tried:
    """A set that mice answered.

    Attributes:
        shares: float64[parameter], shares of the prior.
        values: Value by parameter name.
        count: How often it was drawn.
        answers: Number by question, less the luck of the mice.
        distance: Of the worst row.
    """

    shares: np.ndarray
    values: dict[str, float]
    count: int
    answers: dict[str, float]
    distance: float


def drawn(population: Population, count: int, seed: int) -> list[tuple[int, int]]:
    """Particles drawn in proportion to their weight, in random order.

    Args:
        population: Weighted particles.
        count: Draws wanted.
        seed: Of the draws.

    Returns:
        Number of the particle and how often it is drawn, each particle once.
    """
    random = np.random.default_rng(np.random.SeedSequence([seed, 1]))
    # Systematic: a particle is drawn as often as its weight asks, give or take one.
    steps = (random.random() + np.arange(count)) / count
    edges = np.cumsum(population.weights)
    places = np.minimum(np.searchsorted(edges, steps * edges[-1]), len(edges) - 1)
    numbers, times = np.unique(places, return_counts=True)
    order = random.permutation(len(numbers))
    return [(int(numbers[i]), int(times[i])) for i in order]


def refine(
    space: Space,
    rows: Sequence[Row],
    asker: Asker,
    population: Population,
    *,
    count: int,
    seed: int = 1,
    factors: Mapping[str, float] | None = None,
    until: Callable[[], bool] | None = None,
) -> list[Tried]:
    """Put draws of the twin's posterior to mice.

    Args:
        space: Free parameters and their priors.
        rows: What may be fitted.
        asker: Mice, with their memory.
        population: The twin's last.
        count: Draws.
        seed: Of the draws.
        factors: Luck of the mice by question, see `luck`.
        until: Asked before each set; once it says yes, no further set is begun.

    Returns:
        Sets in the order they were drawn, kept or not.

    Raises:
        GutexoError: The budget did not allow one set.
    """
    chosen = drawn(population, count, seed)
    points = [population.shares[number] for number, _ in chosen]
    values = [space.values(point) for point in points]
    found = asker.ask(values, until=until)
    if not found:
        raise GutexoError("the budget was spent before mice were run: a larger --budget goes on")
    told = [without_luck(answer.answers, factors or {}) for answer in found]
    return [
        Tried(point, value, times, answers, distance(answers, rows))
        for point, value, (_, times), answers in zip(points, values, chosen, told, strict=False)
    ]


def close(tried: Sequence[Tried], tolerance: float) -> list[Tried]:
    """Sets whose mice are within a tolerance of every window."""
    return [one for one in tried if one.distance <= tolerance]


def equal_draws(kept: Sequence[Tried]) -> list[dict[str, float]]:
    """Equally weighted draws: each set as often as it was drawn."""
    return [one.values for one in kept for _ in range(one.count)]
