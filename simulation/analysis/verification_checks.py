"""Checks of verification: a departure against its bound, and the curve that shows it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from gutexo.analysis.windows import is_inside


@dataclass(frozen=True)
class VerificationCheck:
    """One comparison whose departure must be within a bound.

    Attributes:
        id: Name.
        what: What was compared.
        value: Departure that was found.
        standard_error: Its standard error, NaN where there is no noise.
        bound: Largest departure that is allowed.
        holds: Whether the departure is within the bound; a NaN is not.
    """

    id: str
    what: str
    value: float
    standard_error: float
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


@dataclass(frozen=True)
class CurvePoint:
    """One point of a curve, as in ``verification_curves.csv``; see `VerificationCurve`."""

    curve: str
    x_label: str
    y_label: str
    logarithmic: bool
    x: float
    simulated: float
    known: float


def split_curves(curves: Iterable[VerificationCurve]) -> Iterator[CurvePoint]:
    """Generate the points of curves."""
    for one in curves:
        for point in zip(one.x, one.simulated, one.known, strict=True):
            yield CurvePoint(one.name, one.x_label, one.y_label, one.logarithmic, *point)


def join_points(points: Iterable[CurvePoint]) -> list[VerificationCurve]:
    """Make curves from their points, in the order in which they begin."""
    curves: dict[str, list[CurvePoint]] = {}
    for one in points:
        curves.setdefault(one.curve, []).append(one)
    found = []
    for name, those in curves.items():
        x, simulated, known = np.array([(one.x, one.simulated, one.known) for one in those]).T
        first = those[0]
        labels = (first.x_label, first.y_label)
        found.append(VerificationCurve(name, x, simulated, known, *labels, first.logarithmic))
    return found


def check_bound(
    id: str, what: str, value: float, bound: float, error: float = math.nan
) -> VerificationCheck:
    """Compare a departure with its bound."""
    return VerificationCheck(id, what, value, error, bound, is_inside(value, (-bound, bound)))
