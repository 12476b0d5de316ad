"""Second stage of a calibration: mice decide what the twin has let through.

Delayed acceptance. Sets are drawn from the twin's posterior, so each comes in proportion to its
prior where the twin is close; those of which the mice are close too are kept. What is left is a
sample of prior x [twin close] x [mice close], and no density has to be known for it. A set that
the twin refuses is never run, so its threshold must leave room for how far it is from the mice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulation.analysis.calibration.answers import Asker
from simulation.analysis.calibration.distance import Row, distance
from simulation.analysis.calibration.space import Space
from simulation.analysis.calibration.twin_stage import Population
from simulation.analysis.outcomes import from_mice
from simulation.errors import GutexoError


def own_mice(changes: Mapping[str, Any], *, replicates: int, seed: int) -> dict[str, float]:
    """Answers of mice that no other set is asked of.

    The luck of a few mice would otherwise be the same for all sets, and fitted.

    Args:
        changes: Parameters that differ from the defaults.
        replicates: Mice an arm.
        seed: Of the calibration; the seed of the mice follows from it and from the set.

    Returns:
        Number by question.
    """
    text = ";".join(f"{name}={value!r}" for name, value in sorted(changes.items()))
    key = hashlib.sha256(f"{seed};{text}".encode()).digest()
    return from_mice(changes, replicates=replicates, seed=int.from_bytes(key[:4], "little"))


@dataclass(frozen=True)
class Tried:
    """A set that mice answered.

    Attributes:
        shares: float64[parameter], shares of the prior.
        values: Value by parameter name.
        count: How often it was drawn.
        answers: Number by question.
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
    return [
        Tried(point, value, times, answer.answers, distance(answer.answers, rows))
        for point, value, (_, times), answer in zip(points, values, chosen, found, strict=False)
    ]


def close(tried: Sequence[Tried], tolerance: float) -> list[Tried]:
    """Sets whose mice are within a tolerance of every window."""
    return [one for one in tried if one.distance <= tolerance]


def equal_draws(kept: Sequence[Tried]) -> list[dict[str, float]]:
    """Equally weighted draws: each set as often as it was drawn."""
    return [one.values for one in kept for _ in range(one.count)]
