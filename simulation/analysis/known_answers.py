"""Checks against answers known from elsewhere: Topp's steady states and half-lives in plasma."""

from __future__ import annotations

import math

import numpy as np

from gutexo.analysis.scorecard.oracles import UNCOUPLED_INSULIN
from gutexo.analysis.verification_checks import VerificationCheck, VerificationCurve, check_bound
from gutexo.body.assays.kinetics import bolus_excess
from gutexo.body.mouse import Mouse
from gutexo.catalogue import Parameters
from gutexo.catalogue.ages import WEANING_DAYS

# Constants of BIOMD0000000341 (Topp et al. 2000), written here a second time on purpose.
R0, EG0, SI = 864.0, 1.44, 0.72  # mg/dL/d, 1/d, mL/uU/d
SIGMA, ALPHA, K, MASS = 43.2, 20000.0, 432.0, 300.0  # uU/mL/d/mg, mg2/dL2, 1/d, mg
SENSITIVITY_SHARES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4)


def integrate_topp_glucose(share: float, days: float = 20.0) -> float:
    """Integrate the published equations to fasting glucose at a share of insulin sensitivity.

    The equations are integrated in time from their healthy state, at a constant beta-cell mass;
    the software under test solves for the steady state instead.

    Args:
        share: Insulin sensitivity as a share of the healthy one.
        days: Duration of the integration (d).

    Returns:
        Fasting glucose (mg/dL).
    """
    from scipy.integrate import solve_ivp

    def slopes(_: float, levels: np.ndarray) -> tuple[float, float]:
        glucose, insulin = levels
        square = glucose * glucose
        secreted = MASS * SIGMA * square / (ALPHA + square)
        return R0 - (EG0 + share * SI * insulin) * glucose, secreted - K * insulin

    healthy = (100.0, 10.0)
    course = solve_ivp(slopes, (0.0, days), healthy, method="LSODA", rtol=1e-12, atol=1e-12)
    return float(course.y[0, -1])


def check_topp_model() -> tuple[VerificationCheck, VerificationCurve]:
    """Check fasting glucose of running mice at Topp's constants, with couplings off."""
    found = []
    for share in SENSITIVITY_SHARES:
        changes = {
            "glucose.hepatic_suppression": 0,
            "glucose.sensitivity": share * SI,
            **UNCOUPLED_INSULIN,
        }
        mouse = Mouse(Parameters().change(changes), age=WEANING_DAYS)
        found.append(mouse.measure()["fasting glucose"])
    ours, known = (
        np.array(found),
        np.array([integrate_topp_glucose(share) for share in SENSITIVITY_SHARES]),
    )
    gap = float(np.abs(ours / known - 1.0).max())
    what = "fasting glucose at seven insulin sensitivities against BIOMD0000000341, largest gap"
    curve = VerificationCurve(
        "Topp's model in the mouse", np.array(SENSITIVITY_SHARES), ours, known,
        "insulin sensitivity against the healthy one (ratio)", "glucose (mg/dL)",
    )  # fmt: skip
    return check_bound("topp", what, gap, 0.01), curve


def check_half_lives(minutes: int = 60) -> tuple[list[VerificationCheck], list[VerificationCurve]]:
    """Check TNF and LPS after an injection against the exponentials of their half-lives."""
    parameters = Parameters()
    mouse = Mouse(parameters, seed=1)
    checks, curves = [], []
    known_half = {"tnf": parameters.immune.tnf_half_life, "lps": parameters.immune.lps_half_life}
    for substance, half in known_half.items():
        name = substance.upper()
        until = minutes if substance == "tnf" else int(6 * half)
        ours = bolus_excess(mouse, substance, 100.0, until)
        times = np.arange(until + 1.0)
        known = 0.5 ** (times / half)
        slope = np.polyfit(times, np.log(ours), 1)[0]
        gap = float(-math.log(2.0) / slope / half - 1.0)
        what = f"plasma {name} after an injection: half-life against {half:g} min, relative gap"
        checks.append(check_bound(f"half-life {name}", what, gap, 0.01))
        curves.append(
            VerificationCurve(
                f"{name}, injected", times, ours, known, "minutes", "share of the rise left"
            )
        )
    return checks, curves
