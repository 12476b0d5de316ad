"""Lamina-propria macrophages: their activation, its inhibition, and their secretion."""

from __future__ import annotations

from gutexo.biology.portable_math import hill_square
from gutexo.catalogue.signals import IL10
from gutexo.compiled import rule


@rule
def activation_target(r, lps, inflammatory, protective, il10, threshold):
    """Activation that a macrophage is driven to (0 at rest, about 1 fully active).

    Inflammatory cargo acts by making the cell more sensitive to LPS; protective cargo and IL-10
    reduce activation.

    Args:
        r: Rates of the segment.
        lps: LPS at the cell, in mucosal levels of a closed young wall.
        inflammatory: Inflammatory cargo held by macrophages of the segment, in young levels.
        protective: Protective cargo held by macrophages of the segment, in young levels.
        il10: Local IL-10, in constitutive levels.
        threshold: The cell's own threshold relative to the mean cell.
    """
    gate = hill_square(inflammatory / r.immune_cargo_half)
    sensed = lps * (1.0 + r.immune_cargo_gate * gate)
    drive = r.immune_rest + hill_square(sensed / (r.immune_lps_half * threshold))
    calm = 1.0 + r.immune_protection * hill_square(protective / r.cargo_protection_half)
    above = il10 - 1.0
    if above > 0.0:
        calm = calm * (1.0 + r.immune_il10_calming * r.signal_action[IL10] * above)
    return r.macrophage_activation * drive / calm


@rule
def lps_threshold(r, susceptibility):
    """LPS threshold of a macrophage relative to the mean cell; `susceptibility` is 0 to 1."""
    return 1.0 + r.immune_threshold_spread * (2.0 * susceptibility - 1.0)


@rule
def cytokine_level(r, cytokine, activation, secretion):
    """Level of a cytokine that macrophages and senescent cells sustain, in constitutive levels.

    Args:
        r: Rates.
        cytokine: Its position in the table of signals.
        activation: Activation of the macrophages.
        secretion: What senescent cells secrete, 1 in an old mouse with full licence.
    """
    by_cells = r.cytokine_by_senescence[cytokine] * secretion
    by_macrophages = r.cytokine_by_activation[cytokine] * activation
    return r.signal_secretion[cytokine] * (1.0 + by_macrophages + by_cells)
