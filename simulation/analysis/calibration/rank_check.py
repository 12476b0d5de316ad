"""Step 4: simulation-based calibration: does a posterior cover the truth as often as it states?

A truth is a draw of the posterior. Its rows get errors as wide as their windows, and the posterior
is computed again with these made-up data beside the real ones. If everything is correct, the share
of that posterior below the truth is uniform from 0 to 1, for every parameter and any model. Truths
and posteriors are made from one table of evaluated sets, so nothing is evaluated: only the weights
differ, and a truth is left out of its own posterior. Rows with one window end bound what a mouse
may be; they are no data, and have no error.

References:
    Talts et al., arXiv:1804.06788 (2018): ranks. Säilynoja, Schmitt, Bürkner and Vehtari,
    arXiv:2502.03279 (2025): truths from the posterior. Säilynoja, Bürkner and Vehtari, Stat Comput
    32:32 (2022): simultaneous bands of the rank ECDF.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from gutexo.analysis.calibration.importance_sampling import effective_size, normalise
from gutexo.analysis.calibration.reweighting import Posterior
from gutexo.analysis.tables import in_columns
from gutexo.errors import GutexoError

LEVEL = 0.95
PLACES = 50  # places of the ECDF at which it is compared
SIMULATIONS = 4000
FEWEST_TRUTHS = 5


@dataclass(frozen=True)
class RankCheck:
    """Ranks of the truths of one parameter.

    Attributes:
        parameter: Its name.
        truths: Number of truths.
        draws: Median number of equally weighted draws of a posterior.
        inside: Whether the ECDF of the ranks lies inside its simultaneous 95 % band.
        beyond: Largest distance of the ECDF outside the band; 0 inside.
        ranks: Share of the posterior below each truth.
    """

    parameter: str
    truths: int
    draws: float
    inside: bool
    beyond: float
    ranks: tuple[float, ...] = field(default=(), metadata=in_columns())


@dataclass(frozen=True)
class TruthRank:
    """Rank of one truth of one parameter.

    Attributes:
        parameter: Name.
        truth: Number of the truth.
        rank: Share of its posterior below the truth.
    """

    parameter: str
    truth: int
    rank: float


@dataclass(frozen=True)
class RowErrors:
    """Errors of made-up data: flat over the width of a window, with normal tails.

    Attributes:
        half: float64[row], half width of each window; NaN for a row with one end.
        scale: float64[row], standard deviation of the tails.
    """

    half: np.ndarray
    scale: np.ndarray

    @property
    def rows(self) -> np.ndarray:
        """Positions of the rows that are data."""
        return np.flatnonzero(np.isfinite(self.half))

    def draw(self, count: int, random: np.random.Generator) -> np.ndarray:
        """Draw errors, float64[draw, data row]."""
        half, scale = self.half[self.rows], self.scale[self.rows]
        tails = scale * math.sqrt(math.pi / 2)  # mass of one tail, in units of the flat part
        shape = (count, len(half))
        flat = random.random(shape) < half / (half + tails)
        inner = random.uniform(-1.0, 1.0, shape) * half
        outer = half + np.abs(random.standard_normal(shape)) * scale
        return np.where(flat, inner, outer * random.choice([-1.0, 1.0], shape))

    def log_likelihood(self, data: np.ndarray, measured: np.ndarray) -> np.ndarray:
        """Log likelihood of data, float64[data row], at measured rows float64[set, row]."""
        away = np.abs(measured[:, self.rows] - data) - self.half[self.rows]
        return -0.5 * ((np.maximum(away, 0.0) / self.scale[self.rows]) ** 2).sum(axis=1)


def check_ranks(
    names: Sequence[str],
    posterior: Posterior,
    errors: RowErrors,
    *,
    truths: int,
    seed: int = 1,
) -> list[RankCheck]:
    """Rank truths drawn from a posterior in the posteriors of their own made-up data.

    Args:
        names: Parameters.
        posterior: The posterior with all its sets.
        errors: Errors of the rows.
        truths: Largest number of truths; none is used twice.
        seed: Seed of all draws.

    Returns:
        One entry per parameter.

    Raises:
        GutexoError: Too few sets can be truths.
    """
    random = np.random.default_rng([seed, 4])
    used = posterior.sample.weights > 0
    table, rows = posterior.sample.points[used], posterior.measured[used]
    weights = posterior.sample.weights[used]
    drawn = _draw_truths(weights, min(truths, int(posterior.sample.size)), random)
    if len(drawn) < FEWEST_TRUTHS:
        raise GutexoError(
            f"ranks need {FEWEST_TRUTHS} truths at least; the posterior is worth {len(drawn)}"
        )
    data = rows[drawn][:, errors.rows] + errors.draw(len(drawn), random)
    ranks, sizes = np.empty((len(drawn), table.shape[1])), np.empty(len(drawn))
    for k, (truth, seen) in enumerate(zip(drawn, data, strict=True)):
        others = np.log(weights) + errors.log_likelihood(seen, rows)
        others[truth] = -math.inf
        found = normalise(others)
        ranks[k], sizes[k] = found @ (table < table[truth]), effective_size(found)
    low, high = ecdf_band(len(drawn))
    places = ecdf_places()
    checks = []
    for column, name in enumerate(names):
        ecdf = (ranks[:, column, None] <= places).mean(axis=0)
        beyond = float(np.maximum(np.maximum(low - ecdf, ecdf - high), 0.0).max())
        checks.append(
            RankCheck(
                name,
                len(drawn),
                float(np.median(sizes)),
                beyond == 0.0,
                beyond,
                tuple(map(float, ranks[:, column])),
            )
        )
    return checks


def _draw_truths(weights: np.ndarray, count: int, random: np.random.Generator) -> np.ndarray:
    """Draw about so many sets by their weights, none twice: their positions, int64[truth]."""
    steps = (random.random() + np.arange(count)) / count
    return np.unique(np.searchsorted(np.cumsum(weights) / weights.sum(), steps * (1 - 1e-12)))


def ecdf_places() -> np.ndarray:
    """Return the places at which an ECDF is compared, float64[place]."""
    return np.arange(1, PLACES) / PLACES


def ecdf_band(truths: int, level: float = LEVEL) -> tuple[np.ndarray, np.ndarray]:
    """Compute the band that holds the whole ECDF of uniform numbers with some probability.

    The band is that of equal probability at every place; how wide it must be is simulated.

    Args:
        truths: Number of uniform numbers.
        level: Probability.

    Returns:
        float64[place] low and high, at the multiples of 1 / `PLACES` between 0 and 1.
    """
    from scipy.stats import binom

    random = np.random.default_rng(0)
    places = ecdf_places()
    counts = np.sort(random.random((SIMULATIONS, truths)), axis=1)
    below = np.array([np.searchsorted(one, places, side="right") for one in counts])
    # Smallest two-sided tail probability of each simulated ECDF over all places.
    tails = 2 * np.minimum(binom.cdf(below, truths, places), binom.sf(below - 1, truths, places))
    least = float(np.quantile(tails.min(axis=1), 1 - level))
    low = binom.ppf(least / 2, truths, places) / truths
    high = binom.isf(least / 2, truths, places) / truths
    return low, high
