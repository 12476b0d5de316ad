"""Rates composed of several parameters: release, mucus entry, clearances, bacteria."""

from __future__ import annotations

import numpy as np

from gutexo.body.anatomy import Anatomy
from gutexo.body.young_levels import compute_young_levels, plasma_clearance_rate
from gutexo.catalogue import Parameters
from gutexo.catalogue.organs import ORGANS
from gutexo.errors import GutexoError


def compose_rates(parameters: Parameters, a: Anatomy) -> dict[str, float | np.ndarray]:
    """Compute the bases of all composed rates.

    Args:
        parameters: The mouse's parameters.
        a: The mouse's anatomy.

    Returns:
        Base per rate name (1/h where it is a speed): one number, or one per segment and the body.

    Raises:
        GutexoError: Shares of elimination exceed 1 together, or no region holds bacteria.
    """
    e = parameters.exosome
    return {
        "exosome.release": compute_young_levels(parameters).release,
        "exosome.mucus_entry": _by_region(a, e.mucus_entry, e.colon_mucus_entry),
        **_plasma_uptake(parameters),
        "microbiota.lps": _bacteria(parameters, a),
    }


def _plasma_uptake(parameters: Parameters) -> dict[str, float | np.ndarray]:
    """Divide elimination from plasma among organs and what is degraded elsewhere."""
    elimination = plasma_clearance_rate(parameters)
    names = [f"{organ.cell}_share" for organ in ORGANS]
    shares = [getattr(parameters.exosome, name) for name in names]
    other = 1.0
    for share in shares:
        other -= share
    if other < 0.0:
        raise GutexoError(
            f"exosome.{', '.join(names[:-1])} and {names[-1]} may not exceed 1 together; "
            f"got {1.0 - other:g}"
        )
    taken = {
        f"exosome.{organ.cell}_uptake": elimination * share
        for organ, share in zip(ORGANS, shares, strict=True)
    }
    return {**taken, "exosome.other_clearance": elimination * other}


def _by_region(a: Anatomy, small: float, colon: float) -> np.ndarray:
    values = np.full(a.segments + 1, small)
    values[a.valve :] = colon
    return values


def _bacteria(parameters: Parameters, a: Anatomy) -> np.ndarray:
    """LPS that bacteria offer in each segment, mean 1."""
    values = [getattr(parameters.microbiota, a.region(g)) for g in range(a.segments)]
    total = 0.0
    for value in values:
        total += value
    if total <= 0.0:
        raise GutexoError(
            "microbiota.duodenum, jejunum, ileum and colon may not all be 0; "
            "for a germ-free mouse set microbiota.density to 0"
        )
    return np.array([value * a.segments / total for value in values] + [1.0])
