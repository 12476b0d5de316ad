"""The start of a mean-field mouse (ODD 5): the rest point of the signals of its day of weaning."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gutexo.catalogue.organs import N_ORGANS
from gutexo.catalogue.signals import LPS as LPS_SIGNAL
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
    INFLAMING,
    INFLAMMATORY,
    INSULIN,
    JUNCTION,
    LEVEL,
    LIPID,
    LPS,
    MATURED,
    MUCUS,
    OFFER,
    PROTECTING,
    PROTECTIVE,
    SENSED,
    SHARE,
    SLOW,
    SUPPORT,
)
from gutexo.mean_field.compiling import law
from gutexo.mean_field.dynamics import organ_sensitivity, organ_targets
from gutexo.mean_field.wall import (
    advance_segment,
    macrophage_targets,
    mix_neighbours,
    packet_loads,
    secreted_level,
    senescent_share,
)

REPEATS = 40


@law
def sense_rest_cargo(p: Any, wall: np.ndarray, body: np.ndarray, loads: np.ndarray) -> None:
    """Set the sensed cargo of all niches to what these loads of a packet sustain (ODD 5).

    `loads` is float64[5, segment], as from `packet_loads`.
    """
    d, t, u = p.cargo_decay_time, p.epithelium_transit, p.cargo_units_per_packet
    gut = 1.0 + d / t * math.expm1(-t / d)
    macrophages = 1.0 / (1.0 + d / (24.0 * p.immune_turnover))
    good = u * p.young_protective
    for g in range(wall.shape[1]):
        wall[DISRUPTING, g] = gut * loads[BARRIER, g] / u
        wall[PROTECTING, g] = gut * loads[PROTECTIVE, g] / good
        wall[INFLAMING, g] = macrophages * loads[INFLAMMATORY, g] / u
        wall[CALMING, g] = macrophages * loads[PROTECTIVE, g] / good
    body[LIPID : LIPID + N_ORGANS] = loads[INSULIN].mean() / u
    body[SUPPORT : SUPPORT + N_ORGANS] = loads[PROTECTIVE].mean() / good


@law
def set_rest_blood(p: Any, body: np.ndarray, activation: float, s: float, lps: float) -> None:
    """Set the cytokines and LPS of plasma to their targets; one that is not cleared stays."""
    for i in range(N_SIGNALS):
        goal = lps if i == LPS_SIGNAL else secreted_level(p, i, activation, p.f_secretion * s)
        if p.f_clearance[i] > 0.0:
            body[LEVEL + i] = body[SENSED + i] = goal / p.f_clearance[i]


@law
def set_rest_point(numbers: np.ndarray, wall: np.ndarray, body: np.ndarray) -> None:
    """Set wall and body to the rest point of the signals of the day of weaning (ODD 5).

    Reads the matured burden and the LPS offered to segments (row OFFER); sets all other numbers.
    Cargo is sensed only to find the rest point; the mouse holds none when it starts.
    """
    p, n = numbers[0], wall.shape[1]
    loads, around, lps = np.zeros((5, n)), np.empty(n), np.empty(n)
    offer, matured = wall[OFFER].copy(), body[MATURED]
    wall[:] = 0.0
    body[:] = 0.0
    wall[OFFER] = offer
    body[MATURED] = matured
    body[SHARE] = share = senescent_share(p, matured)
    s = share / p.senescence_share if p.senescence_share > 0.0 else 0.0
    wall[JUNCTION], wall[ACTIVATION] = 0.95, p.immune_rest
    wall[DENSITY], wall[MUCUS], wall[LPS] = p.microbiota_density, 1.0, 1.0
    wall[CYTOKINE : CYTOKINE + N_CYTOKINES] = 1.0
    body[LEVEL : LEVEL + N_SIGNALS] = 1.0
    body[SENSED : SENSED + N_SIGNALS] = 1.0
    for _ in range(REPEATS):
        packet_loads(p, share, wall[ACTIVATION], loads)
        sense_rest_cargo(p, wall, body, loads)
        mix_neighbours(wall[ACTIVATION], p.immune_spread, around)
        for g in range(n):
            advance_segment(p, wall, g, s, math.inf, (0.0, 0.0, 0.0, 0.0, 0.0))
            for i in range(N_CYTOKINES):
                wall[CYTOKINE + i, g] = secreted_level(p, i, around[g], p.f_secretion * s)
        set_rest_blood(p, body, wall[ACTIVATION].mean(), s, wall[LPS].mean())
        mix_neighbours(wall[LPS], p.immune_spread, lps)
        macrophage_targets(p, wall, lps, body[SENSED + LPS_SIGNAL], 0.0, wall[ACTIVATION])
    spread = p.immune_threshold_spread
    macrophage_targets(p, wall, lps, body[SENSED + LPS_SIGNAL], spread, wall[ACTIVATION])
    for organ in range(N_ORGANS):
        block, capacity = organ_targets(p, body, organ)
        body[FAST + organ] = body[SLOW + organ] = block
        body[CAPACITY + organ] = capacity
        organ_sensitivity(p, body, organ)
    wall[DISRUPTING] = wall[PROTECTING] = 0.0
    wall[INFLAMING] = wall[CALMING] = 0.0
    body[LIPID : LIPID + N_ORGANS] = 0.0
    body[SUPPORT : SUPPORT + N_ORGANS] = 0.0
