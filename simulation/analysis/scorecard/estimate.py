"""Estimates: simulated numbers with their intervals over mice."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from gutexo.analysis.effects import ONE_MOUSE_NOTE
from gutexo.analysis.intervals import mean_interval, student_quantile

# Least gap of which a share is estimated, a log ratio; from the head of patterns.toml.
LEAST_GAP = 0.05


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


def mean_over_mice(values: np.ndarray, level: float = 0.95) -> Estimate:
    """Estimate the mean over mice with its t interval."""
    return _with_interval(*mean_interval(np.asarray(values, dtype=float), level), len(values))


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


def ratio_of_sums(treated: np.ndarray, control: np.ndarray, level: float = 0.95) -> Estimate:
    """Estimate the ratio of sums over pairs, for readings that may be 0 in a single mouse."""

    def ratio(i: np.ndarray) -> float:
        total = float(control[i].sum())
        return float(treated[i].sum()) / total if total > 0 else math.nan

    return jackknife(ratio, find_complete(treated, control), level)


def jackknife(
    statistic: Callable[[np.ndarray], float], mice: np.ndarray, level: float = 0.95
) -> Estimate:
    """Estimate a statistic of mice with the jackknife's interval.

    Args:
        statistic: Value for the positions of some mice, int64[n].
        mice: Positions of the mice, int64[n].
        level: Coverage of the interval.
    """
    n = len(mice)
    value = statistic(mice) if n > 1 else math.nan
    if n < 3:
        few = "fewer than three mice have no interval here"
        return Estimate(value, mice=n, note=few, applies=False)
    without = np.array([statistic(np.delete(mice, i)) for i in range(n)])
    error = math.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum())
    reach = student_quantile(n - 1, level) * error
    return Estimate(value, value - reach, value + reach, n)


def find_complete(*columns: np.ndarray) -> np.ndarray:
    """Find the mice that have a value in every column: their positions, int64[n]."""
    return np.flatnonzero(~np.isnan(np.array(columns)).any(axis=0))


def remaining_share(later: np.ndarray, now: np.ndarray) -> Estimate:
    """Estimate the ratio of two mean log effects of the same pairs, with a jackknife interval.

    Args:
        later: Log effects of the pairs at the later time.
        now: Log effects at the time of the full effect.
    """
    return jackknife(lambda i: float(later[i].mean() / now[i].mean()), find_complete(later, now))


def share_of_gap(treated: np.ndarray, start: np.ndarray, end: np.ndarray) -> Estimate:
    """Estimate which share of the log gap between two groups a treatment crosses.

    Args:
        treated: Values of treated mice.
        start: Values of their own controls, the group where the gap starts.
        end: Values of the group where the gap ends.

    Returns:
        The mean of log(treated / start) over that of log(end / start). Where the 90 % interval of
        the gap reaches below `LEAST_GAP`, the share cannot be estimated and the note says so.
    """
    treated, start, end = (np.log(values) for values in (treated, start, end))
    mice = find_complete(treated, start, end)
    gap = end - start
    found = jackknife(lambda i: float((treated - start)[i].mean() / gap[i].mean()), mice)
    mean, low, _ = mean_interval(gap[mice] * np.sign(gap[mice].mean() or 1.0), level=0.9)
    if not low >= LEAST_GAP:
        note = (
            f"not estimable: the gap is {mean:.2g} in logs, its 90 % interval begins at {low:.2g}"
        )
        return replace(found, applies=False, note=note)
    return found


def spread_of_change(later: np.ndarray, now: np.ndarray) -> Estimate:
    """Estimate the standard deviation over mice of log(later / now)."""
    change = np.log(later / now)
    return jackknife(lambda i: float(change[i].std(ddof=1)), find_complete(change))


def mean_change(later: np.ndarray, now: np.ndarray, level: float = 0.95) -> Estimate:
    """Estimate the mean over mice of log(later / now)."""
    change = np.log(later / now)
    return mean_over_mice(change[~np.isnan(change)], level)
