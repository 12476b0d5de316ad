"""A number, its interval and a window: inside, partly, outside, unknown."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gutexo.analysis.windows import is_inside, judge, sign_holds

NAN = math.nan


@pytest.mark.parametrize(
    ("value", "low", "high", "verdict"),
    [
        (1.5, 1.2, 1.8, "pass"),
        (1.5, 1.0, 2.0, "pass"),  # the ends belong to the window
        (1.5, NAN, NAN, "pass"),  # an exact number
        (1.5, 0.9, 1.8, "partial"),
        (1.5, 1.2, 2.1, "partial"),
        (2.1, 1.9, 2.3, "fail"),
        (NAN, NAN, NAN, "unscored"),
    ],
)
def test_a_number_and_its_interval(value: float, low: float, high: float, verdict: str) -> None:
    assert judge(value, low, high, (1.0, 2.0)) == verdict


def test_missing_numbers_are_never_inside() -> None:
    values = np.array([0.9, 1.0, 2.0, NAN, math.inf])
    assert is_inside(values, (1.0, 2.0)).tolist() == [False, True, True, False, False]
    assert is_inside(1e300, (1.0, math.inf)) and not is_inside(NAN, (-math.inf, math.inf))


def test_a_rescue_must_stay_partial_and_a_harm_need_not() -> None:
    ratio, treated = np.array([0.5, 0.5, 0.9, NAN]), np.array([1.0, 3.0, 3.0, 3.0])
    rescued = sign_holds(ratio, (0.3, 0.8), treated, np.full(4, 2.0))
    assert np.array_equal(rescued, [0.0, 1.0, 0.0, NAN], equal_nan=True)
    harmed = sign_holds(2 + ratio, (2.0, 9.0), treated, np.full(4, 99.0))
    assert np.array_equal(harmed, [1.0, 1.0, 1.0, NAN], equal_nan=True)
