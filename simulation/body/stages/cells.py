"""Cell sites: turnover, senescence, activation, insulin signalling, decay of cargo, release."""

from __future__ import annotations

import math

import numpy as np

from gutexo.biology.codes import (
    ENTEROCYTE,
    FIRST_ORGAN,
    FIXED_POINT,
    INFLAMMATORY,
    MACROPHAGE,
    N_AXES,
    PROTECTIVE,
)
from gutexo.biology.draws import (
    binomial_from_uniform,
    draw,
    first_uniform,
    fold,
    poisson_small_mean,
    second_uniform,
    uniform,
    uniform_at,
)
from gutexo.biology.insulin_signalling import capacity_target, sensitivity
from gutexo.biology.macrophage import activation_target, lps_threshold
from gutexo.biology.senescence import share_relative_to_old
from gutexo.body.ledger import DECAYED, SHED
from gutexo.catalogue.signals import IL10, LPS
from gutexo.compiled import kernel


@kernel
def susceptibility(occupant_key, site, generation):
    """Rank of an occupant in becoming senescent (0 first, 1 last), fixed for its life."""
    return uniform_at(fold(fold(occupant_key, np.uint64(site)), np.uint64(generation)), 0)


@kernel
def decay_held_cargo(i, cells, r, ledger, clock):
    """Apply the decay of held cargo, cell by cell in turn, for the interval since the last turn."""
    if (clock.tick + i) % clock.thinning != 0:
        return
    key = fold(clock.thin, np.uint64(i))
    for axis in range(N_AXES):
        held = cells.held[i, axis]
        if held > 0:
            bits = draw(key, axis // 2)
            u = first_uniform(bits) if axis % 2 == 0 else second_uniform(bits)
            gone = binomial_from_uniform(held, r.thinning_decay, u, fold(key, np.uint64(2 + axis)))
            cells.held[i, axis] = held - gone
            ledger[DECAYED, axis] += gone


@kernel
def replace_occupant(i, cells, ledger, clock):
    """Replace the occupant of a site by a new generation; the cargo that it holds is lost."""
    for axis in range(N_AXES):
        ledger[SHED, axis] += cells.held[i, axis]
        cells.held[i, axis] = 0
    cells.generation[i] += 1
    cells.susceptibility[i] = susceptibility(clock.occupant, i, cells.generation[i])


@kernel
def advance_enterocyte(i, cells, r, ledger, clock):
    """Move an enterocyte from crypt to tip, shed it at the tip, and draw its number of packets."""
    cells.position[i] += r.epithelium_migration * clock.hours
    if cells.position[i] >= 1.0:
        replace_occupant(i, cells, ledger, clock)
        cells.position[i] -= math.floor(cells.position[i])
    u = uniform(fold(clock.release, np.uint64(i)))
    cells.release[i] = poisson_small_mean(r.no_release, r.exosome_release * clock.hours, u)


@kernel
def advance_macrophage(i, g, cells, segments, sensed, r, blood, ledger, clock):
    """Replace a macrophage by one from monocytes at random, then move activation to its target."""
    u = uniform(fold(clock.turnover, np.uint64(i)))
    if u < r.macrophage_replacement:
        replace_occupant(i, cells, ledger, clock)
        cells.state[i] = r.immune_rest
    lps = sensed.lps[g] + r.immune_blood_lps * blood[0].sensed_level[LPS]
    target = activation_target(
        r,
        lps,
        sensed.macrophage_cargo[g, INFLAMMATORY],
        sensed.macrophage_cargo[g, PROTECTIVE],
        segments.cytokines[g, IL10],
        lps_threshold(r, cells.susceptibility[i]),
    )
    cells.state[i] += (target - cells.state[i]) * r.activation_step


@kernel
def advance_insulin_cell(i, cells, sensed, r):
    """Advance the fast and slow block and the capacity of a cell of an organ."""
    organ = cells.kind[i] - FIRST_ORGAN
    drive = sensed.organ_block[organ]
    cells.fast[i] += (drive - cells.fast[i]) * r.fast_step
    cells.slow[i] += (drive - cells.slow[i]) * r.slow_step
    driven = capacity_target(r, sensed.organ_cargo[organ, PROTECTIVE])
    cells.capacity[i] += (driven - cells.capacity[i]) * r.capacity_step[organ]
    update_sensitivity(i, cells, r)


@kernel
def update_sensitivity(i, cells, r):
    """Set the insulin sensitivity of a cell from its current blocks and capacity."""
    senescent = share_relative_to_old(r, cells.senescent[i])
    cells.state[i] = sensitivity(r, cells.fast[i], cells.slow[i], cells.capacity[i], senescent)


@kernel
def advance_cell(i, cells, segments, sensed, rates, blood, ledger, clock):
    """Advance one cell site by one tick.

    Returns:
        0, or 1 where a value is not finite or too large to be added in fixed point.
    """
    g = cells.segment[i]
    r = rates[g]
    kind = cells.kind[i]
    if kind == ENTEROCYTE:
        advance_enterocyte(i, cells, r, ledger, clock)
    elif kind == MACROPHAGE:
        advance_macrophage(i, g, cells, segments, sensed, r, blood, ledger, clock)
    else:
        advance_insulin_cell(i, cells, sensed, r)
    decay_held_cargo(i, cells, r, ledger, clock)
    cells.senescent[i] = 1 if cells.susceptibility[i] < blood[0].share else 0
    # NaN fails both comparisons.
    return 0 if 0.0 <= cells.state[i] < FIXED_POINT / 4096.0 else 1


@kernel
def run_cells(cells, segments, sensed, rates, blood, ledger, clock):
    """Advance all cell sites by one tick; return the row of the first failure, else -1."""
    for i in range(len(cells.kind)):
        if advance_cell(i, cells, segments, sensed, rates, blood, ledger, clock) != 0:
            return i
    return -1
