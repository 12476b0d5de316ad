"""Whether a number, or an interval, lies in a window; ends belong to it."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np

Window = tuple[float, float]
Verdict = Literal["pass", "partial", "fail", "unscored"]


def is_inside(value: Any, window: Window) -> Any:
    """Whether a number lies in a window; a missing one does not.

    Args:
        value: A number, or an array of them.
        window: Lower and upper end.

    Returns:
        A flag, or an array of flags.
    """
    return (value >= window[0]) & (value <= window[1])


def judge(value: float, low: float, high: float, window: Window) -> Verdict:
    """Compare a number and its interval with a window.

    Args:
        value: The number.
        low: Lower end of its interval; NaN for both ends where the number is exact.
        high: Upper end.
        window: Lower and upper end.

    Returns:
        ``pass`` where the whole interval lies in the window, ``partial`` where only the number
        does, ``fail`` where it does not, ``unscored`` where there is no number.
    """
    if math.isnan(value):
        return "unscored"
    if not is_inside(value, window):
        return "fail"
    exact = math.isnan(low) and math.isnan(high)
    return "pass" if exact or (is_inside(low, window) and is_inside(high, window)) else "partial"


def sign_holds(
    ratio: np.ndarray, window: Window, treated: np.ndarray, young: np.ndarray
) -> np.ndarray:
    """Find where a reported sign holds: the ratio is in its window, and a rescue is partial.

    Args:
        ratio: Treated over control, float64[...].
        window: Lower and upper end; a window below 1 is that of a rescue.
        treated: Values of treated mice, of the same shape.
        young: Values of the young control that a rescued mouse may not fall below.

    Returns:
        1 where it holds, 0 where not, NaN where there is no ratio; of the shape of the ratio.
    """
    inside = is_inside(ratio, window)
    if window[1] < 1:
        inside = inside & (treated >= young)
    return np.where(np.isnan(ratio), math.nan, np.asarray(inside, dtype=float))
