"""The mean-field mouse of one simulated mouse: the same random effects, and the very same noise."""

from __future__ import annotations

from typing import Any

import numpy as np

from gutexo.biology import streams
from gutexo.biology.draws import derive_key, fold, normal, uniform_at
from gutexo.body.rates import animal_effects
from gutexo.catalogue import Parameters
from gutexo.catalogue.ages import WEANING_DAYS
from gutexo.compiled import kernel
from gutexo.mean_field import MeanFieldMouse


@kernel
def _draw_normals(key, out):
    for i in range(len(out)):
        out[i] = normal(uniform_at(fold(key, np.uint64(i)), 0))


def noise_of_mouse(seed: int, ticks: int) -> np.ndarray:
    """Draw again the driving noise of the senescent burden of `gutexo.Mouse`.

    Args:
        seed: Seed of the mouse.
        ticks: Ticks from weaning on.

    Returns:
        Standard normal numbers, one for each hour to weaning, then one for each tick.
    """
    run_key = derive_key(np.uint64(seed), 0)
    hours = int(24 * WEANING_DAYS)
    found = np.empty(hours + ticks)
    _draw_normals(derive_key(run_key, streams.YOUTH), found[:hours])
    _draw_normals(derive_key(run_key, streams.SENESCENCE), found[hours:])
    return found


def pair_mean_field(
    parameters: Parameters, seed: int, until: float, **mouse: Any
) -> MeanFieldMouse:
    """Make the mean-field mouse of a simulated mouse, with its noise and its random effects.

    Args:
        parameters: Parameters of both.
        seed: Seed of the simulated mouse.
        until: Age to which the noise lasts (d).
        mouse: Other arguments of `MeanFieldMouse`; factors act beside the random effects.
    """
    ticks = int(np.ceil(24.0 * (until - WEANING_DAYS) / parameters.resolution.tick))
    effects = animal_effects(parameters, derive_key(np.uint64(seed), 0))
    for name, factor in (mouse.pop("factors", None) or {}).items():
        effects[name] = effects.get(name, 1.0) * factor
    normals = noise_of_mouse(seed, ticks)
    return MeanFieldMouse(parameters, normals=normals, factors=effects, **mouse)
