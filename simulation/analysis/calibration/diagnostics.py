"""Diagnostics of a calibration: what it has determined, and what it has not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from gutexo.analysis.calibration.mean_field_stage import AbcSmcResult
from gutexo.analysis.calibration.simulation_based_calibration import COVER, RankHistogram
from gutexo.analysis.calibration.space import CalibrationSpace
from gutexo.analysis.tables import in_columns

IDENTIFIABLE_WIDTH = 0.5  # share of the prior's width below which a parameter is identifiable
FEWEST = 40  # equally weighted draws from which on a 90 % interval is reliable
STRONG = 0.5  # smallest rank correlation that is reported


@dataclass(frozen=True)
class MarginalSummary:
    """Prior and posterior of one parameter.

    Attributes:
        parameter, unit: Name and unit.
        prior_low, prior_high: 90 % interval of the prior.
        median, low, high: Posterior median and 90 % interval.
        width: Width of the posterior's 90 % interval in shares of the prior, divided by the
            prior's.
        expected_width: The same, on average over synthetic truths; NaN where not known.
        ranks_uniform: Whether ranks on synthetic truth are uniform; None where none were computed.
        draws: Number of equally weighted draws that are worth as much as the posterior.
        identifiable: Whether the width is below half the prior's, from enough draws and with
            uniform ranks.
        shares: Posterior low, median and high in shares of the prior; not in the table.
    """

    parameter: str
    unit: str
    prior_low: float
    prior_high: float
    median: float
    low: float
    high: float
    width: float
    expected_width: float
    ranks_uniform: bool | None
    draws: float
    identifiable: bool = field(init=False)
    shares: tuple[float, ...] = field(default=(), metadata=in_columns())

    def __post_init__(self) -> None:
        narrow = self.width < IDENTIFIABLE_WIDTH and self.draws >= FEWEST
        object.__setattr__(self, "identifiable", narrow and self.ranks_uniform is True)


def summarise_marginals(
    space: CalibrationSpace,
    points: np.ndarray,
    counts: np.ndarray,
    ranked: Sequence[RankHistogram] = (),
) -> list[MarginalSummary]:
    """Compare the posterior with the prior, parameter by parameter.

    Args:
        space: Free parameters and their priors.
        points: float64[draw, parameter], shares of the prior.
        counts: float64[draw], weights.
        ranked: Ranks on synthetic truth, by parameter.

    Returns:
        One entry per parameter, in the order of the space.
    """
    known = {one.parameter: one for one in ranked}
    ends = (0.5 - COVER / 2, 0.5 + COVER / 2)
    found = []
    for column, entry in enumerate(space.entries):
        low, middle, high = weighted_quantiles(points[:, column], counts, (ends[0], 0.5, ends[1]))
        about = known.get(entry.name)
        found.append(
            MarginalSummary(
                entry.name,
                entry.unit,
                entry.quantile(ends[0]),
                entry.quantile(ends[1]),
                entry.quantile(middle),
                entry.quantile(low),
                entry.quantile(high),
                (high - low) / COVER,
                about.width if about is not None else math.nan,
                about.uniform if about is not None else None,
                effective_draws(counts),
                shares=(low, middle, high),
            )
        )
    return found


def effective_draws(weights: np.ndarray) -> float:
    """Number of equally weighted draws that are worth as much as the weighted ones."""
    return float(weights.sum() ** 2 / (weights @ weights))


def weighted_quantiles(
    values: np.ndarray, weights: np.ndarray, shares: Sequence[float]
) -> list[float]:
    """Compute quantiles of weighted values: where the weight below reaches each share.

    Args:
        values: float64[draw].
        weights: float64[draw].
        shares: 0 to 1.
    """
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order]) - 0.5 * weights[order]
    return [float(x) for x in np.interp(shares, below / weights.sum(), values[order])]


@dataclass(frozen=True)
class ParameterCorrelation:
    """Correlation of two parameters, which the rows determine better together than separately."""

    one: str
    other: str
    correlation: float


def find_correlations(
    names: Sequence[str], points: np.ndarray, counts: np.ndarray
) -> list[ParameterCorrelation]:
    """Find the rank correlations of the posterior that are large enough to report, strongest first.

    Args:
        names: Parameters.
        points: float64[draw, parameter], shares of the prior.
        counts: float64[draw], weights.

    Returns:
        Pairs beyond 0.5, and beyond what this number of draws gives by chance.
    """
    effective = effective_draws(counts)
    if effective < 10:
        return []
    least = max(STRONG, 3.5 / math.sqrt(effective))
    order = np.argsort(np.argsort(points, axis=0, kind="stable"), axis=0, kind="stable")
    centred = order - np.average(order, axis=0, weights=counts)
    spread = (centred * counts[:, None]).T @ centred
    scale = np.sqrt(np.diag(spread))
    with np.errstate(invalid="ignore", divide="ignore"):
        matrix = spread / np.outer(scale, scale)
    found = [
        ParameterCorrelation(names[i], names[j], float(matrix[i, j]))
        for i in range(len(names))
        for j in range(i)
        if abs(matrix[i, j]) >= least
    ]
    return sorted(found, key=lambda pair: -abs(pair.correlation))


@dataclass(frozen=True)
class PopulationSummary:
    """One population, and its comparison with plain rejection.

    Attributes:
        population: Its number.
        tolerance: Distance up to which sets were accepted.
        evaluated: Number of candidates.
        accepted: Number of particles.
        effective: Equally weighted particles that would be worth as much.
        rejection: Draws of the prior table within the same tolerance.
        z: Largest difference of a parameter's mean between the two, in standard errors; NaN where
            fewer than 30 draws of the table are left, or the population was taken from it.
    """

    population: int
    tolerance: float
    evaluated: int
    accepted: int
    effective: float
    rejection: int
    z: float


def summarise_populations(abc_smc: AbcSmcResult) -> list[PopulationSummary]:
    """Summarise the populations, with a comparison to rejection where the table suffices.

    The comparison needs 30 draws of the table within the population's tolerance.
    """
    found = []
    for one in abc_smc.populations:
        plain = abc_smc.table[abc_smc.distances <= one.tolerance]
        z = math.nan
        if len(plain) >= 30 and one.number > 0:
            mean = one.weights @ one.shares
            variance = one.weights @ (one.shares - mean) ** 2
            error = np.sqrt(variance / one.effective + plain.var(axis=0, ddof=1) / len(plain))
            z = float(np.abs((mean - plain.mean(axis=0)) / error).max())
        found.append(
            PopulationSummary(
                one.number,
                one.tolerance,
                one.evaluated,
                len(one.weights),
                one.effective,
                len(plain),
                z,
            )
        )
    return found
