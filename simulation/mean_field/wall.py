"""The gut wall in means (ODD 7.4 to 7.6): loads, junctions, bacteria, LPS, macrophages."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gutexo.catalogue.signals import IL10, N_CYTOKINES, TNF
from gutexo.mean_field.array_layout import (
    ACTIVATION,
    BARRIER,
    CALMING,
    COUNT,
    CYTOKINE,
    DAMAGE,
    DENSITY,
    DISRUPTING,
    INFLAMING,
    INFLAMMATORY,
    INSULIN,
    JUNCTION,
    LPS,
    MUCUS,
    OFFER,
    PATHOBIONTS,
    PORE,
    PROTECTING,
    PROTECTIVE,
    STOOD,
    SWALLOWED,
)
from gutexo.mean_field.compiling import law

HELD_REST, HELD_TNF = 1.0, 2.0


@law
def saturate(x: float) -> float:
    return x / (1.0 + x)


@law
def positive_part(x: float) -> float:
    return x if x > 0.0 else 0.0


@law
def senescent_share(p: Any, matured: float) -> float:
    """Share of flagged cells (7.11)."""
    y2 = (matured / p.senescence_reference_burden) ** 2
    h2 = p.senescence_share_half**2
    return min(0.95, p.senescence_share * (1.0 + h2) * y2 / (h2 + y2))


@law
def secreted_level(p: Any, cytokine: int, activation: float, senescent: float) -> float:
    """Level of a cytokine that macrophages and senescent cells sustain (7.6)."""
    made = 1.0 + p.by_activation[cytokine] * activation + p.by_senescence[cytokine] * senescent
    return p.f_secretion_of[cytokine] * made


@law
def mix_neighbours(row: np.ndarray, spread: float, out: np.ndarray) -> None:
    """Write to `out` the weighted mean of each segment of a row and its neighbours (7.6)."""
    n = row.size
    for g in range(n):
        total, weight = row[g], 1.0
        if g > 0:
            total += spread * row[g - 1]
            weight += spread
        if g < n - 1:
            total += spread * row[g + 1]
            weight += spread
        out[g] = total / weight


@law
def threshold_response(y: float, spread: float) -> float:
    """Mean of y^2 / (y^2 + t^2) over thresholds t uniform from 1 - spread to 1 + spread (7.6)."""
    if spread < 1e-6 or y <= 0.0:
        return y * y / (1.0 + y * y)
    return 0.5 * y / spread * math.atan2(2.0 * spread * y, y * y + 1.0 - spread * spread)


@law
def protective_load(p: Any, share: float, activation: np.ndarray, out: np.ndarray) -> None:
    """Compute the mean protective load of each segment as `out` (7.4).

    The mean is over the binomial count of senescent neighbours.
    """
    sites = int(p.resolution_enterocytes)
    out[:] = 0.0
    spare = 6.0 * math.sqrt(sites * share * (1.0 - share)) + 3.0
    first = max(0, int(sites * share - spare))
    last = min(sites, int(sites * share + spare) + 1)
    weight = 1.0
    if share > 0.0:
        log = math.lgamma(sites + 1.0) - math.lgamma(first + 1.0)
        log -= math.lgamma(sites - first + 1.0)
        weight = math.exp(log + first * math.log(share) + (sites - first) * math.log1p(-share))
    else:
        first = last = 0
    by = p.f_secretion * p.cargo_protective_by_senescence / max(1e-300, p.senescence_share)
    for k in range(first, last + 1):
        base = 1.0 + by * k / sites
        for g in range(out.size):
            out[g] += weight / (base + p.cargo_protective_by_activation * activation[g])
        weight *= (sites - k) / (k + 1.0) * share / (1.0 - share)
    out *= p.cargo_units_per_packet * p.cargo_protective * p.f_load_protective


@law
def packet_loads(p: Any, share: float, activation: np.ndarray, out: np.ndarray) -> None:
    """Compute the mean units of a packet that each segment releases (7.4) as `out`.

    `out` is float64[5, segment]; row COUNT is 1.
    """
    flagged = p.f_secretion * share
    u = p.cargo_units_per_packet
    protective_load(p, share, activation, out[PROTECTIVE])
    for g in range(activation.size):
        a = activation[g]
        out[COUNT, g] = 1.0
        load = 1.0 + p.cargo_barrier_by_senescence * flagged + p.cargo_barrier_by_activation * a
        out[BARRIER, g] = u * p.f_load_barrier * load
        load = (
            1.0
            + p.cargo_inflammatory_by_senescence * flagged
            + p.cargo_inflammatory_by_activation * a
        )
        out[INFLAMMATORY, g] = u * p.f_load_inflammatory * load
        load = 1.0 + p.cargo_insulin_by_senescence * flagged + p.cargo_insulin_by_activation * a
        out[INSULIN, g] = u * p.f_load_insulin * load


@law
def release_rates(p: Any, share: float, activation: np.ndarray, out: np.ndarray) -> None:
    """Compute packets and units that each segment releases per hour (7.3, 7.4) as `out`.

    `out` is float64[5, segment].
    """
    packet_loads(p, share, activation, out)
    out *= p.release


@law
def advance_segment(
    p: Any, wall: np.ndarray, g: int, s: float, span: float, fades: tuple[float, ...]
) -> None:
    """Advance junctions, damage, pore, bacteria, mucus and LPS of a segment (7.5)."""
    tnf, density = p.f_action[TNF] * wall[CYTOKINE + TNF, g], wall[DENSITY, g]
    repair = p.barrier_repair / 24.0
    repair *= 1.0 + p.barrier_protection * saturate(wall[PROTECTING, g] / p.barrier_protection_half)
    repair *= 1.0 + p.barrier_butyrate_support * p.f_butyrate * density
    repair /= 1.0 + p.barrier_butyrate_support
    loss = p.barrier_loss + p.barrier_senescent_disruption * s
    loss += p.barrier_cargo_disruption * saturate(wall[DISRUPTING, g] / p.barrier_cargo_half)
    # For the gain of the barrier's loop some sensed values may be kept constant; see `gain`.
    sensed = tnf if p.held < HELD_TNF else p.f_action[TNF] * wall[STOOD, g]
    loss += p.barrier_cytokine_disruption * saturate(sensed / p.barrier_cytokine_half)
    loss /= 24.0
    wall[JUNCTION, g] = relax_between(wall[JUNCTION, g], repair, loss, span)
    if p.held < HELD_REST:
        advance_rest(p, wall, g, tnf, span, fades)
    wall[SWALLOWED, g] *= fades[4]
    offered = p.f_lps * wall[OFFER, g] * wall[DENSITY, g]
    offered *= 1.0 + p.microbiota_lps_by_pathobionts * wall[PATHOBIONTS, g]
    crossing = 1.0 + p.barrier_lps_leak * p.f_leak * (1.0 - wall[JUNCTION, g])
    crossing += p.barrier_unrestricted * wall[DAMAGE, g]
    wall[LPS, g] = (offered + wall[SWALLOWED, g]) * wall[MUCUS, g] * p.f_crossing * crossing


@law
def advance_rest(
    p: Any, wall: np.ndarray, g: int, tnf: float, span: float, fades: tuple[float, ...]
) -> None:
    """Advance damage, pore, bacteria and mucus of a segment (7.5)."""
    density = wall[DENSITY, g]
    injury = p.epithelium_injury * (1.0 + p.epithelium_injury_by_tnf * tnf) / 24.0
    wall[DAMAGE, g] = relax_between(wall[DAMAGE, g], injury, p.epithelium_restitution / 24.0, span)
    goal = saturate(tnf / p.barrier_pore_half)
    wall[PORE, g] = goal + (wall[PORE, g] - goal) * fades[0]
    goal = saturate(p.microbiota_shift_by_tnf * positive_part(tnf - 1.0))
    wall[PATHOBIONTS, g] = goal + (wall[PATHOBIONTS, g] - goal) * fades[1]
    goal = 1.0 + p.microbiota_mucus_by_pathobionts * density * wall[PATHOBIONTS, g]
    wall[MUCUS, g] = goal + (wall[MUCUS, g] - goal) * fades[2]
    goal = p.microbiota_density
    wall[DENSITY, g] = goal + (density - goal) * fades[3]


@law
def relax_between(x: float, up: float, down: float, span: float) -> float:
    """Solution of dx/dt = up (1 - x) - down x after a span."""
    if up + down <= 0.0:
        return x
    goal = up / (up + down)
    return goal + (x - goal) * math.exp(-(up + down) * span)


@law
def advance_wall(p: Any, wall: np.ndarray, s: float, blood_lps: float, ticks: int) -> None:
    """Advance segments and their macrophages by some ticks, with inputs from the start of them."""
    n, h = wall.shape[1], p.resolution_tick
    around, lps, targets = np.empty(n), np.empty(n), np.empty(n)
    mix_neighbours(wall[ACTIVATION], p.immune_spread, around)
    mix_neighbours(wall[LPS], p.immune_spread, lps)
    follow = math.exp(-h / (24.0 * p.immune_relaxation))
    stay = math.exp(-h / (24.0 * p.immune_turnover))
    left = (stay * follow) ** ticks
    span = h * ticks
    fades = (
        math.exp(-span / p.barrier_pore_time),
        math.exp(-span / (24.0 * p.microbiota_shift_time)),
        math.exp(-span / (24.0 * p.microbiota_mucus_time)),
        math.exp(-span / p.microbiota_growth_time),
        math.exp(-span / p.passage),
    )
    for g in range(n):
        advance_segment(p, wall, g, s, span, fades)
        for i in range(N_CYTOKINES):
            wall[CYTOKINE + i, g] = secreted_level(p, i, around[g], p.f_secretion * s)
    macrophage_targets(p, wall, lps, blood_lps, p.immune_threshold_spread, targets)
    for g in range(n):
        # Replaced macrophages start at rest and move to the target in the same tick.
        fixed = (targets[g] * (1.0 - follow) + (1.0 - stay) * p.immune_rest * follow) / (
            1.0 - stay * follow
        )
        wall[ACTIVATION, g] = fixed + (wall[ACTIVATION, g] - fixed) * left


@law
def macrophage_targets(
    p: Any, wall: np.ndarray, lps: np.ndarray, blood_lps: float, spread: float, out: np.ndarray
) -> None:
    """Write the target of activation of each segment to `out`, at its mixed LPS (7.6).

    It is averaged over thresholds from 1 - `spread` to 1 + `spread`.
    """
    for g in range(wall.shape[1]):
        out[g] = activation_target(
            p,
            lps[g] + p.immune_blood_lps * blood_lps,
            wall[INFLAMING, g],
            wall[CALMING, g],
            wall[CYTOKINE + IL10, g],
            spread,
        )


@law
def activation_target(
    p: Any, lps: float, inflaming: float, calming: float, il10: float, spread: float
) -> float:
    """Target of activation, averaged over thresholds from 1 - `spread` to 1 + `spread` (7.6)."""
    i = saturate(inflaming / p.immune_cargo_half)
    y = lps * (1.0 + p.immune_cargo_gate * i) / p.immune_lps_half
    drive = p.immune_rest + threshold_response(y, spread) + p.immune_cargo_direct * i
    calm = 1.0 + p.immune_protection * saturate(calming / p.immune_protection_half)
    calm *= 1.0 + p.immune_il10_calming * p.f_action[IL10] * positive_part(il10 - 1.0)
    return p.f_activation * drive / calm
