"""What a calibration has learnt, and what it has not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gutexo.analysis.calibration.ranks import COVER, Ranks
from gutexo.analysis.calibration.space import Space
from gutexo.analysis.calibration.twin_stage import Narrowed

NARROW = 0.5  # of the prior's width: below it, the data have narrowed a parameter
FEWEST = 40  # equally weighted draws from which an interval of 90 % is believed
STRONG = 0.5  # rank correlation that is worth telling


@dataclass(frozen=True)
class Learnt:
    """Prior against posterior, one parameter.

    Attributes:
        parameter, unit: What it is.
        prior_low, prior_high: 90 % interval of the prior.
        median, low, high: Posterior median and 90 % interval.
        shares: The same three in shares of the prior.
        width: Width of the posterior's 90 % interval in shares, over the prior's.
        expected: The same, on average over synthetic truths; NaN where not known.
        uniform: Whether ranks on synthetic truth are uniform; None where none were made.
        draws: Equally weighted draws that the posterior is worth.
    """

    parameter: str
    unit: str
    prior_low: float
    prior_high: float
    median: float
    low: float
    high: float
    shares: tuple[float, float, float]
    width: float
    expected: float
    uniform: bool | None
    draws: float

    @property
    def identifiable(self) -> bool:
        """Narrower than half the prior, by draws enough and a method whose ranks are uniform."""
        return self.width < NARROW and self.uniform is True and self.draws >= FEWEST


def learnt(
    space: Space, points: np.ndarray, counts: np.ndarray, ranked: Sequence[Ranks] = ()
) -> list[Learnt]:
    """Hold the posterior against the prior, parameter by parameter.

    Args:
        space: Free parameters and their priors.
        points: float64[draw, parameter], shares of the prior.
        counts: float64[draw], weights.
        ranked: Ranks on synthetic truth, by parameter.

    Returns:
        An entry a parameter, in the order of the space.
    """
    known = {one.parameter: one for one in ranked}
    ends = (0.5 - COVER / 2, 0.5 + COVER / 2)
    found = []
    for column, entry in enumerate(space.entries):
        low, middle, high = weighted_quantiles(points[:, column], counts, (ends[0], 0.5, ends[1]))
        about = known.get(entry.name)
        found.append(
            Learnt(
                entry.name,
                entry.unit,
                entry.quantile(ends[0]),
                entry.quantile(ends[1]),
                entry.quantile(middle),
                entry.quantile(low),
                entry.quantile(high),
                (low, middle, high),
                (high - low) / COVER,
                about.width if about is not None else math.nan,
                about.uniform if about is not None else None,
                effective_draws(counts),
            )
        )
    return found


def effective_draws(weights: np.ndarray) -> float:
    """Number of equally weighted draws that some weighted ones are worth."""
    return float(weights.sum() ** 2 / (weights @ weights))


def weighted_quantiles(
    values: np.ndarray, weights: np.ndarray, shares: Sequence[float]
) -> list[float]:
    """Quantiles of weighted values: where the weight below passes each share.

    Args:
        values: float64[draw].
        weights: float64[draw].
        shares: 0 to 1.
    """
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order]) - 0.5 * weights[order]
    return [float(x) for x in np.interp(shares, below / weights.sum(), values[order])]


@dataclass(frozen=True)
class Pair:
    """Two parameters that the rows know together better than each alone."""

    one: str
    other: str
    correlation: float


def pairs(names: Sequence[str], points: np.ndarray, counts: np.ndarray) -> list[Pair]:
    """Rank correlations of the posterior that are worth telling, strongest first.

    Args:
        names: Parameters.
        points: float64[draw, parameter], shares of the prior.
        counts: float64[draw], weights.

    Returns:
        Pairs beyond 0.5, and beyond what so few draws give by chance.
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
        Pair(names[i], names[j], float(matrix[i, j]))
        for i in range(len(names))
        for j in range(i)
        if abs(matrix[i, j]) >= least
    ]
    return sorted(found, key=lambda pair: -abs(pair.correlation))


@dataclass(frozen=True)
class Step:
    """One population, and whether plain rejection finds the same.

    Attributes:
        population: Its number.
        tolerance: Distance up to which sets were accepted.
        tried: Candidates.
        accepted: Particles.
        effective: Equally weighted particles that would be worth as much.
        rejection: Draws of the prior table within the same tolerance.
        z: Largest difference of a parameter's mean between the two, in standard errors; NaN where
            fewer than 30 draws of the table are left, or the population was taken from it.
    """

    population: int
    tolerance: float
    tried: int
    accepted: int
    effective: float
    rejection: int
    z: float


def steps(narrowed: Narrowed) -> list[Step]:
    """Each population, held against rejection where the table of the prior reaches that far."""
    found = []
    for one in narrowed.populations:
        plain = narrowed.table[narrowed.distances <= one.tolerance]
        z = math.nan
        if len(plain) >= 30 and one.number > 0:
            mean = one.weights @ one.shares
            variance = one.weights @ (one.shares - mean) ** 2
            error = np.sqrt(variance / one.effective + plain.var(axis=0, ddof=1) / len(plain))
            z = float(np.abs((mean - plain.mean(axis=0)) / error).max())
        found.append(
            Step(
                one.number,
                one.tolerance,
                one.tried,
                len(one.weights),
                one.effective,
                len(plain),
                z,
            )
        )
    return found
