"""Sense: integer sums over cells become what segments and organs hear in this tick."""

from __future__ import annotations

from gutexo.biology.cargo import load
from gutexo.biology.draws import threshold
from gutexo.biology.exact import exp
from gutexo.biology.exosome import leaving_rate
from gutexo.biology.insulin_signalling import block
from gutexo.biology.places import (
    FIXED_POINT,
    HEPATOCYTE,
    INSULIN_RESISTANCE,
    N_AXES,
    N_KINDS,
    N_PLACES,
    PLASMA,
    PROTECTIVE,
)
from gutexo.biology.senescence import against_old
from gutexo.compiled import kernel


@kernel
def in_young_levels(units, reference, protective):
    """Cargo held against what a healthy young niche holds."""
    return units / (reference * protective)


@kernel
def with_neighbours(values, g, weight):
    """A segment's value mixed with its neighbours', one on either side where there is one."""
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
def sense_segment(g, a, cells, heard, rates):
    """Sums over the cells of one segment."""
    r = rates[g]
    first = g * a.enterocytes
    senescent = 0
    for i in range(first, first + a.enterocytes):
        senescent += cells.senescent[i]
    heard.senescent[g] = against_old(r, senescent / a.enterocytes)
    start = a.first_macrophage + g * a.macrophages
    active = 0
    for i in range(start, start + a.macrophages):
        active += int(cells.state[i] * FIXED_POINT)
    heard.activation[g] = active / FIXED_POINT / a.macrophages
    for axis in range(N_AXES):
        held = 0
        for i in range(first, first + a.enterocytes):
            held += cells.held[i, axis]
        taken = 0
        for i in range(start, start + a.macrophages):
            taken += cells.held[i, axis]
        unit = r.cargo_reference_protective if axis == PROTECTIVE else 1.0
        heard.enterocyte_cargo[g, axis] = in_young_levels(held, r.reference_enterocyte, unit)
        heard.macrophage_cargo[g, axis] = in_young_levels(taken, r.reference_macrophage, unit)


@kernel
def sense_organ(kind, first, last, cells, heard, r, blood, reference):
    """Sums over the cells of one organ."""
    total = 0
    for i in range(first, last):
        total += int(cells.state[i] * FIXED_POINT)
    size = last - first
    heard.organ_sensitivity[kind] = total / FIXED_POINT / size
    for axis in range(N_AXES):
        held = 0
        for i in range(first, last):
            held += cells.held[i, axis]
        unit = r.cargo_reference_protective if axis == PROTECTIVE else 1.0
        heard.organ_cargo[kind, axis] = in_young_levels(held, reference, unit)
    heard.organ_block[kind] = block(
        r,
        kind,
        blood[0].tnf_heard * r.tnf_action,
        blood[0].il6_heard * r.il6_action,
        heard.organ_cargo[kind, INSULIN_RESISTANCE],
    )


@kernel
def sense(a, segments, cells, heard, rates, blood, hours):
    """Fill `heard` from the state that stands now."""
    n = a.segments
    body = rates[n]
    for g in range(n):
        sense_segment(g, a, cells, heard, rates)
    firsts = (a.first_hepatocyte, a.first_myocyte, a.first_adipocyte, a.cells)
    references = (body.reference_hepatocyte, body.reference_myocyte, body.reference_adipocyte)
    for organ in range(N_KINDS - HEPATOCYTE):
        sense_organ(
            HEPATOCYTE + organ,
            firsts[organ],
            firsts[organ + 1],
            cells,
            heard,
            body,
            blood,
            references[organ],
        )
    for g in range(n):
        r = rates[g]
        heard.around[g] = with_neighbours(heard.activation, g, r.immune_spread)
        heard.lps[g] = with_neighbours(segments.lps, g, r.immune_spread)
        for flag in range(2):
            for axis in range(N_AXES):
                mean = load(r, axis, flag, heard.activation[g], heard.senescent[g])
                heard.load[g, flag, axis] = mean
                heard.no_load[g, flag, axis] = exp(-mean)
        for place in range(PLASMA):
            rate = leaving_rate(r, place, segments.mucus[g], segments.damage[g])
            heard.leaving[g * N_PLACES + place] = rate
            heard.staying[g * N_PLACES + place] = threshold(exp(-rate * hours))
    for place in range(PLASMA, N_PLACES):
        rate = leaving_rate(body, place, 1.0, 0.0)
        heard.leaving[n * N_PLACES + place] = rate
        heard.staying[n * N_PLACES + place] = threshold(exp(-rate * hours))
