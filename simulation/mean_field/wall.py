"""The gut wall in means: loads, junctions, bacteria, LPS, macrophages (ODD 7.4 to 7.6)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gutexo.catalogue.organs import N_ORGANS
from gutexo.catalogue.signals import IL10, N_CYTOKINES, TNF
from gutexo.catalogue.signals import LPS as LPS_SIGNAL
from gutexo.mean_field.array_layout import (
    ACTIVATION,
    BARRIER,
    BATHED,
    CALMING,
    COUNT,
    CYTOKINE,
    DAMAGE,
    DENSITY,
    DISRUPTING,
    HAZARD,
    INCITING,
    INFLAMING,
    INFLAMMATORY,
    INSULIN,
    JUNCTION,
    LICENCE,
    LPS,
    MUCUS,
    OFFER,
    ORGAN_HAZARD,
    ORGAN_INFLAMING,
    ORGAN_LICENCE,
    ORGAN_RIPE,
    ORGAN_SECRETION,
    ORGANS_SECRETION,
    PATHOBIONTS,
    PORE,
    PROTECTING,
    PROTECTIVE,
    RIPE,
    SECRETION,
    SENESCENT,
    SENSED,
    SUPPORT,
    SWALLOWED,
)
from gutexo.mean_field.compiling import law
from gutexo.mean_field.senescence import (
    induction_hazard,
    licence,
    saturate,
    square_response,
)


@law
def relax_between(x: float, up: float, down: float, span: float) -> float:
    """Solution of dx/dt = up (1 - x) - down x after a span."""
    if up + down <= 0.0:
        return x
    goal = up / (up + down)
    return goal + (x - goal) * math.exp(-(up + down) * span)


@law
def mix_neighbours(row: np.ndarray, g: int, spread: float) -> float:
    """Weighted mean of a segment and its neighbours (ODD 7.6)."""
    total, weight = row[g], 1.0
    if g > 0:
        total += spread * row[g - 1]
        weight += spread
    if g < row.size - 1:
        total += spread * row[g + 1]
        weight += spread
    return total / weight


@law
def threshold_response(y: float, spread: float) -> float:
    """Mean of h2(y / t) over thresholds t uniform from 1 - spread to 1 + spread."""
    if spread < 1e-6 or y <= 0.0:
        return square_response(y)
    return 0.5 * y / spread * math.atan2(2.0 * spread * y, y * y + 1.0 - spread * spread)


@law
def sense_senescence(
    p: Any, wall: np.ndarray, organs: np.ndarray, body: np.ndarray, mature: float
) -> None:
    """Update mature sites, licence and secretion of each place."""
    blood_lps = body[SENSED + LPS_SIGNAL]
    for g in range(wall.shape[1]):
        s = (mature + p.whole * wall[RIPE, g]) / p.mature_reference
        local = mix_neighbours(wall[LPS], g, p.immune_spread)
        wall[SENESCENT, g] = s
        wall[BATHED, g] = local + p.immune_blood_lps * blood_lps
        wall[LICENCE, g] = licence(p, wall[BATHED, g])
        wall[SECRETION, g] = p.f_secretion * s * wall[LICENCE, g]
    body[ORGAN_LICENCE] = licence(p, blood_lps)
    mean = 0.0
    for k in range(N_ORGANS):
        s = (mature + p.whole * organs[ORGAN_RIPE, k]) / p.mature_reference
        organs[ORGAN_SECRETION, k] = p.f_secretion * s * body[ORGAN_LICENCE]
        mean += p.organ_cells[k] * organs[ORGAN_SECRETION, k]
    body[ORGANS_SECRETION] = mean


@law
def update_hazards(p: Any, wall: np.ndarray, organs: np.ndarray, body: np.ndarray) -> None:
    """Update the hazards of induction of each place from what it senses."""
    for g in range(wall.shape[1]):
        tnf = p.f_action[TNF] * wall[CYTOKINE + TNF, g]
        wall[HAZARD, g] = induction_hazard(
            p, p.senescence_induction_gut, wall[INFLAMING, g], tnf, wall[SECRETION, g],
            wall[PROTECTING, g],
        )  # fmt: skip
    for k in range(N_ORGANS):
        organs[ORGAN_HAZARD, k] = induction_hazard(
            p, p.senescence_induction_organs, organs[ORGAN_INFLAMING, k],
            p.f_action[TNF] * body[SENSED + TNF], organs[ORGAN_SECRETION, k], organs[SUPPORT, k],
        )  # fmt: skip


@law
def mean_protective_load(p: Any, wall: np.ndarray, g: int) -> float:
    """Mean of 1 / (1 + p s N) over the counting noise of mature sites, s mixed (ODD 7.4).

    The mixed count is a weighted sum of binomial counts; two points with its first three moments
    stand for it.
    """
    sites, per = p.resolution_enterocytes, p.mature_reference / p.whole
    weight = 1.0
    if g > 0:
        weight += p.immune_spread
    if g < wall.shape[1] - 1:
        weight += p.immune_spread
    mean, variance, third = 0.0, 0.0, 0.0
    for other in range(max(0, g - 1), min(wall.shape[1], g + 2)):
        w = (1.0 if other == g else p.immune_spread) / weight
        a = min(1.0, wall[SENESCENT, other] * per)
        mean += w * a
        one = w * w * a * (1.0 - a) / sites
        variance += one
        third += one * w * (1.0 - 2.0 * a) / sites
    scale = p.f_secretion * p.cargo_protective_by_senescence * wall[LICENCE, g] / per
    if variance <= 1e-14:
        return 1.0 / (1.0 + scale * mean)
    spread = math.sqrt(variance)
    skew = third / (variance * spread)
    t = math.sqrt(skew * skew + 4.0)
    low = max(0.0, mean + 0.5 * spread * (skew - t))
    high = mean + 0.5 * spread * (skew + t)
    part = 0.5 * (t + skew) / t
    return part / (1.0 + scale * low) + (1.0 - part) / (1.0 + scale * high)


@law
def packet_loads(p: Any, wall: np.ndarray, out: np.ndarray) -> None:
    """Set `out` to the mean units of a packet that each segment releases (7.4), row COUNT to 1.

    `out` is float64[5, segment].
    """
    u = p.cargo_units_per_packet
    for g in range(wall.shape[1]):
        q = wall[SECRETION, g]
        out[COUNT, g] = 1.0
        out[BARRIER, g] = u * p.f_load_barrier * (1.0 + p.cargo_barrier_by_senescence * q)
        load = p.f_load_inflammatory * (1.0 + p.cargo_inflammatory_by_senescence * q)
        out[INFLAMMATORY, g] = u * load
        out[INSULIN, g] = u * p.f_load_insulin * (1.0 + p.cargo_insulin_by_senescence * q)
        out[PROTECTIVE, g] = u * p.f_load_protective * mean_protective_load(p, wall, g)


@law
def release_rates(p: Any, wall: np.ndarray, out: np.ndarray) -> None:
    """Set `out` to packets and units that each segment releases per hour (7.3, 7.4)."""
    packet_loads(p, wall, out)
    out *= p.release


@law
def wall_fades(p: Any, span: float) -> tuple[float, float, float, float, float]:
    """What is left after a span of pore, pathobionts, mucus, bacteria and swallowed LPS."""
    return (
        math.exp(-span / p.barrier_pore_time),
        math.exp(-span / (24.0 * p.microbiota_shift_time)),
        math.exp(-span / (24.0 * p.microbiota_mucus_time)),
        math.exp(-span / p.microbiota_growth_time),
        math.exp(-span / p.passage),
    )


@law
def junction_speeds(p: Any, wall: np.ndarray, g: int) -> tuple[float, float]:
    """Repair and loss of the junctions of a segment (1/h)."""
    held = square_response(wall[PROTECTING, g] / p.cargo_protection_half)
    repair = p.barrier_repair / 24.0 * (1.0 + p.barrier_protection * held)
    repair *= 1.0 + p.barrier_butyrate_support * p.f_butyrate * wall[DENSITY, g]
    repair /= 1.0 + p.barrier_butyrate_support
    disrupting = square_response(wall[DISRUPTING, g] / p.barrier_cargo_half)
    return repair, (p.barrier_loss + p.barrier_cargo_disruption * disrupting) / 24.0


@law
def advance_segment(
    p: Any, wall: np.ndarray, g: int, span: float, fades: tuple[float, float, float, float, float]
) -> None:
    """Advance junctions, bare epithelium, pore, bacteria, mucus and LPS of a segment."""
    tnf, density = p.f_action[TNF] * wall[CYTOKINE + TNF, g], wall[DENSITY, g]
    protecting = wall[PROTECTING, g]
    repair, loss = junction_speeds(p, wall, g)
    wall[JUNCTION, g] = relax_between(wall[JUNCTION, g], repair, loss, span)
    injury = p.epithelium_injury
    injury *= 1.0 + p.epithelium_injury_by_tnf * square_response(tnf / p.epithelium_injury_half)
    closure = 1.0
    if p.epithelium_protection_half + protecting > 0.0:
        support = protecting / (p.epithelium_protection_half + protecting)
        closure += p.epithelium_protection * support
    closure *= p.epithelium_restitution
    wall[DAMAGE, g] = relax_between(wall[DAMAGE, g], injury / 24.0, closure / 24.0, span)
    goal = square_response(tnf / p.barrier_pore_half)
    wall[PORE, g] = goal + (wall[PORE, g] - goal) * fades[0]
    goal = saturate(p.microbiota_shift_by_tnf * max(0.0, tnf - 1.0))
    wall[PATHOBIONTS, g] = goal + (wall[PATHOBIONTS, g] - goal) * fades[1]
    goal = 1.0 + p.microbiota_mucus_by_pathobionts * density * wall[PATHOBIONTS, g]
    wall[MUCUS, g] = goal + (wall[MUCUS, g] - goal) * fades[2]
    goal = p.microbiota_density
    wall[DENSITY, g] = goal + (density - goal) * fades[3]
    wall[SWALLOWED, g] *= fades[4]
    set_local_lps(p, wall, g)


@law
def set_local_lps(p: Any, wall: np.ndarray, g: int) -> None:
    """Set the LPS that crosses a segment from its present state (ODD 7.5)."""
    offered = p.f_lps * wall[OFFER, g] * wall[DENSITY, g]
    offered *= 1.0 + p.microbiota_lps_by_pathobionts * wall[PATHOBIONTS, g]
    crossing = 1.0 + p.barrier_lps_leak * p.f_leak * (1.0 - wall[JUNCTION, g])
    crossing += p.barrier_unrestricted * wall[DAMAGE, g]
    wall[LPS, g] = (offered + wall[SWALLOWED, g]) * wall[MUCUS, g] * p.f_crossing * crossing


@law
def activation_target(p: Any, wall: np.ndarray, g: int, spread: float) -> float:
    """Target of activation of the macrophages of a segment.

    It is averaged over thresholds from 1 - `spread` to 1 + `spread` of the mean.
    """
    gate = 1.0 + p.immune_cargo_gate * square_response(wall[INCITING, g] / p.immune_cargo_half)
    y = wall[BATHED, g] * gate / p.immune_lps_half
    drive = p.immune_rest + threshold_response(y, spread)
    held = square_response(wall[CALMING, g] / p.cargo_protection_half)
    calm = 1.0 + p.immune_protection * held
    il10 = wall[CYTOKINE + IL10, g]
    calm *= 1.0 + p.immune_il10_calming * p.f_action[IL10] * max(0.0, il10 - 1.0)
    return p.f_activation * drive / calm


@law
def secreted_level(p: Any, cytokine: int, activation: float, senescent: float) -> float:
    """Level of a cytokine that macrophages and senescent cells sustain (7.6)."""
    made = 1.0 + p.by_activation[cytokine] * activation + p.by_senescence[cytokine] * senescent
    return p.f_secretion_of[cytokine] * made


@law
def set_local_cytokines(p: Any, wall: np.ndarray, g: int, around: float, of_organs: float) -> None:
    """Set local cytokines from mixed activation and the segment's own secretion."""
    w = p.senescence_gut_weight
    senescent = w * wall[SECRETION, g] + (1.0 - w) * of_organs
    for i in range(N_CYTOKINES):
        wall[CYTOKINE + i, g] = secreted_level(p, i, around, senescent)


@law
def advance_wall(p: Any, wall: np.ndarray, body: np.ndarray, ticks: int) -> None:
    """Advance segments and their macrophages by some ticks, with inputs from the start of them."""
    n, h = wall.shape[1], p.resolution_tick
    around = np.empty(n)
    for g in range(n):
        around[g] = mix_neighbours(wall[ACTIVATION], g, p.immune_spread)
    follow = math.exp(-h / (24.0 * p.immune_relaxation))
    stay = math.exp(-h / (24.0 * p.immune_turnover))
    left = (stay * follow) ** ticks
    fades = wall_fades(p, h * ticks)
    for g in range(n):
        advance_segment(p, wall, g, h * ticks, fades)
        set_local_cytokines(p, wall, g, around[g], body[ORGANS_SECRETION])
        # Replaced macrophages start at rest and move to the target in the same tick.
        goal = activation_target(p, wall, g, p.immune_threshold_spread)
        fixed = (goal * (1.0 - follow) + (1.0 - stay) * p.immune_rest * follow) / (
            1.0 - stay * follow
        )
        wall[ACTIVATION, g] = fixed + (wall[ACTIVATION, g] - fixed) * left
