"""The second mouse at weaning: its states at the rest point of that day's signals (ODD 5)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gutexo.catalogue.organs import ADIPOSE, LIVER, MUSCLE, N_ORGANS
from gutexo.catalogue.signals import N_SIGNALS
from gutexo.mean_field.array_layout import BARRIER, INFLAMMATORY, INSULIN, PROTECTIVE
from gutexo.mean_field.compiling import law
from gutexo.mean_field.glucose import fasting_glucose
from gutexo.mean_field.second.layout import (
    ACTIVATION,
    CALMING,
    CAPACITY,
    DENSITY,
    DISRUPTING,
    FAST,
    INCITING,
    INFLAMING,
    JUNCTION,
    LEVEL,
    LIPID,
    LOCAL_IL10,
    LOCAL_TNF,
    LPS,
    MASS,
    MUCUS,
    ORGAN_INFLAMING,
    ORGAN_SECRETION,
    PATHOBIONTS,
    PROTECTING,
    SENSED,
    SENSITIVITY,
    SLOW,
    SUPPORT,
)
from gutexo.mean_field.second.organs import (
    insulin_block,
    mean_activation,
    set_sensitivity,
    signal_goal,
)
from gutexo.mean_field.second.senescence import square_response
from gutexo.mean_field.second.wall import (
    activation_goal,
    advance_segment,
    mature_burden,
    mix_with_neighbours,
    release_rates,
    sense_senescence,
    set_local_cytokines,
    set_local_lps,
)

TURNS = 40
LEAST_MASS, MOST_MASS = 1.0, 1e5  # mg


@law
def set_cargo_at_rest(p: Any, wall: np.ndarray, organs: np.ndarray, source: np.ndarray) -> None:
    """Set held cargo to that of the present loads at rest."""
    n, unit = wall.shape[1], p.release * p.cargo_units_per_packet
    gut, mac, good = p.rest_enterocytes, p.rest_macrophages, p.young_protective
    if unit <= 0.0:
        gut, mac, unit = 0.0, 0.0, 1.0
    for g in range(n):
        wall[DISRUPTING, g] = gut * source[BARRIER, g] / unit
        wall[INFLAMING, g] = gut * source[INFLAMMATORY, g] / unit
        wall[PROTECTING, g] = gut * source[PROTECTIVE, g] / unit / good
        wall[INCITING, g] = mac * source[INFLAMMATORY, g] / unit
        wall[CALMING, g] = mac * source[PROTECTIVE, g] / unit / good
    for k in range(N_ORGANS):
        organs[ORGAN_INFLAMING, k] = source[INFLAMMATORY].mean() / unit
        organs[LIPID, k] = source[INSULIN].mean() / unit
        organs[SUPPORT, k] = source[PROTECTIVE].mean() / unit / good


@law
def set_rest_point(
    numbers: np.ndarray, wall: np.ndarray, organs: np.ndarray, body: np.ndarray, fed: bool
) -> None:
    """Set wall, macrophages, blood and organs to rest; burden and sites are held.

    At weaning there are no packets and no held cargo yet; `fed` keeps the cargo of the rest point.
    """
    p, n = numbers[0], wall.shape[1]
    source = np.zeros((5, n))
    ended = (0.0, 0.0, 0.0, 0.0, 0.0)
    wall[JUNCTION] = 0.95
    wall[ACTIVATION] = p.immune_rest
    wall[MUCUS] = 1.0
    wall[DENSITY] = p.microbiota_density
    wall[LPS] = 1.0
    wall[LOCAL_TNF] = 1.0
    wall[LOCAL_IL10] = 1.0
    body[LEVEL : LEVEL + N_SIGNALS] = 1.0
    body[SENSED : SENSED + N_SIGNALS] = 1.0
    for _ in range(TURNS):
        sense_senescence(p, wall, organs, body, mature_burden(body))
        release_rates(p, wall, source)
        set_cargo_at_rest(p, wall, organs, source)
        sense_senescence(p, wall, organs, body, mature_burden(body))
        for g in range(n):
            advance_segment(p, wall, g, 1e9, ended)
            goal = p.microbiota_mucus_by_pathobionts * wall[DENSITY, g] * wall[PATHOBIONTS, g]
            wall[MUCUS, g] = 1.0 + goal
            set_local_lps(p, wall, g)
        for g in range(n):
            around = mix_with_neighbours(wall[ACTIVATION], g, p.immune_spread)
            set_local_cytokines(p, wall, g, around, body[ORGAN_SECRETION])
        for i in range(N_SIGNALS):
            level = signal_goal(p, wall, body, i, mean_activation(wall)) / p.f_clearance[i]
            body[LEVEL + i] = level
            body[SENSED + i] = level
        sense_senescence(p, wall, organs, body, mature_burden(body))
        for g in range(n):
            wall[ACTIVATION, g] = activation_goal(p, wall, g)
    for k in range(N_ORGANS):
        block = insulin_block(p, organs, body, k)
        organs[FAST, k] = block
        organs[SLOW, k] = block
        organs[CAPACITY, k] = square_response(organs[SUPPORT, k] / p.cargo_protection_half)
        set_sensitivity(p, organs, k)
    share = p.glucose_muscle_share
    periphery = share * organs[SENSITIVITY, MUSCLE] + (1.0 - share) * organs[SENSITIVITY, ADIPOSE]
    body[MASS] = resting_mass(p, organs[SENSITIVITY, LIVER], periphery)
    if fed:
        return
    for row in (DISRUPTING, INFLAMING, PROTECTING, INCITING, CALMING):
        wall[row] = 0.0
    for row in (ORGAN_INFLAMING, LIPID, SUPPORT):
        organs[row] = 0.0


@law
def resting_mass(p: Any, liver: float, periphery: float) -> float:
    """Beta-cell mass at which fasting glucose is the lower root of its growth."""
    a, b, c = p.glucose_beta_toxicity, p.glucose_beta_growth, p.glucose_beta_death
    inside = b * b - 4.0 * a * c
    if a <= 0.0 or inside < 0.0:
        return p.glucose_beta_mass
    goal = (b - math.sqrt(inside)) / (2.0 * a) + p.glucose_beta_root
    low, high = LEAST_MASS, MOST_MASS
    if not (
        fasting_glucose(p, low, liver, periphery)
        > goal
        > fasting_glucose(p, high, liver, periphery)
    ):
        return p.glucose_beta_mass
    for _ in range(60):
        middle = math.sqrt(low * high)
        if fasting_glucose(p, middle, liver, periphery) > goal:
            low = middle
        else:
            high = middle
    return math.sqrt(low * high)
