"""A surrogate of the mean field near the windows, and the density of the sets worth evaluating.

Each row is a quadratic function of the points, fitted by weighted least squares to the sets
evaluated so far; it costs nothing. It decides only where to look: weights of sets come from the
mean field's own answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gutexo.analysis.calibration.importance_sampling import (
    WALKERS,
    Cloud,
    draw_from,
    effective_size,
    log_prior,
    normalise,
)
from gutexo.analysis.calibration.row_windows import RowWindows
from gutexo.errors import GutexoError

Measure = Callable[[np.ndarray], np.ndarray]
"""Function from points, float64[set, parameter], to measured rows, float64[set, row]."""
PER_DIMENSION = 3  # good sets per parameter that a cloud holds at least
FEWEST = 120  # and in all
DEEP = 8.0  # misfit of the worst of them, after division by the temperature
FIT_DEEP = 9.0  # temperature of the surrogate's weights over that of the cloud's
RIDGE = 1.0  # penalty of a squared coefficient of second order, in sets of full weight
LINEAR_RIDGE, CONSTANT_RIDGE = 0.1, 1e-6  # of first order; of the constant, which is free
LEAST_FREEDOM = 0.2  # share of the sets that is left at least when errors are counted
LEAST_LOG_WEIGHT = -25.0  # of a set in the fit, so that none is lost to rounding
JITTER = 0.01  # spreads by which walkers that begin at the same set differ
TRUST = 3.0  # spreads of the cloud within which the surrogate is believed
LAST_TRUST = 4.5  # once the cloud has grown
TAIL = 20.0
"""Misfit beyond which the density falls more slowly than acceptance: a set that is better than the
surrogate foresees would otherwise outweigh all others."""
MOST_ERROR = 3.0  # scales by which an error of the surrogate softens a window


@dataclass(frozen=True)
class QuadraticFit:
    """Quadratic functions of the coordinates, one for each row.

    Attributes:
        middle: float64[row], weighted means.
        slopes: float64[term, row].
        errors: float64[row], standard deviation of what the functions leave.
    """

    middle: np.ndarray
    slopes: np.ndarray
    errors: np.ndarray

    @classmethod
    def fit(cls, coordinates: np.ndarray, rows: np.ndarray, weights: np.ndarray) -> QuadraticFit:
        """Fit the functions by weighted ridge regression.

        Args:
            coordinates: float64[set, parameter], about standard normal.
            rows: float64[set, row].
            weights: float64[set], the largest 1.
        """
        table, ways = quadratic_terms(coordinates), coordinates.shape[1]
        middle = np.average(rows, axis=0, weights=weights)
        scale = np.sqrt(np.average((rows - middle) ** 2, axis=0, weights=weights)) + 1e-12
        penalty = np.full(table.shape[1], RIDGE)
        penalty[: ways + 1] = LINEAR_RIDGE
        penalty[0] = CONSTANT_RIDGE
        normal = (table * weights[:, None]).T @ table
        whole = normal + np.diag(penalty)
        slopes = np.linalg.solve(whole, (table * weights[:, None]).T @ (rows - middle))
        used = float(np.trace(np.linalg.solve(whole, normal)))
        worth = effective_size(weights / weights.sum())
        left = np.average((rows - middle - table @ slopes) ** 2, axis=0, weights=weights)
        errors = np.sqrt(left * worth / max(worth - used, LEAST_FREEDOM * worth))
        return cls(middle, slopes, np.minimum(errors, scale))

    def __call__(self, coordinates: np.ndarray) -> np.ndarray:
        """Rows, float64[set, row], at coordinates float64[set, parameter]."""
        return self.middle + quadratic_terms(coordinates) @ self.slopes


def quadratic_terms(points: np.ndarray) -> np.ndarray:
    """One, each coordinate, and each product of two, float64[set, term]."""
    one, other = np.triu_indices(points.shape[1])
    return np.column_stack([np.ones(len(points)), points, points[:, one] * points[:, other]])


@dataclass(frozen=True)
class Guide:
    """Density of the sets worth evaluating: prior x acceptance by the surrogate, near good sets.

    Attributes:
        cloud: Good sets so far.
        rows: Rows at coordinates of the cloud.
        windows: Windows of the rows, softened by the errors of the surrogate.
        start: Where walkers begin, float64[walker, parameter], coordinates of the cloud.
        trust: Spreads of the cloud within which the surrogate is believed.
    """

    cloud: Cloud
    rows: QuadraticFit
    windows: RowWindows
    start: np.ndarray
    trust: float = TRUST

    @classmethod
    def fit(
        cls,
        points: np.ndarray,
        measured: np.ndarray,
        windows: RowWindows,
        random: np.random.Generator,
    ) -> Guide:
        """Fit the surrogate to the best of some evaluated sets.

        All good sets count alike, however probable they were to be drawn: a cloud that begins at
        one point then grows from generation to generation until the windows or the prior end it.

        Args:
            points: float64[set, parameter], probits.
            measured: float64[set, row]; NaN where there is no answer.
            windows: Windows of the rows.
            random: Generator that chooses where walkers begin.

        Raises:
            GutexoError: No set has an answer to every row.
        """
        known = np.isfinite(measured).all(axis=1)
        points, measured = points[known], measured[known]
        if not len(points):
            raise GutexoError("no set near the feasible point has an answer to every row")
        misfits = windows.misfits(measured)
        good = min(len(points), max(FEWEST, PER_DIMENSION * points.shape[1]))
        depth = np.sort(misfits)[good - 1] - misfits.min()
        temperature = max(1.0, float(depth) / DEEP)
        logs = -0.5 * (misfits - misfits.min()) / temperature
        chosen = normalise(logs)
        cloud = Cloud.fit(points, chosen)
        coordinates = cloud.round(points)
        weights = np.exp(np.maximum(logs / FIT_DEEP, LEAST_LOG_WEIGHT))
        rows = QuadraticFit.fit(coordinates, windows.limit(measured), weights)
        soft = np.hypot(1.0, np.minimum(rows.errors / windows.scale, MOST_ERROR))
        begun = coordinates[random.choice(len(points), WALKERS, p=chosen)]
        begun = begun + JITTER * random.standard_normal(begun.shape)
        softened = RowWindows(windows.low, windows.high, windows.scale * soft)
        return cls(cloud, rows, softened, begun)

    def misfits(self, points: np.ndarray) -> np.ndarray:
        """Misfits by the surrogate, float64[set]."""
        return self.windows.misfits(self.rows(self.cloud.round(points)))

    def log_density(self, points: np.ndarray) -> np.ndarray:
        """Log density at points, float64[set], up to a constant."""
        return self._log_density(self.cloud.round(points))

    def draw(self, count: int, random: np.random.Generator) -> np.ndarray:
        """Draw points, float64[count, parameter]."""
        return self.cloud.place(draw_from(self._log_density, self.start, count, random))

    def _log_density(self, coordinates: np.ndarray) -> np.ndarray:
        misfits = TAIL * np.log1p(self.windows.misfits(self.rows(coordinates)) / TAIL)
        away = (coordinates**2).sum(axis=1) / self.trust**2
        return log_prior(self.cloud.place(coordinates)) - 0.5 * (misfits + away)
