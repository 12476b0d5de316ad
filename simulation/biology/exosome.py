"""The route of an exosome: a continuous-time Markov chain over places, and the luminal flow."""

from __future__ import annotations

import numpy as np

from gutexo.biology.codes import (
    DEGRADED,
    EPITHELIUM,
    IN_ENTEROCYTE,
    IN_FIRST_ORGAN,
    IN_MACROPHAGE,
    LAMINA_PROPRIA,
    LUMEN,
    MUCUS,
    PLASMA,
    TISSUE,
)
from gutexo.catalogue.organs import N_ORGANS
from gutexo.compiled import rule


@rule
def leaving_rate(r, place, mucus, damage):
    """Rate at which an exosome leaves its place, the luminal flow not included (1/h).

    Args:
        r: Rates of the segment (of the body for plasma and tissue).
        place: Place code.
        mucus: Penetrability of the mucus relative to a healthy one.
        damage: Share of the epithelium that is bare.
    """
    if place == LUMEN:
        return r.exosome_mucus_entry * mucus
    if place == MUCUS:
        return r.exosome_mucus_return + r.exosome_epithelial_entry * (1.0 + damage)
    if place == EPITHELIUM:
        return r.exosome_enterocyte_uptake + r.exosome_transcytosis
    if place == LAMINA_PROPRIA:
        return r.exosome_macrophage_uptake + r.exosome_portal_entry
    if place == PLASMA:
        uptake = 0.0
        for organ in range(N_ORGANS):
            uptake = uptake + r.organ_uptake[organ]
        return uptake + r.exosome_other_clearance + r.exosome_tissue_entry
    return r.exosome_tissue_return


@rule
def destination(r, place, share):
    """Place code of where an exosome that leaves its place now goes.

    Args:
        r: Rates as in `leaving_rate`.
        place: Place code.
        share: Uniform draw times the leaving rate (1/h). In the mucus, a value above return plus
            entry means bare epithelium, where the exosome does not pass enterocytes.
    """
    if place == LUMEN:
        return MUCUS
    if place == MUCUS:
        if share < r.exosome_mucus_return:
            return LUMEN
        if share < r.exosome_mucus_return + r.exosome_epithelial_entry:
            return EPITHELIUM
        return LAMINA_PROPRIA
    if place == EPITHELIUM:
        return IN_ENTEROCYTE if share < r.exosome_enterocyte_uptake else LAMINA_PROPRIA
    if place == LAMINA_PROPRIA:
        return IN_MACROPHAGE if share < r.exosome_macrophage_uptake else PLASMA
    if place == TISSUE:
        return PLASMA
    upto = 0.0
    for organ in range(N_ORGANS):
        upto = upto + r.organ_uptake[organ]
        if share < upto:
            return IN_FIRST_ORGAN + organ
    upto = upto + r.exosome_tissue_entry
    return TISSUE if share < upto else DEGRADED


@rule
def flow(position, hours, valve, fast, slow, hours_per_step):
    """Position along the gut after some hours of luminal flow: fast before the valve, slow after.

    Args:
        position: Position (steps from the pylorus).
        hours: Time (h).
        valve: Position of the ileocaecal valve (steps).
        fast: Speed before the valve (steps per hour).
        slow: Speed after the valve (steps per hour).
        hours_per_step: Hours per step before the valve; 0 where nothing flows.
    """
    room = float(valve - position)
    reach = fast * hours
    # All three are computed, so that loops over packets have no branch here.
    before = position + np.int32(reach)
    across = valve + np.int32(slow * (hours - room * hours_per_step))
    behind = position + np.int32(slow * hours)
    onward = before if reach < room else across
    return behind if room <= 0.0 else onward
