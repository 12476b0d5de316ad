"""Estimates: simulated numbers with their intervals over mice."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gutexo.analysis.effects import ONE_MOUSE_NOTE
from gutexo.analysis.intervals import mean_interval, student_quantile


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
    """

    value: float
    low: float = math.nan
    high: float = math.nan
    mice: int = 1
    note: str = ""
    applies: bool = True
    bound_held: bool = True


def _with_interval(value: float, low: float, high: float, mice: int) -> Estimate:
    """Make an estimate over mice; with only one mouse it cannot be scored."""
    if math.isnan(low):
        return Estimate(value, mice=mice, note=ONE_MOUSE_NOTE, applies=False)
    return Estimate(value, low, high, mice)


def mean_over_mice(values: np.ndarray) -> Estimate:
    """Estimate the mean over mice with its 95 % t interval."""
    return _with_interval(*mean_interval(np.asarray(values, dtype=float)), len(values))


def ratio_of_means(treated: np.ndarray, control: np.ndarray) -> Estimate:
    """Estimate the ratio of means of different mice, with a delta-method interval on its log."""
    treated, control = (x[~np.isnan(x)] for x in (treated, control))
    if min(len(treated), len(control)) == 0 or control.mean() <= 0 or treated.mean() <= 0:
        return Estimate(math.nan, mice=0, note="no mouse to compare")
    value = float(treated.mean() / control.mean())
    if min(len(treated), len(control)) < 2:
        return _with_interval(value, math.nan, math.nan, 1)
    variance = sum(x.var(ddof=1) / len(x) / x.mean() ** 2 for x in (treated, control))
    freedom = len(treated) + len(control) - 2
    reach = student_quantile(freedom) * math.sqrt(variance)
    return Estimate(
        value, value * math.exp(-reach), value * math.exp(reach), len(treated) + len(control)
    )


def ratio_of_pairs(treated: np.ndarray, control: np.ndarray, level: float = 0.95) -> Estimate:
    """Estimate the geometric mean of the ratios of pairs, with its paired t interval."""
    both = ~(np.isnan(treated) | np.isnan(control))
    logs = np.log(treated[both] / control[both])
    mean, low, high = (math.exp(x) for x in mean_interval(logs, level))
    return _with_interval(mean, low, high, int(both.sum()))


def remaining_share(later: np.ndarray, now: np.ndarray) -> Estimate:
    """Estimate the ratio of two mean log effects of the same pairs, with a jackknife interval.

    Args:
        later: Log effects of the pairs at the later time.
        now: Log effects at the time of the full effect.
    """
    both = ~(np.isnan(later) | np.isnan(now))
    later, now = later[both], now[both]
    n = len(later)
    value = float(later.mean() / now.mean())
    if n < 3:
        few = "fewer than three mice have no interval here"
        return Estimate(value, mice=n, note=few, applies=False)
    without = np.array([np.delete(later, i).mean() / np.delete(now, i).mean() for i in range(n)])
    error = math.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum())
    reach = student_quantile(n - 1) * error
    return Estimate(value, value - reach, value + reach, n)
