"""Macrophages, cytokines and LPS."""

from __future__ import annotations

from gutexo.catalogue.declaration import MAX_SHARE, ParameterGroup, parameter

A = "assumed"
F = "feasibility-search"


class ImmuneParameters(ParameterGroup):
    """Activation of macrophages and the kinetics of what they secrete."""

    relaxation: float = parameter(3.0, "d", 0.1, 30.0, grade=A, source=F, rate="macrophage.relaxation", max_step=MAX_SHARE, meaning="time in which macrophage activation follows its drive")
    turnover: float = parameter(20.0, "d", 2.0, 100.0, grade=A, source=A, meaning="mean stay of a monocyte-derived macrophage", also=("bain-2014", "shaw-2018"), derived="assumed; read: replaced by monocytes all life long, one subset fast, one slowly, one hardly")
    rest: float = parameter(0.0172, "1", 0.0, 1.0, grade=A, source=F, prior_factor=10, meaning="activation without any drive")
    lps_half: float = parameter(30.05, "1", 0.1, 200.0, grade=A, source=F, prior_low=3, prior_high=40, meaning="mucosal LPS at half activation, in young levels")
    cargo_gate: float = parameter(2.126, "1", 0.0, 20.0, grade=A, source=F, prior_low=0.1, prior_high=6, meaning="largest rise of LPS sensitivity by inflammatory cargo")
    cargo_half: float = parameter(4.019, "1", 0.05, 100.0, grade=A, source=F, prior_low=1.5, prior_high=15, meaning="inflammatory cargo at half effect, in young levels")
    protection: float = parameter(0.8188, "1", 0.0, 20.0, grade=A, source=F, prior_low=0.1, prior_high=5, meaning="largest calming by protective cargo")
    il10_calming: float = parameter(0.1, "1", 0.0, 10.0, grade=A, source=A, prior_factor=10, meaning="calming by IL-10 above its constitutive level")
    blood_lps: float = parameter(0.3, "1", 0.0, 10.0, grade=A, source=A, prior_factor=10, meaning="weight of plasma LPS beside mucosal LPS")
    spread: float = parameter(0.5, "1", 0.0, 5.0, grade=A, source=A, prior_factor=10, meaning="exchange of local cytokines and LPS with each neighbour segment")
    threshold_spread: float = parameter(0.4, "1", 0.0, 0.95, grade=A, source=A, prior="uniform", meaning="macrophages answer LPS at thresholds of their own, uniform within 1 plus or minus this, of the mean")
    tnf_by_activation: float = parameter(23.37, "1", 0.0, 500.0, grade=A, source=F, prior_low=4, prior_high=120, in_record=False, meaning="TNF of fully activated macrophages, in constitutive levels")
    tnf_by_senescence: float = parameter(0.1645, "1", 0.0, 10.0, grade=A, source=F, prior_low=0.05, prior_high=8, in_record=False, meaning="TNF of fully licensed senescent cells of an old mouse, in constitutive levels")
    il6_by_activation: float = parameter(18.98, "1", 0.0, 500.0, grade=A, source=F, prior_low=3, prior_high=120, in_record=False, meaning="IL-6 of fully activated macrophages, in constitutive levels")
    il6_by_senescence: float = parameter(0.3674, "1", 0.0, 10.0, grade=A, source=F, prior_low=0.05, prior_high=8, in_record=False, meaning="IL-6 of fully licensed senescent cells of an old mouse, in constitutive levels")
    il10_by_activation: float = parameter(10.0, "1", 0.0, 500.0, grade=A, source=A, prior_factor=10, in_record=False, meaning="IL-10 of fully activated macrophages, in constitutive levels")
    tnf_half_life: float = parameter(18.9, "min", 1.0, 120.0, grade="A", source="ferraiolo-1988", prior="uniform", prior_low=18.5, prior_high=19.2, in_record=False, meaning="plasma TNF", derived="middle of 18.5 to 19.2 min")
    il6_half_life: float = parameter(23.0, "min", 1.0, 600.0, grade="A", source="il6-rat", in_record=False, meaning="plasma IL-6 (rat; mouse unknown)", derived="0.38 h, the slow phase in rats; unknown in mice")
    il10_half_life: float = parameter(60.0, "min", 1.0, 600.0, grade=A, source=A, in_record=False, meaning="plasma IL-10", also=("radwanski-1998",), derived="assumed; read: 1.94 h in people")
    lps_half_life: float = parameter(3.0, "min", 1.0, 60.0, grade="A", source="yao-2016", prior="uniform", prior_low=2.0, prior_high=4.0, in_record=False, meaning="plasma LPS, first phase", derived="middle of 2 to 4 min")
    tnf_unit: float = parameter(5.0, "pg/mL", 0.1, 100.0, grade=A, source=A, in_record=False, meaning="constitutive plasma TNF")
    il6_unit: float = parameter(5.0, "pg/mL", 0.1, 100.0, grade=A, source=A, in_record=False, meaning="constitutive plasma IL-6")
    il10_unit: float = parameter(10.0, "pg/mL", 0.1, 500.0, grade=A, source=A, in_record=False, meaning="constitutive plasma IL-10")
    lps_unit: float = parameter(0.3, "EU/mL", 0.001, 50.0, grade=A, source=A, in_record=False, meaning="plasma LPS of a closed barrier")
