"""Gain of the barrier's feedback loop: LPS, senescent cells, macrophages, the wall, again LPS."""

from __future__ import annotations

import math
import warnings

import numpy as np

from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError, suggest
from gutexo.mean_field.array_layout import LPS
from gutexo.mean_field.burden_paths import LAW, total_burden_paths
from gutexo.mean_field.coefficients import (
    HELD_BURDEN,
    HELD_SITES,
    HELD_TOTAL,
    make_numbers_record,
)
from gutexo.mean_field.stability import make_still_mouse

AGES = {"young": 90.0, "middle-aged": 365.0, "old": 730.0}
THROUGH = {"signals": HELD_SITES, "induction": HELD_BURDEN}
SETTLED, STEP = 500.0, 24.0  # days to rest, of which bacteria need most; hours of a step
PUSH = 1e-3  # log of the factor on the LPS that crosses
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
    """Gain of the barrier's loop in a young, middle-aged or old mouse, see `gain_at`.

    Args:
        parameters: Parameters of the mouse.
        age: One of `AGES`, see `typical_burden`.
        through: One of `THROUGH`.

    Returns:
        The gain; NaN where no mouse reaches the age.

    Raises:
        GutexoError: `age` or `through` is not known.
    """
    return gain_at(parameters, min(typical_burden(parameters, age), 0.99), through)


def gain_at(parameters: Parameters, total: float, through: str = "signals") -> float:
    """Gain of the barrier's loop at the steady state of a total burden.

    A small sustained rise of the LPS that crosses every segment would, with the wall as it is,
    raise mucosal LPS by as much. With the closed loop it rises by a times as much, in the mean over
    segments. The gain is 1 - 1 / a: the rise is amplified 1 / (1 - gain) times. At 1 the steady
    state is lost; below 0 the loop dampens. All that the wall answers to passes through LPS: cargo
    of licensed senescent cells, on junctions; TNF of macrophages, on bare epithelium and bacteria.

    Args:
        parameters: Parameters of the mouse.
        total: Total burden; the intrinsic burden that makes it is kept constant.
        through: "signals": sites stay as they are. "induction": induced sites follow too, and their
            clearance hears the total burden.

    Returns:
        The gain; NaN where the total burden is no number.

    Raises:
        GutexoError: `through` is not known.
    """
    if through not in THROUGH:
        raise GutexoError(f"no way '{through}'{suggest(str(through), list(THROUGH))}")
    if not np.isfinite(total):
        return float("nan")
    mouse = make_still_mouse(parameters).set_burden(total, 0.0).rest()
    mouse.hold(HELD_TOTAL).live(2.0 * SETTLED, step=STEP)
    rises = []
    for sign in (-1.0, 1.0):
        pushed = mouse.copy().hold(THROUGH[through])
        pushed.numbers["f_crossing"] *= math.exp(sign * PUSH)
        pushed._row = make_numbers_record(pushed.numbers)
        pushed.live(SETTLED, step=STEP)
        rises.append(math.log(pushed.wall[LPS].mean()) if pushed.alive else math.nan)
    return 1.0 - 2.0 * PUSH / (rises[1] - rises[0])
