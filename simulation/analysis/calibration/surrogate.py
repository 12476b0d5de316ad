"""A surrogate of the mean field near the windows, and the density of the sets worth evaluating.

Each row is a smoothing spline of the points, fitted to the sets evaluated so far; it costs little.
It decides only where to look: weights of sets come from the mean field's own answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import RBFInterpolator

from gutexo.analysis.calibration.importance_sampling import (
    STEPS,
    WALKERS,
    Cloud,
    draw_from,
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
LEAST_WEIGHT = 1e-3  # of a set in the fit, of the best set's
HELD_OUT = 4  # one set in so many is held out to measure errors
JITTER = 0.01  # spreads by which walkers that begin at the same set differ
TRUST = 3.0  # spreads of the cloud within which the surrogate is believed
LAST_TRUST = 4.5  # once the cloud has grown
TAIL = 4.0
"""Squared distance of a row beyond which the density falls more slowly than acceptance: a set of
which one row is better than the surrogate foresees would otherwise outweigh all others."""
MOST_ERROR = 3.0  # scales by which an error of the surrogate softens a window


@dataclass(frozen=True)
class RowSurrogate:
    """Smooth functions of the coordinates, one for each row.

    Attributes:
        function: Rows, float64[set, row], at coordinates float64[set, parameter].
        errors: float64[row], root mean square of what the functions miss where no set was fitted.
    """

    function: Callable[[np.ndarray], np.ndarray]
    errors: np.ndarray

    @classmethod
    def fit(
        cls,
        coordinates: np.ndarray,
        rows: np.ndarray,
        weights: np.ndarray,
        random: np.random.Generator,
    ) -> RowSurrogate:
        """Fit the functions: cubic radial basis functions beside a linear one.

        Args:
            coordinates: float64[set, parameter], about standard normal.
            rows: float64[set, row].
            weights: float64[set], the largest 1; a set of less weight is followed less closely.
            random: Generator that chooses the sets held out.
        """
        count = len(coordinates)

        def interpolate(used: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
            return RBFInterpolator(
                coordinates[used], rows[used], kernel="cubic", degree=1,
                smoothing=1.0 / weights[used],
            )  # fmt: skip

        order = random.permutation(count)
        held, rest = order[: count // HELD_OUT], order[count // HELD_OUT :]
        missed = interpolate(rest)(coordinates[held]) - rows[held]
        errors = np.sqrt(np.average(missed**2, axis=0, weights=weights[held]))
        return cls(interpolate(np.arange(count)), errors)

    def __call__(self, coordinates: np.ndarray) -> np.ndarray:
        """Rows, float64[set, row], at coordinates float64[set, parameter]."""
        return self.function(coordinates)


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
    rows: RowSurrogate
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
        weights = np.maximum(np.exp(logs / FIT_DEEP), LEAST_WEIGHT)
        rows = RowSurrogate.fit(coordinates, windows.limit(measured), weights, random)
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

    def draw(self, count: int, random: np.random.Generator, steps: int = STEPS) -> np.ndarray:
        """Draw points, float64[count, parameter], by walkers of so many steps."""
        return self.cloud.place(draw_from(self._log_density, self.start, count, random, steps))

    def _log_density(self, coordinates: np.ndarray) -> np.ndarray:
        squares = self.windows.distances(self.rows(coordinates)) ** 2
        misfits = TAIL * np.log1p(squares / TAIL).sum(axis=1)
        away = (coordinates**2).sum(axis=1) / self.trust**2
        return log_prior(self.cloud.place(coordinates)) - 0.5 * (misfits + away)
