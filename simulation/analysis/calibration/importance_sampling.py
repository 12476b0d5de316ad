"""Adaptive multiple importance sampling: every set counts, whichever proposal it was drawn from.

The weight of a set is prior x acceptance over the mixture of all proposals so far (deterministic
mixture weights). Acceptance is exp(-misfit/2); while few sets are accepted, misfits are divided by
the square of a tolerance above 1, the smallest at which enough sets remain.

Points are probits of shares of the prior, so the prior is a standard normal in each dimension. In
twenty dimensions a few hundred sets say little of a shape, and one normal is as good a proposal as
a mixture of many; one draw in twenty is of the prior, which bounds the weights.

References:
    Veach and Guibas, SIGGRAPH (1995): mixture weights. Cornuet et al., Scand J Stat 39:798 (2012):
    adaptive multiple importance sampling.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

DEFENSIVE = 0.05  # share of every proposal that is drawn from the prior
REMEMBERED = 8  # populations that a search on a cheap function keeps
_LOG_NORM = 0.5 * math.log(2 * math.pi)

Misfit = Callable[[np.ndarray], np.ndarray]
"""Function from points, float64[set, parameter], to misfits, float64[set], 0 where all is met."""


class Proposal:
    """A normal, mixed with a little of the prior.

    Args:
        mean: float64[parameter].
        covariance: float64[parameter, parameter].
        prior_share: Share of draws that are of the prior; with 1 it is the prior.
    """

    def __init__(
        self, mean: np.ndarray, covariance: np.ndarray, prior_share: float = DEFENSIVE
    ) -> None:
        self.mean, self.prior_share = mean, prior_share
        self.factor = np.linalg.cholesky(covariance)
        self._inverse = np.linalg.inv(self.factor).T
        self._scale = np.log(np.diag(self.factor)).sum() + len(mean) * _LOG_NORM

    @classmethod
    def prior(cls, ways: int) -> Proposal:
        """Make the prior of some parameters."""
        return cls(np.zeros(ways), np.eye(ways), prior_share=1.0)

    @classmethod
    def fit(cls, points: np.ndarray, weights: np.ndarray, widen: float = 1.0) -> Proposal:
        """Fit a proposal to weighted points.

        Args:
            points: float64[set, parameter].
            weights: float64[set], which sum to one.
            widen: Factor on the variances.
        """
        ways, size = points.shape[1], effective_size(weights)
        mean = weights @ points
        centred = points - mean
        spread = (centred * weights[:, None]).T @ centred
        # With few points for the number of dimensions, correlations are not reliable.
        trust = size / (size + ways)
        spread = trust * spread + (1 - trust) * np.diag(np.diag(spread))
        return cls(mean, widen * spread + 1e-6 * np.eye(ways))

    def draw(self, count: int, random: np.random.Generator) -> np.ndarray:
        """Draw points, float64[draw, parameter]."""
        noise = random.standard_normal((count, len(self.mean)))
        of_prior = random.random(count) < self.prior_share
        return np.where(of_prior[:, None], noise, self.mean + noise @ self.factor.T)

    def log_density(self, points: np.ndarray) -> np.ndarray:
        """Log density at points, float64[set]."""
        if self.prior_share == 1.0:
            return log_prior(points)
        inner = -0.5 * (((points - self.mean) @ self._inverse) ** 2).sum(axis=1) - self._scale
        return np.logaddexp(
            inner + math.log(1 - self.prior_share), log_prior(points) + math.log(self.prior_share)
        )


def log_prior(points: np.ndarray) -> np.ndarray:
    """Log density of the prior, float64[set], at points float64[set, parameter]."""
    return -0.5 * (points**2).sum(axis=1) - points.shape[1] * _LOG_NORM


def effective_size(weights: np.ndarray) -> float:
    """Number of equally weighted draws worth as much as weights that sum to one."""
    return 1.0 / float(weights @ weights)


class WeightedSample:
    """Sets of several populations, with weights.

    Attributes:
        points: float64[set, parameter], probits.
        misfits: float64[set]; infinite where there is no answer.
        tolerance: Factor by whose square misfits are divided; 1 at the end.
        weights: float64[set], which sum to one.
    """

    def __init__(self, ways: int) -> None:
        self.points, self.misfits = np.empty((0, ways)), np.empty(0)
        self.tolerance, self.weights = math.inf, np.empty(0)
        self._proposals: list[Proposal] = []
        self._sizes: list[int] = []
        self._densities: list[np.ndarray] = []  # of each proposal at all points

    @property
    def size(self) -> float:
        """Number of equally weighted draws that it is worth."""
        return effective_size(self.weights)

    def add(
        self, points: np.ndarray, misfits: np.ndarray, proposal: Proposal, least: float
    ) -> None:
        """Add a population, and weight all sets anew.

        Args:
            points: float64[set, parameter].
            misfits: float64[set].
            proposal: What they were drawn from.
            least: Equally weighted draws that the sample is worth at the chosen tolerance.
        """
        self.points = np.vstack([self.points, points])
        self.misfits = np.concatenate([self.misfits, misfits])
        self._densities = [
            np.concatenate([known, one.log_density(points)])
            for known, one in zip(self._densities, self._proposals, strict=True)
        ]
        self._densities.append(proposal.log_density(self.points))
        self._proposals.append(proposal)
        self._sizes.append(len(points))
        self._weight(least)

    def forget_first(self, least: float) -> None:
        """Remove the oldest population."""
        gone = self._sizes.pop(0)
        self.points, self.misfits = self.points[gone:], self.misfits[gone:]
        self._proposals.pop(0)
        self._densities = [one[gone:] for one in self._densities[1:]]
        self._weight(least)

    def _weight(self, least: float) -> None:
        from scipy.special import logsumexp

        parts = np.log(np.array(self._sizes) / len(self.points))[:, None]
        ratios = log_prior(self.points) - logsumexp(np.array(self._densities) + parts, axis=0)

        def weights(tolerance: float) -> np.ndarray:
            logs = ratios - 0.5 * self.misfits / tolerance**2
            found = np.exp(logs - logs.max())
            return found / found.sum()

        low, high = 0.0, 10.0  # of the logarithm of the tolerance
        if effective_size(weights(1.0)) >= least:
            high = 0.0
        while high - low > 1e-6:
            middle = 0.5 * (low + high)
            enough = effective_size(weights(math.exp(middle))) >= least
            low, high = (low, middle) if enough else (middle, high)
        self.tolerance = math.exp(high)
        self.weights = weights(self.tolerance)


def fit_to_function(
    misfit: Misfit,
    first: Proposal,
    random: np.random.Generator,
    *,
    size: int = 3000,
    most: int = 40,
    least: float = 400.0,
) -> Proposal:
    """Find the normal nearest to prior x acceptance of a function that costs nothing.

    Args:
        misfit: The function.
        first: Proposal to begin with.
        random: Generator of all draws.
        size: Draws of a population.
        most: Largest number of populations.
        least: Equally weighted draws that each population leaves.
    """
    sample, proposal = WeightedSample(len(first.mean)), first
    for _ in range(most):
        points = proposal.draw(size, random)
        sample.add(points, misfit(points), proposal, least)
        if len(sample.points) > REMEMBERED * size:
            sample.forget_first(least)
        if sample.tolerance == 1.0 and sample.size >= 2 * least:
            break
        proposal = Proposal.fit(sample.points, sample.weights, widen=1.1)
    return Proposal.fit(sample.points, sample.weights)
