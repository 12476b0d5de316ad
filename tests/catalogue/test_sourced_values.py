"""A second reading of every value that claims a source, written from the source, not the file."""

import math
from statistics import median
from typing import NamedTuple

import pytest

from gutexo.catalogue import Parameters


class Reading(NamedTuple):
    """What a second look at the source gave.

    Attributes:
        value: Read again, or worked out again from the numbers of the source.
        unit: Its unit.
        tolerance: How far the catalogue may be from it, relative.
        record: Where it was read.
        words: What stands there.
    """

    value: float
    unit: str
    tolerance: float
    record: str
    words: str


def topp_steady_insulin() -> float:
    """Insulin at which 864 = (1.44 + 0.72 I) G at G = 100 mg/dL."""
    return (864 / 100 - 1.44) / 0.72


def topp_steady_mass() -> float:
    """Mass whose secretion at 100 mg/dL balances the clearance of that insulin."""
    return 432 * topp_steady_insulin() / (43.2 * 100**2 / (20000 + 100**2))


# Turnover (1/d) of the mitochondrial proteins of untreated C57BL/6J hearts on three stretches of
# the authors' file: those whose name says mitochondrial, or a respiratory complex.
HEART = {
    "Ndufb2": 0.028455, "Atp5l": 0.030484, "Atp5f1": 0.031735, "Cox6c": 0.032117,
    "Ndufa5": 0.041287, "Tomm22": 0.051953, "Mrpl41": 0.0562715, "Tomm6": 0.093335,
    "Trap1": 0.128979, "Mrpl33": 0.273633,
}  # fmt: skip

READ = {
    "exosome.clearance_half_life": Reading(
        math.log(2) / 0.063, "min", 0.05, "PMC6956244",
        "table 1: fast phase 6.85 to 8.79 min; elimination of a three-place chain with that: 0.063",
    ),
    "barrier.pore_opening": Reading(
        (1 / 0.6 - 1 + 1 / 0.5 - 1) / 2, "1", 0.2, "tnf-ter-caco2",
        "abstract: TER 40 to 50 % lower at 24 h, so 1 / TER - 1 is 0.67 to 1",
    ),
    "epithelium.transit": Reading(
        (43.1 + 41.8 + 42.6) / 3, "h", 1e-9, "mouse-epithelium-1970",
        "abstract: 43.1 h (D), 41.8 h (J), 42.6 h (I)",
    ),
    "immune.tnf_half_life": Reading(
        (18.5 + 19.2) / 2, "min", 0.01, "ferraiolo-1988", "18.5 to 19.2 min after i.v. doses",
    ),
    "immune.lps_half_life": Reading(
        (2 + 4) / 2, "min", 1e-9, "yao-2016", "abstract: a half-life of 2-4 min in mice",
    ),
    "immune.il6_half_life": Reading(
        0.38 * 60, "min", 0.01, "il6-rat", "abstract: T1/2 alpha 1.5 min, T1/2 beta 0.38 h",
    ),
    "insulin.fast_time": Reading(
        math.sqrt(2.5 * 4.0), "h", 0.06, "engelman-irs1",
        "abstract: TNF requires 2.5-4 h to markedly reduce tyrosine phosphorylation of IRS-1",
    ),
    "insulin.liver_mitochondria": Reading(
        1.83, "d", 1e-9, "miwa-2008", "abstract: actual liver mitochondrial half life only 1.83 d",
    ),
    "insulin.muscle_mitochondria": Reading(
        math.log(2) / median(HEART.values()), "d", 0.01, "lau-2016", "median of ten proteins",
    ),
    "glucose.muscle_share": Reading(
        0.75, "1", 1e-9, "hesketh-2016",
        "introduction: in healthy individuals muscle is responsible for >75% of insulin-mediated "
        "glucose disposal",
    ),
    "glucose.tolerance_dose": Reading(
        2.0, "g/kg", 1e-9, "ogtt-protocol", "oral gavage bolus of D-glucose (2 mg/g)",
    ),
    "glucose.insulin_dose": Reading(
        0.75, "U/kg", 1e-9, "itt-protocol", "0.75 units per kg body weight",
    ),
    "senescence.production": Reading(2.303e-5, "1/d^2", 1e-9, "srtools-aging", "eta, females"),
    "senescence.removal": Reading(0.01997, "1/d", 1e-9, "srtools-aging", "beta, females"),
    "senescence.half_saturation": Reading(0.017, "1", 1e-9, "srtools-aging", "kappa, females"),
    "senescence.noise": Reading(1.678e-3, "1/d", 1e-9, "srtools-aging", "epsilon, females"),
    "senescence.reference_burden": Reading(
        0.307, "1", 1e-9, "srtools-aging", "mean of survivors at 730 d, simulated",
    ),
    "glucose.production": Reading(864.0, "mg/dL/d", 1e-9, "topp-2000", "R0"),
    "glucose.effectiveness": Reading(1.44, "1/d", 1e-9, "topp-2000", "EG0"),
    "glucose.sensitivity": Reading(0.72, "mL/uU/d", 1e-9, "topp-2000", "SI"),
    "glucose.secretion": Reading(43.2, "uU/mL/d/mg", 1e-9, "topp-2000", "sigma"),
    "glucose.secretion_half": Reading(20000.0, "mg^2/dL^2", 1e-9, "topp-2000", "alpha"),
    "glucose.insulin_clearance": Reading(432.0, "1/d", 1e-9, "topp-2000", "k"),
    "glucose.beta_death": Reading(0.06, "1/d", 1e-9, "topp-2000", "d0"),
    "glucose.beta_growth": Reading(0.84e-3, "dL/mg/d", 1e-9, "topp-2000", "r1"),
    "glucose.beta_toxicity": Reading(2.4e-6, "dL^2/mg^2/d", 1e-9, "topp-2000", "r2"),
    "glucose.beta_mass": Reading(topp_steady_mass(), "mg", 1e-9, "topp-2000", "steady state"),
    "glucose.diabetic": Reading(250.0, "mg/dL", 1e-9, "jax-diabetes", "exceeding 250 mg/dL"),
    "glucose.reference_insulin": Reading(
        topp_steady_insulin(), "uU/mL", 1e-9, "topp-2000", "steady state",
    ),
}  # fmt: skip
ENTRIES = {entry.name: entry for entry in Parameters().entries()}


def test_every_sourced_value_was_read_twice():
    sourced = {entry.name for entry in ENTRIES.values() if entry.grade != "assumed"}
    assert sourced == set(READ)


@pytest.mark.parametrize("name", READ)
def test_the_second_reading_agrees(name):
    reading, entry = READ[name], ENTRIES[name]
    assert entry.declared == pytest.approx(reading.value, rel=reading.tolerance)
    assert (entry.unit, entry.declared_source) == (reading.unit, reading.record)
    if entry.sampled:
        assert entry.prior_low <= reading.value <= entry.prior_high


def test_the_ratios_that_can_be_identified_agree():
    s = Parameters().senescence
    assert s.removal / s.production == pytest.approx(867, rel=0.01)
    assert 1 / s.noise == pytest.approx(596, rel=0.01)
    assert s.removal / s.noise == pytest.approx(11.9, rel=0.01)


# What was read near a value that stays assumed: (low, high, unit) as read. The words of `derived`
# quote it, and the accepted range must not exclude it.
NEARBY = {
    "barrier.ter_young": (1000 / 33.4, 1000 / 29.4, "ohm*cm^2"),
    "barrier.dextran_dose": (12.5 / 0.028, 12.5 / 0.028, "mg/kg"),
    "barrier.dextran_transit": (0.75, 1.0, "h"),
    "exosome.small_intestine_transit": (1.0, 1.0, "h"),
    "exosome.colon_transit": (5.0, 6.0, "h"),
    "immune.il10_half_life": (1.94 * 60, 1.94 * 60, "min"),
    "insulin.slow_time": (6.0, 24.0, "h"),
    "glucose.clamp_glucose": (120.0, 130.0, "mg/dL"),
    "glucose.turnover": (
        math.log(2) / 5 * 1440 / (864 / 100), math.log(2) / 5 * 1440 / (864 / 100), "1",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NEARBY)
def test_a_range_does_not_exclude_what_was_read_nearby(name):
    low, high, unit = NEARBY[name]
    entry = ENTRIES[name]
    assert entry.grade == "assumed" and entry.unit == unit and entry.also and entry.derived
    assert entry.low <= low and high <= entry.high
