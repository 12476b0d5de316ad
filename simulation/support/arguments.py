"""Checks of the type and range of arguments, with error messages of one line."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gutexo.errors import GutexoError
from gutexo.support.printable import short_repr

LARGEST_SEED = 2**63 - 1
"""Seeds are stored as signed 64-bit numbers: a larger seed would give the mouse of another."""


def check_whole_number(name: str, value: Any, low: int, high: int | None = None) -> int:
    """Check that a value is a whole number within limits; NumPy's numbers are accepted.

    Args:
        name: Name of the argument, for the message.
        value: The value as it was given.
        low: Smallest accepted value.
        high: Largest accepted value; None for no limit.

    Raises:
        GutexoError: The value is no whole number, or outside the limits.
    """
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or value < low or (high is not None and value > high):
        limits = f"{low} or more" if high is None else f"{low:,} to {high:,}"
        raise GutexoError(f"{name} must be a whole number, {limits}; got {short_repr(value)}")
    return int(value)


def check_seed(value: Any, name: str = "seed") -> int:
    """Check that a value is a seed: a whole number from 0 to 2^63 - 1.

    Raises:
        GutexoError: It is no seed.
    """
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or not 0 <= value <= LARGEST_SEED:
        raise GutexoError(
            f"{name} must be a whole number, 0 or more and less than 2^63; got {short_repr(value)}"
        )
    return int(value)


def check_finite_number(
    name: str, value: Any, low: float = -math.inf, high: float = math.inf
) -> float:
    """Check that a value is a finite number within limits; NumPy's numbers are accepted.

    Args:
        name: Name of the argument, for the message.
        value: The value as it was given.
        low: Smallest accepted value.
        high: Largest accepted value.

    Raises:
        GutexoError: The value is no number, not finite, or outside the limits.
    """
    number = isinstance(value, (int, float, np.integer, np.floating))
    if not number or isinstance(value, bool):
        raise GutexoError(f"{name} must be a number; got {short_repr(value)}")
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise GutexoError(f"{name} must be finite; got {short_repr(value)}")
    if not low <= found <= high:
        limits = f"{low:,g} or more" if high == math.inf else f"{low:,g} to {high:,g}"
        raise GutexoError(f"{name} must be {limits}; got {short_repr(value)}")
    return found
