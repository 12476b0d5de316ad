"""Sense: integer sums over cells give what segments and organs sense in this tick."""

from __future__ import annotations

from gutexo.biology.cargo import load
from gutexo.biology.codes import (
    FIXED_POINT,
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
from gutexo.biology.senescence import share_relative_to_old
from gutexo.catalogue.organs import N_ORGANS
from gutexo.catalogue.signals import IL6, TNF
from gutexo.compiled import kernel


@kernel
def relative_to_young(units, reference, protective):
    """Cargo held, relative to what a healthy young niche holds."""
    return units / (reference * protective)


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
def sense_segment(g, a, cells, sensed, rates):
    """Fill in the sums over the cells of one segment."""
    r = rates[g]
    first = g * a.enterocytes
    senescent = 0
    for i in range(first, first + a.enterocytes):
        senescent += cells.senescent[i]
    sensed.senescent[g] = share_relative_to_old(r, senescent / a.enterocytes)
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
        unit = r.cargo_reference_protective if axis == PROTECTIVE else 1.0
        sensed.enterocyte_cargo[g, axis] = relative_to_young(held, r.reference_enterocyte, unit)
        sensed.macrophage_cargo[g, axis] = relative_to_young(taken, r.reference_macrophage, unit)


@kernel
def sense_organ(organ, a, cells, sensed, r, blood):
    """Fill in the sums over the cells of one organ."""
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
        unit = r.cargo_reference_protective if axis == PROTECTIVE else 1.0
        sensed.organ_cargo[organ, axis] = relative_to_young(held, r.reference_organ[organ], unit)
    sensed.organ_block[organ] = signalling_block(
        r,
        organ,
        blood[0].sensed_level[TNF] * r.signal_action[TNF],
        blood[0].sensed_level[IL6] * r.signal_action[IL6],
        sensed.organ_cargo[organ, INSULIN_RESISTANCE],
    )


@kernel
def sense(a, segments, cells, sensed, rates, blood, hours):
    """Fill `sensed` from the current state."""
    n = a.segments
    body = rates[n]
    for g in range(n):
        sense_segment(g, a, cells, sensed, rates)
    for organ in range(N_ORGANS):
        sense_organ(organ, a, cells, sensed, body, blood)
    for g in range(n):
        r = rates[g]
        sensed.local_activation[g] = smooth_over_neighbours(sensed.activation, g, r.immune_spread)
        sensed.lps[g] = smooth_over_neighbours(segments.lps, g, r.immune_spread)
        for is_senescent in range(2):
            for axis in range(N_AXES):
                mean = load(r, axis, is_senescent, sensed.activation[g], sensed.senescent[g])
                sensed.load[g, is_senescent, axis] = mean
                sensed.no_load[g, is_senescent, axis] = exp(-mean)
        for place in range(PLASMA):
            rate = leaving_rate(r, place, segments.mucus[g], segments.damage[g])
            sensed.leaving[g * N_PLACES + place] = rate
            sensed.staying[g * N_PLACES + place] = threshold(exp(-rate * hours))
    for place in range(PLASMA, N_PLACES):
        rate = leaving_rate(body, place, 1.0, 0.0)
        sensed.leaving[n * N_PLACES + place] = rate
        sensed.staying[n * N_PLACES + place] = threshold(exp(-rate * hours))
