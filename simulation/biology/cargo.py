"""Cargo that a cell loads into its exosomes, set by its own state and its niche, not by a label."""

from __future__ import annotations

from gutexo.biology.codes import BARRIER, INFLAMMATORY, INSULIN_RESISTANCE
from gutexo.compiled import rule


@rule
def load(r, axis, is_senescent, activation, senescent):
    """Mean cargo of a packet on one axis (units).

    Args:
        r: Rates of the segment.
        axis: Cargo axis.
        is_senescent: 1 for a senescent cell, else 0.
        activation: Mean activation of the macrophages around the cell.
        senescent: Senescent share of the segment relative to an old gut; what these cells secrete
            also lowers the protective load of their neighbours.

    Source: the form is assumed; the magnitudes are from our own feasibility search.
    """
    own = r.senescence_secretion * is_senescent
    unit = r.cargo_units_per_packet
    if axis == BARRIER:
        extra = r.cargo_barrier_by_senescence * own + r.cargo_barrier_by_activation * activation
        return r.cargo_load_barrier * unit * (1.0 + extra)
    if axis == INFLAMMATORY:
        extra = (
            r.cargo_inflammatory_by_senescence * own
            + r.cargo_inflammatory_by_activation * activation
        )
        return r.cargo_load_inflammatory * unit * (1.0 + extra)
    if axis == INSULIN_RESISTANCE:
        extra = r.cargo_insulin_by_senescence * own + r.cargo_insulin_by_activation * activation
        return r.cargo_load_insulin_resistance * unit * (1.0 + extra)
    loss = (
        r.cargo_protective_by_senescence * r.senescence_secretion * senescent
        + r.cargo_protective_by_activation * activation
    )
    return r.cargo_load_protective * unit * r.cargo_protective / (1.0 + loss)
