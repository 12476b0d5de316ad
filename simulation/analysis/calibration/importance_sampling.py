"""Draws from a density that costs nothing, and weights for sets that were drawn from it.

Points are probits of shares of the prior, so the prior is a standard normal in each dimension.

References:
    ter Braak, Stat Comput 16:239 (2006): differential evolution Markov chains. Cornuet, Marin, Mira
    and Robert, Scand J Stat 39:798 (2012): adaptive multiple importance sampling. Shirts and
    Chodera, J Chem Phys 129:124105 (2008): relative volumes of densities that are known up to a
    constant.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

LogDensity = Callable[[np.ndarray], np.ndarray]
"""Function from points, float64[set, parameter], to log densities up to a constant."""
WALKERS, STEPS, EVERY = 200, 1200, 20
ITERATIONS, CLOSE = 10_000, 1e-6  # of the relative volumes
_LOG_NORM = 0.5 * math.log(2 * math.pi)


def log_prior(points: np.ndarray) -> np.ndarray:
    """Log density of the prior, float64[set], at points float64[set, parameter]."""
    return -0.5 * (points**2).sum(axis=1) - points.shape[1] * _LOG_NORM


def normalise(logs: np.ndarray) -> np.ndarray:
    """Turn logarithms of weights into weights that sum to one; -inf is no weight."""
    found = np.exp(logs - logs.max())
    return found / found.sum()


def effective_size(weights: np.ndarray) -> float:
    """Number of equally weighted draws worth as much as weights that sum to one."""
    return 1.0 / float(weights @ weights)


def log_mixture(logs: np.ndarray, counts: Sequence[int]) -> np.ndarray:
    """Log density of the mixture that some sets were drawn from, float64[set], up to a constant.

    Args:
        logs: Log densities of the sets, float64[set, component], each up to a constant of its own.
            The constants follow from the sets, since all components cover some of the same.
        counts: Number of sets drawn from each component.
    """
    parts = logs + np.log(np.array(counts))
    constants = np.zeros(len(counts))
    for _ in range(ITERATIONS):
        mixture = np.logaddexp.reduce(parts + constants, axis=1)
        before, constants = constants, -np.logaddexp.reduce(logs - mixture[:, None], axis=0)
        constants -= constants[0]
        if np.abs(constants - before).max() < CLOSE:
            break
    return np.logaddexp.reduce(parts + constants, axis=1)


@dataclass(frozen=True)
class WeightedSets:
    """Evaluated sets with weights.

    Attributes:
        points: float64[set, parameter], probits.
        misfits: float64[set]; infinite where there is no answer.
        weights: float64[set], which sum to one.
    """

    points: np.ndarray
    misfits: np.ndarray
    weights: np.ndarray

    @property
    def size(self) -> float:
        """Number of equally weighted draws that they are worth."""
        return effective_size(self.weights)


@dataclass(frozen=True)
class Cloud:
    """Mean and covariance of weighted points, and coordinates in which they are round.

    Attributes:
        mean: float64[parameter].
        factor: Cholesky factor of the covariance, float64[parameter, parameter].
    """

    mean: np.ndarray
    factor: np.ndarray

    @classmethod
    def fit(cls, points: np.ndarray, weights: np.ndarray) -> Cloud:
        """Fit a cloud to weighted points.

        Args:
            points: float64[set, parameter].
            weights: float64[set], which sum to one.
        """
        ways, size = points.shape[1], effective_size(weights)
        mean = weights @ points
        centred = points - mean
        spread = (centred * weights[:, None]).T @ centred
        # With few points for the number of dimensions, correlations are not reliable.
        trust = size / (size + ways)
        spread = trust * spread + (1 - trust) * np.diag(np.diag(spread))
        return cls(mean, np.linalg.cholesky(spread + 1e-6 * np.eye(ways)))

    @property
    def log_volume(self) -> float:
        """Log of the product of its spreads along its axes."""
        return float(np.log(np.diag(self.factor)).sum())

    def round(self, points: np.ndarray) -> np.ndarray:
        """Coordinates in which the cloud is a standard normal, float64[set, parameter]."""
        return np.linalg.solve(self.factor, (points - self.mean).T).T

    def place(self, coordinates: np.ndarray) -> np.ndarray:
        """Points at some coordinates; the inverse of `round`."""
        return self.mean + coordinates @ self.factor.T


def draw_from(
    log_density: LogDensity,
    start: np.ndarray,
    count: int,
    random: np.random.Generator,
    steps: int = STEPS,
) -> np.ndarray:
    """Draw points from a density by walkers that step along the differences of other walkers.

    Args:
        log_density: The density, up to a constant.
        start: Where walkers begin, float64[walker, parameter]; an even number, not all on a line.
        count: Number of points, at most those that the walkers leave behind.
        random: Generator of all steps.
        steps: Steps of each walker; the first half is not used.

    Returns:
        float64[count, parameter].
    """
    place, (walkers, ways) = start.copy(), start.shape
    logs, half, kept = log_density(place), walkers // 2, []
    usual = 2.38 / math.sqrt(2 * ways)
    for step in range(steps):
        order = random.permutation(walkers)
        for moved, others in ((order[:half], order[half:]), (order[half:], order[:half])):
            one, other = random.choice(others, half), random.choice(others, half)
            # Most steps are short; one in ten is whole, from one mode to another.
            short = usual * np.exp(0.3 * random.standard_normal((half, 1)))
            length = short * random.choice([0.3, 1.0], (half, 1)) if step % 10 else 1.0
            noise = 1e-4 * random.standard_normal((half, ways))
            new = place[moved] + length * (place[one] - place[other]) + noise
            found = log_density(new)
            taken = np.log(random.random(half)) < found - logs[moved]
            place[moved[taken]], logs[moved[taken]] = new[taken], found[taken]
        if step >= steps // 2 and step % EVERY == 0:
            kept.append(place.copy())
    points = np.vstack(kept)
    return points[random.choice(len(points), count, replace=False)]
