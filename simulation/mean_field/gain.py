"""Gain of the barrier's feedback loop: junctions, LPS, macrophages, and again junctions."""

from __future__ import annotations

import numpy as np

from gutexo.catalogue import Parameters
from gutexo.catalogue.signals import TNF
from gutexo.errors import GutexoError, suggest
from gutexo.mean_field.array_layout import CYTOKINE, JUNCTION, MATURED, STOOD
from gutexo.mean_field.burden import burden_path
from gutexo.mean_field.coefficients import make_numbers_record
from gutexo.mean_field.mouse import MeanFieldMouse
from gutexo.mean_field.wall import HELD_REST, HELD_TNF

THROUGH = {"TNF": HELD_REST, "everything": 0.0}
SETTLED = 500  # days; the slowest part of the wall, the bacteria, reaches its steady state earlier
PUSH = 1e-3  # added to the loss of junctions (1/d)
PATHS = 64


def typical_burden(parameters: Parameters, age: str) -> float:
    """Burden at which the gain of a young or an old mouse is computed.

    Args:
        parameters: Parameters of the mouse.
        age: "young", the mean of mice of 90 days; "old", `senescence.reference_burden`.

    Raises:
        GutexoError: No such age exists.
    """
    if age not in ("young", "old"):
        raise GutexoError(f"no age '{age}'{suggest(str(age), ['young', 'old'])}")
    if age == "old":
        return float(parameters.senescence.reference_burden)
    count = PATHS if parameters.senescence.noise > 0 else 1
    paths = [burden_path(parameters, 90.0, who=f"gain {k}") for k in range(count)]
    found = [float(path[-1]) for path in paths if path is not None]
    return float(np.mean(found)) if found else float("nan")


def loop_gain(parameters: Parameters, age: str = "young", through: str = "everything") -> float:
    """Gain of the barrier's loop at the steady state of a young or an old mouse.

    A small sustained increase of the loss of junctions, the same in every segment, opens them by
    some amount if there is no feedback: TNF that junctions sense, cargo, damage, bacteria and mucus
    are all kept constant. With the closed loop it opens them farther by a factor a, in the mean
    over segments, at the steady state with a constant burden. The gain is 1 - 1 / a: the increase
    is amplified 1 / (1 - gain) times. At 1 the steady state is lost; below 0 the loop dampens.

    Args:
        parameters: Parameters of the mouse.
        age: "young" or "old", see `typical_burden`.
        through: "TNF": junctions, LPS, activation, TNF and junctions; all else is kept constant.
            "everything": also cargo, which activated macrophages change and which junctions and
            macrophages sense, and damage, bacteria and mucus.

    Returns:
        The gain; NaN where the steady state cannot be found.

    Raises:
        GutexoError: `age` or `through` is not known.
    """
    if through not in THROUGH:
        raise GutexoError(f"no way '{through}'{suggest(str(through), list(THROUGH))}")
    burden = typical_burden(parameters, age)
    if not np.isfinite(burden):
        return float("nan")
    days = 90 + 3 * SETTLED + 10
    path = np.full(int(round(24.0 * days / parameters.resolution.tick)), min(burden, 0.99))
    mouse = MeanFieldMouse(parameters, burden=path)
    mouse.body[MATURED] = path[0]
    mouse.live(SETTLED, step=24.0)
    mouse.wall[STOOD] = mouse.wall[CYTOKINE + TNF]
    opened = {held: _opened(mouse, held) for held in (HELD_TNF, THROUGH[through])}
    return float(1.0 - opened[HELD_TNF] / opened[THROUGH[through]])


def _opened(mouse: MeanFieldMouse, held: float) -> float:
    """Mean opening of junctions caused by the push, from pushes up and down, with `held` set."""
    found = []
    for sign in (1.0, -1.0):
        pushed = mouse.copy()
        pushed.numbers = {
            **mouse.numbers,
            "held": held,
            "barrier_loss": mouse.numbers["barrier_loss"] + sign * PUSH,
        }
        pushed._row = make_numbers_record(pushed.numbers)
        pushed.live(SETTLED, step=24.0)
        found.append(float(pushed.wall[JUNCTION].mean()))
    return 0.5 * (found[1] - found[0])
