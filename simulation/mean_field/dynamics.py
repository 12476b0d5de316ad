"""The loop of the mean-field model: sensed cargo, the wall, organs, blood and arriving cargo."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gutexo.catalogue.organs import LIVER, N_ORGANS
from gutexo.catalogue.signals import IL6, N_SIGNALS, TNF
from gutexo.catalogue.signals import LPS as LPS_SIGNAL
from gutexo.mean_field.array_layout import (
    ACTIVATION,
    BARRIER,
    CALMING,
    CAPACITY,
    DISRUPTING,
    FAST,
    INFLAMING,
    LEVEL,
    LIPID,
    LPS,
    MATURED,
    OWN,
    PROTECTING,
    SENSED,
    SENSITIVITY,
    SHARE,
    SLOW,
    SUPPORT,
)
from gutexo.mean_field.compiling import law
from gutexo.mean_field.transport import advance_channel, exchange_shares, steady_stream
from gutexo.mean_field.wall import (
    HELD_REST,
    advance_wall,
    positive_part,
    release_rates,
    saturate,
    secreted_level,
    senescent_share,
)


@law
def sense_cargo(
    p: Any, wall: np.ndarray, history: np.ndarray, next_row: int, weights: np.ndarray
) -> None:
    """Set the cargo held by enterocytes: past uptake times the share left after its age (7.4)."""
    rows, n = history.shape[0], wall.shape[1]
    disrupting, protecting = np.zeros(n), np.zeros(n)
    for age in range(rows):
        row, w = (next_row - 1 - age) % rows, weights[age]
        for g in range(n):
            disrupting[g] += w * history[row, 0, g]
            protecting[g] += w * history[row, 1, g]
    for g in range(n):
        wall[DISRUPTING, g] = disrupting[g] / p.level_enterocytes
        wall[PROTECTING, g] = protecting[g] / p.level_enterocytes / p.young_protective


@law
def organ_targets(p: Any, body: np.ndarray, organ: int) -> tuple[float, float]:
    """Block of insulin signalling of an organ (7.8) and target of its capacity (7.9)."""
    half = p.insulin_cytokine_half
    tnf = p.insulin_cytokine_block * saturate(
        positive_part(p.f_action[TNF] * body[SENSED + TNF] - 1.0) / half
    )
    il6 = p.insulin_il6_block * saturate(
        positive_part(p.f_action[IL6] * body[SENSED + IL6] - 1.0) / half
    )
    cargo = p.insulin_cargo_block * saturate(body[LIPID + organ] / p.insulin_cargo_half)
    block = tnf + p.insulin_peripheral_cargo * cargo
    if organ == LIVER:
        block = p.insulin_liver_cytokine * tnf + il6 + cargo
    return block, saturate(body[SUPPORT + organ] / p.insulin_protection_half)


@law
def organ_sensitivity(p: Any, body: np.ndarray, organ: int) -> None:
    """Set the insulin sensitivity of an organ, the mean of its cells (7.9)."""
    senescent_block = (
        p.insulin_senescent_block / p.senescence_share if p.senescence_share > 0.0 else 0.0
    )
    held = p.insulin_fast_share * body[FAST + organ]
    held += 1.0 + (1.0 - p.insulin_fast_share) * body[SLOW + organ]
    mean = (1.0 - body[SHARE]) / held + body[SHARE] / (held + senescent_block)
    body[SENSITIVITY + organ] = (1.0 + p.insulin_cargo_protection * body[CAPACITY + organ]) * mean


@law
def advance_organs(p: Any, body: np.ndarray, ticks: int) -> None:
    """Advance the insulin signalling of liver, muscle and fat (7.8, 7.9)."""
    span = p.resolution_tick * ticks
    fast = math.exp(-span * p.f_insulin_relaxation / p.insulin_fast_time)
    slow = math.exp(-span * p.f_insulin_relaxation / p.insulin_slow_time)
    for organ in range(N_ORGANS):
        block, goal = organ_targets(p, body, organ)
        days = p.organ_days[organ]
        body[FAST + organ] = block + (body[FAST + organ] - block) * fast
        body[SLOW + organ] = block + (body[SLOW + organ] - block) * slow
        fade = math.exp(-span * p.f_mitochondria * math.log(2.0) / (24.0 * days))
        body[CAPACITY + organ] = goal + (body[CAPACITY + organ] - goal) * fade
        organ_sensitivity(p, body, organ)


@law
def advance_blood(
    p: Any, body: np.ndarray, activation: float, s: float, lps: float, ticks: int
) -> None:
    """Advance the cytokines and LPS of plasma and their means (7.7)."""
    span = p.resolution_tick * ticks
    f = p.f_secretion * s
    for i in range(N_SIGNALS):
        goal = lps if i == LPS_SIGNAL else secreted_level(p, i, activation, f)
        clear = p.f_clearance[i]
        rate = clear * 60.0 * math.log(2.0) / p.half_life[i]
        if rate <= 0.0:
            # There is no clearance: the level rises by what is secreted.
            body[LEVEL + i] += goal * 60.0 * math.log(2.0) / p.half_life[i] * span
            continue
        goal, r = goal / clear, rate * span
        start = body[LEVEL + i]
        body[LEVEL + i] = goal + (start - goal) * math.exp(-r)
        body[SENSED + i] = goal + (start - goal) * (1.0 - math.exp(-r)) / r


@law
def add_steady_stream(
    p: Any, wall: np.ndarray, source: np.ndarray, gut: np.ndarray, macrophages: np.ndarray,
    organs: np.ndarray,
) -> None:  # fmt: skip
    """Add the units that arrive in a tick from a steady stream."""
    h = p.resolution_tick
    into, bare = np.zeros((4, wall.shape[1])), np.zeros((4, wall.shape[1]))
    steady_stream(p, wall, source[BARRIER:], into, bare)
    cell = p.exosome_enterocyte_uptake / (p.exosome_enterocyte_uptake + p.exosome_transcytosis)
    mac = p.exosome_macrophage_uptake / (p.exosome_macrophage_uptake + p.exosome_portal_entry)
    for g in range(wall.shape[1]):
        gut[0, g] += h * into[0, g] * cell
        gut[1, g] += h * into[3, g] * cell
        macrophages[0, g] += h * (into[1, g] * (1.0 - cell) + bare[1, g]) * mac
        support = h * (into[3, g] * (1.0 - cell) + bare[3, g])
        macrophages[1, g] += support * mac
        organs[0] += h * (into[2, g] * (1.0 - cell) + bare[2, g]) * (1.0 - mac)
        organs[1] += support * (1.0 - mac)


@law
def advance_cargo(
    p: Any, wall: np.ndarray, body: np.ndarray, macrophages: np.ndarray, organs: np.ndarray,
    ticks: int,
) -> None:  # fmt: skip
    """Advance the cargo held by macrophages and organs; each tick brings the given units (7.4)."""
    lost = math.exp(-p.resolution_tick / p.cargo_decay_time)
    stay = lost * math.exp(-p.resolution_tick / (24.0 * p.immune_turnover))
    left, total = stay**ticks, (1.0 - stay**ticks) / (1.0 - stay)
    level, good = p.level_macrophages, p.young_protective
    for g in range(wall.shape[1]):
        wall[INFLAMING, g] = wall[INFLAMING, g] * left + macrophages[0, g] / level * total
        wall[CALMING, g] = wall[CALMING, g] * left + macrophages[1, g] / (level * good) * total
    left, total = lost**ticks, (1.0 - lost**ticks) / (1.0 - lost)
    for organ in range(N_ORGANS):
        gained = p.organ_part[organ] / p.organ_level[organ] * total
        body[LIPID + organ] = body[LIPID + organ] * left + organs[0] * gained
        body[SUPPORT + organ] = body[SUPPORT + organ] * left + organs[1] * gained / good


@law
def advance_mouse(
    numbers: np.ndarray, wall: np.ndarray, body: np.ndarray, history: np.ndarray,
    weights: np.ndarray, clock: np.ndarray, path: np.ndarray, own_grid: np.ndarray,
    own_shape: np.ndarray, own: np.ndarray, own_mucus: np.ndarray, grid: np.ndarray,
    shape: np.ndarray, dose: np.ndarray, dose_mucus: np.ndarray, epithelium: np.ndarray,
    lamina: np.ndarray, blood: np.ndarray, content: np.ndarray, ticks: int, stride: int,
) -> None:  # fmt: skip
    """Advance a mean-field mouse by `ticks` ticks, `stride` of them per step.

    In steps of one tick all packets travel: `own` is the lumen of the mouse's own channels (row
    COUNT counts packets, the others are units); `dose` is the lumen of doses, one row per kind of
    dose, in packets whose units are the rows of `content` after the first OWN. In longer steps
    there are no doses, and what the mouse releases is a steady stream. `clock` holds the tick since
    birth and the row of the history of uptake that is written next; `numbers` is one row.
    """
    p = numbers[0]
    n, h = wall.shape[1], p.resolution_tick
    source, nothing, opened = np.zeros((5, n)), np.zeros(n), np.zeros((2, n))
    gut, macrophages, organs = np.zeros((2, n)), np.zeros((2, n)), np.zeros(2)
    own_shares = np.zeros((2, 5, own.shape[1]))
    shares = np.zeros((2, 5, dose.shape[1]))
    if stride == 1:
        for i in range(2):
            span = 0.5 * (i + 1) * h
            exchange_shares(p, wall, span / own_shape[0], own_grid, own_shares[i])
            if len(dose) > 0:
                exchange_shares(p, wall, span / shape[0], grid, shares[i])
    matures = math.exp(-h / (24.0 * p.senescence_maturation))
    for _ in range(ticks // stride):
        if p.held < HELD_REST:
            sense_cargo(p, wall, history, clock[1], weights)
        share = senescent_share(p, body[MATURED])
        s = share / p.senescence_share if p.senescence_share > 0.0 else 0.0
        release_rates(p, share, wall[ACTIVATION], source)
        gut[:] = 0.0
        macrophages[:] = 0.0
        organs[:] = 0.0
        if stride > 1:
            add_steady_stream(p, wall, source, gut, macrophages, organs)
        else:
            for c in range(len(content)):
                if c < OWN:
                    gone = advance_channel(
                        p, wall, own_shares, own_grid, own_shape, own[c], own_mucus[c],
                        epithelium[c], lamina[c], blood[c], source[c], opened,
                    )  # fmt: skip
                else:
                    gone = advance_channel(
                        p, wall, shares, grid, shape, dose[c - OWN], dose_mucus[c - OWN],
                        epithelium[c], lamina[c], blood[c], nothing, opened,
                    )  # fmt: skip
                units = content[c]
                for g in range(n):
                    gut[0, g] += units[0] * opened[0, g]
                    gut[1, g] += units[3] * opened[0, g]
                    macrophages[0, g] += units[1] * opened[1, g]
                    macrophages[1, g] += units[3] * opened[1, g]
                organs[0] += units[2] * gone
                organs[1] += units[3] * gone
        activation = wall[ACTIVATION].mean()
        advance_wall(p, wall, s, body[SENSED + LPS_SIGNAL], stride)
        body[SHARE] = share
        advance_organs(p, body, stride)
        advance_blood(p, body, activation, s, wall[LPS].mean(), stride)
        if p.held < HELD_REST:
            advance_cargo(p, wall, body, macrophages, organs, stride)
        for _ in range(stride):
            history[clock[1]] = gut
            clock[1] = (clock[1] + 1) % history.shape[0]
            clock[0] += 1
            now = path[clock[0]]
            body[MATURED] = now + (body[MATURED] - now) * matures
    body[SHARE] = senescent_share(p, body[MATURED])


@law
def fill_gut(
    numbers: np.ndarray, wall: np.ndarray, share: float, grid: np.ndarray, shape: np.ndarray,
    lumen: np.ndarray, mucus: np.ndarray, epithelium: np.ndarray, lamina: np.ndarray,
    blood: np.ndarray,
) -> None:  # fmt: skip
    """Fill gut and blood with the mouse's own packets, as if they had travelled until now."""
    p, n = numbers[0], wall.shape[1]
    shares, source, opened = np.zeros((2, 5, lumen.shape[1])), np.zeros((5, n)), np.zeros((2, n))
    for i in range(2):
        exchange_shares(p, wall, 0.5 * (i + 1) * p.resolution_tick / shape[0], grid, shares[i])
    release_rates(p, share, wall[ACTIVATION], source)
    for _ in range(int(lumen.shape[1] / shape[0]) + 24):
        for c in range(OWN):
            advance_channel(
                p, wall, shares, grid, shape, lumen[c], mucus[c], epithelium[c], lamina[c],
                blood[c], source[c], opened,
            )  # fmt: skip
