"""How much the barrier's own loop amplifies: the gain of junctions, LPS, macrophages, junctions."""

from __future__ import annotations

import numpy as np

from gutexo.analysis.twin.burden import burden_path
from gutexo.analysis.twin.mouse import Twin
from gutexo.analysis.twin.numbers import one_row
from gutexo.analysis.twin.places import JUNCTION, MATURED, STOOD, TNF
from gutexo.analysis.twin.wall import HELD_REST, HELD_TNF
from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError, suggest

THROUGH = {"TNF": HELD_REST, "everything": 0.0}
SETTLED = 500  # days in which the slowest of the wall, the bacteria, have long come to rest
PUSH = 1e-3  # of the loss of junctions a day
PATHS = 64


def typical_burden(parameters: Parameters, age: str) -> float:
    """Burden at which a young or an old mouse is looked at.

    Args:
        parameters: Of the mouse.
        age: "young", the mean of mice of 90 days; "old", `senescence.reference_burden`.

    Raises:
        GutexoError: There is no such age.
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

    A small sustained push on the loss of junctions, the same in every segment, opens them by some
    amount where nothing answers: TNF that junctions hear, cargo, damage, bacteria and mucus all
    held. With the loop closed it opens them a times as far in the mean over segments, once all has
    come to rest at a burden that stands still. The gain is 1 - 1 / a: the push is amplified
    1 / (1 - gain) times. At 1 the steady state is lost; below 0 the loop dampens.

    Args:
        parameters: Of the mouse.
        age: "young" or "old", see `typical_burden`.
        through: "TNF": junctions, LPS, activation, TNF, junctions, and all else held.
            "everything": cargo too, which activated macrophages change and which junctions and
            macrophages hear, and damage, bacteria and mucus.

    Returns:
        The gain; NaN where the steady state cannot be found.

    Raises:
        GutexoError: Age or way is not known.
    """
    if through not in THROUGH:
        raise GutexoError(f"no way '{through}'{suggest(str(through), list(THROUGH))}")
    burden = typical_burden(parameters, age)
    if not np.isfinite(burden):
        return float("nan")
    days = 90 + 3 * SETTLED + 10
    path = np.full(int(round(24.0 * days / parameters.resolution.tick)), min(burden, 0.99))
    mouse = Twin(parameters, burden=path)
    mouse.body[MATURED] = path[0]
    mouse.live(SETTLED, step=24.0)
    mouse.wall[STOOD] = mouse.wall[TNF]
    opened = {held: _opened(mouse, held) for held in (HELD_TNF, THROUGH[through])}
    return float(1.0 - opened[HELD_TNF] / opened[THROUGH[through]])


def _opened(mouse: Twin, held: float) -> float:
    """How far junctions open in the mean by the push, held as said, up and down."""
    found = []
    for sign in (1.0, -1.0):
        pushed = mouse.copy()
        pushed.numbers = {
            **mouse.numbers,
            "held": held,
            "barrier_loss": mouse.numbers["barrier_loss"] + sign * PUSH,
        }
        pushed._row = one_row(pushed.numbers)
        pushed.live(SETTLED, step=24.0)
        found.append(float(pushed.wall[JUNCTION].mean()))
    return 0.5 * (found[1] - found[0])
