"""Step 3: the posterior, by rejection and reweighting of sets that the mean field evaluates.

A set is accepted with probability exp(-misfit/2). The misfit sums the squared distances of its rows
outside their windows, in scales of the rows: inside every window a set is always accepted, and the
posterior is the prior restricted to the windows, whose edges are soft.

Sets are drawn from the prior, from around the feasible point, and then generation after generation
from the normal nearest to the posterior of a quadratic surrogate, which is fitted to the rows of
all sets so far. The surrogate decides only where to look: weights are those of
`importance_sampling`, from the mean field's own answers. In 25 dimensions, with 45 curved rows,
2000 sets were needed until the weights were worth 75 draws; with proposals from the weighted sets
alone 4000 sets did not suffice.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gutexo.analysis.calibration.importance_sampling import (
    Proposal,
    WeightedSample,
    fit_to_function,
)

PER_DIMENSION = 3  # equally weighted draws per parameter at which the tolerance is chosen
NEAR = 600  # sets near the windows that count most in the surrogate
RIDGE = 0.03
WIDEN = 1.2  # factor on the variances of a proposal

Measure = Callable[[np.ndarray], np.ndarray]
"""Function from points, float64[set, parameter], to measured rows, float64[set, row]."""
Distances = Callable[[np.ndarray], np.ndarray]
"""Function from measured rows to their distances outside the windows, float64[set, row]."""


@dataclass(frozen=True)
class Generation:
    """Progress after one generation.

    Attributes:
        generation: Its number.
        sets: Sets evaluated so far.
        tolerance: Factor by which distances are divided.
        size: Equally weighted draws that all sets are worth.
        misfit: Median misfit of the generation; NaN where most sets have no answer.
    """

    generation: int
    sets: int
    tolerance: float
    size: float
    misfit: float


@dataclass(frozen=True)
class Posterior:
    """All evaluated sets with their weights.

    Attributes:
        sample: Points, misfits and weights.
        measured: float64[set, row].
        generations: One entry per generation.
        last: Proposal fitted to the weighted sets.
    """

    sample: WeightedSample
    measured: np.ndarray
    generations: tuple[Generation, ...]
    last: Proposal

    @property
    def finished(self) -> bool:
        """Whether distances are not divided any more."""
        return self.sample.tolerance == 1.0


def sample_posterior(
    measure: Measure,
    distances: Distances,
    start: np.ndarray,
    *,
    first: int,
    size: int,
    enough: float,
    most: int,
    spread: float = 0.3,
    seed: int = 1,
    report: Callable[[str], None] = lambda line: None,
) -> Posterior:
    """Sample the prior, restricted to where the rows lie in their windows.

    Args:
        measure: The model; NaN where it gives no answer.
        distances: The windows.
        start: The feasible point, float64[parameter], probits.
        first: Draws of the prior, and as many from around the feasible point.
        size: Sets of every later generation.
        enough: Equally weighted draws, at tolerance 1, at which it ends.
        most: Largest number of later generations.
        spread: Spread of the draws around the feasible point, in probits.
        seed: Seed of all draws.
        report: Called with a line of text for the user after each generation.

    Returns:
        All sets with their weights. They depend on the arguments alone.
    """
    ways = len(start)
    sample, measured = WeightedSample(ways), np.empty((0, 0))
    around = Proposal(start, spread**2 * np.eye(ways))
    generations: list[Generation] = []
    for number in range(2 + most):
        random = np.random.default_rng([seed, number])
        if number < 2:
            proposal, count = (around if number else Proposal.prior(ways)), first
        else:
            proposal, count = _next_proposal(sample, measured, distances, random), size
        points = proposal.draw(count, random)
        found = measure(points)
        measured = found if number == 0 else np.vstack([measured, found])
        misfits = np.nan_to_num((distances(found) ** 2).sum(axis=1), nan=math.inf)
        sample.add(points, misfits, proposal, PER_DIMENSION * ways)
        typical = float(np.median(misfits))
        generations.append(
            Generation(
                number,
                len(sample.points),
                sample.tolerance,
                sample.size,
                typical if math.isfinite(typical) else math.nan,
            )
        )
        report(
            f"generation {number}: {len(sample.points)} sets, tolerance {sample.tolerance:.2f},"
            f" worth {sample.size:.0f} draws of equal weight"
        )
        if number > 2 and sample.tolerance == 1.0 and sample.size >= enough:
            break
    last = Proposal.fit(sample.points, sample.weights)
    return Posterior(sample, measured, tuple(generations), last)


def _next_proposal(
    sample: WeightedSample, measured: np.ndarray, distances: Distances, random: np.random.Generator
) -> Proposal:
    """Fit a surrogate to the rows, and a normal to its posterior."""
    known = np.isfinite(measured).all(axis=1)
    points, rows, misfits = sample.points[known], measured[known], sample.misfits[known]
    ways = points.shape[1]
    # Sets count by their distance, at a tolerance that leaves enough of them for the surrogate.
    near = np.sort(misfits)[min(len(misfits), NEAR) - 1] / ways
    tolerance = max(sample.tolerance**2, near)
    weights = np.exp(-0.5 * np.minimum(misfits / tolerance, 50.0)) + 1e-3
    surrogate = fit_quadratic(points, rows, weights)
    first = Proposal.fit(sample.points, sample.weights)
    found = fit_to_function(
        lambda some: (distances(surrogate(some)) ** 2).sum(axis=1), first, random
    )
    return Proposal(found.mean, WIDEN * found.factor @ found.factor.T)


def fit_quadratic(points: np.ndarray, rows: np.ndarray, weights: np.ndarray) -> Measure:
    """Fit a quadratic function of the points to each row, by weighted ridge regression.

    Args:
        points: float64[set, parameter].
        rows: float64[set, row].
        weights: float64[set].

    Returns:
        The function.
    """
    ways = points.shape[1]
    one, other = np.triu_indices(ways)

    def terms(some: np.ndarray) -> np.ndarray:
        return np.column_stack([np.ones(len(some)), some, some[:, one] * some[:, other]])

    table = terms(points)
    scale = rows.std(axis=0) + 1e-12
    weighted = table * (weights / weights.max())[:, None]
    penalty = np.concatenate([[1e-9], np.full(ways, 0.1 * RIDGE), np.full(len(one), RIDGE)])
    slopes = np.linalg.solve(weighted.T @ table + np.diag(penalty), weighted.T @ (rows / scale))
    return lambda some: (terms(some) @ slopes) * scale
