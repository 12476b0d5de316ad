"""A second reading of every value that claims a source, written from the source, not the file."""

import math

import pytest

from simulation.catalogue import Parameters

# name: (value derived from the source, tolerance, how)
READ = {
    "exosome.clearance_half_life": (math.log(2) / 0.063, 0.05, "elimination of a three-place "
        "chain whose fast phase is 6.9 to 8.8 min: 0.063/min"),
    "barrier.pore_opening": (0.774, 1e-9, "TER falls 40 to 50 % at 24 h under saturating TNF: "
        "the pore alone gives 1/(1+0.774) = 0.56"),
    "epithelium.transit": ((43.1 + 41.8 + 42.6) / 3, 1e-9, "duodenum, jejunum, ileum"),
    "immune.tnf_half_life": ((18.5 + 19.2) / 2, 0.01, "18.5 to 19.2 min"),
    "immune.lps_half_life": ((2 + 4) / 2, 1e-9, "2 to 4 min"),
    "senescence.production": (2.303e-5, 1e-9, "eta, females"),
    "senescence.removal": (0.01997, 1e-9, "beta, females; beta/eta is 867 d"),
    "senescence.half_saturation": (0.017, 1e-9, "kappa, females"),
    "senescence.noise": (1.678e-3, 1e-9, "epsilon, females; Xc2/epsilon is 596 d"),
    "senescence.reference_burden": (0.307, 1e-9, "mean of survivors at 730 d"),
    "glucose.production": (864.0, 1e-9, "R0"),
    "glucose.effectiveness": (1.44, 1e-9, "EG0"),
    "glucose.sensitivity": (0.72, 1e-9, "SI"),
    "glucose.secretion": (43.2, 1e-9, "sigma"),
    "glucose.secretion_half": (20000.0, 1e-9, "alpha"),
    "glucose.insulin_clearance": (432.0, 1e-9, "k"),
    "glucose.beta_death": (0.06, 1e-9, "d0"),
    "glucose.beta_growth": (0.84e-3, 1e-9, "r1"),
    "glucose.beta_toxicity": (2.4e-6, 1e-9, "r2"),
    "glucose.beta_mass": (300.0, 1e-9, "steady state: mass in mg"),
    "glucose.reference_insulin": (10.0, 1e-9, "steady state: insulin in uU/mL"),
}  # fmt: skip


def test_every_sourced_value_was_read_twice():
    sourced = {e.name for e in Parameters().entries() if e.grade != "assumed"}
    assert sourced == set(READ)


@pytest.mark.parametrize("name", READ)
def test_the_second_reading_agrees(name):
    value, tolerance, _ = READ[name]
    assert Parameters().flat()[name] == pytest.approx(value, rel=tolerance)


def test_the_ratios_that_can_be_identified_agree():
    s = Parameters().senescence
    assert s.removal / s.production == pytest.approx(867, rel=0.01)
    assert 1 / s.noise == pytest.approx(596, rel=0.01)
    assert s.removal / s.noise == pytest.approx(11.9, rel=0.01)
