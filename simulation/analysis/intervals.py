"""Intervals of means by Student's t distribution."""

from __future__ import annotations

import math

import numpy as np

from gutexo.errors import GutexoError

LEVEL = 0.95
NAN = math.nan


def mean_interval(values: np.ndarray, level: float = LEVEL) -> tuple[float, float, float]:
    """Compute a mean and its t interval.

    Args:
        values: float64[n], one value per mouse, none missing.
        level: Coverage, between 0 and 1.

    Returns:
        Mean, low and high; low and high are NaN with fewer than two values, all three with none.
    """
    n = int(values.size)
    if n == 0:
        return NAN, NAN, NAN
    mean = float(values.mean())
    if n == 1:
        return mean, NAN, NAN
    reach = student_quantile(n - 1, level) * float(values.std(ddof=1)) / math.sqrt(n)
    return mean, mean - reach, mean + reach


def student_quantile(freedom: int, level: float = LEVEL) -> float:
    """Distance t for which a share ``level`` of Student's distribution lies between -t and t.

    Args:
        freedom: Degrees of freedom, a whole number of at least 1.
        level: Coverage, between 0 and 1.

    Returns:
        The two-sided quantile.

    Raises:
        GutexoError: Fewer than one degree of freedom, or a level outside 0 to 1.
    """
    if freedom < 1:
        raise GutexoError(f"degrees of freedom must be at least 1, not {freedom}")
    if not 0 < level < 1:
        raise GutexoError(f"the level of an interval lies between 0 and 1, not {level}")
    from scipy.special import stdtrit  # here, since a run without intervals does not need it

    return float(stdtrit(freedom, 0.5 + 0.5 * level))
