"""Cell sites: turnover, senescence, activation, insulin signalling, decay of cargo, release."""

from __future__ import annotations

import math

import numpy as np

from gutexo.biology.draws import (
    binomial_once,
    draw,
    first_uniform,
    fold,
    poisson_small,
    second_uniform,
    uniform,
    uniform_at,
)
from gutexo.biology.insulin_signalling import capacity_target, sensitivity
from gutexo.biology.macrophage import activation_target, il10_level, own_threshold
from gutexo.biology.places import (
    ENTEROCYTE,
    FIXED_POINT,
    HEPATOCYTE,
    INFLAMMATORY,
    MACROPHAGE,
    MYOCYTE,
    N_AXES,
    PROTECTIVE,
)
from gutexo.biology.senescence import against_old
from gutexo.body.ledger import DECAYED, SHED
from gutexo.compiled import kernel


@kernel
def susceptibility(occupant_key, site, generation):
    """How late an occupant turns senescent (0 first, 1 last): fixed for its life."""
    return uniform_at(fold(fold(occupant_key, np.uint64(site)), np.uint64(generation)), 0)


@kernel
def thin_held_cargo(i, cells, r, ledger, clock):
    """Decay of held cargo, each cell in its turn for the whole interval since its last."""
    if (clock.tick + i) % clock.thinning != 0:
        return
    key = fold(clock.thin, np.uint64(i))
    for axis in range(N_AXES):
        held = cells.held[i, axis]
        if held > 0:
            lot = draw(key, axis // 2)
            u = first_uniform(lot) if axis % 2 == 0 else second_uniform(lot)
            gone = binomial_once(held, r.thinning_decay, u, fold(key, np.uint64(2 + axis)))
            cells.held[i, axis] = held - gone
            ledger[DECAYED, axis] += gone


@kernel
def replace_occupant(i, cells, ledger, clock):
    """The occupant of a site leaves with what it holds; a new generation takes its place."""
    for axis in range(N_AXES):
        ledger[SHED, axis] += cells.held[i, axis]
        cells.held[i, axis] = 0
    cells.generation[i] += 1
    cells.susceptibility[i] = susceptibility(clock.occupant, i, cells.generation[i])


@kernel
def advance_enterocyte(i, cells, r, ledger, clock):
    """Crypt to tip, shed at the tip; packets released in this tick."""
    cells.position[i] += r.epithelium_migration * clock.hours
    if cells.position[i] >= 1.0:
        replace_occupant(i, cells, ledger, clock)
        cells.position[i] -= math.floor(cells.position[i])
    u = uniform(fold(clock.release, np.uint64(i)))
    cells.release[i] = poisson_small(r.no_release, r.exosome_release * clock.hours, u)


@kernel
def advance_macrophage(i, g, cells, heard, r, blood, ledger, clock):
    """Monocyte-derived replacement, then activation follows its drive."""
    u = uniform(fold(clock.turnover, np.uint64(i)))
    if u < r.macrophage_replacement:
        replace_occupant(i, cells, ledger, clock)
        cells.state[i] = r.immune_rest
    lps = heard.lps[g] + r.immune_blood_lps * blood[0].lps_heard
    target = activation_target(
        r,
        lps,
        heard.macrophage_cargo[g, INFLAMMATORY],
        heard.macrophage_cargo[g, PROTECTIVE],
        il10_level(r, heard.around[g]),
        own_threshold(r, cells.susceptibility[i]),
    )
    cells.state[i] += (target - cells.state[i]) * r.activation_step


@kernel
def advance_responder(i, cells, heard, r):
    """Insulin signalling of a hepatocyte, myocyte or adipocyte: fast, slow, and its capacity."""
    kind = cells.kind[i]
    drive = heard.organ_block[kind]
    cells.fast[i] += (drive - cells.fast[i]) * r.fast_step
    cells.slow[i] += (drive - cells.slow[i]) * r.slow_step
    driven = capacity_target(r, heard.organ_cargo[kind, PROTECTIVE])
    cells.capacity[i] += (driven - cells.capacity[i]) * capacity_step(r, kind)
    respond(i, cells, r)


@kernel
def respond(i, cells, r):
    """Insulin sensitivity of a cell as its blocks and its capacity stand."""
    flag = against_old(r, cells.senescent[i])
    cells.state[i] = sensitivity(r, cells.fast[i], cells.slow[i], cells.capacity[i], flag)


@kernel
def capacity_step(r, kind):
    """Share of its way that mitochondrial capacity goes in a tick, by kind of cell."""
    if kind == HEPATOCYTE:
        return r.hepatocyte_capacity_step
    if kind == MYOCYTE:
        return r.myocyte_capacity_step
    return r.adipocyte_capacity_step


@kernel
def settle_capacity(first, cells, heard, rates):
    """Capacity as weeks with what organs hear now would leave it, from some row on."""
    for i in range(first, len(cells.kind)):
        r = rates[cells.segment[i]]
        cells.capacity[i] = capacity_target(r, heard.organ_cargo[cells.kind[i], PROTECTIVE])
        respond(i, cells, r)


@kernel
def advance_cell(i, cells, heard, rates, blood, ledger, clock):
    """One tick of one cell site.

    Returns:
        0, or 1 where a value is not finite or too large to be added in fixed point.
    """
    g = cells.segment[i]
    r = rates[g]
    kind = cells.kind[i]
    if kind == ENTEROCYTE:
        advance_enterocyte(i, cells, r, ledger, clock)
    elif kind == MACROPHAGE:
        advance_macrophage(i, g, cells, heard, r, blood, ledger, clock)
    else:
        advance_responder(i, cells, heard, r)
    thin_held_cargo(i, cells, r, ledger, clock)
    cells.senescent[i] = 1 if cells.susceptibility[i] < blood[0].share else 0
    # NaN fails both comparisons.
    return 0 if 0.0 <= cells.state[i] < FIXED_POINT / 4096.0 else 1


@kernel
def run_cells(cells, heard, rates, blood, ledger, clock):
    """One tick of all cell sites; the row of the first that is not finite, else -1."""
    for i in range(len(cells.kind)):
        if advance_cell(i, cells, heard, rates, blood, ledger, clock) != 0:
            return i
    return -1
