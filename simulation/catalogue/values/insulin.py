"""Insulin signalling in liver, muscle and fat."""

from __future__ import annotations

from gutexo.catalogue.declaration import ParameterGroup, parameter

A = "assumed"
F = "feasibility-search"


class InsulinParameters(ParameterGroup):
    """What blocks and what supports insulin signalling."""

    fast_time: float = parameter(3.0, "h", 1.0, 12.0, grade="D", source="engelman-irs1", prior="uniform", prior_low=2.5, prior_high=4.0, in_record=False, meaning="block of IRS-1 by phosphorylation", also=("ishizuka-2007", "zeng-2006"), derived="within the 2.5 to 4 h that TNF needs to cut IRS-1 tyrosine phosphorylation, taken as a time constant")
    slow_time: float = parameter(24.0, "h", 6.0, 96.0, grade=A, source=A, in_record=False, meaning="loss of IRS-1 protein (at 24 h)", also=("zeng-2006",), derived="assumed; read: IRS-1 protein unchanged at 6 h and less at 24 h")
    fast_share: float = parameter(0.5, "1", 0.0, 1.0, grade=A, source=A, prior="uniform", meaning="share of a block that phosphorylation carries, the rest is loss of IRS-1")
    cytokine_block: float = parameter(1.59, "1", 0.0, 10.0, grade=A, source=F, prior_low=0.05, prior_high=3, rate="insulin.cytokine_block", varies=True, meaning="largest block by TNF")
    cytokine_half: float = parameter(8.202, "1", 0.1, 100.0, grade=A, source=F, prior_low=2, prior_high=10, meaning="TNF at half block, in constitutive levels")
    cargo_block: float = parameter(2.175, "1", 0.0, 20.0, grade=A, source=F, prior_low=0.1, prior_high=6, rate="insulin.cargo_block", meaning="largest block by insulin-resistance cargo in the liver", also=("hfd-exosomes-2021", "ying-2017"), derived="that lipid of gut exosomes of fat-fed mice blocks insulin signalling has a source, the size is fitted; that old donors carry it is assumed")
    cargo_half: float = parameter(5.379, "1", 0.05, 100.0, grade=A, source=F, prior_low=1.5, prior_high=15, meaning="insulin-resistance cargo at half effect, in young levels")
    peripheral_cargo: float = parameter(0.3, "1", 0.0, 2.0, grade=A, source=F, prior_factor=10, meaning="cargo block in muscle and fat against liver")
    liver_cytokine: float = parameter(0.5, "1", 0.0, 2.0, grade=A, source=F, prior_factor=10, meaning="TNF block in liver against muscle")
    lps_block: float = parameter(0.2079, "1", 0.0, 10.0, grade=A, source=F, prior_low=0.05, prior_high=4, also=('cani-2007',), derived="that infused LPS makes the liver insulin resistant has a source, the size is fitted", meaning="largest block by LPS in the liver")
    lps_half: float = parameter(3.688, "1", 0.1, 200.0, grade=A, source=F, prior_low=2, prior_high=20, meaning="plasma LPS at half block, in levels of a closed wall")
    cargo_protection: float = parameter(0.65, "1", 0.0, 30.0, grade=A, source=F, prior_low=0.02, prior_high=2, rate="insulin.cargo_protection", meaning="largest support by protective cargo: the coupling on which the rescue hangs; its direction has a source, its size none", also=("chen-2024", "ying-2017"), derived="that young vesicles act through PGC-1alpha and mitochondria has a source; the size is fitted and has none")
    liver_mitochondria: float = parameter(1.83, "d", 0.5, 60.0, grade="A", source="miwa-2008", prior_low=1.16, prior_high=18.3, in_record=False, meaning="half-life of mitochondrial proteins of the liver, with which support by protective cargo comes and goes", derived="1.83 d; prior from the 1.16 d of dietary restriction to ten times the value, as published values differ tenfold")
    muscle_mitochondria: float = parameter(14.9, "d", 0.5, 120.0, grade="C", source="lau-2016", prior_low=2.5, prior_high=24.4, in_record=False, meaning="half-life of mitochondrial proteins of muscle (measured in heart)", derived="ln 2 / 0.0466 per d, the median of ten mitochondrial proteins (0.0285 to 0.274) of C57BL/6J hearts")
    adipose_mitochondria: float = parameter(10.0, "d", 0.5, 120.0, grade=A, source=A, in_record=False, meaning="half-life of mitochondrial proteins of fat", derived="assumed between liver and muscle; no value for fat was found")
    senescent_block: float = parameter(0.09098, "1", 0.0, 10.0, grade=A, source=F, prior_low=0.02, prior_high=3, meaning="block by the fully licensed senescent cells of an old organ")
