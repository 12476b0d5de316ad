"""Glucose, insulin and beta-cell mass: Topp's model, and what tolerance tests and a clamp add."""

from __future__ import annotations

from typing import ClassVar

from gutexo.catalogue.declaration import ParameterGroup, parameter

A = "assumed"
T = "topp-2000"


class GlucoseParameters(ParameterGroup):
    """Topp's constants are human-scaled, so fasting levels are on Topp's scale (100 mg/dL)."""

    in_record: ClassVar[bool] = False

    production: float = parameter(864.0, "mg/dL/d", 50.0, 5000.0, grade="C", source=T, prior_factor=2, meaning="R0: glucose production of the liver at the reference insulin")
    effectiveness: float = parameter(1.44, "1/d", 0.1, 20.0, grade="C", source=T, prior_factor=2, meaning="EG0: glucose uptake without insulin")
    sensitivity: float = parameter(0.72, "mL/uU/d", 0.01, 20.0, grade="C", source=T, prior_factor=2, also=("pacini-2009",), meaning="SI: glucose uptake per insulin")
    secretion: float = parameter(43.2, "uU/mL/d/mg", 1.0, 500.0, grade="C", source=T, prior_factor=2, meaning="sigma: largest insulin secretion of the beta-cell mass")
    secretion_half: float = parameter(20000.0, "mg^2/dL^2", 1000.0, 200000.0, grade="C", source=T, prior_factor=2, meaning="alpha: squared glucose at half secretion")
    insulin_clearance: float = parameter(432.0, "1/d", 20.0, 2000.0, grade="C", source=T, prior_factor=2, meaning="k: plasma insulin (half-life 2.3 min)")
    beta_death: float = parameter(0.06, "1/d", 0.0, 1.0, grade="C", source=T, prior="fixed", meaning="d0: loss of beta-cell mass without glucose")
    beta_growth: float = parameter(0.84e-3, "dL/mg/d", 0.0, 0.02, grade="C", source=T, prior="fixed", meaning="r1: growth of beta-cell mass by glucose")
    beta_toxicity: float = parameter(0.24e-5, "dL^2/mg^2/d", 0.0, 0.0001, grade="C", source=T, prior="fixed", meaning="r2: loss of beta-cell mass by high glucose")
    beta_mass: float = parameter(300.0, "mg", 10.0, 3000.0, grade="D", source=T, prior="fixed", meaning="beta-cell mass of the healthy steady state (human-scaled; mouse unknown)", derived="steady state of the constants: insulin k / (sigma g2 / (alpha + g2)) at 100 mg/dL")
    reference_insulin: float = parameter(10.0, "uU/mL", 0.5, 100.0, grade="D", source=T, prior="fixed", meaning="fasting insulin of the healthy steady state, at which production is R0", derived="steady state of the constants: (R0 / G - EG0) / SI at 100 mg/dL")
    beta_root: float = parameter(0.0, "mg/dL", -60.0, 100.0, grade=A, source=A, prior="uniform", meaning="shift of both steady glucose levels of the beta-cell mass (100 and 250 mg/dL)")
    beta_neogenesis: float = parameter(0.003, "mg/d", 0.0, 1.0, grade=A, source=A, prior="fixed", meaning="new beta cells that do not come from beta cells; a mouse whose mass is lost keeps a trace of insulin")
    diabetic: float = parameter(250.0, "mg/dL", 120.0, 600.0, grade="B", source="jax-diabetes", prior="fixed", also=(T,), meaning="fasting glucose above which a mouse counts as diabetic and its HOMA-IR is not defined", derived="the level of the source is of fed mice; it is also the level beyond which the beta-cell mass of Topp's model is lost")
    turnover: float = parameter(7.0, "1", 1.0, 30.0, grade=A, source=A, meaning="glucose turnover of a mouse against Topp's (basal production 9 mg/kg/min); it moves no steady state", also=("glucose-mice",), derived="assumed; read: a half-time of 5 min, ln 2 / 5 per min against 864 / 100 per d, would be 23")
    hepatic_suppression: float = parameter(1.5, "1", 0.0, 10.0, grade=A, source=A, prior_factor=10, meaning="how strongly insulin suppresses production; 0 is Topp's constant production")
    muscle_share: float = parameter(0.75, "1", 0.0, 1.0, grade="B", source="hesketh-2016", prior="uniform", prior_low=0.5, prior_high=0.95, meaning="muscle's share of insulin-dependent uptake, the rest is fat", derived="more than 75 % in people, as cited in a study of rats")
    linear_insulin: float = parameter(30.0, "uU/mL", 5.0, 500.0, grade=A, source=A, meaning="insulin up to which its action grows in proportion, as in Topp (whose mass of 300 mg can sustain 30)")
    saturation: float = parameter(20.0, "uU/mL", 1.0, 500.0, grade=A, source=A, meaning="largest action that insulin beyond the proportional range can add, as insulin")
    action_delay: float = parameter(20.0, "min", 1.0, 90.0, grade=A, source=A, meaning="time in which insulin action follows plasma insulin")
    counter_threshold: float = parameter(70.0, "mg/dL", 30.0, 100.0, grade=A, source=A, meaning="glucose below which counter-regulation adds production")
    counter_gain: float = parameter(4.0, "1", 0.0, 20.0, grade=A, source=A, prior_factor=10, meaning="production that counter-regulation adds without any glucose, against R0")
    volume: float = parameter(2.2, "dL/kg", 1.0, 5.0, grade=A, source=A, meaning="distribution volume of glucose")
    insulin_volume: float = parameter(150.0, "mL/kg", 30.0, 500.0, grade=A, source=A, meaning="distribution volume of insulin")
    absorption: float = parameter(0.03, "1/min", 0.005, 0.2, grade=A, source=A, meaning="swallowed glucose into blood")
    first_pass: float = parameter(0.25, "1", 0.0, 0.49, grade=A, source=A, prior="uniform", prior_low=0.0, prior_high=0.45, meaning="share of absorbed glucose that a healthy liver takes before it reaches the body")
    insulin_absorption: float = parameter(0.1, "1/min", 0.005, 1.0, grade=A, source=A, meaning="injected insulin into blood")
    tolerance_dose: float = parameter(2.0, "g/kg", 0.5, 4.0, grade="B", source="ogtt-protocol", prior="fixed", meaning="glucose by mouth in the tolerance test (a common protocol)")
    insulin_dose: float = parameter(0.75, "U/kg", 0.1, 2.0, grade="B", source="itt-protocol", prior="fixed", meaning="insulin in the insulin tolerance test (a common protocol)")
    clamp_insulin: float = parameter(40.0, "uU/mL", 11.0, 300.0, grade=A, source=A, prior="fixed", meaning="plasma insulin held in the clamp; a young mouse then uses some 30 mg/kg/min")
    clamp_glucose: float = parameter(100.0, "mg/dL", 60.0, 200.0, grade=A, source=A, prior="fixed", meaning="plasma glucose held in the clamp", also=("ayala-2006",), derived="assumed, on the scale of Topp; read: 120 to 130 mg/dL in clamps of mice")
