"""Tight junctions and the three paths across the gut wall."""

from __future__ import annotations

from gutexo.catalogue.declaration import MAX_SHARE, ParameterGroup, parameter

A = "assumed"
F = "feasibility-search"


class BarrierParameters(ParameterGroup):
    """Rates of junction repair and loss, and how paths open."""

    repair: float = parameter(0.7956, "1/d", 0.01, 5.0, grade=A, source=F, prior_low=0.15, prior_high=2, rate="tight_junction.repair", max_step=MAX_SHARE, varies=True, meaning="tight-junction repair")
    loss: float = parameter(0.0233, "1/d", 0.0, 1.0, grade=A, source=F, prior_factor=10, rate="tight_junction.loss", max_step=MAX_SHARE, meaning="tight-junction loss at rest")
    cargo_disruption: float = parameter(0.2488, "1/d", 0.0, 5.0, grade=A, source=F, prior_low=0.03, prior_high=3, rate="tight_junction.cargo_disruption", max_step=MAX_SHARE, meaning="largest junction loss by barrier-disrupting cargo")
    cargo_half: float = parameter(2.772, "1", 0.1, 100.0, grade=A, source=F, prior_low=1.5, prior_high=15, meaning="barrier cargo at half effect, in young levels")
    protection: float = parameter(1.861, "1", 0.0, 10.0, grade=A, source=F, prior_low=0.05, prior_high=3, also=('chelakkot-2018',), derived="that vesicles can tighten junctions has a source, the size has not", meaning="largest rise of repair by protective cargo")
    butyrate_support: float = parameter(0.2, "1", 0.0, 5.0, grade=A, source=A, prior_factor=10, meaning="rise of repair by the butyrate of a healthy microbiota", also=("butyrate-2024",))
    leak: float = parameter(7.413, "1", 0.0, 200.0, grade=A, source=F, prior_low=4, prior_high=80, meaning="leak path of an open junction against a closed one")
    lps_leak: float = parameter(1.849, "1", 0.0, 200.0, grade=A, source=F, prior_low=1, prior_high=60, meaning="the same for LPS, which also crosses cells")
    unrestricted: float = parameter(12.94, "1", 0.0, 1000.0, grade=A, source=F, prior_low=10, prior_high=300, meaning="LPS flux through bare epithelium against a closed junction")
    unrestricted_dextran: float = parameter(44.23, "1", 0.0, 1000.0, grade=A, source=F, prior_low=5, prior_high=60, meaning="dextran flux through bare epithelium against a closed junction")
    ter_junction: float = parameter(0.536, "1", 0.0, 10.0, grade=A, source=F, prior_low=0.05, prior_high=2, meaning="conductance added by an open junction")
    pore_opening: float = parameter(0.7785, "1", 0.0, 10.0, grade="A", source="tnf-ter-caco2", prior="uniform", prior_low=0.667, prior_high=1.0, meaning="conductance added by saturating TNF (TER -40 to -50 % at 24 h)", also=("feasibility-search",), derived="TER of 0.5 to 0.6 at 24 h: 1/TER - 1 is 0.67 to 1; 0.773 of the feasibility search lies within")
    pore_half: float = parameter(4.928, "1", 0.1, 100.0, grade=A, source=F, prior_low=2, prior_high=12, meaning="TNF at half effect on the pore, in constitutive levels")
    pore_time: float = parameter(7.0, "h", 1.0, 24.0, grade=A, source=A, meaning="time constant of the pore's answer to TNF", also=("tnf-ter-caco2",), derived="assumed; read: no effect within 6 h, 40 to 50 % at 24 h")
    ter_young: float = parameter(60.0, "ohm*cm^2", 5.0, 500.0, grade=A, source=A, meaning="TER with every junction closed", also=("nox1-2010",), derived="assumed; read: 1000 / 29.4 and 1000 / 33.4 mS/cm2 are 34 and 30 ohm cm2, colon of wild-type mice")
    dextran_dose: float = parameter(600.0, "mg/kg", 50, 2000, grade=A, source=A, prior="fixed", meaning="4-kDa FITC-dextran by gavage, as laboratories commonly give it", also=("fd4-protocol",), derived="assumed; read: 12.5 mg a mouse, 446 mg/kg at 28 g")
    dextran_emptying: float = parameter(0.25, "h", 0.02, 3.0, grade=A, source=A, meaning="mean stay of the marker in the stomach of a fasted mouse")
    dextran_transit: float = parameter(1.5, "h", 0.5, 6.0, grade=A, source=A, meaning="pylorus to ileocaecal valve of liquid in a fasted mouse", also=("fd4-c3h-2018",), derived="assumed; read: 70-kDa dextran is in the jejunum at 15 min and past the small intestine within 1 h")
    dextran_absorption: float = parameter(0.001, "1/h", 1e-5, 0.1, grade=A, source=A, meaning="absorption of the marker through a closed wall", also=("fd4-c3h-2018",), derived="assumed; the plasma peak at 45 min is held by a pattern")
    dextran_half_life: float = parameter(25.0, "min", 5.0, 240.0, grade=A, source=A, meaning="plasma 4-kDa dextran, cleared by the kidney")
    dextran_volume: float = parameter(200.0, "mL/kg", 30.0, 600.0, grade=A, source=A, meaning="distribution volume of the marker")
