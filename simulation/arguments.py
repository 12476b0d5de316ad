"""Arguments of the wrong type or size, refused in one line wherever they are taken."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gutexo.errors import GutexoError
from gutexo.printable import brief

LARGEST_SEED = 2**63 - 1
"""Seeds are kept as signed 64-bit numbers: a larger one would be another one's mouse."""


def whole_number(name: str, value: Any, low: int, high: int | None = None) -> int:
    """A whole number within limits, NumPy's among them.

    Args:
        name: What it is for, for the message.
        value: As it was given.
        low: Smallest that is accepted.
        high: Largest that is accepted, None for no limit.

    Raises:
        GutexoError: It is no whole number, or out of its limits.
    """
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or value < low or (high is not None and value > high):
        limits = f"{low} or more" if high is None else f"{low:,} to {high:,}"
        raise GutexoError(f"{name} must be a whole number, {limits}; got {brief(value)}")
    return int(value)


def checked_seed(value: Any, name: str = "seed") -> int:
    """A seed, 0 to 2^63 - 1.

    Raises:
        GutexoError: It is none.
    """
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or not 0 <= value <= LARGEST_SEED:
        raise GutexoError(
            f"{name} must be a whole number, 0 or more and less than 2^63; got {brief(value)}"
        )
    return int(value)


def finite_number(name: str, value: Any, low: float = -math.inf, high: float = math.inf) -> float:
    """A finite number within limits, NumPy's among them.

    Args:
        name: What it is for, for the message.
        value: As it was given.
        low: Smallest that is accepted.
        high: Largest that is accepted.

    Raises:
        GutexoError: It is no number, not finite, or out of its limits.
    """
    number = isinstance(value, (int, float, np.integer, np.floating))
    if not number or isinstance(value, bool):
        raise GutexoError(f"{name} must be a number; got {brief(value)}")
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise GutexoError(f"{name} must be finite; got {brief(value)}")
    if not low <= found <= high:
        limits = f"{low:,g} or more" if high == math.inf else f"{low:,g} to {high:,g}"
        raise GutexoError(f"{name} must be {limits}; got {brief(value)}")
    return found
