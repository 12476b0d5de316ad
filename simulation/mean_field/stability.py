"""Whether the burden of a mouse whose signals age it runs away: its rest points at a fixed age.

Noise is off. At a total burden that is held, signals and induced sites come to a rest of their own,
whatever the age, and the intrinsic burden is what they leave. It rests where what is cleared of it
is what the age produces; where what is cleared falls with the total the rest point is unstable. So
one curve over total burdens holds the rest points of all ages, stable and unstable ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gutexo.catalogue import Parameters
from gutexo.catalogue.ages import WEANING_DAYS
from gutexo.mean_field.array_layout import BURDEN, TOTAL
from gutexo.mean_field.coefficients import HELD_TOTAL
from gutexo.mean_field.mouse import MeanFieldMouse

AGES = (90.0, 365.0, 730.0, 850.0)
SETTLED, STEP = 250.0, 24.0  # days, and hours of a step, to the rest of signals at each burden
MOST = 1.0
FINE = 40  # total burdens at which the curve is computed, of small ones and of large ones


@dataclass(frozen=True)
class RestPoint:
    """A rest point of the burden at a fixed age, without noise.

    Attributes:
        age: Age that production reads (d).
        burden: Intrinsic burden.
        total: Total burden; a mouse dies at 1.
        stable: Whether the burden returns to it.
    """

    age: float
    burden: float
    total: float
    stable: bool


def make_still_mouse(parameters: Parameters) -> MeanFieldMouse:
    """Make a mouse of 21 days without noise, whose burden is set from outside."""
    return MeanFieldMouse(parameters.change({"senescence.noise": 0.0}), age=WEANING_DAYS)


def settle_burden(
    parameters: Parameters,
    age: float,
    burden: float,
    induced: float,
    *,
    days: float = 300.0,
    step: float = 12.0,
) -> float:
    """Return the total burden after some time at a fixed age without noise; 1 if the mouse dies.

    All that the burden drives begins at the rest point of the first burden.

    Args:
        parameters: Parameters of the mouse.
        age: Age that production reads all the time (d).
        burden: Intrinsic burden at the start.
        induced: Induced burden of the gut and of the organs at the start.
        days: Time (d).
        step: Length of a step (h).
    """
    mouse = make_still_mouse(parameters).fix_age(age).set_burden(burden, induced).rest()
    mouse.live(days, step=step)
    return float(mouse.body[TOTAL]) if mouse.alive else MOST


def check_stability(parameters: Parameters) -> float:
    """Return the total burden 300 d after 0.5 and 0.2 induced, held at 730 d, without noise."""
    return settle_burden(parameters, 730.0, 0.5, 0.2)


def follow_intrinsic(
    parameters: Parameters, totals: Sequence[float], *, from_high: bool = False
) -> np.ndarray:
    """Compute the intrinsic burden at rest of signals and induced sites, at held total burdens.

    Args:
        parameters: Parameters of the mouse.
        totals: Total burdens below 1, rising.
        from_high: Whether at each all is induced at first, instead of what was at the one before;
            ends differ where signals and sites have two rest points.

    Returns:
        float64[total].
    """
    mouse = make_still_mouse(parameters).set_burden(totals[0], 0.0).rest().hold(HELD_TOTAL)
    found = []
    for total in totals:
        induced = float(mouse.body[TOTAL] - mouse.body[BURDEN])
        if from_high:
            mouse.set_burden(0.0, total).rest()
        else:
            mouse.set_burden(max(0.0, total - induced), min(induced, total))
        mouse.live(SETTLED, step=STEP)
        found.append(float(mouse.body[BURDEN]))
    return np.array(found)


def tabulate_rest_points(parameters: Parameters, ages: Sequence[float] = AGES) -> list[RestPoint]:
    """List every rest point of the burden below death at some fixed ages, without noise.

    Args:
        parameters: Parameters of the mouse.
        ages: Ages that production reads (d).
    """
    totals = np.concatenate([np.geomspace(1e-4, 0.1, FINE), np.linspace(0.11, 0.998, FINE)])
    burdens = follow_intrinsic(parameters, totals.tolist())
    s = parameters.senescence
    cleared = s.removal * burdens / (s.half_saturation + totals)
    found = []
    for age in ages:
        excess = s.production * s.production_part * age - cleared
        for k in np.flatnonzero(excess[:-1] * excess[1:] < 0.0):
            part = excess[k] / (excess[k] - excess[k + 1])
            total = float(totals[k] + part * (totals[k + 1] - totals[k]))
            burden = float(burdens[k] + part * (burdens[k + 1] - burdens[k]))
            found.append(RestPoint(float(age), burden, total, bool(excess[k] > 0.0)))
    return found
