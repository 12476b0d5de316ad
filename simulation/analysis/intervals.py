"""Intervals of means by Student's t distribution."""

from __future__ import annotations

import functools
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


def student_coverage(t: float, freedom: int) -> float:
    """Share of Student's t distribution between -t and t.

    Args:
        t: Standardised distance from the mean, not negative.
        freedom: Degrees of freedom, a whole number of at least 1.

    Returns:
        Probability between 0 and 1.

    References:
        Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4: a finite
        sum for whole degrees of freedom.
    """
    angle = math.atan2(t, math.sqrt(freedom))
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = freedom % 2
    term = cosine if odd else 1.0
    total = 0.0 if freedom == 1 else term
    for k in range(2 + odd, freedom - 1, 2):
        term *= (k - 1) / k * cosine * cosine
        total += term
    return 2 / math.pi * (angle + sine * total) if odd else sine * total


@functools.lru_cache(maxsize=256)
def student_quantile(freedom: int, level: float = LEVEL) -> float:
    """Distance t for which a share ``level`` of Student's distribution lies between -t and t.

    Args:
        freedom: Degrees of freedom, a whole number of at least 1.
        level: Coverage, between 0 and 1.

    Returns:
        The two-sided quantile, by bisection on :func:`student_coverage`.

    Raises:
        GutexoError: Fewer than one degree of freedom, or a level outside 0 to 1.
    """
    if freedom < 1:
        raise GutexoError(f"degrees of freedom must be at least 1, not {freedom}")
    if not 0 < level < 1:
        raise GutexoError(f"the level of an interval lies between 0 and 1, not {level}")
    low, high = 0.0, 1.0
    while student_coverage(high, freedom) < level:
        high *= 2
    for _ in range(200):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if student_coverage(middle, freedom) < level:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)
