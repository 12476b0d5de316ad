"""Senescence: the intrinsic burden, sites that are induced, and what mature ones secrete."""

from __future__ import annotations

from gutexo.catalogue.declaration import MAX_SHARE, ParameterGroup, parameter

A = "assumed"
F = "feasibility-search"


class SenescenceParameters(ParameterGroup):
    """Burden in units of the death threshold (females), and induction of senescence by signals."""

    production: float = parameter(2.303e-5, "1/d^2", 1e-7, 3.5e-4, grade="D", source="srtools-aging", prior_factor=1.5, rate="senescence.production", meaning="rise of production with age, as published", derived="eta, females, in units of the threshold; from the identifiable ratios")
    production_part: float = parameter(0.9521, "1", 0.05, 1.0, grade=A, source=F, prior="uniform", prior_low=0.35, prior_high=1.0, meaning="part of the published production that is intrinsic; induction adds the rest")
    removal: float = parameter(0.01997, "1/d", 1e-3, 1.0, grade="D", source="srtools-aging", prior_factor=1.5, rate="senescence.removal", max_step=MAX_SHARE, meaning="largest removal", also=("karin-2019",), derived="beta, females; beta / eta is 867 d")
    half_saturation: float = parameter(0.017, "1", 1e-4, 1.0, grade="D", source="srtools-aging", prior_factor=1.5, meaning="burden at half removal", derived="kappa, females")
    noise: float = parameter(1.678e-3, "1/d", 0.0, 0.01, grade="D", source="srtools-aging", prior_factor=1.5, in_record=False, meaning="strength of noise", derived="epsilon, females; 1 / epsilon is 596 d")
    reference_burden: float = parameter(0.307, "1", 0.01, 1.0, grade="D", source="srtools-aging", prior="fixed", in_record=False, meaning="mean burden of survivors at 24 months, by which burden is normalised", derived="simulated from the ratios: mean of survivors at 730 d")
    maturation: float = parameter(5.937, "d", 1.0, 60.0, grade=A, source=F, prior_low=4, prior_high=15, meaning="time in which a senescent cell comes to secrete fully")
    follow_time: float = parameter(48.0, "h", 6.0, 480.0, grade=A, source=A, meaning="time in which the share of intrinsic senescent sites follows the burden, whose path flickers")
    share: float = parameter(0.2, "1", 0.02, 0.9, grade=A, source=A, prior="uniform", prior_low=0.05, prior_high=0.5, in_record=False, meaning="share of sites that are senescent at the burden of an old mouse")
    gut_weight: float = parameter(0.5, "1", 0.0, 1.0, grade=A, source=A, prior="uniform", meaning="weight of the gut in the total burden and in secretion, against all organs")
    basal_licence: float = parameter(0.1212, "1", 0.0, 1.0, grade=A, source=F, prior_low=0.03, prior_high=0.3, also=('senescence-lps',), derived="that senescent cells secrete without bacteria and more with LPS has a source, the size is fitted", meaning="part of its secretion that a mature senescent cell has without bacterial products")
    licence_half: float = parameter(4.769, "1", 0.1, 200.0, grade=A, source=F, prior_low=1.5, prior_high=20, meaning="LPS at half licence, in levels of a closed wall")
    induction_gut: float = parameter(0.003759, "1/d", 0.0, 0.5, grade=A, source=F, prior_low=0.0005, prior_high=0.04, rate="senescence.induction_gut", max_step=MAX_SHARE, also=('jeon-2022', 'xu-2018'), derived="that blood and grafts of senescent cells induce senescence has a source; that luminal exosomes do is assumed", meaning="burden a day that saturating cargo induces in a gut of well niches")
    induction_organs: float = parameter(0.001879, "1/d", 0.0, 0.5, grade=A, source=F, prior_low=0.0005, prior_high=0.04, rate="senescence.induction_organs", max_step=MAX_SHARE, also=('jeon-2022', 'xu-2018'), meaning="the same in organs")
    induction_by_tnf: float = parameter(0.2611, "1", 0.0, 20.0, grade=A, source=F, prior_low=0.05, prior_high=3, meaning="largest induction by TNF, against that by cargo")
    induction_by_senescence: float = parameter(0.03196, "1", 0.0, 20.0, grade=A, source=F, prior_low=0.01, prior_high=1, also=('da-silva-2019',), meaning="largest induction by what neighbours secrete, against that by cargo")
    induction_cargo_half: float = parameter(6.647, "1", 0.1, 100.0, grade=A, source=F, prior_low=1.5, prior_high=15, meaning="inflammatory cargo at half induction, in young levels")
    induction_tnf_half: float = parameter(9.041, "1", 0.1, 100.0, grade=A, source=F, prior_low=1.5, prior_high=12, meaning="TNF at half induction, in constitutive levels")
    induction_protection: float = parameter(0.1499, "1", 0.0, 50.0, grade=A, source=F, prior_low=0.1, prior_high=10, meaning="largest fall of induction by protective cargo; that it counters induction is assumed")
