"""The senescent burden: one saturating-removal path a mouse."""

from __future__ import annotations

from gutexo.catalogue.declaration import MAX_SHARE, ParameterGroup, parameter

A = "assumed"
F = "feasibility-search"


class SenescenceParameters(ParameterGroup):
    """Saturating removal in units of the death threshold (females)."""

    production: float = parameter(2.303e-5, "1/d^2", 1e-7, 3.5e-4, grade="D", source="srtools-aging", prior_factor=1.5, rate="senescence.production", meaning="rise of production with age", derived="eta, females, in units of the threshold; from the identifiable ratios")
    removal: float = parameter(0.01997, "1/d", 1e-3, 1.0, grade="D", source="srtools-aging", prior_factor=1.5, rate="senescence.removal", max_step=MAX_SHARE, meaning="largest removal", also=("karin-2019",), derived="beta, females; beta / eta is 867 d")
    half_saturation: float = parameter(0.017, "1", 1e-4, 1.0, grade="D", source="srtools-aging", prior_factor=1.5, meaning="burden at half removal", derived="kappa, females")
    noise: float = parameter(1.678e-3, "1/d", 0.0, 0.01, grade="D", source="srtools-aging", prior_factor=1.5, in_record=False, meaning="strength of noise", derived="epsilon, females; 1 / epsilon is 596 d")
    reference_burden: float = parameter(0.307, "1", 0.01, 1.0, grade="D", source="srtools-aging", prior="fixed", meaning="mean burden of survivors at 24 months, by which burden is normalised", derived="simulated from the ratios: mean of survivors at 730 d")
    maturation: float = parameter(10.0, "d", 1.0, 60.0, grade=A, source=A, meaning="time in which the secretory phenotype follows the burden")
    share: float = parameter(0.2, "1", 0.0, 0.9, grade=A, source=A, prior="uniform", prior_low=0.05, prior_high=0.5, meaning="share of cells marked senescent at the burden of an old mouse")
    share_half: float = parameter(2.0, "1", 0.2, 10.0, grade=A, source=A, meaning="burden at which the share of senescent cells saturates, in old burdens")
