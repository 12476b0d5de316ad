"""Insulin signalling in liver, muscle and fat."""

from __future__ import annotations

from simulation.catalogue.parameter import Group, parameter

A = "assumed"
F = "feasibility-search"
S = "constrained-signs"


class Insulin(Group):
    """What blocks and what supports insulin signalling."""

    fast_time: float = parameter(3.0, "h", 1.0, 12.0, grade=A, source=A, meaning="serine phosphorylation of IRS-1 (Ser307 within 6 h)")
    slow_time: float = parameter(24.0, "h", 6.0, 96.0, grade=A, source=A, meaning="loss of IRS-1 protein (at 24 h)")
    fast_share: float = parameter(0.5, "1", 0.0, 1.0, grade=A, source=A, prior="uniform", meaning="share of a block that phosphorylation carries, the rest is loss of IRS-1")
    cytokine_block: float = parameter(0.535, "1", 0.0, 10.0, grade=A, source=F, meaning="largest block by TNF")
    cytokine_half: float = parameter(3.15, "1", 0.1, 100.0, grade=A, source=F, meaning="TNF above its constitutive level at half block")
    il6_block: float = parameter(0.1, "1", 0.0, 10.0, grade=A, source=A, meaning="largest hepatic block by IL-6")
    cargo_block: float = parameter(4.0, "1", 0.0, 20.0, grade=A, source=S, meaning="largest block by insulin-resistance cargo in the liver")
    cargo_half: float = parameter(2.76, "1", 0.05, 100.0, grade=A, source=F, meaning="insulin-resistance cargo at half effect, in young levels")
    peripheral_cargo: float = parameter(0.3, "1", 0.0, 2.0, grade=A, source=F, meaning="cargo block in muscle and fat against liver")
    liver_cytokine: float = parameter(0.5, "1", 0.0, 2.0, grade=A, source=F, meaning="TNF block in liver against muscle")
    cargo_protection: float = parameter(2.7, "1", 0.0, 30.0, grade=A, source=S, meaning="largest support by protective cargo: the coupling on which the rescue hangs; no source")
    liver_mitochondria: float = parameter(4.3, "d", 0.5, 60.0, grade=A, source=A, meaning="half-life of mitochondrial proteins of the liver, with which support by protective cargo comes and goes")
    muscle_mitochondria: float = parameter(17.2, "d", 0.5, 120.0, grade=A, source=A, meaning="half-life of mitochondrial proteins of muscle")
    adipose_mitochondria: float = parameter(10.0, "d", 0.5, 120.0, grade=A, source=A, meaning="half-life of mitochondrial proteins of fat")
    protection_half: float = parameter(1.67, "1", 0.05, 100.0, grade=A, source=F, meaning="protective cargo at half effect, in young levels")
    senescent_block: float = parameter(0.00326, "1", 0.0, 10.0, grade=A, source=F, meaning="block at the burden of an old mouse")
