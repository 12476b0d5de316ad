"""What is wrong with a study is told before a mouse of it is run."""

import warnings

import numpy as np
import pytest

from gutexo.body.doses import Dose, Preparation
from gutexo.body.interventions import Intervention
from gutexo.cohort import study_run
from gutexo.cohort.study_run import run_study
from gutexo.errors import GutexoError
from gutexo.protocol.exosome_treatments import (
    GiveExosomes,
    LpsMatchedVehicle,
    Vehicle,
    designed_exosomes,
)
from gutexo.protocol.life import Donors, Life
from gutexo.protocol.standard_studies import studies, study
from gutexo.protocol.study import Scenario, Study
from gutexo.protocol.study_checks import check_study
from gutexo.protocol.treatments import Antibiotics, GermFree, Senolytic


class Typo(Intervention):
    """Multiplies a rate that does not exist, from some day on."""

    day: float = 0.0

    def modifiers(self, day):
        return {"tight_junctoin.repair": 2.0} if day >= self.day else {}


class Negative(Intervention):
    """A factor that no rate can have."""

    def modifiers(self, day):
        return {"tight_junction.repair": -1.0}


class Fails(Intervention):
    """Code that fails; its mice say so."""

    def modifiers(self, day):
        raise ZeroDivisionError("of my own making")


class NoList(Intervention):
    """Something that is no dose."""

    def doses(self):
        return ["LPS"]


def planned(*interventions, duration=28.0, life=None):
    """A study of one arm."""
    arm = Scenario(name="mine", life=life or Life(), interventions=interventions, duration=duration)
    return Study(name="planned", arms=(arm,))


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (planned(Typo()), "rate 'tight_junctoin.repair' does not exist; did you mean"),
        (planned(Typo(day=20)), "did you mean 'tight_junction.repair'"),
        (planned(Typo(day=20, start=8)), None),
        (planned(Typo(start=40)), "did you mean"),
        (planned(Typo(day=3, stop=3)), None),
        (planned(Negative()), "0 to 1,000,000"),
        (planned(NoList()), "doses() must return a list of Dose"),
        (planned(Fails()), None),
        (planned(life=Life(interventions=Typo())), "did you mean"),
        (planned(life=Life(age=100, interventions=Typo(day=78))), "did you mean"),
        (planned(life=Life(age=100, interventions=Typo(day=79))), None),
        (
            planned(GiveExosomes(source=Donors(life=Life(interventions=(Typo(),))))),
            "did you mean",
        ),
        (planned(GiveExosomes(source=Donors(life=Life()), particles=1e15)), "2,000,000"),
        (planned(GiveExosomes(source=Donors(life=Life()), equivalents=1000)), "2,000,000"),
        (planned(GiveExosomes(source=Donors(life=Life()), particles=1e9)), None),
    ],
)
def test_a_plan_that_no_mouse_can_be_given_is_refused(plan, words):
    if words is None:
        check_study(plan)
        return
    with pytest.raises(GutexoError) as caught:
        check_study(plan)
    line = str(caught.value)
    assert line.startswith("arm 'mine': ") and words in line and "\n" not in line


def test_no_mouse_is_run_before(monkeypatch):
    monkeypatch.setattr(study_run, "_run_missing", None)
    with pytest.raises(GutexoError, match="did you mean 'tight_junction.repair'"):
        run_study(planned(Typo(day=3)), replicates=1)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"seed": 2**63}, "seed must be a whole number, 0 or more and less than 2^63"),
        ({"seed": -1}, "seed must be"),
        ({"seed": 1.5}, "seed must be"),
        ({"replicates": 0}, "replicates must be a whole number, 1 "),
        ({"replicates": True}, "replicates must be"),
    ],
)
def test_seed_and_replicates(options, words):
    with pytest.raises(GutexoError, match="^[^\n]+$") as caught:
        run_study(planned(), **options)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (planned(Senolytic(repeats=3), duration=28), "1 of 3 doses of Senolytic"),
        (planned(Senolytic(repeats=3), duration=28.5), None),
        (planned(GiveExosomes(source=designed_exosomes(10)), duration=7), "21 of 28 doses"),
        (planned(GiveExosomes(source=Donors(life=Life())), duration=7), "21 of 28 doses"),
        (planned(Vehicle(), duration=7), None),
        (planned(LpsMatchedVehicle(), duration=7), "21 of 28 doses"),
        (planned(Antibiotics(start=30), duration=28), "Antibiotics starts on day 30"),
        (planned(Antibiotics(start=27), duration=28), None),
        (planned(Fails(), duration=28), None),
    ],
)
def test_what_shows_in_no_reading_is_warned_of(plan, words):
    lines = check_study(plan)
    assert len(lines) == (words is not None) and (words is None or words in lines[0])


def test_the_studies_that_come_along_are_planned_well():
    for name in studies():
        assert check_study(study(name)) == [], name


def test_days_of_doses():
    def days(*given, duration=7.0):
        return planned(*given, duration=duration).arms[0].dose_days()

    assert days(Vehicle()) == []
    assert days(Vehicle(), Senolytic(every=2, repeats=9)) == [0, 2, 4, 6]
    for source in (designed_exosomes(10), Donors(life=Life())):
        assert days(GiveExosomes(source=source, start=1, every=3, repeats=9)) == [1, 4]
    assert days(GermFree()) == [] and days(LpsMatchedVehicle(repeats=2)) == [0, 1]

    class Own(Intervention):
        every: float = 1.0
        repeats: int = 5

        def doses(self):
            return (Dose(24.0 * day, "LPS", 1.0) for day in (3, 1))

    assert days(Own()) == [1, 3]


@pytest.mark.parametrize("make", [Life, lambda **how: Scenario(name="a", **how)])
def test_one_intervention_needs_no_brackets(make):
    one = GermFree()
    assert make(interventions=one).interventions == (one,)
    assert make(interventions=[one, one]).interventions == (one, one)
    for wrong in (3, "GermFree", [3], GermFree):
        with pytest.raises(GutexoError, match="must be Interventions, one or a list of them"):
            make(interventions=wrong)


def test_a_dose_that_fills_the_memory_is_refused_when_it_is_planned():
    vial = Preparation("harvest", np.ones((100, 4), int))
    with pytest.raises(GutexoError, match="particles_per_packet=500 or more"):
        GiveExosomes(source=vial, particles=1e9)
    with pytest.raises(GutexoError, match="2,000,000 are possible"):
        GiveExosomes(source=designed_exosomes(10_000), equivalents=1000)
    coarse = Preparation("harvest", np.ones((100, 4), int), particles_per_packet=500)
    assert GiveExosomes(source=coarse, particles=1e9).packets(coarse) == 2_000_000


@pytest.mark.parametrize(
    "how",
    [
        {"packets": 1.5},
        {"packets": "9"},
        {"seed": -1},
        {"seed": 2**63},
        {"barrier": "x"},
        {"barrier": float("nan")},
        {"particles_per_packet": 0},
    ],
)
def test_a_designed_preparation_of_a_wrong_type_is_one_line(how):
    with pytest.raises(GutexoError, match="^[^\n]+ (must|needed)[^\n]+$"):
        designed_exosomes(**{"packets": 10, **how})


def test_the_warning_is_a_warning():
    plan = planned(Senolytic(), duration=0.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UserWarning, match="shows? in no reading"):
            run_study(plan, replicates=1)
