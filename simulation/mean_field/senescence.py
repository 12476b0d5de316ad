"""Senescence in means: thresholds, induction, maturity, one clearance (ODD 7.11).

A site is well, intrinsic (its threshold lies below the followed burden / c) or induced. With
thresholds uniform from 0 to 1, a = followed burden / c and v the induced share, 1 - a - v is well.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gutexo.catalogue.organs import N_ORGANS
from gutexo.mean_field.array_layout import (
    ALIVE,
    BURDEN,
    FOLLOWED,
    HAZARD,
    INDUCED,
    MATURED,
    ORGAN_HAZARD,
    ORGAN_INDUCED,
    ORGAN_RIPE,
    RIPE,
    TOTAL,
)
from gutexo.mean_field.coefficients import FREE_BURDEN, HELD_SITES, HELD_TOTAL
from gutexo.mean_field.compiling import law

WEANING_CAP = 0.95  # largest burden before weaning


@law
def square_response(x: float) -> float:
    """h2(x): nearly nothing where x is small."""
    square = x * x
    return square / (1.0 + square) if square < 1e16 else 1.0


@law
def saturate(x: float) -> float:
    return x / (1.0 + x)


@law
def licence(p: Any, lps: float) -> float:
    """Part of the secretion of mature senescent cells that is licensed at a level of LPS."""
    basal = p.senescence_basal_licence
    return basal + (1.0 - basal) * saturate(lps / p.senescence_licence_half)


@law
def induction_hazard(
    p: Any, strength: float, inflaming: float, tnf: float, secretion: float, protecting: float
) -> float:
    """Burden a day that a place of well sites only would gain by induction (z)."""
    drive = square_response(inflaming / p.senescence_induction_cargo_half)
    drive += p.senescence_induction_by_tnf * square_response(tnf / p.senescence_induction_tnf_half)
    drive += p.senescence_induction_by_senescence * saturate(secretion)
    calm = p.senescence_induction_protection
    return strength * drive / (1.0 + calm * square_response(protecting / p.cargo_protection_half))


@law
def induced_burden(p: Any, wall: np.ndarray, organs: np.ndarray) -> float:
    """Induced part of the total burden: w U of the gut + (1 - w) U of the organs."""
    gut, cells = 0.0, 0.0
    for g in range(wall.shape[1]):
        gut += wall[INDUCED, g]
    for k in range(N_ORGANS):
        cells += p.organ_cells[k] * organs[ORGAN_INDUCED, k]
    w = p.senescence_gut_weight
    return p.whole * (w * gut / wall.shape[1] + (1.0 - w) * cells)


@law
def advance_site(
    p: Any, induced: float, ripe: float, hazard: float, intrinsic: float, clearing: float,
    days: float,
) -> tuple[float, float]:  # fmt: skip
    """Induced and mature induced shares after some days of constant signals.

    dv/dt = (1 - a - v) z / c - r v; dm/dt = (v - m) / tau - r m.
    """
    turn = hazard / p.whole
    rate = turn + clearing
    if intrinsic + induced >= 1.0:
        turn, rate = 0.0, clearing
    goal = max(0.0, 1.0 - intrinsic) * turn / rate if rate > 0.0 else induced
    later = goal + (induced - goal) * math.exp(-rate * days)
    ripening = 1.0 / p.senescence_maturation
    rate = ripening + clearing
    goal = 0.5 * (induced + later) * ripening / rate
    return later, min(later, goal + (ripe - goal) * math.exp(-rate * days))


@law
def mature_burden(p: Any, body: np.ndarray) -> float:
    """Burden of sites that are intrinsic and mature."""
    return min(body[FOLLOWED], body[MATURED], p.whole)


@law
def advance_burden(
    p: Any, body: np.ndarray, induced: float, tick: int, normals: np.ndarray, ticks: int
) -> tuple[float, float, int]:
    """Advance the burden by some ticks; return what sites meet: intrinsic share, clearance, ticks.

    `induced` is the induced part of the total burden. The share is the mean over the ticks that
    were lived; clearance (1/d) is too.
    """
    h = p.resolution_tick
    follow = 1.0 - math.exp(-h / p.senescence_follow_time)
    ripening = h / (24.0 * p.senescence_maturation)
    spread = math.sqrt(2.0 * p.senescence_noise / 24.0 * h)
    b, a, m = body[BURDEN], body[FOLLOWED], body[MATURED]
    share, clearing, lived = 0.0, 0.0, ticks
    for i in range(ticks):
        age = p.fixed_age if p.fixed_age >= 0.0 else (tick + i + 1) * h
        r = p.senescence_removal / (p.senescence_half_saturation + b + induced)
        share += a
        clearing += r
        cut = r * h / 24.0
        if p.held == FREE_BURDEN:
            made = p.senescence_production / 576.0 * age * h
            b = abs(b + made - cut * b + spread * normals[i])
        a += (b - a) * follow
        rate = ripening + cut
        goal = b * ripening / rate
        m = goal + (m - goal) * math.exp(-rate)
        if b + induced >= 1.0:
            body[ALIVE] = 0.0
            lived = i + 1
            break
    body[BURDEN], body[FOLLOWED], body[MATURED] = b, a, m
    return min(1.0, share / lived / p.whole), clearing / lived, lived


@law
def advance_sites(
    p: Any, wall: np.ndarray, organs: np.ndarray, body: np.ndarray, intrinsic: float,
    clearing: float, ticks: int,
) -> None:  # fmt: skip
    """Advance induced sites of every place by some ticks, and the total burden."""
    days = ticks * p.resolution_tick / 24.0
    if p.held >= HELD_SITES:
        return
    for g in range(wall.shape[1]):
        wall[INDUCED, g], wall[RIPE, g] = advance_site(
            p, wall[INDUCED, g], wall[RIPE, g], wall[HAZARD, g], intrinsic, clearing, days
        )
    for k in range(N_ORGANS):
        organs[ORGAN_INDUCED, k], organs[ORGAN_RIPE, k] = advance_site(
            p, organs[ORGAN_INDUCED, k], organs[ORGAN_RIPE, k], organs[ORGAN_HAZARD, k], intrinsic,
            clearing, days,
        )  # fmt: skip
    induced = induced_burden(p, wall, organs)
    if p.held == HELD_TOTAL:
        body[BURDEN] = max(0.0, body[TOTAL] - induced)
    body[TOTAL] = body[BURDEN] + induced
    if body[TOTAL] >= 1.0:
        body[ALIVE] = 0.0


@law
def grow_to_weaning(p: Any, body: np.ndarray, normals: np.ndarray) -> None:
    """Advance burden, followed burden and mature part from 0 at birth, by a number an hour.

    No site is induced.
    """
    h = 1.0
    follow = 1.0 - math.exp(-h / p.senescence_follow_time)
    ripening = h / (24.0 * p.senescence_maturation)
    spread = math.sqrt(2.0 * p.senescence_noise / 24.0 * h)
    b, a, m = 0.0, 0.0, 0.0
    for i in range(normals.size):
        cut = p.senescence_removal / (p.senescence_half_saturation + b) * h / 24.0
        b = abs(b + p.senescence_production / 576.0 * i * h * h - cut * b + spread * normals[i])
        b = min(b, WEANING_CAP)
        a += (b - a) * follow
        rate = ripening + cut
        goal = b * ripening / rate
        m = goal + (m - goal) * math.exp(-rate)
    body[BURDEN], body[FOLLOWED], body[MATURED], body[TOTAL] = b, a, m, b


@law
def walk_total_burden(
    numbers: np.ndarray, gut: np.ndarray, organs: np.ndarray, normals: np.ndarray, weaned: int,
    totals: np.ndarray,
) -> int:  # fmt: skip
    """Fill in a path of the total burden whose induction is a function of it; return its ticks.

    `gut` and `organs` hold the hazard z at the middles of equal bins of X from 0 to 1. `totals` is
    the total burden at the end of each tick, NaN after death. Without induction it is the law.
    """
    p, h, bins = numbers[0], numbers[0].resolution_tick, gut.size
    spread = math.sqrt(2.0 * p.senescence_noise / 24.0 * h)
    b, u_gut, u_organs, w = 0.0, 0.0, 0.0, p.senescence_gut_weight
    for i in range(totals.size):
        x = b + w * u_gut + (1.0 - w) * u_organs
        r = p.senescence_removal / (p.senescence_half_saturation + x) * h / 24.0
        if i >= weaned:
            place = min(max(x * bins - 0.5, 0.0), bins - 1.000001)
            low = int(place)
            part = place - low
            well = 1.0 - b / p.whole
            z = gut[low] + part * (gut[low + 1] - gut[low])
            u_gut += z * max(0.0, well - u_gut / p.whole) * h / 24.0 - r * u_gut
            z = organs[low] + part * (organs[low + 1] - organs[low])
            u_organs += z * max(0.0, well - u_organs / p.whole) * h / 24.0 - r * u_organs
        b = abs(b + p.senescence_production / 576.0 * (i + 1) * h * h - r * b + spread * normals[i])
        x = b + w * u_gut + (1.0 - w) * u_organs
        totals[i] = x
        if x >= 1.0:
            totals[i + 1 :] = np.nan
            return i + 1
    return int(totals.size)
