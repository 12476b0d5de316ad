"""Estimates over mice: a number as its pattern defines it, and its bootstrap interval.

Kind of interval: 90 % percentile bootstrap over mice. Mice are drawn anew with replacement, pairs
as pairs, and the number is computed from each such study; the interval holds its middle 90 %. It
describes the number over mice under the model, not the spread between mice, and is too narrow for
fewer than about eight mice.

References:
    Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from gutexo.analysis.windows import Window, is_inside

LEVEL = 0.9
LEVEL_NAME = f"{100 * LEVEL:g} %"
RESAMPLES = 4000
LEAST_MICE = 3
FEW_MICE_NOTE = "fewer than three mice have no interval"
PREDICTIVE_MICE = 24
"""Mice an arm of a posterior-predictive study, from the head of patterns.toml."""
# Least size of an effect of which a share is estimated, in logs; from the head of patterns.toml.
LEAST_EFFECT = 0.05


@dataclass(frozen=True)
class Estimate:
    """Simulated number that can be compared with a window.

    Attributes:
        value: The number.
        low: Lower end of its interval over mice, NaN where it has none.
        high: Upper end.
        mice: Number of mice or pairs.
        note: Further information.
        applies: Whether the row can be scored at all.
        bound_held: Whether an additional bound besides the window holds.
        repeat: Returns the number of many studies with so many mice an arm; None where the number
            does not depend on mice.
    """

    value: float
    low: float = math.nan
    high: float = math.nan
    mice: int = 1
    note: str = ""
    applies: bool = True
    bound_held: bool = True
    repeat: Callable[[int], np.ndarray] | None = field(default=None, repr=False, compare=False)

    def share_inside(self, window: Window, mice: int = PREDICTIVE_MICE) -> float:
        """Compute the share of studies with so many mice an arm whose number lies in a window.

        Where mice are of draws of a posterior, these studies are posterior-predictive.
        """
        if self.repeat is None or not self.applies:
            return math.nan
        return float(is_inside(self.repeat(mice), window).mean())


def bootstrap(statistic: Callable[..., np.ndarray], *groups: np.ndarray) -> Estimate:
    """Estimate a statistic of mice with its interval.

    SciPy's `bootstrap` gives the same interval and draws no studies of another size.

    Args:
        statistic: Values, float64[...], for positions of mice in each group, int64[..., mouse].
        groups: Positions of the mice of each group, int64[mouse]; pairs of mice are one group.
    """
    least, mice = min(len(one) for one in groups), sum(len(one) for one in groups)
    if least == 0:
        return Estimate(math.nan, mice=0, note="no mouse to compare", applies=False)
    value = float(statistic(*groups))
    if least < LEAST_MICE:
        return Estimate(value, mice=mice, note=FEW_MICE_NOTE, applies=False)

    def repeat(size: int | None = None) -> np.ndarray:
        rng = np.random.default_rng(0)
        drawn = [one[rng.integers(len(one), size=(RESAMPLES, size or len(one)))] for one in groups]
        with np.errstate(divide="ignore", invalid="ignore"):
            return statistic(*drawn)

    low, high = np.nanquantile(repeat(), [0.5 - 0.5 * LEVEL, 0.5 + 0.5 * LEVEL])
    return Estimate(value, float(low), float(high), mice, repeat=repeat)


def find_complete(*columns: np.ndarray) -> np.ndarray:
    """Find the mice that have a value in every column: their positions, int64[n]."""
    return np.flatnonzero(~np.isnan(np.array(columns)).any(axis=0))


def mean_over_mice(values: np.ndarray) -> Estimate:
    """Estimate the mean over mice, all of which have a value."""
    values = np.asarray(values, dtype=float)
    return bootstrap(lambda i: values[i].mean(axis=-1), np.arange(len(values)))


def ratio_of_means(treated: np.ndarray, control: np.ndarray) -> Estimate:
    """Estimate the ratio of means of different mice."""
    return bootstrap(
        lambda i, j: treated[i].mean(axis=-1) / control[j].mean(axis=-1),
        find_complete(treated),
        find_complete(control),
    )


def ratio_of_pairs(treated: np.ndarray, control: np.ndarray) -> Estimate:
    """Estimate the geometric mean of the ratios of pairs."""
    logs = np.log(treated) - np.log(control)
    return bootstrap(lambda i: np.exp(logs[i].mean(axis=-1)), find_complete(logs))


def ratio_of_sums(treated: np.ndarray, control: np.ndarray) -> Estimate:
    """Estimate the ratio of sums over pairs, for readings that may be 0 in a single mouse."""
    return bootstrap(
        lambda i: treated[i].sum(axis=-1) / control[i].sum(axis=-1),
        find_complete(treated, control),
    )


def ratio_of_effects(part: np.ndarray, whole: np.ndarray) -> Estimate:
    """Estimate the ratio of two mean log effects of the same mice."""
    return bootstrap(
        lambda i: part[i].mean(axis=-1) / whole[i].mean(axis=-1), find_complete(part, whole)
    )


def share_of_effect(part: np.ndarray, whole: np.ndarray) -> Estimate:
    """Estimate which share of a mean log effect another one is; of pooled mice only.

    Args:
        part: Log effects of mice.
        whole: Log effects of the same mice that these are a share of.

    Returns:
        The share. Where the interval of the whole reaches below `LEAST_EFFECT` it cannot be
        estimated, and the note says so.
    """
    known = whole[find_complete(part, whole)]
    return _estimable(ratio_of_effects(part, whole), mean_over_mice(known))


def share_of_summed_effect(
    part: np.ndarray, part_control: np.ndarray, whole: np.ndarray, control: np.ndarray
) -> Estimate:
    """Estimate a share of an effect on a sum over mice; see `share_of_effect`.

    Args:
        part: Values of mice with the part of the effect, and
        part_control: those of their controls.
        whole: Values of mice with the whole effect, and
        control: those of their controls.
    """

    def effect(i: np.ndarray, treated: np.ndarray, base: np.ndarray) -> np.ndarray:
        return np.log(treated[i].sum(axis=-1) / base[i].sum(axis=-1))

    mice = find_complete(part, part_control, whole, control)
    share = bootstrap(lambda i: effect(i, part, part_control) / effect(i, whole, control), mice)
    return _estimable(share, bootstrap(lambda i: effect(i, whole, control), mice))


def share_of_gap(treated: np.ndarray, start: np.ndarray, end: np.ndarray) -> Estimate:
    """Estimate which share of the log gap between two groups a treatment crosses.

    Args:
        treated: Values of treated mice.
        start: Values of their own controls, the group where the gap starts.
        end: Values of the group where the gap ends.

    Returns:
        The mean of log(treated / start) over that of log(end / start); see `share_of_effect`.
    """
    treated, start, end = (np.log(values) for values in (treated, start, end))
    return share_of_effect(treated - start, end - start)


def _estimable(share: Estimate, whole: Estimate) -> Estimate:
    """Keep a share only where the size of the whole effect is known to be large enough."""
    least = whole.low if whole.value > 0 else -whole.high
    if not share.applies or least >= LEAST_EFFECT:
        return share
    note = (
        f"not estimable: the whole effect is {whole.value:.2g} in logs, its {LEVEL_NAME} interval"
        f" is {whole.low:.2g} to {whole.high:.2g}"
    )
    return replace(share, applies=False, note=note)


def spread_of_change(later: np.ndarray, now: np.ndarray) -> Estimate:
    """Estimate the standard deviation over mice of log(later / now)."""
    change = np.log(later / now)
    return bootstrap(lambda i: change[i].std(axis=-1, ddof=1), find_complete(change))


def mean_change(later: np.ndarray, now: np.ndarray) -> Estimate:
    """Estimate the mean over mice of log(later / now)."""
    change = np.log(later / now)
    return mean_over_mice(change[~np.isnan(change)])
