"""The mouse at weaning: its states at the rest point of that day's signals (ODD 5)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gutexo.catalogue.organs import ADIPOSE, LIVER, MUSCLE, N_ORGANS
from gutexo.catalogue.signals import N_CYTOKINES, N_SIGNALS
from gutexo.mean_field.array_layout import (
    ACTIVATION,
    BARRIER,
    CALMING,
    CAPACITY,
    CYTOKINE,
    DENSITY,
    DISRUPTING,
    FAST,
    INCITING,
    INFLAMING,
    INFLAMMATORY,
    INSULIN,
    JUNCTION,
    LEVEL,
    LIPID,
    LPS,
    MASS,
    MUCUS,
    ORGAN_INFLAMING,
    ORGANS_SECRETION,
    PROTECTING,
    PROTECTIVE,
    SENSED,
    SENSITIVITY,
    SLOW,
    SUPPORT,
)
from gutexo.mean_field.compiling import law
from gutexo.mean_field.glucose import rest_mass
from gutexo.mean_field.organs import (
    insulin_block,
    mean_activation,
    set_sensitivity,
    signal_goal,
)
from gutexo.mean_field.senescence import mature_burden, square_response
from gutexo.mean_field.wall import (
    activation_target,
    advance_segment,
    mix_neighbours,
    packet_loads,
    sense_senescence,
    set_local_cytokines,
)

TURNS = 40


@law
def set_cargo_at_rest(p: Any, wall: np.ndarray, organs: np.ndarray, loads: np.ndarray) -> None:
    """Set held cargo to that of some loads of a packet, float64[5, segment], at rest."""
    n, unit = wall.shape[1], p.cargo_units_per_packet
    gut, mac = p.rest_enterocytes, p.rest_macrophages
    for g in range(n):
        wall[DISRUPTING, g] = gut * loads[BARRIER, g] / unit
        wall[INFLAMING, g] = gut * loads[INFLAMMATORY, g] / unit
        wall[PROTECTING, g] = gut * loads[PROTECTIVE, g] / unit
        wall[INCITING, g] = mac * loads[INFLAMMATORY, g] / unit
        wall[CALMING, g] = mac * loads[PROTECTIVE, g] / unit
    for k in range(N_ORGANS):
        organs[ORGAN_INFLAMING, k] = loads[INFLAMMATORY].mean() / unit
        organs[LIPID, k] = loads[INSULIN].mean() / unit
        organs[SUPPORT, k] = loads[PROTECTIVE].mean() / unit


@law
def set_blood_at_rest(p: Any, wall: np.ndarray, body: np.ndarray) -> None:
    """Set cytokines and LPS of plasma to their targets; one that is not cleared stays."""
    activation = mean_activation(wall)
    for i in range(N_SIGNALS):
        if p.f_clearance[i] > 0.0:
            level = signal_goal(p, wall, body, i, activation) / p.f_clearance[i]
            body[LEVEL + i] = level
            body[SENSED + i] = level


@law
def set_activation_at_rest(p: Any, wall: np.ndarray, spread: float) -> None:
    """Set the activation of macrophages to its target over thresholds of some spread."""
    for g in range(wall.shape[1]):
        wall[ACTIVATION, g] = activation_target(p, wall, g, spread)


@law
def set_rest_point(
    numbers: np.ndarray, wall: np.ndarray, organs: np.ndarray, body: np.ndarray, fed: bool
) -> None:
    """Set wall, macrophages, blood and organs to rest; burden and sites are held.

    At weaning there are no packets and no held cargo yet; `fed` keeps the cargo of the rest point.
    """
    p, n = numbers[0], wall.shape[1]
    loads = np.zeros((5, n))
    ended = (0.0, 0.0, 0.0, 0.0, 0.0)
    wall[JUNCTION] = 0.95
    wall[ACTIVATION] = p.immune_rest
    wall[MUCUS] = 1.0
    wall[DENSITY] = p.microbiota_density
    wall[LPS] = 1.0
    wall[CYTOKINE : CYTOKINE + N_CYTOKINES] = 1.0
    body[LEVEL : LEVEL + N_SIGNALS] = 1.0
    body[SENSED : SENSED + N_SIGNALS] = 1.0
    for _ in range(TURNS):
        sense_senescence(p, wall, organs, body, mature_burden(p, body))
        packet_loads(p, wall, loads)
        set_cargo_at_rest(p, wall, organs, loads)
        for g in range(n):
            around = mix_neighbours(wall[ACTIVATION], g, p.immune_spread)
            advance_segment(p, wall, g, math.inf, ended)
            set_local_cytokines(p, wall, g, around, body[ORGANS_SECRETION])
        set_blood_at_rest(p, wall, body)
        sense_senescence(p, wall, organs, body, mature_burden(p, body))
        set_activation_at_rest(p, wall, 0.0)
    set_activation_at_rest(p, wall, p.immune_threshold_spread)
    for k in range(N_ORGANS):
        block = insulin_block(p, organs, body, k)
        organs[FAST, k] = block
        organs[SLOW, k] = block
        organs[CAPACITY, k] = square_response(organs[SUPPORT, k] / p.cargo_protection_half)
        set_sensitivity(p, organs, k)
    share = p.glucose_muscle_share
    periphery = share * organs[SENSITIVITY, MUSCLE] + (1.0 - share) * organs[SENSITIVITY, ADIPOSE]
    body[MASS] = rest_mass(p, organs[SENSITIVITY, LIVER], periphery)
    if fed:
        return
    for row in (DISRUPTING, INFLAMING, PROTECTING, INCITING, CALMING):
        wall[row] = 0.0
    for row in (ORGAN_INFLAMING, LIPID, SUPPORT):
        organs[row] = 0.0
