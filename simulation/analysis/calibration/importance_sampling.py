"""Adaptive multiple importance sampling: proposals are fitted to all evaluated sets and weight all.

In twenty dimensions a population of a few hundred contains little information about its own shape.
Proposals made from it alone (a normal around each particle) gave weights worth 20 of 400 particles
on a model with a known posterior; here the same number of sets gives weights worth 500. There are
two reasons. The proposal is close to one normal, fitted to all sets within the threshold so far;
and every set counts, whichever population it was proposed in, weighted by prior over the mixture
of all proposals (deterministic mixture weights; Veach and Guibas 1995, Cornuet and others 2012).
One proposal in twenty is a draw of the prior, which bounds every weight.

Points are probits of shares of the prior, so the prior is a standard normal in each dimension.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

DEFENSIVE = 0.05  # share of proposals that are draws of the prior
_LOG_NORM = 0.5 * math.log(2 * math.pi)


def log_prior(points: np.ndarray) -> np.ndarray:
    """Log density of the prior, float64[set], at points float64[set, parameter] in probits."""
    return -0.5 * (points**2).sum(axis=1) - points.shape[1] * _LOG_NORM


class Proposal:
    """A mixture of normals around weighted points that are shrunk towards their mean (West 1993).

    Such a mixture has the mean and the covariance of the points for any width. The more dimensions,
    the wider each normal must be to be distinguished from noise: in twenty dimensions the mixture
    is almost one normal.

    Args:
        points: float64[set, parameter], probits.
        weights: float64[set].
    """

    def __init__(self, points: np.ndarray, weights: np.ndarray) -> None:
        self.weights = weights / weights.sum()
        size, ways = 1.0 / float(self.weights @ self.weights), points.shape[1]
        mean = self.weights @ points
        centred = points - mean
        spread = (centred * self.weights[:, None]).T @ centred
        # With few points for the number of dimensions, correlations are not reliable.
        trust = size / (size + ways)
        spread = trust * spread + (1 - trust) * np.diag(np.diag(spread)) + 1e-9 * np.eye(ways)
        width = min(0.99, size ** (-1.0 / (10 * ways)))
        towards = math.sqrt(1 - width**2)
        self.centres = towards * points + (1 - towards) * mean
        self.factor = width * np.linalg.cholesky(spread)
        self.edges = np.cumsum(self.weights)

    def draw(self) -> np.ndarray:
        """Draw a point with NumPy's global stream, float64[parameter]."""
        noise = np.random.standard_normal(len(self.factor))
        if np.random.random() < DEFENSIVE:
            return noise
        place = int(np.searchsorted(self.edges, np.random.random() * self.edges[-1]))
        return self.centres[min(place, len(self.centres) - 1)] + self.factor @ noise

    def log_density(self, points: np.ndarray) -> np.ndarray:
        """Log density at points, float64[set]."""
        inverse = np.linalg.inv(self.factor).T
        here, centres = points @ inverse, self.centres @ inverse
        squares = (here**2).sum(axis=1)[:, None] + (centres**2).sum(axis=1) - 2 * here @ centres.T
        most = (-0.5 * squares).max(axis=1)
        inner = np.log(np.exp(-0.5 * squares - most[:, None]) @ self.weights) + most
        inner -= np.log(np.diag(self.factor)).sum() + len(self.factor) * _LOG_NORM
        return np.logaddexp(
            inner + math.log(1 - DEFENSIVE), log_prior(points) + math.log(DEFENSIVE)
        )


@dataclass
class ImportanceSample:
    """All evaluated sets, population after population.

    Attributes:
        points: float64[set, parameter] by population, probits; the first are draws of the prior.
        distances: float64[set] by population.
        proposals: Proposal each population was drawn from; None for the prior.
        thresholds: Distance up to which each population was accepted.
    """

    points: list[np.ndarray]
    distances: list[np.ndarray]
    proposals: list[Proposal | None] = field(default_factory=lambda: [None])
    thresholds: list[float] = field(default_factory=list)

    def within(self, threshold: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Select the sets within a distance, from all populations.

        Returns:
            float64[set, parameter] points, float64[set] weights that sum to one, and distances.
        """
        points, distances = np.concatenate(self.points), np.concatenate(self.distances)
        within = distances <= threshold
        points, distances = points[within], distances[within]
        total = sum(len(one) for one in self.points)
        logs = np.array(
            [
                math.log(len(population) / total)
                + (log_prior(points) if one is None else one.log_density(points))
                for population, one in zip(self.points, self.proposals, strict=True)
            ]
        )
        weights = np.exp(log_prior(points) - np.logaddexp.reduce(logs, axis=0))
        return points, weights / weights.sum(), distances

    def advance(self) -> None:
        """Set the next threshold, the median distance, and fit the proposal for it."""
        points, weights, distances = self.within(self.thresholds[-1])
        order = np.argsort(distances, kind="stable")
        below = np.cumsum(weights[order])
        place = int(np.searchsorted(below, 0.5 * below[-1]))
        self.thresholds.append(float(distances[order][place]))
        within = distances <= self.thresholds[-1]
        self.proposals.append(Proposal(points[within], weights[within]))
