"""Cargo that a cell loads into its exosomes, set by its own niche and segment, not by a label."""

from __future__ import annotations

from gutexo.biology.codes import BARRIER, INFLAMMATORY, INSULIN_RESISTANCE
from gutexo.compiled import rule


@rule
def load(r, axis, is_mature, cell_secretion, around):
    """Mean cargo of a packet on one axis (units).

    A healthy cell loads the same on every axis. Above a niche that is senescent and mature it loads
    more of what harms, the more the niche is licensed by bacteria. All cells of a segment load less
    of what protects, by what senescent niches secrete around them.

    Args:
        r: Rates of the segment.
        axis: Cargo axis.
        is_mature: 1 above a mature senescent niche, else 0.
        cell_secretion: What one such niche secretes, relative to the share in an old gut.
        around: What niches of the segment and its neighbours secrete, 1 in an old gut with full
            licence.

    Source: the form is assumed; the magnitudes are from our own feasibility search.
    """
    unit = r.cargo_units_per_packet
    own = is_mature * cell_secretion
    if axis == BARRIER:
        return r.cargo_load_barrier * unit * (1.0 + r.cargo_barrier_by_senescence * own)
    if axis == INFLAMMATORY:
        return r.cargo_load_inflammatory * unit * (1.0 + r.cargo_inflammatory_by_senescence * own)
    if axis == INSULIN_RESISTANCE:
        return r.cargo_load_insulin_resistance * unit * (1.0 + r.cargo_insulin_by_senescence * own)
    return r.cargo_load_protective * unit / (1.0 + r.cargo_protective_by_senescence * around)
