"""Checks of verification: a departure against its bound, and the curve that shows it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class VerificationCheck:
    """One comparison whose departure must be within a bound.

    Attributes:
        id: Name.
        what: What was compared.
        value: Departure that was found.
        error: Its standard error, NaN where there is no noise.
        bound: Largest departure that is allowed.
        holds: Whether the departure is within the bound; a NaN is not.
    """

    id: str
    what: str
    value: float
    error: float
    bound: float
    holds: bool


@dataclass(frozen=True)
class VerificationCurve:
    """Curve for a plot of a comparison: simulated points and a known line.

    Attributes:
        name: What is compared.
        x: Positions on the x axis, float64[n].
        simulated: Simulated values, float64[n].
        known: Known values, float64[n].
        x_label: Label of the x axis, with its unit.
        y_label: Label of the y axis, with its unit.
        logarithmic: Whether both axes are logarithmic.
    """

    name: str
    x: np.ndarray
    simulated: np.ndarray
    known: np.ndarray
    x_label: str
    y_label: str
    logarithmic: bool = False


def check_bound(
    id: str, what: str, value: float, bound: float, error: float = math.nan
) -> VerificationCheck:
    """Compare a departure with its bound."""
    return VerificationCheck(id, what, value, error, bound, abs(value) <= bound)
