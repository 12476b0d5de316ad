"""Power of a laboratory's experiment: a two-sided Welch t test on logarithms."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gutexo.errors import GutexoError

FEWEST_ANIMALS = 2  # animals per group: with one there is no spread


def welch_power(
    effect: Any,
    spread: Any,
    other_spread: Any,
    animals: Any,
    alpha: float = 0.05,
    side: int = 0,
) -> np.ndarray:
    """Probability that a two-sided Welch t test of two groups of normal values finds the effect.

    It is computed from the noncentral t distribution with the degrees of freedom of Welch and
    Satterthwaite at the true spreads, which is exact for equal spreads.

    Args:
        effect: Difference of the means (a log ratio where values are logarithms).
        spread: Standard deviation between animals of one group, on the same scale.
        other_spread: Standard deviation of the other group.
        animals: Animals per group, 2 or more.
        alpha: Two-sided level of the test.
        side: 1 if only a finding above zero counts, -1 below, 0 either.

    Returns:
        Power, 0 to 1, in the shape to which the arguments broadcast.

    Raises:
        GutexoError: A spread is negative, a group is smaller than two, or the level is not
            between 0 and 1.

    References:
        Cohen, Statistical Power Analysis for the Behavioral Sciences, 2nd ed. (1988), chapter 2;
        Welch, Biometrika 34:28 (1947).
    """
    if not 0 < alpha < 1:
        raise GutexoError(f"alpha must lie between 0 and 1; got {alpha:g}")
    if np.min(animals) < FEWEST_ANIMALS:
        raise GutexoError(f"a group has {FEWEST_ANIMALS} animals or more; got {np.min(animals):g}")
    if np.min(spread) < 0 or np.min(other_spread) < 0:
        raise GutexoError("the spread between animals cannot be negative")
    from scipy import stats  # it loads slowly

    effect, one, two, n = np.broadcast_arrays(
        np.asarray(effect, float), np.square(spread), np.square(other_spread), animals
    )
    total = one + two
    with np.errstate(divide="ignore", invalid="ignore"):
        freedom = np.where(total > 0, (n - 1) * total**2 / (one**2 + two**2), 2.0 * (n - 1))
        distance = np.where(total > 0, effect / np.sqrt(total / n), np.sign(effect) * np.inf)
        distance = np.where(np.isnan(distance), 0.0, distance)
    bound = stats.t.isf(alpha / 2, freedom)
    # Beyond a distance of 30 bounds the answer is 0 or 1 in every digit, and scipy is unreliable.
    far = 30.0 * bound + 30.0
    limited = np.clip(distance, -far, far)
    above = np.where(distance < far, stats.nct.sf(bound, freedom, limited), 1.0)
    below = np.where(distance > -far, stats.nct.sf(bound, freedom, -limited), 1.0)
    above = np.where(distance <= -far, 0.0, above)
    below = np.where(distance >= far, 0.0, below)
    found = above if side > 0 else below if side < 0 else above + below
    return np.clip(found, 0.0, 1.0)


def log_spread(variation: float) -> float:
    """Standard deviation of the logarithm of a lognormal number from its coefficient of variation.

    Args:
        variation: Standard deviation over mean of an assay, 0.15 for 15 %.
    """
    return math.sqrt(math.log1p(variation**2))


def variation_of(spread: float) -> float:
    """Coefficient of variation of a lognormal number from the spread of its logarithm."""
    return math.sqrt(math.expm1(spread**2))


def find_fewest_animals(animals: np.ndarray, curve: np.ndarray, target_power: float) -> int | None:
    """Find the smallest number of animals at which a curve of power reaches the target.

    Args:
        animals: int64[n], in rising order.
        curve: Power at each, float64[n].
        target_power: Requested power, 0 to 1.

    Returns:
        Animals per group; None where the curve does not reach the target.
    """
    reaching = np.flatnonzero(curve >= target_power)
    return int(animals[reaching[0]]) if reaching.size else None
