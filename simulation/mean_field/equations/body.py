"""Equations of organs, blood, glucose and the burden (ODD 7.7 to 7.11)."""

from __future__ import annotations

import numpy as np

from gutexo.catalogue.organs import ORGANS
from gutexo.catalogue.signals import CYTOKINES, SIGNALS
from gutexo.mean_field.array_layout import (
    BURDEN,
    CAPACITY,
    FAST,
    FOLLOWED,
    LEVEL,
    MASS,
    MATURED,
    ORGAN_INDUCED,
    ORGAN_RIPE,
    SLOW,
)
from gutexo.mean_field.equations.system import EquationSystem
from gutexo.mean_field.equations.wall import cytokine_level, mean_of

PERIPHERY = (
    "glucose_muscle_share * muscle_sensitivity + (1.0 - glucose_muscle_share) * adipose_sensitivity"
)


def add_burden(s: EquationSystem, body: np.ndarray) -> None:
    """Add the burden of the published law and the induced part of the total burden."""
    s.add_rule("age", "weaning_age + time", "age", "d")
    s.add_rule(
        "whole_burden", "senescence_reference_burden / senescence_share",
        "burden at which all sites are senescent",
    )  # fmt: skip
    s.add_rule(
        "mature_reference",
        "senescence_reference_burden / (1.0 + senescence_maturation * senescence_removal / "
        "(senescence_half_saturation + senescence_reference_burden))",
        "mature burden at rest at the reference burden",
    )
    cells = " + ".join(f"resolution_{organ.cell}s" for organ in ORGANS)
    s.add_rule("organ_cells", cells, "cells of all organs")
    s.add_rule(
        "gut_induced_share", mean_of("induced", s.segments), "induced share of niches",
        observed=True,
    )  # fmt: skip
    s.add_rule(
        "organ_induced_share", _over_organs("induced"), "induced share of cells of organs",
        observed=True,
    )  # fmt: skip
    s.add_rule(
        "total_burden",
        "intrinsic_burden + whole_burden * (senescence_gut_weight * gut_induced_share + "
        "(1.0 - senescence_gut_weight) * organ_induced_share)",
        "total burden; at 1 a mouse dies",
        observed=True,
    )
    s.add_rule(
        "clearance", "senescence_removal / (senescence_half_saturation + total_burden)",
        "clearance of senescent cells", "1/d",
    )  # fmt: skip
    s.add_rule(
        "intrinsic_share", "smaller(1.0, followed_burden / whole_burden)",
        "intrinsic share of sites",
    )  # fmt: skip
    s.add_rule(
        "mature_burden",
        "smaller(whole_burden, smaller(followed_burden, mature_intrinsic_burden))",
        "burden of intrinsic sites that are mature",
    )
    s.add_state(
        "intrinsic_burden", body[BURDEN],
        "senescence_production * senescence_production_part * age - clearance * intrinsic_burden",
        "intrinsic burden",
    )  # fmt: skip
    s.add_state(
        "followed_burden", body[FOLLOWED],
        "24.0 / senescence_follow_time * (intrinsic_burden - followed_burden)",
        "burden that sites follow",
    )  # fmt: skip
    s.add_state(
        "mature_intrinsic_burden", body[MATURED],
        "(intrinsic_burden - mature_intrinsic_burden) / senescence_maturation - "
        "clearance * mature_intrinsic_burden",
        "mature part of the intrinsic burden",
    )  # fmt: skip


def _over_organs(name: str) -> str:
    parts = [f"resolution_{organ.cell}s * {organ.tissue}_{name}" for organ in ORGANS]
    return f"({' + '.join(parts)}) / organ_cells"


def add_organ_secretion(s: EquationSystem) -> None:
    """Add what the mature cells of organs secrete."""
    s.add_rule(
        "organ_licence",
        "senescence_basal_licence + (1.0 - senescence_basal_licence) * "
        "sat(plasma_lps / senescence_licence_half)",
        "licence of cells of organs to secrete",
    )
    for organ in ORGANS:
        s.add_rule(
            f"{organ.tissue}_secretion",
            f"(mature_burden + whole_burden * {organ.tissue}_induced_mature) / mature_reference "
            "* organ_licence",
            f"secretion of mature cells of {organ.name}",
        )
    s.add_rule("organs_secretion", _over_organs("secretion"), "their mean over all organs")


def add_organs(s: EquationSystem, organs: np.ndarray) -> None:
    """Add insulin signalling and induced sites of each organ."""
    for k, organ in enumerate(ORGANS):
        name = organ.tissue
        s.add_rule(f"{name}_block", _block(name), "block that signals drive to")
        s.add_rule(f"{name}_hazard", _hazard(name), "burden per day gained by well cells")
        s.add_rule(
            f"{name}_sensitivity",
            f"(1.0 + insulin_cargo_protection * {name}_capacity) / (1.0 + insulin_fast_share * "
            f"{name}_fast_block + (1.0 - insulin_fast_share) * {name}_slow_block)",
            f"insulin sensitivity of {organ.name}",
            observed=True,
        )
        for pace, row in (("fast", FAST), ("slow", SLOW)):
            state = f"{name}_{pace}_block"
            rate = f"24.0 / insulin_{pace}_time * ({name}_block - {state})"
            s.add_state(state, organs[row, k], rate, f"{pace} block of {organ.name}")
        s.add_state(
            f"{name}_capacity", organs[CAPACITY, k],
            f"ln(2.0) / insulin_{name}_mitochondria * "
            f"(h2({name}_protective / cargo_protection_half) - {name}_capacity)",
            f"mitochondrial capacity of {organ.name}",
        )  # fmt: skip
        s.add_state(
            f"{name}_induced", organs[ORGAN_INDUCED, k],
            f"{name}_hazard / whole_burden * positive(1.0 - intrinsic_share - {name}_induced) - "
            f"clearance * {name}_induced",
            f"induced share of cells of {organ.name}",
        )  # fmt: skip
        s.add_state(
            f"{name}_induced_mature", organs[ORGAN_RIPE, k],
            f"({name}_induced - {name}_induced_mature) / senescence_maturation - "
            f"clearance * {name}_induced_mature",
            "mature part of it",
        )  # fmt: skip


def _block(name: str) -> str:
    tnf = "insulin_cytokine_block * h2(plasma_tnf / insulin_cytokine_half)"
    cargo = f"insulin_cargo_block * h2({name}_lipid / insulin_cargo_half)"
    own = f"insulin_senescent_block * {name}_secretion"
    if name == "liver":
        lps = "insulin_lps_block * h2(plasma_lps / insulin_lps_half)"
        return f"insulin_liver_cytokine * {tnf} + {cargo} + {own} + {lps}"
    return f"{tnf} + insulin_peripheral_cargo * {cargo} + {own}"


def _hazard(name: str) -> str:
    return (
        f"senescence_induction_organs * (h2({name}_inflammatory / senescence_induction_cargo_half) "
        "+ senescence_induction_by_tnf * h2(plasma_tnf / senescence_induction_tnf_half) + "
        f"senescence_induction_by_senescence * sat({name}_secretion)) / (1.0 + "
        f"senescence_induction_protection * h2({name}_protective / cargo_protection_half))"
    )


def add_blood(s: EquationSystem, body: np.ndarray) -> None:
    """Add cytokines and LPS of plasma."""
    n = s.segments
    s.add_rule("macrophage_activation", mean_of("activation", n), "mean activation", observed=True)
    s.add_rule(
        "senescent_secretion",
        f"senescence_gut_weight * {mean_of('secretion', n)} + (1.0 - senescence_gut_weight) * "
        "organs_secretion",
        "secretion of senescent cells that plasma receives",
    )
    for k, signal in enumerate(SIGNALS):
        source = mean_of("local_lps", n)
        if signal in CYTOKINES:
            source = cytokine_level(signal.key, "macrophage_activation", "senescent_secretion")
        s.add_rule(f"{signal.key}_supply", source, f"level of {signal.name} that is sustained")
        s.add_state(
            f"plasma_{signal.key}", body[LEVEL + k],
            f"1440.0 * ln(2.0) / immune_{signal.key}_half_life * "
            f"({signal.key}_supply - plasma_{signal.key})",
            f"{signal.name} in plasma, {signal.reference}",
        )  # fmt: skip
        s.add_rule(
            f"{signal.key}_concentration", f"immune_{signal.key}_unit * plasma_{signal.key}",
            f"plasma {signal.name}", signal.unit, observed=True,
        )  # fmt: skip


def add_glucose(s: EquationSystem, body: np.ndarray, fasting: tuple[float, float]) -> None:
    """Add fasting glucose and insulin, which relax within hours, and beta cells (ODD 7.10)."""
    s.add_rule("periphery_sensitivity", PERIPHERY, "insulin sensitivity of muscle and fat")
    s.add_rule(
        "insulin_excess", "positive(fasting_insulin - glucose_linear_insulin)",
        "insulin beyond its linear action", "uU/mL",
    )  # fmt: skip
    s.add_rule(
        "insulin_action",
        "smaller(fasting_insulin, glucose_linear_insulin) + insulin_excess / (1.0 + "
        "insulin_excess / glucose_saturation)",
        "action of insulin", "uU/mL",
    )  # fmt: skip
    s.add_rule(
        "glucose_made",
        "glucose_production * ((1.0 + glucose_hepatic_suppression) / (1.0 + "
        "glucose_hepatic_suppression * liver_sensitivity * insulin_action / "
        "glucose_reference_insulin) + glucose_counter_gain * positive(1.0 - fasting_glucose / "
        "glucose_counter_threshold))",
        "production of glucose", "mg/dL/d",
    )  # fmt: skip
    s.add_rule(
        "glucose_used",
        "(glucose_effectiveness + glucose_sensitivity * periphery_sensitivity * insulin_action) * "
        "fasting_glucose",
        "uptake of glucose", "mg/dL/d",
    )  # fmt: skip
    s.add_state(
        "fasting_glucose", fasting[0], "glucose_turnover * (glucose_made - glucose_used)",
        "fasting glucose", "mg/dL",
    )  # fmt: skip
    s.add_state(
        "fasting_insulin", fasting[1],
        "beta_cell_mass * glucose_secretion * fasting_glucose * fasting_glucose / "
        "(glucose_secretion_half + fasting_glucose * fasting_glucose) - "
        "glucose_insulin_clearance * fasting_insulin",
        "fasting insulin", "uU/mL",
    )  # fmt: skip
    s.add_rule(
        "glucose_excess", "fasting_glucose - glucose_beta_root", "glucose of growth", "mg/dL"
    )
    s.add_state(
        "beta_cell_mass", body[MASS],
        "(glucose_beta_growth * glucose_excess - glucose_beta_toxicity * glucose_excess * "
        "glucose_excess - glucose_beta_death) * beta_cell_mass + glucose_beta_neogenesis",
        "beta-cell mass", "mg",
    )  # fmt: skip


def add_readings(s: EquationSystem) -> None:
    """Add readings of the wall and of the body that are not there yet."""
    n = s.segments
    for g in range(n):
        s.add_rule(
            f"permeability_{g}",
            f"1.0 + barrier_leak * (1.0 - junction_{g}) + barrier_unrestricted_dextran * "
            f"bare_epithelium_{g}",
            "permeability for dextran, 1 in a closed wall", observed=True,
        )  # fmt: skip
        s.add_rule(
            f"conductance_{g}",
            f"1.0 + barrier_ter_junction * (1.0 - junction_{g}) + barrier_pore_opening * pore_{g}",
            "conductance of a segment",
        )
    s.add_rule("permeability", mean_of("permeability", n), "mean permeability", observed=True)
    s.add_rule(
        "transepithelial_resistance", f"barrier_ter_young / ({mean_of('conductance', n)})",
        "TER", "ohm*cm^2", observed=True,
    )  # fmt: skip
    s.add_rule(
        "homa_ir", "fasting_glucose * fasting_insulin / 405.0",
        "HOMA-IR; no reading where fasting glucose is above glucose_diabetic", observed=True,
    )  # fmt: skip
    for place in ("gut", "organ"):
        s.add_rule(
            f"{place}_senescent_share", f"intrinsic_share + {place}_induced_share",
            "senescent share of sites", observed=True,
        )  # fmt: skip
    s.add_rule(
        "gut_mature_share",
        f"mature_burden / whole_burden + {mean_of('induced_mature', n)}",
        "share of niches that are senescent and mature", observed=True,
    )  # fmt: skip
    for name, of, meaning in (
        ("held_barrier_cargo", "held_barrier", "barrier cargo held by enterocytes"),
        ("held_inflammatory_cargo", "held_inflammatory", "inflammatory cargo held by enterocytes"),
        ("held_protective_cargo", "held_protective", "protective cargo held by enterocytes"),
        ("junction_integrity", "junction", "junction integrity"),
    ):
        s.add_rule(name, mean_of(of, n), f"mean {meaning}", observed=True)
