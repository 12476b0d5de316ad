"""Barrier segments: junctions, pore, damage, mucus, bacteria, LPS and local cytokines."""

from __future__ import annotations

import math

from gutexo.biology import barrier, microbiota
from gutexo.biology.barrier import approach
from gutexo.biology.codes import BARRIER, PROTECTIVE
from gutexo.biology.macrophage import cytokine_level
from gutexo.catalogue.signals import N_CYTOKINES, TNF
from gutexo.compiled import kernel


@kernel
def advance_segment(g, segments, sensed, rates, hours):
    """Advance one segment by one tick.

    Returns:
        0, or 1 where a value is not finite.
    """
    r = rates[g]
    tnf = segments.cytokines[g, TNF] * r.signal_action[TNF]
    density = segments.density[g]
    repair = barrier.junction_repair(
        r, sensed.enterocyte_cargo[g, PROTECTIVE], r.microbiota_butyrate * density
    )
    loss = barrier.junction_loss(r, sensed.enterocyte_cargo[g, BARRIER])
    junction = barrier.two_state_step(segments.junction[g], repair, loss, hours)
    damage = barrier.two_state_step(
        segments.damage[g],
        barrier.injury_rate(r, tnf),
        barrier.closure_rate(r, sensed.enterocyte_cargo[g, PROTECTIVE]),
        hours,
    )
    segments.junction[g] = junction
    segments.damage[g] = damage
    segments.pore[g] = approach(
        segments.pore[g], barrier.pore_target(r, tnf), 1.0 / r.barrier_pore_time, hours
    )
    segments.pathobionts[g] = approach(
        segments.pathobionts[g],
        microbiota.pathobiont_target(r, tnf),
        1.0 / (24.0 * r.microbiota_shift_time),
        hours,
    )
    segments.mucus[g] = approach(
        segments.mucus[g],
        microbiota.mucus_target(r, density, segments.pathobionts[g]),
        1.0 / (24.0 * r.microbiota_mucus_time),
        hours,
    )
    segments.density[g] = approach(
        density, r.microbiota_density, 1.0 / r.microbiota_growth_time, hours
    )
    segments.swallowed[g] = approach(segments.swallowed[g], 0.0, r.luminal_washout, hours)
    offered = microbiota.luminal_lps(r, segments.density[g], segments.pathobionts[g])
    offered = offered + segments.swallowed[g]
    crossing = barrier.lps_permeability(r, junction, damage)
    segments.lps[g] = offered * segments.mucus[g] * crossing
    checked = segments.junction[g] + segments.lps[g] + segments.pore[g]
    w = r.senescence_gut_weight
    secretion = w * sensed.secretion[g] + (1.0 - w) * sensed.organs_secretion[0]
    for cytokine in range(N_CYTOKINES):
        level = cytokine_level(r, cytokine, sensed.local_activation[g], secretion)
        segments.cytokines[g, cytokine] = level
        checked = checked + level
    return 0 if math.isfinite(checked + segments.mucus[g]) else 1


@kernel
def run_segments(n, segments, sensed, rates, hours):
    """Advance all segments by one tick; return the row of the first that is not finite, else -1."""
    for g in range(n):
        if advance_segment(g, segments, sensed, rates, hours) != 0:
            return g
    return -1
