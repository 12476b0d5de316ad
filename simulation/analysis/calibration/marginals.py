"""What a calibration has determined, and what it has not: marginals and correlations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gutexo.analysis.calibration.feasible_point import shares
from gutexo.analysis.calibration.importance_sampling import WeightedSets
from gutexo.analysis.calibration.predictive_check import weighted_quantiles
from gutexo.analysis.calibration.rank_check import RankCheck
from gutexo.analysis.parameter_space import ParameterSpace

COVER = 0.9
IDENTIFIABLE_WIDTH = 0.5  # share of the prior's width below which a parameter is identifiable
FEWEST = 40  # equally weighted draws from which on a 90 % interval is reliable
STRONG = 0.5  # smallest rank correlation that is reported


@dataclass(frozen=True)
class MarginalSummary:
    """Prior and posterior of one parameter.

    Attributes:
        parameter: Its name.
        unit: Its unit.
        prior_low: Lower end of the 90 % interval of the prior.
        prior_high: Upper end.
        median: Posterior median.
        low: Lower end of the 90 % interval of the posterior.
        high: Upper end.
        share_low, share_median, share_high: The same three in shares of the prior.
        width: Width of the posterior's interval in shares, divided by the prior's.
        uniform: Whether ranks of truths are uniform; None where there are none.
        draws: Number of equally weighted draws that the posterior is worth.
        identifiable: Whether it is narrower than half the prior, from enough draws, with uniform
            ranks.
    """

    parameter: str
    unit: str
    prior_low: float
    prior_high: float
    median: float
    low: float
    high: float
    share_low: float
    share_median: float
    share_high: float
    width: float
    uniform: bool | None
    draws: float
    identifiable: bool


def summarise_marginals(
    space: ParameterSpace, sample: WeightedSets, ranks: Sequence[RankCheck] = ()
) -> list[MarginalSummary]:
    """Compare the posterior with the prior, parameter by parameter.

    Args:
        space: Free parameters over their priors.
        sample: All sets with their weights.
        ranks: Ranks of truths, by parameter.

    Returns:
        One entry per parameter, in the order of the space.
    """
    inside = {one.parameter: one.inside for one in ranks}
    ends = (0.5 - COVER / 2, 0.5, 0.5 + COVER / 2)
    points = shares(sample.points)
    found = []
    for column, entry in enumerate(space.entries):
        low, middle, high = weighted_quantiles(points[:, column], sample.weights, ends)
        width, uniform = (high - low) / COVER, inside.get(entry.name)
        found.append(
            MarginalSummary(
                entry.name, entry.unit, entry.quantile(ends[0]), entry.quantile(ends[2]),
                entry.quantile(middle), entry.quantile(low), entry.quantile(high),
                low, middle, high, width, uniform, sample.size,
                width < IDENTIFIABLE_WIDTH and uniform is True and sample.size >= FEWEST,
            )
        )  # fmt: skip
    return found


@dataclass(frozen=True)
class ParameterCorrelation:
    """Correlation of two parameters, which the rows determine better together than separately."""

    one: str
    other: str
    correlation: float


def find_correlations(names: Sequence[str], sample: WeightedSets) -> list[ParameterCorrelation]:
    """Find the correlations of the posterior, in probits, that are large enough to report.

    Args:
        names: Parameters.
        sample: All sets with their weights.

    Returns:
        Pairs beyond 0.5, and beyond what this number of draws gives by chance, strongest first.
    """
    least = max(STRONG, 3.5 / math.sqrt(sample.size))
    spread = np.cov(sample.points.T, aweights=sample.weights)
    scale = np.sqrt(np.diag(np.atleast_2d(spread)))
    matrix = np.atleast_2d(spread) / np.outer(scale, scale)
    found = [
        ParameterCorrelation(names[i], names[j], float(matrix[i, j]))
        for i in range(len(names))
        for j in range(i)
        if abs(matrix[i, j]) >= least
    ]
    return sorted(found, key=lambda pair: -abs(pair.correlation))
