"""Cell sites: turnover, senescence, activation, insulin signalling, decay of cargo, release."""

from __future__ import annotations

import math

import numpy as np

from gutexo.biology.codes import (
    BY_INDUCTION,
    BY_ITSELF,
    ENTEROCYTE,
    FIRST_ORGAN,
    FIXED_POINT,
    INDUCED,
    INDUCED_MATURE,
    INFLAMMATORY,
    INTRINSIC,
    INTRINSIC_MATURE,
    MACROPHAGE,
    N_AXES,
    PROTECTIVE,
    WELL,
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
from gutexo.body.ledger import DECAYED, SHED
from gutexo.catalogue.signals import IL10, LPS
from gutexo.compiled import kernel


@kernel
def susceptibility(occupant_key, site, generation):
    """Rank of a site in turning senescent (0 first, 1 last), or of a macrophage's LPS threshold."""
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
def replace_occupant(i, cells, ledger):
    """Replace the occupant of a site by a new generation; the cargo that it holds is lost."""
    for axis in range(N_AXES):
        ledger[SHED, axis] += cells.held[i, axis]
        cells.held[i, axis] = 0
    cells.generation[i] += 1


@kernel
def advance_enterocyte(i, cells, r, ledger, clock):
    """Move an enterocyte from crypt to tip, shed it at the tip, and draw its number of packets."""
    cells.position[i] += r.epithelium_migration * clock.hours
    if cells.position[i] >= 1.0:
        replace_occupant(i, cells, ledger)
        cells.position[i] -= math.floor(cells.position[i])
    u = uniform(fold(clock.release, np.uint64(i)))
    cells.release[i] = poisson_small_mean(r.no_release, r.exosome_release * clock.hours, u)


@kernel
def advance_macrophage(i, g, cells, segments, sensed, r, blood, ledger, clock):
    """Replace a macrophage by one from monocytes at random, then move activation to its target."""
    u = uniform(fold(clock.turnover, np.uint64(i)))
    if u < r.macrophage_replacement:
        replace_occupant(i, cells, ledger)
        cells.susceptibility[i] = susceptibility(clock.occupant, i, cells.generation[i])
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
    cells.state[i] = sensitivity(r, cells.fast[i], cells.slow[i], cells.capacity[i])


@kernel
def turn_senescent(i, state, cause, cells, tick):
    """Turn a well site senescent, and record when and why."""
    cells.senescence[i] = state
    cells.cause[i] = cause
    cells.turned[i] = tick


@kernel
def clear_site(i, cells, tick):
    """Make a senescent site well again, and record when."""
    cells.senescence[i] = WELL
    cells.cleared[i] = tick


@kernel
def intrinsic_state(i, cells, r, blood):
    """State in which the intrinsic burden alone keeps a site: the most susceptible turn first."""
    place = cells.susceptibility[i] * r.senescence_whole
    if place >= blood[0].followed:
        return WELL
    return INTRINSIC_MATURE if place < blood[0].mature else INTRINSIC


@kernel
def advance_site(i, induction, cells, sensed, r, blood, clock):
    """Advance the senescence of a niche or a cell of an organ by one tick.

    An induced site is cleared or matures at random. An intrinsic one is cleared only by the fall of
    the burden, which holds its clearance already. Only a well site can be induced.

    Args:
        i: Row of the site.
        induction: Chance of a well site to be induced in this tick.
        cells: Cell columns.
        sensed: Sensed columns.
        r: Rates.
        blood: Blood and body.
        clock: The tick.
    """
    state = cells.senescence[i]
    if state >= INDUCED:
        u = uniform(fold(clock.induction, np.uint64(i)))
        freed = sensed.freed[0]
        if u < freed:
            clear_site(i, cells, clock.tick)
        elif state == INDUCED and u < freed + (1.0 - freed) * r.maturing_step:
            cells.senescence[i] = INDUCED_MATURE
        return
    intrinsic = intrinsic_state(i, cells, r, blood)
    if state != WELL:
        if intrinsic == WELL:
            clear_site(i, cells, clock.tick)
        else:
            cells.senescence[i] = intrinsic
    elif intrinsic != WELL:
        turn_senescent(i, intrinsic, BY_ITSELF, cells, clock.tick)
    elif uniform(fold(clock.induction, np.uint64(i))) < induction:
        turn_senescent(i, INDUCED, BY_INDUCTION, cells, clock.tick)


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
        advance_site(i, sensed.induction[g], cells, sensed, r, blood, clock)
    elif kind == MACROPHAGE:
        advance_macrophage(i, g, cells, segments, sensed, r, blood, ledger, clock)
    else:
        advance_insulin_cell(i, cells, sensed, r)
        induction = sensed.organ_induction[kind - FIRST_ORGAN]
        advance_site(i, induction, cells, sensed, r, blood, clock)
    decay_held_cargo(i, cells, r, ledger, clock)
    # NaN fails both comparisons.
    return 0 if 0.0 <= cells.state[i] < FIXED_POINT / 4096.0 else 1


@kernel
def run_cells(cells, segments, sensed, rates, blood, ledger, clock):
    """Advance all cell sites by one tick; return the row of the first failure, else -1."""
    for i in range(len(cells.kind)):
        if advance_cell(i, cells, segments, sensed, rates, blood, ledger, clock) != 0:
            return i
    return -1
