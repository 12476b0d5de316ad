"""Simulated mice for a stated precision: numbers that are known."""

import math

import numpy as np
import pytest

from gutexo.analysis.intervals import mean_interval, student_quantile
from gutexo.analysis.precision import MOST_MICE, find_precise_size, pool_spreads
from gutexo.errors import GutexoError


@pytest.mark.parametrize(
    ("printed", "mice"),
    # Two-sided 95 % points of Student's t with 4, 9, 15 and 29 degrees of freedom.
    [(2.776445, 5), (2.262157, 10), (2.131450, 16), (2.045230, 30)],
)
def test_the_size_of_a_printed_t(printed, mice):
    """At a spread whose interval is just within 5 %."""
    spread = math.log(1.05) * math.sqrt(mice) / printed
    assert find_precise_size(0.9999 * spread) == mice
    assert find_precise_size(1.0001 * spread) == mice + 1


@pytest.mark.parametrize("spread", [0.01, 0.3, 1.0])
def test_one_mouse_less_is_too_few(spread):
    mice = find_precise_size(spread)
    reach = [student_quantile(n - 1) * spread / math.sqrt(n) for n in (mice - 1, mice)]
    assert reach[1] <= math.log(1.05) < reach[0]


def test_many_mice_follow_the_normal_formula():
    assert find_precise_size(1.0, 0.01) == pytest.approx((1.959964 / math.log(1.01)) ** 2, rel=1e-3)


def test_the_ends():
    assert find_precise_size(0.0) == 2
    assert find_precise_size(1e3) is None and find_precise_size(math.nan) is None
    most = math.log1p(0.05) * math.sqrt(MOST_MICE) / student_quantile(MOST_MICE - 1)
    assert find_precise_size(0.999999 * most) == MOST_MICE
    assert find_precise_size(1.000001 * most) is None


def test_groups_of_that_size_have_intervals_of_that_width():
    random = np.random.default_rng(1)
    mice = find_precise_size(0.3)
    ends = [mean_interval(random.normal(0, 0.3, mice)) for _ in range(400)]
    reach = np.mean([0.5 * (high - low) for _, low, high in ends])
    assert reach == pytest.approx(math.log(1.05), rel=0.02)


@pytest.mark.parametrize("precision", [0.0, 1.0, -0.1, math.nan, math.inf])
def test_a_precision_that_is_none_is_refused(precision):
    with pytest.raises(GutexoError, match="between 0 and 1"):
        find_precise_size(0.1, precision)


def test_pooled_spreads_weigh_degrees_of_freedom():
    """Variances of 1 and 2 with two and one degrees of freedom."""
    samples = [np.array([1.0, 2.0, 3.0]), np.array([10.0, 12.0])]
    assert pool_spreads(samples) == pytest.approx(math.sqrt(4 / 3))
    assert pool_spreads(samples[:1]) == pytest.approx(1.0)
