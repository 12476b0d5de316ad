"""Number of simulated mice at which a mean, or a ratio of pairs, is known to a stated precision.

The interval is that of a mean of logarithms: Student's t times the standard error, which is the
standard deviation between mice, or between pairs, over the square root of their number.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from gutexo.analysis.intervals import student_quantile
from gutexo.errors import GutexoError

PRECISION = 0.05  # half width of the 95 % interval, as a share of the value
MOST_MICE = 100_000


def check_precision(precision: float) -> float:
    """Return the precision; refuse one that is not between 0 and 1.

    Args:
        precision: Half width of an interval, as a share of the value.

    Raises:
        GutexoError: It does not lie between 0 and 1.
    """
    if not 0 < precision < 1:
        raise GutexoError(f"precision must lie between 0 and 1 (0.05 for 5 %); got {precision:g}")
    return precision


def find_precise_size(spread: float, precision: float = PRECISION) -> int | None:
    """Find how many mice bring the 95 % interval of a geometric mean to a precision on either side.

    Args:
        spread: Standard deviation of the logarithms between mice, or between pairs.
        precision: Half width of the interval, as a share of the mean.

    Returns:
        Number of mice or pairs, 2 or more; None where 100,000 are too few or there is no spread
        (NaN).

    Raises:
        GutexoError: The precision does not lie between 0 and 1.
    """
    half_width = math.log1p(check_precision(precision))
    numbers = range(2, MOST_MICE + 1)

    def enough(mice: int) -> bool:
        return student_quantile(mice - 1) * spread / math.sqrt(mice) <= half_width

    place = bisect_left(numbers, True, key=enough)
    return numbers[place] if place < len(numbers) else None


def pool_spreads(samples: Sequence[np.ndarray]) -> float:
    """Pool the standard deviations within samples, each weighted by its degrees of freedom.

    Args:
        samples: float64[mouse], two mice or more in each.
    """
    variances = [sample.var(ddof=1) for sample in samples]
    return math.sqrt(np.average(variances, weights=[sample.size - 1 for sample in samples]))
