"""Equations of the gut wall: bacteria, LPS, junctions, macrophages, niches (ODD 7.4 to 7.6)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gutexo.catalogue.signals import CYTOKINES
from gutexo.mean_field.array_layout import (
    ACTIVATION,
    DAMAGE,
    DENSITY,
    INDUCED,
    JUNCTION,
    MUCUS,
    OFFER,
    PATHOBIONTS,
    PORE,
    RIPE,
)
from gutexo.mean_field.equations.system import EquationSystem

CARGO = ("barrier", "inflammatory", "insulin", "protective")


def neighbours(g: int, n: int) -> list[int]:
    """List the segments beside one."""
    return [other for other in (g - 1, g + 1) if 0 <= other < n]


def mixed(name: str, g: int, n: int) -> str:
    """Formula of a quantity mixed with that of the neighbours (ODD 7.6)."""
    beside = neighbours(g, n)
    others = " + ".join(f"{name}_{other}" for other in beside)
    return f"({name}_{g} + immune_spread * ({others})) / (1.0 + {len(beside)}.0 * immune_spread)"


def mean_of(name: str, n: int) -> str:
    """Formula of the mean over segments."""
    return f"({' + '.join(f'{name}_{g}' for g in range(n))}) / {n}.0"


def add_signals(s: EquationSystem, wall: np.ndarray) -> None:
    """Add local LPS, the secretion of mature sites, and local cytokines."""
    n = s.segments
    for g in range(n):
        s.add_parameter(f"lps_offer_{g}", wall[OFFER, g], "LPS of a healthy community, mean 1")
        s.add_rule(
            f"local_lps_{g}",
            f"lps_offer_{g} * bacterial_density_{g} * (1.0 + microbiota_lps_by_pathobionts * "
            f"pathobionts_{g}) * mucus_{g} * (1.0 + barrier_lps_leak * (1.0 - junction_{g}) "
            f"+ barrier_unrestricted * bare_epithelium_{g})",
            "LPS that crosses the wall",
        )
    for g in range(n):
        s.add_rule(
            f"sensed_lps_{g}",
            f"{mixed('local_lps', g, n)} + immune_blood_lps * plasma_lps",
            "LPS that macrophages and niches sense",
        )
        s.add_rule(
            f"licence_{g}",
            "senescence_basal_licence + (1.0 - senescence_basal_licence) * "
            f"sat(sensed_lps_{g} / senescence_licence_half)",
            "licence of niches to secrete",
        )
        s.add_rule(
            f"mature_signal_{g}",
            f"(mature_burden + whole_burden * induced_mature_{g}) / mature_reference",
            "mature share of niches, relative to an old gut",
        )
        s.add_rule(
            f"secretion_{g}", f"mature_signal_{g} * licence_{g}", "secretion of mature niches"
        )


def add_cytokines(s: EquationSystem) -> None:
    """Add local TNF and IL-10; secretion of the organs must be known."""
    n = s.segments
    for g in range(n):
        s.add_rule(f"around_{g}", mixed("activation", g, n), "activation of macrophages around")
        s.add_rule(
            f"senescent_{g}",
            f"senescence_gut_weight * secretion_{g} + (1.0 - senescence_gut_weight) * "
            "organs_secretion",
            "secretion of senescent cells that a segment senses",
        )
        for one in CYTOKINES:
            if one.at_wall:
                level = cytokine_level(one.key, f"around_{g}", f"senescent_{g}")
                s.add_rule(f"local_{one.key}_{g}", level, f"local {one.name}")


def cytokine_level(key: str, activation: str, senescent: str) -> str:
    """Formula of the level of a cytokine (ODD 7.6)."""
    made = f"1.0 + immune_{key}_by_activation * {activation}"
    if any(one.key == key and one.source != "macrophages" for one in CYTOKINES):
        made += f" + immune_{key}_by_senescence * {senescent}"
    return made


def add_loads(s: EquationSystem, released: np.ndarray) -> None:
    """Add the units of cargo that each segment releases per hour (ODD 7.3, 7.4).

    Release follows what is sensed with the delay of a tick, as in the mouse. It is a state for a
    practical reason too: simulators that expand rules within rules would need very long for flow.

    Args:
        s: The equations.
        released: Release at weaning, float64[axis, segment].
    """
    for g in range(s.segments):
        share = f"smaller(1.0, mature_signal_{g} * mature_reference / whole_burden)"
        s.add_rule(f"mature_share_{g}", share, "mature share of niches")
    for g in range(s.segments):
        for axis in CARGO[:-1]:
            s.add_rule(
                f"load_{axis}_{g}",
                "release * cargo_units_per_packet * "
                f"(1.0 + cargo_{axis}_by_senescence * secretion_{g})",
                f"{axis} cargo that niches load per hour",
            )
        _add_protective_load(s, g)
        for k, axis in enumerate(CARGO):
            name = f"released_{axis}_{g}"
            rate = f"24.0 / resolution_tick * (load_{axis}_{g} - {name})"
            s.add_state(name, released[k, g], rate, f"{axis} cargo released per hour", "1/h")


def _add_protective_load(s: EquationSystem, g: int) -> None:
    """Add the mean protective load over the counting noise of mature niches.

    Two points with the first three moments of the mixed share stand for it, as in
    `gutexo.mean_field.wall.mean_protective_load`. With mean m, variance v and third moment v k, the
    mean of 1 / (1 + f x) over both points is 1 / (y - f^2 v / (y + f k)) at y = 1 + f m.
    """
    beside = neighbours(g, s.segments)
    weight = f"(1.0 + {len(beside)}.0 * immune_spread)"
    parts = {g: f"(1.0 / {weight})"} | {k: f"(immune_spread / {weight})" for k in beside}
    mean, variance, third = [], [], []
    for k, part in parts.items():
        a = f"mature_share_{k}"
        spread = f"{part} * {part} * {a} * (1.0 - {a}) / resolution_enterocytes"
        mean.append(f"{part} * {a}")
        variance.append(spread)
        third.append(f"{spread} * {part} * (1.0 - 2.0 * {a}) / resolution_enterocytes")
    s.add_rule(f"share_variance_{g}", " + ".join(variance), "variance of the mixed mature share")
    s.add_rule(
        f"share_skew_{g}",
        # The small number: without variance there is no skewness.
        f"({' + '.join(third)}) / (share_variance_{g} + 1e-24)",
        "its third moment over its variance",
    )
    s.add_rule(
        f"load_scale_{g}",
        f"cargo_protective_by_senescence * licence_{g} * whole_burden / mature_reference",
        "fall of the protective load by the mature share",
    )
    s.add_rule(
        f"load_fall_{g}", f"1.0 + load_scale_{g} * ({' + '.join(mean)})",
        "the same at the mean of the mixed share",
    )  # fmt: skip
    s.add_rule(
        f"load_protective_{g}",
        f"release * cargo_units_per_packet / (load_fall_{g} - load_scale_{g} * load_scale_{g} * "
        f"share_variance_{g} / (load_fall_{g} + load_scale_{g} * share_skew_{g}))",
        "protective cargo that niches load per hour",
    )


def add_states(s: EquationSystem, wall: np.ndarray) -> None:
    """Add the states of the wall, with their values at weaning."""
    rates: Mapping[str, tuple[int, str, str]] = {
        "junction": (JUNCTION, _JUNCTION, "junction integrity"),
        "bare_epithelium": (DAMAGE, _BARE, "share of the epithelium that is bare"),
        "pore": (PORE, "24.0 / barrier_pore_time * (h2(local_tnf_G / barrier_pore_half) - pore_G)",
                 "opening of the pore pathway"),
        "pathobionts": (PATHOBIONTS, _PATHOBIONTS, "share of pathobionts"),
        "mucus": (MUCUS, _MUCUS, "penetrability of mucus"),
        "bacterial_density": (
            DENSITY,
            "24.0 / microbiota_growth_time * (microbiota_density - bacterial_density_G)",
            "density of bacteria",
        ),
        "activation": (ACTIVATION, _ACTIVATION, "activation of macrophages"),
        "induced": (INDUCED, "hazard_G / whole_burden * positive(1.0 - intrinsic_share - "
                    "induced_G) - clearance * induced_G", "induced share of niches"),
        "induced_mature": (RIPE, "(induced_G - induced_mature_G) / senescence_maturation - "
                           "clearance * induced_mature_G", "mature part of it"),
    }  # fmt: skip
    for g in range(s.segments):
        for name, (formula, meaning) in _TARGETS.items():
            s.add_rule(f"{name}_{g}", formula.replace("_G", f"_{g}"), meaning)
    for name, (row, rate, meaning) in rates.items():
        for g in range(s.segments):
            s.add_state(f"{name}_{g}", wall[row, g], rate.replace("_G", f"_{g}"), meaning)


_JUNCTION = (
    "barrier_repair * (1.0 + barrier_protection * h2(held_protective_G / cargo_protection_half)) "
    "* (1.0 + barrier_butyrate_support * bacterial_density_G) / (1.0 + barrier_butyrate_support) "
    "* (1.0 - junction_G) - (barrier_loss + barrier_cargo_disruption * "
    "h2(held_barrier_G / barrier_cargo_half)) * junction_G"
)
_BARE = (
    "epithelium_injury * (1.0 + epithelium_injury_by_tnf * h2(local_tnf_G / "
    "epithelium_injury_half)) * (1.0 - bare_epithelium_G) - epithelium_restitution * (1.0 + "
    "epithelium_protection * sat(held_protective_G / epithelium_protection_half)) * "
    "bare_epithelium_G"
)
_PATHOBIONTS = (
    "(sat(microbiota_shift_by_tnf * positive(local_tnf_G - 1.0)) - pathobionts_G) / "
    "microbiota_shift_time"
)
_MUCUS = (
    "(1.0 + microbiota_mucus_by_pathobionts * bacterial_density_G * pathobionts_G - mucus_G) / "
    "microbiota_mucus_time"
)
_ACTIVATION = (
    "(activation_target_G - activation_G) / immune_relaxation + (immune_rest - activation_G) / "
    "immune_turnover"
)
_TARGETS = {
    "activation_target": (
        "(immune_rest + threshold_response(sensed_lps_G * (1.0 + immune_cargo_gate * "
        "h2(macrophage_inflammatory_G / immune_cargo_half)) / immune_lps_half, "
        "immune_threshold_spread)) / ((1.0 + immune_protection * h2(macrophage_protective_G / "
        "cargo_protection_half)) * (1.0 + immune_il10_calming * positive(local_il10_G - 1.0)))",
        "target of activation, averaged over thresholds",
    ),
    "hazard": (
        "senescence_induction_gut * (h2(held_inflammatory_G / senescence_induction_cargo_half) + "
        "senescence_induction_by_tnf * h2(local_tnf_G / senescence_induction_tnf_half) + "
        "senescence_induction_by_senescence * sat(secretion_G)) / (1.0 + "
        "senescence_induction_protection * h2(held_protective_G / cargo_protection_half))",
        "burden per day that a place of well niches would gain by induction",
    ),
}
