"""Lamina-propria macrophages: what activates and calms them, and what they secrete."""

from __future__ import annotations

from gutexo.biology.exact import saturate
from gutexo.compiled import rule


@rule
def activation_target(r, lps, inflammatory, protective, il10, threshold):
    """Activation to which a macrophage is driven (0 rest, about 1 full).

    Inflammatory cargo acts mostly by making the cell more sensitive to LPS, so neither does much
    alone; protective cargo and IL-10 calm.

    Args:
        r: Rates of the segment.
        lps: LPS the cell meets, in mucosal levels of a closed young wall.
        inflammatory: Inflammatory cargo held in the niche, young levels.
        protective: Protective cargo held in the niche, young levels.
        il10: Local IL-10, constitutive levels.
        threshold: The cell's own threshold against the mean cell.
    """
    heard = saturate(inflammatory / r.immune_cargo_half)
    x = lps * (1.0 + r.immune_cargo_gate * heard) / (r.immune_lps_half * threshold)
    drive = r.immune_rest + x * x / (1.0 + x * x) + r.immune_cargo_direct * heard
    calm = 1.0 + r.immune_protection * saturate(protective / r.immune_protection_half)
    above = il10 - 1.0
    if above > 0.0:
        calm = calm * (1.0 + r.immune_il10_calming * r.il10_action * above)
    return r.macrophage_activation * drive / calm


@rule
def own_threshold(r, lot):
    """LPS threshold of a macrophage against the mean cell, from its own lot (0 to 1)."""
    return 1.0 + r.immune_threshold_spread * (2.0 * lot - 1.0)


@rule
def tnf_level(r, activation, senescent):
    """TNF that macrophages and senescent cells sustain, in constitutive levels."""
    by_cells = r.immune_tnf_by_senescence * r.senescence_secretion * senescent
    return r.tnf_secretion * (1.0 + r.immune_tnf_by_activation * activation + by_cells)


@rule
def il6_level(r, activation, senescent):
    """IL-6 that macrophages and senescent cells sustain, in constitutive levels."""
    by_cells = r.immune_il6_by_senescence * r.senescence_secretion * senescent
    return r.il6_secretion * (1.0 + r.immune_il6_by_activation * activation + by_cells)


@rule
def il10_level(r, activation):
    """IL-10, the brake that activated macrophages secrete themselves, in constitutive levels."""
    return r.il10_secretion * (1.0 + r.immune_il10_by_activation * activation)
