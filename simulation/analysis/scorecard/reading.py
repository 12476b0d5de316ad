"""A simulated number with its interval over mice."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gutexo.analysis.effects import ONE_MOUSE, mean_interval, student_quantile


@dataclass(frozen=True)
class Reading:
    """A simulated number on its way to a verdict.

    Attributes:
        value: The number.
        low: Lower end of its interval over mice, NaN where it has none.
        high: Upper end.
        mice: Mice or pairs behind it.
        note: What else must be known.
        applies: Whether the row can be scored at all.
        bound_held: Whether a bound beside the window holds.
    """

    value: float
    low: float = math.nan
    high: float = math.nan
    mice: int = 1
    note: str = ""
    applies: bool = True
    bound_held: bool = True


def _with_interval(value: float, low: float, high: float, mice: int) -> Reading:
    """A reading over mice, which cannot be scored where there is but one."""
    if math.isnan(low):
        return Reading(value, mice=mice, note=ONE_MOUSE, applies=False)
    return Reading(value, low, high, mice)


def of_mice(values: np.ndarray) -> Reading:
    """Mean over mice with its 95 % t interval."""
    return _with_interval(*mean_interval(np.asarray(values, dtype=float)), len(values))


def ratio_of_means(treated: np.ndarray, control: np.ndarray) -> Reading:
    """Ratio of the means of different mice, interval by the delta method on its logarithm."""
    treated, control = (x[~np.isnan(x)] for x in (treated, control))
    if min(len(treated), len(control)) == 0 or control.mean() <= 0 or treated.mean() <= 0:
        return Reading(math.nan, mice=0, note="no mouse to compare")
    value = float(treated.mean() / control.mean())
    if min(len(treated), len(control)) < 2:
        return _with_interval(value, math.nan, math.nan, 1)
    variance = sum(x.var(ddof=1) / len(x) / x.mean() ** 2 for x in (treated, control))
    freedom = len(treated) + len(control) - 2
    reach = student_quantile(freedom) * math.sqrt(variance)
    return Reading(
        value, value * math.exp(-reach), value * math.exp(reach), len(treated) + len(control)
    )


def ratio_of_pairs(treated: np.ndarray, control: np.ndarray, level: float = 0.95) -> Reading:
    """Geometric mean of the ratios of pairs, with its paired t interval."""
    both = ~(np.isnan(treated) | np.isnan(control))
    logs = np.log(treated[both] / control[both])
    mean, low, high = (math.exp(x) for x in mean_interval(logs, level))
    return _with_interval(mean, low, high, int(both.sum()))


def share_left(later: np.ndarray, now: np.ndarray) -> Reading:
    """Ratio of two mean log effects of the same pairs, interval by the jackknife.

    Args:
        later: Log effects of the pairs when it is asked what is left.
        now: Log effects when there was all of it.
    """
    both = ~(np.isnan(later) | np.isnan(now))
    later, now = later[both], now[both]
    n = len(later)
    value = float(later.mean() / now.mean())
    if n < 3:
        few = "fewer than three mice have no interval here"
        return Reading(value, mice=n, note=few, applies=False)
    without = np.array([np.delete(later, i).mean() / np.delete(now, i).mean() for i in range(n)])
    error = math.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum())
    reach = student_quantile(n - 1) * error
    return Reading(value, value - reach, value + reach, n)
