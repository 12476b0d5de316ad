"""Weaning: the state in which every mouse is first stepped, at 21 days of age.

A young pup is not simulated, except for its senescent burden. Everything else begins at the rest
point of the signals of that day, so that states which move over weeks have no long way to go.
"""

from __future__ import annotations

import math

import numpy as np

from gutexo.biology import streams
from gutexo.biology.cargo import load
from gutexo.biology.codes import (
    BY_ITSELF,
    ENTEROCYTE,
    FIRST_ORGAN,
    INFLAMMATORY,
    INSULIN_RESISTANCE,
    MACROPHAGE,
    N_AXES,
    PROTECTIVE,
    WELL,
)
from gutexo.biology.draws import derive_key, fold, normal, uniform_at
from gutexo.biology.glucose import fasting_levels, peripheral_sensitivity
from gutexo.biology.insulin_signalling import capacity_target, signalling_block
from gutexo.biology.macrophage import activation_target, lps_threshold
from gutexo.body.assays.glycaemia import glucose_rates
from gutexo.body.mouse_size import check_fits_memory
from gutexo.body.stages.blood import advance_burden, advance_signals
from gutexo.body.stages.cells import (
    intrinsic_state,
    susceptibility,
    turn_senescent,
    update_sensitivity,
)
from gutexo.body.stages.segments import advance_segment
from gutexo.body.stages.sense import secretion_of_cell, smooth_over_neighbours
from gutexo.body.state import State, empty_state
from gutexo.body.young_levels import (
    kept_at_defaults,
    kept_by_enterocytes,
    kept_by_macrophages,
)
from gutexo.catalogue import Parameters
from gutexo.catalogue.ages import WEANING_DAYS
from gutexo.catalogue.organs import ADIPOSE, LIVER, MUSCLE, N_ORGANS
from gutexo.catalogue.signals import IL10, LPS, TNF
from gutexo.compiled import kernel, rule

MOST_BURDEN = 0.95  # of a pup, which is not stepped and cannot die
ROUNDS = 40
FOREVER = 1e6  # h; a step after which every state is at its target
HALVINGS = 60
LEAST_MASS, MOST_MASS = 1.0, 1e5  # mg
# What a young level contains already of the turnover of cells.
KEPT_BY_ENTEROCYTES, KEPT_BY_MACROPHAGES = kept_at_defaults()


@rule
def advance_burden_from_birth(r, key, hours, blood):
    """Advance the senescent burden from birth to an age (h), before the mouse itself is stepped."""
    b = blood[0]
    for hour in range(hours):
        z = normal(uniform_at(fold(key, np.uint64(hour)), 0))
        advance_burden(r, b, b.burden, float(hour), 1.0, z)
        if b.burden > MOST_BURDEN:
            b.burden = MOST_BURDEN


@rule
def intrinsic_mature_share(r, b):
    """Share of sites that are senescent and mature by the intrinsic burden alone."""
    share = min(b.followed, b.mature) / r.senescence_whole
    return share if share < 1.0 else 1.0


@rule
def held_at_rest(r, axis, mature, cell_secretion, kept):
    """Cargo that a cell group holds at rest in a gut of equal segments, in young levels.

    Args:
        r: Rates of the segment.
        axis: Cargo axis.
        mature: Share of niches that are senescent and mature.
        cell_secretion: What one such niche secretes.
        kept: Share that remains although cells are replaced, against the same at the defaults.
    """
    around = mature * cell_secretion
    mean = mature * load(r, axis, 1, cell_secretion, around)
    mean = mean + (1.0 - mature) * load(r, axis, 0, cell_secretion, around)
    return kept * mean / r.cargo_units_per_packet


@kernel
def rest_of_macrophage(g, segments, sensed, r, blood, threshold):
    """Activation at rest of a macrophage with a threshold, in what its segment senses now."""
    return activation_target(
        r,
        sensed.lps[g] + r.immune_blood_lps * blood[0].sensed_level[LPS],
        sensed.macrophage_cargo[g, INFLAMMATORY],
        sensed.macrophage_cargo[g, PROTECTIVE],
        segments.cytokines[g, IL10],
        threshold,
    )


@kernel
def set_gut_to_rest(a, segments, sensed, rates, blood):
    """Bring segments and blood one round nearer to their rest point."""
    n = a.segments
    body = rates[n]
    mature = intrinsic_mature_share(body, blood[0])
    plasma_lps = blood[0].sensed_level[LPS]
    of_organs = mature * secretion_of_cell(body, plasma_lps)
    sensed.organs_secretion[0] = of_organs
    for organ in range(N_ORGANS):
        sensed.organ_secretion[organ] = of_organs
    for g in range(n):
        r = rates[g]
        lps = sensed.lps[g] + r.immune_blood_lps * plasma_lps
        sensed.cell_secretion[g] = secretion_of_cell(r, lps)
        sensed.secretion[g] = mature * sensed.cell_secretion[g]
        gut = kept_by_enterocytes(1.0 / r.cargo_decay, 1.0 / r.epithelium_migration)
        wall = kept_by_macrophages(1.0 / r.cargo_decay, 24.0 * r.immune_turnover)
        for axis in range(N_AXES):
            held = held_at_rest(r, axis, mature, sensed.cell_secretion[g], 1.0)
            sensed.enterocyte_cargo[g, axis] = held * gut / KEPT_BY_ENTEROCYTES
            sensed.macrophage_cargo[g, axis] = held * wall / KEPT_BY_MACROPHAGES
        sensed.local_activation[g] = smooth_over_neighbours(sensed.activation, g, r.immune_spread)
    for g in range(n):
        advance_segment(g, segments, sensed, rates, FOREVER)
    advance_signals(a, sensed, segments, body, blood, FOREVER)
    for g in range(n):
        sensed.lps[g] = smooth_over_neighbours(segments.lps, g, rates[g].immune_spread)
    for g in range(n):
        sensed.activation[g] = rest_of_macrophage(g, segments, sensed, rates[g], blood, 1.0)


@kernel
def set_organs_to_rest(a, cells, sensed, rates, blood):
    """Set blocks, capacity and sensitivity of the cells of organs to their rest point."""
    n = a.segments
    body = rates[n]
    mature = intrinsic_mature_share(body, blood[0])
    for organ in range(N_ORGANS):
        for axis in range(N_AXES):
            held = 0.0
            for g in range(n):
                held = held + held_at_rest(rates[g], axis, mature, sensed.cell_secretion[g], 1.0)
            sensed.organ_cargo[organ, axis] = held / n
    for i in range(a.first_organ_cell, len(cells.kind)):
        organ = cells.kind[i] - FIRST_ORGAN
        block = signalling_block(
            body,
            organ,
            blood[0].sensed_level[TNF] * body.signal_action[TNF],
            blood[0].sensed_level[LPS],
            sensed.organ_cargo[organ, INSULIN_RESISTANCE],
            sensed.organ_secretion[organ],
        )
        cells.fast[i] = block
        cells.slow[i] = block
        cells.capacity[i] = capacity_target(body, sensed.organ_cargo[organ, PROTECTIVE])
        update_sensitivity(i, cells, body)


@kernel
def set_rest_point(a, segments, cells, sensed, rates, blood):
    """Set segments, macrophages, blood and organs to the rest point under an intrinsic burden.

    Args:
        a: Anatomy.
        segments: Columns of segments.
        cells: Columns of cells; their states of senescence are set.
        sensed: What is sensed; it is used as room for the calculation.
        rates: Records of rates.
        blood: Blood and body, with the burden that sites follow and its mature part.
    """
    for g in range(a.segments):
        sensed.activation[g] = rates[g].immune_rest
        sensed.lps[g] = 1.0
    for _ in range(ROUNDS):
        set_gut_to_rest(a, segments, sensed, rates, blood)
    for i in range(len(cells.kind)):
        if cells.kind[i] != MACROPHAGE:
            state = intrinsic_state(i, cells, rates[a.segments], blood)
            if state != WELL:
                turn_senescent(i, state, BY_ITSELF, cells, -1)
        else:
            g = cells.segment[i]
            threshold = lps_threshold(rates[g], cells.susceptibility[i])
            cells.state[i] = rest_of_macrophage(g, segments, sensed, rates[g], blood, threshold)
    set_organs_to_rest(a, cells, sensed, rates, blood)


def find_rest_mass(parameters: Parameters, liver: float, periphery: float) -> float:
    """Find the beta-cell mass (mg) at which fasting glucose keeps it as it is.

    Args:
        parameters: Parameters of the mouse.
        liver: Insulin sensitivity of the liver.
        periphery: Insulin sensitivity of muscle and fat.

    Returns:
        The mass; the catalogue's where no mass from 1 to 100,000 mg is at rest.
    """
    p, rates = parameters.glucose, glucose_rates(parameters.glucose)
    square = p.beta_growth**2 - 4.0 * p.beta_toxicity * p.beta_death
    if square < 0.0 or p.beta_growth <= 0.0:
        return p.beta_mass
    wanted = p.beta_root + 2.0 * p.beta_death / (p.beta_growth + math.sqrt(square))
    low, high = LEAST_MASS, MOST_MASS
    # Glucose falls with mass.
    if not (
        fasting_levels(rates, high, liver, periphery)[0]
        < wanted
        < fasting_levels(rates, low, liver, periphery)[0]
    ):
        return p.beta_mass
    for _ in range(HALVINGS):
        mass = 0.5 * (low + high)
        if fasting_levels(rates, mass, liver, periphery)[0] > wanted:
            low = mass
        else:
            high = mass
    return 0.5 * (low + high)


def weaned_state(parameters: Parameters, seed: int) -> State:
    """Make the state of a mouse of 21 days, before its first tick.

    Args:
        parameters: Parameters of the mouse.
        seed: Identity of the animal.

    Raises:
        GutexoError: The memory of this machine is not sufficient.
    """
    check_fits_memory(parameters)
    state = empty_state(parameters, seed)
    a, cells, segments, records = state.anatomy, state.cells, state.segments, state.records
    key = derive_key(state.run_key, streams.SUSCEPTIBILITY)
    for i in range(a.cells):
        cells.susceptibility[i] = susceptibility(key, i, 0)
        if cells.kind[i] == ENTEROCYTE:
            cells.position[i] = uniform_at(derive_key(key, i), 1)
    segments.density[:] = records["microbiota_density"][:-1]
    state.blood["level"] = state.blood["sensed_level"] = 1.0
    youth = derive_key(state.run_key, streams.YOUTH)
    advance_burden_from_birth(records[a.segments], youth, int(24 * WEANING_DAYS), state.blood)
    set_rest_point(a, segments, cells, state.sensed, records, state.blood)
    means = [float(cells.state[a.organ_rows(organ)].mean()) for organ in range(N_ORGANS)]
    periphery = peripheral_sensitivity(
        glucose_rates(parameters.glucose), means[MUSCLE], means[ADIPOSE]
    )
    state.blood[0].beta_mass = find_rest_mass(parameters, means[LIVER], float(periphery))
    return state
