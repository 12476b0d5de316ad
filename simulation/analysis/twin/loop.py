"""The loop of the twin: what is heard, the wall, organs and blood, and cargo that arrives."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from simulation.analysis.twin.compiling import law
from simulation.analysis.twin.journey import bleed, exchange, open_packets, steady, travel
from simulation.analysis.twin.places import (
    ACTIVATION,
    BARRIER,
    CALMING,
    CAPACITY,
    DISRUPTING,
    FAST,
    INFLAMING,
    LIPID,
    LPS,
    M_IL6,
    M_LPS,
    M_TNF,
    MATURED,
    OWN,
    P_TNF,
    PROTECTING,
    SENSITIVITY,
    SHARE,
    SLOW,
    SUPPORT,
)
from simulation.analysis.twin.wall import above, advance_wall, released, sat, senescent


@law
def hear(p: Any, wall: np.ndarray, history: np.ndarray, head: int, weights: np.ndarray) -> None:
    """Cargo that enterocytes hold: past uptake, weighed by what age and decay leave of it (7.4)."""
    rows, n = history.shape[0], wall.shape[1]
    disrupting, protecting = np.zeros(n), np.zeros(n)
    for age in range(rows):
        row, w = (head - 1 - age) % rows, weights[age]
        for g in range(n):
            disrupting[g] += w * history[row, 0, g]
            protecting[g] += w * history[row, 1, g]
    for g in range(n):
        wall[DISRUPTING, g] = disrupting[g] / p.level_enterocytes
        wall[PROTECTING, g] = protecting[g] / p.level_enterocytes / p.young_protective


@law
def advance_organs(p: Any, body: np.ndarray, ticks: int) -> None:
    """Insulin signalling of liver, muscle and fat (7.8, 7.9)."""
    span = p.resolution_tick * ticks
    half = p.insulin_cytokine_half
    tnf = p.insulin_cytokine_block * sat(above(p.f_tnf_action * body[M_TNF] - 1.0) / half)
    il6 = p.insulin_il6_block * sat(above(p.f_il6_action * body[M_IL6] - 1.0) / half)
    fast = math.exp(-span * p.f_insulin_relaxation / p.insulin_fast_time)
    slow = math.exp(-span * p.f_insulin_relaxation / p.insulin_slow_time)
    flag = p.insulin_senescent_block / p.senescence_share if p.senescence_share > 0.0 else 0.0
    for organ in range(3):
        cargo = p.insulin_cargo_block * sat(body[LIPID + organ] / p.insulin_cargo_half)
        block = tnf + p.insulin_peripheral_cargo * cargo
        days = p.insulin_adipose_mitochondria
        if organ == 0:
            block = p.insulin_liver_cytokine * tnf + il6 + cargo
            days = p.insulin_liver_mitochondria
        elif organ == 1:
            days = p.insulin_muscle_mitochondria
        body[FAST + organ] = block + (body[FAST + organ] - block) * fast
        body[SLOW + organ] = block + (body[SLOW + organ] - block) * slow
        goal = sat(body[SUPPORT + organ] / p.insulin_protection_half)
        fade = math.exp(-span * p.f_mitochondria * math.log(2.0) / (24.0 * days))
        body[CAPACITY + organ] = goal + (body[CAPACITY + organ] - goal) * fade
        held = p.insulin_fast_share * body[FAST + organ]
        held += 1.0 + (1.0 - p.insulin_fast_share) * body[SLOW + organ]
        mean = (1.0 - body[SHARE]) / held + body[SHARE] / (held + flag)
        body[SENSITIVITY + organ] = (
            1.0 + p.insulin_cargo_protection * body[CAPACITY + organ]
        ) * mean


@law
def advance_blood(
    p: Any, body: np.ndarray, activation: float, s: float, lps: float, ticks: int
) -> None:
    """Cytokines and LPS of plasma and their means (7.7)."""
    span = p.resolution_tick * ticks
    f = p.f_secretion * s
    goals = (
        p.f_tnf_secretion
        * (1.0 + p.immune_tnf_by_activation * activation + p.immune_tnf_by_senescence * f),
        p.f_il6_secretion
        * (1.0 + p.immune_il6_by_activation * activation + p.immune_il6_by_senescence * f),
        p.f_il10_secretion * (1.0 + p.immune_il10_by_activation * activation),
        lps,
    )
    clear = (p.f_tnf_clearance, p.f_il6_clearance, 1.0, p.f_lps_clearance)
    lives = (
        p.immune_tnf_half_life,
        p.immune_il6_half_life,
        p.immune_il10_half_life,
        p.immune_lps_half_life,
    )
    means = (M_TNF, M_IL6, -1, M_LPS)
    for i in range(4):
        rate, place = clear[i] * 60.0 * math.log(2.0) / lives[i], P_TNF + i
        if rate <= 0.0:
            # Never cleared: it grows by what is secreted.
            body[place] += goals[i] * 60.0 * math.log(2.0) / lives[i] * span
            continue
        goal, r = goals[i] / clear[i], rate * span
        start = body[place]
        body[place] = goal + (start - goal) * math.exp(-r)
        if means[i] >= 0:
            body[means[i]] = goal + (start - goal) * (1.0 - math.exp(-r)) / r


@law
def live(
    numbers: np.ndarray, wall: np.ndarray, body: np.ndarray, history: np.ndarray,
    weights: np.ndarray,
    clock: np.ndarray, grid: np.ndarray, lumen: np.ndarray, mucus: np.ndarray,
    epithelium: np.ndarray, lamina: np.ndarray, blood: np.ndarray, content: np.ndarray,
    path: np.ndarray, ticks: int, stride: int, first: int,
) -> None:  # fmt: skip
    """Ticks of a mouse in means, `stride` of them a step.

    Channels of packets from `first` on travel (OWN: doses only; 0: all, one tick a step); with OWN
    what the mouse releases is a steady stream. `clock` holds the tick since birth and the row of
    the history of uptake that is written next; `numbers` is one row.
    """
    p = numbers[0]
    n, h = wall.shape[1], p.resolution_tick
    channels, cells = lumen.shape
    source, stream, bared = np.zeros((5, n)), np.zeros((4, n)), np.zeros((4, n))
    into, bare, opened, onward = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n)
    gut, cells_of_wall = np.zeros((2, n)), np.zeros((2, n))
    ignored, nothing = np.zeros(4), np.zeros(n)
    whole, half = np.zeros((5, cells)), np.zeros((5, cells))
    if channels > first:
        exchange(p, wall, h / p.substeps, grid, whole)
        exchange(p, wall, 0.5 * h / p.substeps, grid, half)
    matures = math.exp(-h / (24.0 * p.senescence_maturation))
    lost = math.exp(-h / p.cargo_decay_time)
    kept = lost * math.exp(-h / (24.0 * p.immune_turnover))
    organs_kept, gut_kept = lost**stride, kept**stride
    organs_sum = (1.0 - organs_kept) / (1.0 - lost)
    gut_sum = (1.0 - gut_kept) / (1.0 - kept)
    to_cell = p.exosome_enterocyte_uptake / (p.exosome_enterocyte_uptake + p.exosome_transcytosis)
    to_mac = p.exosome_macrophage_uptake / (p.exosome_macrophage_uptake + p.exosome_portal_entry)
    parts = (p.hepatocyte_part, p.myocyte_part, p.adipocyte_part)
    levels = (p.level_liver, p.level_muscle, p.level_fat)
    for _ in range(ticks // stride):
        hear(p, wall, history, clock[1], weights)
        share = senescent(p, body[MATURED])
        s = share / p.senescence_share if p.senescence_share > 0.0 else 0.0
        released(p, share, wall[ACTIVATION], source)
        gut[:] = 0.0
        cells_of_wall[:] = 0.0
        lipid, support = 0.0, 0.0
        if first == OWN:
            steady(p, wall, source[BARRIER:], stream, bared, ignored)
            for g in range(n):
                gut[0, g] = h * stream[0, g] * to_cell
                gut[1, g] = h * stream[3, g] * to_cell
                inner = h * (stream[1, g] * (1.0 - to_cell) + bared[1, g])
                cells_of_wall[0, g] = inner * to_mac
                inner = h * (stream[3, g] * (1.0 - to_cell) + bared[3, g])
                cells_of_wall[1, g] = inner * to_mac
                support += inner * (1.0 - to_mac)
                lipid += h * (stream[2, g] * (1.0 - to_cell) + bared[2, g]) * (1.0 - to_mac)
        for c in range(first, channels):
            units, births = content[c], source[c] if c < OWN else nothing
            travel(p, wall, whole, half, grid, lumen[c], mucus[c], births, into, bare)
            rates = (p.exosome_enterocyte_uptake, p.exosome_transcytosis)
            open_packets(p, rates, epithelium[c], into, opened, onward)
            for g in range(n):
                gut[0, g] += units[0] * opened[g]
                gut[1, g] += units[3] * opened[g]
                onward[g] += bare[g]
            rates = (p.exosome_macrophage_uptake, p.exosome_portal_entry)
            open_packets(p, rates, lamina[c], onward, opened, bare)
            portal = 0.0
            for g in range(n):
                cells_of_wall[0, g] += units[1] * opened[g]
                cells_of_wall[1, g] += units[3] * opened[g]
                portal += bare[g]
            gone = bleed(p, blood[c], portal)
            lipid += units[2] * gone
            support += units[3] * gone
        activation = wall[ACTIVATION].mean()
        advance_wall(p, wall, s, body[M_LPS], stride)
        body[SHARE] = share
        advance_organs(p, body, stride)
        advance_blood(p, body, activation, s, wall[LPS].mean(), stride)
        for g in range(n):
            arrived = cells_of_wall[0, g] / p.level_macrophages * gut_sum
            wall[INFLAMING, g] = wall[INFLAMING, g] * gut_kept + arrived
            arrived = cells_of_wall[1, g] / (p.level_macrophages * p.young_protective) * gut_sum
            wall[CALMING, g] = wall[CALMING, g] * gut_kept + arrived
        for organ in range(3):
            arrived = lipid * parts[organ] / levels[organ] * organs_sum
            body[LIPID + organ] = body[LIPID + organ] * organs_kept + arrived
            arrived = support * parts[organ] / (levels[organ] * p.young_protective) * organs_sum
            body[SUPPORT + organ] = body[SUPPORT + organ] * organs_kept + arrived
        for _ in range(stride):
            history[clock[1]] = gut
            clock[1] = (clock[1] + 1) % history.shape[0]
            clock[0] += 1
            now = path[clock[0]]
            body[MATURED] = now + (body[MATURED] - now) * matures
    body[SHARE] = senescent(p, body[MATURED])


@law
def listen(
    numbers: np.ndarray, wall: np.ndarray, body: np.ndarray, history: np.ndarray, head: int,
    weights: np.ndarray,
) -> None:  # fmt: skip
    """Bring up to date what is heard of cargo in the wall and the share of senescent cells."""
    hear(numbers[0], wall, history, head, weights)
    body[SHARE] = senescent(numbers[0], body[MATURED])


@law
def own_lumen(numbers: np.ndarray, wall: np.ndarray, share: float, lumen: np.ndarray) -> None:
    """Packets and units of the mouse's own in its lumen while its sources stand still."""
    n = wall.shape[1]
    source, ignored = np.zeros((5, n)), np.zeros((5, n))
    released(numbers[0], share, wall[ACTIVATION], source)
    steady(numbers[0], wall, source, ignored, np.zeros((5, n)), lumen)
