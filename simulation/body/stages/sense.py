"""Sense: integer sums over cells give what segments and organs sense in this tick."""

from __future__ import annotations

from gutexo.biology.cargo import load
from gutexo.biology.codes import (
    FIXED_POINT,
    INDUCED,
    INFLAMMATORY,
    INSULIN_RESISTANCE,
    N_AXES,
    N_PLACES,
    PLASMA,
    PROTECTIVE,
)
from gutexo.biology.draws import threshold
from gutexo.biology.exosome import leaving_rate
from gutexo.biology.insulin_signalling import signalling_block
from gutexo.biology.portable_math import exp
from gutexo.biology.senescence import (
    clearance_rate,
    induction_rate,
    is_mature,
    licence,
    total_burden,
)
from gutexo.catalogue.organs import N_ORGANS
from gutexo.catalogue.signals import LPS, TNF
from gutexo.compiled import kernel


@kernel
def smooth_over_neighbours(values, g, weight):
    """Weighted mean of a segment's value and those of its existing neighbours, one on each side."""
    total = values[g]
    parts = 1.0
    left = values[g - 1] * weight if g > 0 else 0.0
    right = values[g + 1] * weight if g < len(values) - 1 else 0.0
    if g > 0:
        parts += weight
    if g < len(values) - 1:
        parts += weight
    return (total + (left + right)) / parts


@kernel
def count_senescent(first, end, cells):
    """Count the mature senescent sites, and the induced ones, among some rows."""
    mature = 0
    induced = 0
    for i in range(first, end):
        mature += is_mature(cells.senescence[i])
        induced += cells.senescence[i] >= INDUCED
    return mature, induced


@kernel
def sense_segment(g, a, cells, sensed, rates):
    """Fill in the sums over the cells of one segment, and return its number of induced niches."""
    r = rates[g]
    first = g * a.enterocytes
    mature, induced = count_senescent(first, first + a.enterocytes, cells)
    sensed.mature[g] = mature / a.enterocytes
    start = a.first_macrophage + g * a.macrophages
    active = 0
    for i in range(start, start + a.macrophages):
        active += int(cells.state[i] * FIXED_POINT)
    sensed.activation[g] = active / FIXED_POINT / a.macrophages
    for axis in range(N_AXES):
        held = 0
        for i in range(first, first + a.enterocytes):
            held += cells.held[i, axis]
        taken = 0
        for i in range(start, start + a.macrophages):
            taken += cells.held[i, axis]
        sensed.enterocyte_cargo[g, axis] = held / r.reference_enterocyte
        sensed.macrophage_cargo[g, axis] = taken / r.reference_macrophage
    return induced


@kernel
def sense_organ(organ, a, cells, sensed, r, blood):
    """Fill in the sums over the cells of one organ, and return its number of induced cells."""
    first = a.first_organ_rows[organ]
    size = a.organ_cells[organ]
    total = 0
    for i in range(first, first + size):
        total += int(cells.state[i] * FIXED_POINT)
    sensed.organ_sensitivity[organ] = total / FIXED_POINT / size
    for axis in range(N_AXES):
        held = 0
        for i in range(first, first + size):
            held += cells.held[i, axis]
        sensed.organ_cargo[organ, axis] = held / r.reference_organ[organ]
    mature, induced = count_senescent(first, first + size, cells)
    lps = blood[0].sensed_level[LPS]
    sensed.organ_secretion[organ] = secretion_of_cell(r, lps) * mature / size
    return induced


@kernel
def secretion_of_cell(r, lps):
    """Secretion of one mature site at a level of LPS; times their share it is 1 in an old place."""
    return r.senescence_secretion * r.mature_secretion * licence(r, lps)


@kernel
def respond_organ(organ, sensed, r, blood, hours):
    """Set the block of an organ, and the chance of its well cells to be induced in this tick."""
    tnf = blood[0].sensed_level[TNF] * r.signal_action[TNF]
    sensed.organ_block[organ] = signalling_block(
        r,
        organ,
        tnf,
        blood[0].sensed_level[LPS],
        sensed.organ_cargo[organ, INSULIN_RESISTANCE],
        sensed.organ_secretion[organ],
    )
    rate = induction_rate(
        r,
        r.senescence_induction_organs,
        sensed.organ_cargo[organ, INFLAMMATORY],
        tnf,
        sensed.organ_secretion[organ],
        sensed.organ_cargo[organ, PROTECTIVE],
    )
    sensed.organ_induction[organ] = 1.0 - exp(-hours * rate / r.senescence_whole)


@kernel
def sense_niches(g, sensed, segments, r, plasma_lps, hours):
    """Fill in what niches of a segment secrete, and the chance of well ones to be induced."""
    lps = sensed.lps[g] + r.immune_blood_lps * plasma_lps
    sensed.cell_secretion[g] = secretion_of_cell(r, lps)
    sensed.secretion[g] = sensed.cell_secretion[g] * sensed.mature[g]
    rate = induction_rate(
        r,
        r.senescence_induction_gut,
        sensed.enterocyte_cargo[g, INFLAMMATORY],
        segments.cytokines[g, TNF] * r.signal_action[TNF],
        sensed.secretion[g],
        sensed.enterocyte_cargo[g, PROTECTIVE],
    )
    sensed.induction[g] = 1.0 - exp(-hours * rate / r.senescence_whole)


@kernel
def sense_body(a, niches, organ_cells, sensed, r, blood, hours):
    """Fill in the total burden, the chance to be cleared, and what all organs secrete.

    Args:
        a: Anatomy.
        niches: Niches of the gut that are induced.
        organ_cells: Cells of organs that are induced.
        sensed: Sensed columns.
        r: Rates of the body.
        blood: Blood and body.
        hours: Length of the tick (h).
    """
    of_organs = a.cells - a.first_organ_cell
    secretion = 0.0
    for organ in range(N_ORGANS):
        secretion = secretion + sensed.organ_secretion[organ] * a.organ_cells[organ]
    sensed.organs_secretion[0] = secretion / of_organs
    total = total_burden(r, blood[0].burden, niches / a.first_macrophage, organ_cells / of_organs)
    sensed.total_burden[0] = total
    sensed.freed[0] = 1.0 - exp(-hours * clearance_rate(r, total))


@kernel
def sense(a, segments, cells, sensed, rates, blood, hours):
    """Fill `sensed` from the current state."""
    n = a.segments
    body = rates[n]
    niches = 0
    for g in range(n):
        niches += sense_segment(g, a, cells, sensed, rates)
    organ_cells = 0
    for organ in range(N_ORGANS):
        organ_cells += sense_organ(organ, a, cells, sensed, body, blood)
    sense_body(a, niches, organ_cells, sensed, body, blood, hours)
    for organ in range(N_ORGANS):
        respond_organ(organ, sensed, body, blood, hours)
    for g in range(n):
        r = rates[g]
        sensed.local_activation[g] = smooth_over_neighbours(sensed.activation, g, r.immune_spread)
        sensed.lps[g] = smooth_over_neighbours(segments.lps, g, r.immune_spread)
        sense_niches(g, sensed, segments, r, blood[0].sensed_level[LPS], hours)
        around = sensed.cell_secretion[g] * smooth_over_neighbours(
            sensed.mature, g, r.immune_spread
        )
        for maturity in range(2):
            for axis in range(N_AXES):
                mean = load(r, axis, maturity, sensed.cell_secretion[g], around)
                sensed.load[g, maturity, axis] = mean
                sensed.no_load[g, maturity, axis] = exp(-mean)
        for place in range(PLASMA):
            rate = leaving_rate(r, place, segments.mucus[g], segments.damage[g])
            sensed.leaving[g * N_PLACES + place] = rate
            sensed.staying[g * N_PLACES + place] = threshold(exp(-rate * hours))
    for place in range(PLASMA, N_PLACES):
        rate = leaving_rate(body, place, 1.0, 0.0)
        sensed.leaving[n * N_PLACES + place] = rate
        sensed.staying[n * N_PLACES + place] = threshold(exp(-rate * hours))
