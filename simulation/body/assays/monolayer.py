"""Assay without a mouse: an epithelium alone, as in a culture dish, with given cytokines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gutexo.biology.barrier import conductance, dextran_permeability, junction_repair
from gutexo.body.stages.segments import run_segments
from gutexo.body.state import empty_state
from gutexo.catalogue import Parameters
from gutexo.catalogue.signals import TNF
from gutexo.errors import GutexoError


@dataclass(frozen=True)
class Culture:
    """The course of an epithelium in culture.

    Attributes:
        hours: Hours since the cytokine was added, float64[n].
        ter: Trans-epithelial resistance relative to its start, float64[n].
        dextran: Permeability to 4-kDa dextran relative to its start, float64[n].
    """

    hours: np.ndarray
    ter: np.ndarray
    dextran: np.ndarray


def epithelium_alone(
    tnf: float, hours: float = 24.0, parameters: Parameters | None = None
) -> Culture:
    """Simulate TER and dextran permeability of a monolayer under TNF.

    There are no bacteria, other cells or exosomes.

    Args:
        tnf: TNF in constitutive levels; 1000 saturates.
        hours: Duration (h).
        parameters: The catalogue's defaults if None.

    Returns:
        The course, one value per tick (one hour by default).

    Raises:
        GutexoError: The level or the time is negative or not finite.
    """
    for name, value in (("tnf", tnf), ("hours", hours)):
        if not (np.isfinite(value) and 0 <= value <= 1e6):
            raise GutexoError(f"{name} must be 0 to 1,000,000; got {value!r}")
    # A cell line, not an animal: it has no random effects.
    alike = (parameters or Parameters()).change({"animal.variation": 0.0})
    state = empty_state(alike, 0)
    n, records, segments = state.anatomy.segments, state.records, state.segments
    repair = junction_repair(records[0], 0.0, 0.0)
    segments.junction[:] = repair / (repair + records["tight_junction_loss"][0])
    segments.density[:] = 0.0
    records["microbiota_density"] = 0.0
    ticks = int(round(hours / state.hours))
    ter, dextran = np.empty(ticks + 1), np.empty(ticks + 1)
    for tick in range(ticks + 1):
        if tick:
            segments.cytokines[:, TNF] = tnf
            run_segments(n, segments, state.sensed, records, state.hours)
        row = records[0]
        ter[tick] = 1.0 / conductance(row, segments.junction[0], segments.pore[0])
        dextran[tick] = dextran_permeability(row, segments.junction[0], segments.damage[0])
    return Culture(np.arange(ticks + 1) * state.hours, ter / ter[0], dextran / dextran[0])
