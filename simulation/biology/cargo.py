"""What a cell loads into its exosomes: by its own state and its niche, never by a label."""

from __future__ import annotations

from gutexo.biology.places import BARRIER, INFLAMMATORY, INSULIN_RESISTANCE
from gutexo.compiled import rule


@rule
def load(r, axis, flag, activation, senescent):
    """Mean units of cargo on one axis in a packet (units).

    Args:
        r: Rates of the segment.
        axis: Cargo axis.
        flag: 1 for a senescent cell, else 0.
        activation: Mean activation of the macrophages around it.
        senescent: Senescent share of the segment against an old gut; what these cells secrete
            lowers the protective load of their neighbours too.

    Source: the form is assumed; magnitudes from our own feasibility search.
    """
    own = r.senescence_secretion * flag
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
