"""Exact maths against the C library, and against itself without compilation."""

import math

import numpy as np
import pytest

from gutexo.biology import portable_math


def _close(mine, theirs, ulps=4):
    return abs(mine - theirs) <= ulps * math.ulp(theirs)


def test_exp_is_within_four_units_in_the_last_place():
    for x in np.random.default_rng(0).uniform(-700, 700, 20000):
        assert _close(portable_math.exp(x), math.exp(x)), x


def test_exp_at_its_ends():
    assert portable_math.exp(0.0) == 1.0
    assert portable_math.exp(-800.0) == 0.0
    assert portable_math.exp(710.0) == math.inf
    assert math.isnan(portable_math.exp(math.nan))
    assert portable_math.exp(-744.0) == pytest.approx(math.exp(-744.0))


def test_log_is_within_four_units_in_the_last_place():
    rng = np.random.default_rng(1)
    for x in np.concatenate([rng.uniform(0, 1, 10000), 10.0 ** rng.uniform(-300, 300, 10000)]):
        assert _close(portable_math.log(x), math.log(x)), x
    for x in 1.0 + rng.uniform(-1e-6, 1e-6, 1000):
        assert abs(portable_math.log(x) - math.log(x)) <= 4e-16 * abs(math.log(x)) + 1e-300


def test_log_at_its_ends():
    assert portable_math.log(1.0) == 0.0
    assert portable_math.log(0.0) == -math.inf
    assert math.isnan(portable_math.log(-1.0))
    assert _close(portable_math.log(5e-320), math.log(5e-320))


@pytest.mark.parametrize("n", [0, 1, 2, 3, 7])
def test_power_and_hill(n):
    assert portable_math.power(1.5, n) == pytest.approx(1.5**n, rel=1e-15)
    assert portable_math.hill(1.0, n) == 0.5


def test_saturate_is_half_at_one():
    assert portable_math.saturate(1.0) == 0.5
    assert portable_math.saturate(0.0) == 0.0
