"""Gain of the barrier's feedback loop: junctions, LPS, senescent cells, cargo, again junctions."""

from __future__ import annotations

import warnings

import numpy as np

from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError, suggest
from gutexo.mean_field.array_layout import BURDEN, JUNCTION, TOTAL
from gutexo.mean_field.burden_paths import LAW, total_burden_paths
from gutexo.mean_field.coefficients import HELD_BURDEN, HELD_SITES, make_numbers_record
from gutexo.mean_field.mouse import MeanFieldMouse
from gutexo.mean_field.stability import make_still_mouse
from gutexo.mean_field.wall import junction_speeds

AGES = {"young": 90.0, "middle-aged": 365.0, "old": 730.0}
THROUGH = {"signals": HELD_SITES, "induction": HELD_BURDEN}
SETTLED, STEP = 500.0, 24.0  # days to rest, of which bacteria need most; hours of a step
PUSH = 1e-3  # added to the loss of junctions (1/d)
PATHS, AROUND = 200, 5.0  # paths of the law, and days to either side over which they are averaged


def typical_burden(parameters: Parameters, age: str) -> float:
    """Total burden at which the gain is computed: the mean of survivors under the published law.

    Args:
        parameters: Parameters of the mouse.
        age: One of `AGES`.

    Raises:
        GutexoError: No such age exists.
    """
    if age not in AGES:
        raise GutexoError(f"no age '{age}'{suggest(str(age), list(AGES))}")
    count = PATHS if parameters.senescence.noise > 0 else 1
    day, a_day = AGES[age], 24.0 / parameters.resolution.tick
    totals = total_burden_paths(parameters.change(LAW), paths=count, days=day + AROUND)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # no survivor is no number
        return float(np.nanmean(totals[:, int((day - AROUND) * a_day) :]))


def loop_gain(parameters: Parameters, age: str = "young", through: str = "signals") -> float:
    """Gain of the barrier's loop at the steady state of a young, middle-aged or old mouse.

    A small sustained increase of the loss of junctions, the same in every segment, opens them by
    some amount if the cargo that they hold is kept constant. With the closed loop it opens them
    farther by a factor a, in the mean over segments, at the steady state with a constant intrinsic
    burden. The gain is 1 - 1 / a: the increase is amplified 1 / (1 - gain) times. At 1 the steady
    state is lost; below 0 the loop dampens.

    Args:
        parameters: Parameters of the mouse.
        age: One of `AGES`, see `typical_burden`.
        through: "signals": LPS, licence of senescent cells, cargo, macrophages, cytokines, damage,
            bacteria and mucus follow, sites stay as they are. "induction": induced sites follow
            too, and their clearance hears the total burden.

    Returns:
        The gain; NaN where the steady state cannot be found.

    Raises:
        GutexoError: `age` or `through` is not known.
    """
    if through not in THROUGH:
        raise GutexoError(f"no way '{through}'{suggest(str(through), list(THROUGH))}")
    total = min(typical_burden(parameters, age), 0.99)
    if not np.isfinite(total):
        return float("nan")
    mouse = make_still_mouse(parameters)
    mouse.set_burden(total, 0.0).rest().hold(HELD_BURDEN).live(SETTLED, step=STEP)
    for _ in range(2):  # the intrinsic burden that makes this total with the sites it induces
        induced = float(mouse.body[TOTAL] - mouse.body[BURDEN])
        mouse.set_burden(max(0.0, total - induced), induced).live(SETTLED, step=STEP)
    if not mouse.alive:
        return float("nan")
    return 1.0 - _opened_alone(mouse) / _opened(mouse, THROUGH[through])


def _opened_alone(mouse: MeanFieldMouse) -> float:
    """Mean opening of junctions caused by the push where all that they sense is constant."""
    row, push, total = mouse._row[0], PUSH / 24.0, 0.0
    for g in range(mouse.wall.shape[1]):
        repair, loss = junction_speeds(row, mouse.wall, g)
        closed = [repair / (repair + loss + sign * push) for sign in (-1.0, 1.0)]
        total += 0.5 * (closed[0] - closed[1])
    return total / mouse.wall.shape[1]


def _opened(mouse: MeanFieldMouse, held: float) -> float:
    """Mean opening of junctions caused by the push, from pushes up and down, with `held` set."""
    found = []
    for sign in (-1.0, 1.0):
        pushed = mouse.copy().hold(held)
        pushed.numbers["barrier_loss"] += sign * PUSH
        pushed._row = make_numbers_record(pushed.numbers)
        pushed.live(SETTLED, step=STEP)
        found.append(float(pushed.wall[JUNCTION].mean()))
    return 0.5 * (found[0] - found[1])
