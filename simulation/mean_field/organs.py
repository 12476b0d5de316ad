"""Organs and blood in means: blocks, capacity, sensitivity, cytokines, LPS (ODD 7.7 to 7.9)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gutexo.catalogue.organs import LIVER, N_ORGANS
from gutexo.catalogue.signals import LPS as LPS_SIGNAL
from gutexo.catalogue.signals import N_SIGNALS, TNF
from gutexo.mean_field.array_layout import (
    ACTIVATION,
    CAPACITY,
    FAST,
    INFUSED,
    LEVEL,
    LIPID,
    LPS,
    ORGAN_SECRETION,
    ORGANS_SECRETION,
    SECRETION,
    SENSED,
    SENSITIVITY,
    SLOW,
    SUPPORT,
)
from gutexo.mean_field.compiling import law
from gutexo.mean_field.senescence import square_response
from gutexo.mean_field.wall import secreted_level


@law
def insulin_block(p: Any, organs: np.ndarray, body: np.ndarray, organ: int) -> float:
    """Block of insulin signalling that an organ's signals drive to."""
    tnf = p.insulin_cytokine_block * square_response(
        p.f_action[TNF] * body[SENSED + TNF] / p.insulin_cytokine_half
    )
    cargo = p.insulin_cargo_block * square_response(organs[LIPID, organ] / p.insulin_cargo_half)
    block = p.insulin_senescent_block * organs[ORGAN_SECRETION, organ]
    if organ == LIVER:
        block += p.insulin_liver_cytokine * tnf + cargo
        lps = body[SENSED + LPS_SIGNAL] / p.insulin_lps_half
        return block + p.insulin_lps_block * square_response(lps)
    return block + tnf + p.insulin_peripheral_cargo * cargo


@law
def set_sensitivity(p: Any, organs: np.ndarray, organ: int) -> None:
    held = p.insulin_fast_share * organs[FAST, organ]
    held += 1.0 + (1.0 - p.insulin_fast_share) * organs[SLOW, organ]
    support = 1.0 + p.insulin_cargo_protection * organs[CAPACITY, organ]
    organs[SENSITIVITY, organ] = support / held


@law
def advance_organs(p: Any, organs: np.ndarray, body: np.ndarray, ticks: int) -> None:
    """Advance the insulin signalling of liver, muscle and fat by some ticks."""
    span = p.resolution_tick * ticks
    fast = math.exp(-span * p.f_insulin_relaxation / p.insulin_fast_time)
    slow = math.exp(-span * p.f_insulin_relaxation / p.insulin_slow_time)
    for organ in range(N_ORGANS):
        block = insulin_block(p, organs, body, organ)
        organs[FAST, organ] = block + (organs[FAST, organ] - block) * fast
        organs[SLOW, organ] = block + (organs[SLOW, organ] - block) * slow
        goal = square_response(organs[SUPPORT, organ] / p.cargo_protection_half)
        days = p.organ_days[organ]
        fade = math.exp(-span * p.f_mitochondria * math.log(2.0) / (24.0 * days))
        organs[CAPACITY, organ] = goal + (organs[CAPACITY, organ] - goal) * fade
        set_sensitivity(p, organs, organ)


@law
def signal_goal(
    p: Any, wall: np.ndarray, body: np.ndarray, signal: int, activation: float
) -> float:
    """Level of a signal in plasma that the present gut and senescent cells sustain."""
    if signal == LPS_SIGNAL:
        return wall[LPS].mean() + body[INFUSED]
    w = p.senescence_gut_weight
    senescent = w * wall[SECRETION].mean() + (1.0 - w) * body[ORGANS_SECRETION]
    return secreted_level(p, signal, activation, senescent)


@law
def advance_blood(
    p: Any, wall: np.ndarray, body: np.ndarray, activation: float, ticks: int
) -> None:
    """Advance the cytokines and LPS of plasma and their means over the step (ODD 7.7)."""
    span = p.resolution_tick * ticks
    for i in range(N_SIGNALS):
        goal = signal_goal(p, wall, body, i, activation)
        clear = p.f_clearance[i]
        rate = clear * 60.0 * math.log(2.0) / p.half_life[i]
        if rate <= 0.0:
            # There is no clearance: the level rises by what is secreted.
            body[LEVEL + i] += goal * 60.0 * math.log(2.0) / p.half_life[i] * span
            body[SENSED + i] = body[LEVEL + i]
            continue
        goal, r = goal / clear, rate * span
        start = body[LEVEL + i]
        body[LEVEL + i] = goal + (start - goal) * math.exp(-r)
        body[SENSED + i] = goal + (start - goal) * (1.0 - math.exp(-r)) / r


@law
def mean_activation(wall: np.ndarray) -> float:
    return wall[ACTIVATION].mean()
