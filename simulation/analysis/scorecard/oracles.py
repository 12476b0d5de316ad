"""Rows with a known answer: Topp's steady states, and the law of the senescent burden."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gutexo.analysis.estimates import Estimate
from gutexo.body.assays.kinetics import simulate_burdens
from gutexo.body.mouse import Mouse
from gutexo.catalogue import Parameters
from gutexo.catalogue.ages import WEANING_DAYS
from gutexo.catalogue.phenotypes import PHENOTYPES

# Topp's published constants: insulin sensitivity against fasting glucose, insulin and HOMA-IR at a
# beta-cell mass of 300 mg (BIOMD0000000341; the table was computed without this software).
TOPP_TABLE = {
    1.0: (100.0, 10.0, 2.47),
    0.8: (109.3, 11.22, 3.03),
    0.6: (123.0, 12.92, 3.92),
    0.5: (132.9, 14.06, 4.61),
    0.4: (146.3, 15.51, 5.60),
}
YOUNG_DAY, OLD_DAY, MICE = 90, 730, 4000


# Every coupling to insulin signalling is removed, and the beta-cell mass is that of the catalogue.
UNCOUPLED_INSULIN = {
    "insulin.cytokine_block": 0,
    "insulin.cargo_block": 0,
    "insulin.cargo_protection": 0,
    "insulin.senescent_block": 0,
    "insulin.lps_block": 0,
    "glucose.beta_growth": 0,
    "glucose.beta_toxicity": 0,
    "glucose.beta_death": 0,
}


def estimate_topp_departure() -> Estimate:
    """Estimate the largest departure from the table of a running mouse at Topp's constants."""
    worst = 1.0
    for share, expected in TOPP_TABLE.items():
        base = Parameters()
        parameters = base.change(
            {
                "glucose.hepatic_suppression": 0,
                "glucose.sensitivity": share * base.glucose.sensitivity,
                **UNCOUPLED_INSULIN,
            }
        )
        mouse = Mouse(parameters, age=WEANING_DAYS)
        found = mouse.measure()
        names = ("fasting glucose", "fasting insulin", "HOMA-IR")
        for name, known in zip(names, expected, strict=True):
            ratio = found[name] / known
            if abs(ratio - 1.0) > abs(worst - 1.0):
                worst = ratio
    return Estimate(worst, note="largest of 15 departures")


def integrate_burden_law(
    parameters: Parameters, mice: int, seed: int, days: np.ndarray
) -> np.ndarray:
    """Integrate the mean burden of survivors, with another step and another generator.

    Args:
        parameters: Rates of the law.
        mice: Number of paths.
        seed: Seed of NumPy's generator.
        days: Requested ages (d), whole numbers in rising order.

    Returns:
        float64[days].
    """
    s = parameters.senescence
    rng = np.random.default_rng(seed)
    step = 0.125  # days
    burden, alive, found = np.zeros(mice), np.ones(mice, dtype=bool), []
    for n in range(int(days[-1] / step)):
        made = s.production * s.production_part * n * step
        drift = made - s.removal * burden / (burden + s.half_saturation)
        noise = np.sqrt(2.0 * s.noise * step) * rng.standard_normal(mice)
        burden = np.abs(burden + drift * step + noise)
        alive &= burden < 1.0
        if (n + 1) * step in days:
            found.append(float(burden[alive].mean()))
    return np.array(found)


def estimate_burden_ratio(changes: dict[str, Any]) -> Estimate:
    """Compare the simulated ratio of burdens with the integrated one, for the more deviant sex."""
    found = []
    for sex in ("C57BL/6 female", "C57BL/6 male"):
        published = {"senescence.production_part": 1.0}  # nothing of it is left to induction
        parameters = Parameters().change(changes).change(PHENOTYPES[sex]).change(published)
        burdens = simulate_burdens(parameters, MICE, OLD_DAY)
        ours = np.nanmean(burdens[:, OLD_DAY - 1]) / np.nanmean(burdens[:, YOUNG_DAY - 1])
        young, old = integrate_burden_law(parameters, MICE, 7, np.array([YOUNG_DAY, OLD_DAY]))
        found.append(float(ours) * young / old)
    worst = max(found, key=lambda ratio: abs(ratio - 1.0))
    return Estimate(worst, mice=MICE, note=f"female {found[0]:.3f}, male {found[1]:.3f}")


def oracle_measurements(changes: dict[str, Any]) -> dict[str, Callable[[], Estimate]]:
    """Return the measurement of each pattern that is a known answer."""
    return {
        "topp-oracle": estimate_topp_departure,
        "senescence-oracle": lambda: estimate_burden_ratio(changes),
    }
