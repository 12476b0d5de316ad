"""Durations, doses and routes as a laboratory writes them; NumPy's numbers where numbers go."""

import warnings

import numpy as np
import pytest

from gutexo.body.doses import Dose, Preparation
from gutexo.body.interventions import Intervention
from gutexo.body.mouse import Mouse
from gutexo.catalogue.durations import duration_days, duration_hours
from gutexo.errors import GutexoError
from gutexo.protocol import treatments
from gutexo.protocol.dose_studies import dose_response
from gutexo.protocol.exosome_treatments import GiveExosomes, Vehicle, designed_exosomes
from gutexo.protocol.life import Donors, Life
from gutexo.protocol.standard_studies import transfer
from gutexo.protocol.study import Scenario, Study

VIAL = designed_exosomes(10, particles_per_packet=1e7)


@pytest.mark.parametrize(
    "text,days",
    [
        ("28 d", 28.0),
        ("4 weeks", 28.0),
        ("36 h", 1.5),
        ("90 min", 0.0625),
        ("24 months", 730.0),
        ("2 years", 730.0),
        ("18 months", 548.0),
        ("1 month", 30.0),
        ("1e1 days", 10.0),
        ("3", 3.0),
    ],
)
def test_a_duration(text, days):
    assert duration_days(text) == days and duration_hours(text) == (
        days if text == "3" else 24 * days
    )


def test_three_months_say_what_the_study_means():
    with pytest.warns(UserWarning, match="91 d .*the study means 90 d") as caught:
        assert Life(age="3 months").age == 91
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert Life(age="24 months").age == 730 and Life(age="90 d").age == 90


@pytest.mark.parametrize(
    "make,plain",
    [
        (lambda: Life(age="24 months"), lambda: Life(age=730)),
        (
            lambda: GiveExosomes(source=VIAL, every="2 d"),
            lambda: GiveExosomes(source=VIAL, every=2),
        ),
        (
            lambda: GiveExosomes(source=VIAL, route="i.v.", start="36 h", stop="1 week"),
            lambda: GiveExosomes(source=VIAL, route="intravenous", start=1.5, stop=7),
        ),
        (lambda: GiveExosomes(source=VIAL, route="oral"), lambda: GiveExosomes(source=VIAL)),
        (
            lambda: GiveExosomes(source=VIAL, particles="1e9 particles"),
            lambda: GiveExosomes(source=VIAL, particles=1e9),
        ),
        (lambda: Vehicle(every="48 h"), lambda: Vehicle(every=2)),
        (
            lambda: treatments.BarrierLesion(every="12 h"),
            lambda: treatments.BarrierLesion(every=0.5),
        ),
        (lambda: treatments.Senolytic(every="1 week"), lambda: treatments.Senolytic(every=7)),
        (
            lambda: treatments.LpsInfusion(rate="5 EU/mL/h", days="1 week"),
            lambda: treatments.LpsInfusion(),
        ),
        (
            lambda: treatments.LpsBolus(amount="10 IU/mL", route="IP"),
            lambda: treatments.LpsBolus(),
        ),
        (lambda: Scenario(name="a", duration="4 weeks"), lambda: Scenario(name="a", duration=28)),
        (lambda: transfer("28 d", every="2 d"), lambda: transfer(28.0, every=2.0)),
        (lambda: dose_response("4 weeks"), lambda: dose_response()),
        (lambda: Dose("3 h", "LPS", "5 EU/mL", "iv"), lambda: Dose(3, "LPS", 5, "intravenous")),
        (lambda: Dose("2 d", "injury", "30 %"), lambda: Dose(48, "injury", 0.3)),
        (lambda: Donors(life=Life(), count=np.int64(2)), lambda: Donors(life=Life(), count=2)),
        (
            lambda: Vehicle(repeats=np.int64(3), every=np.float32(2), start=np.int8(1)),
            lambda: Vehicle(repeats=3, every=2, start=1),
        ),
        (lambda: Life(age=np.int64(730)), lambda: Life(age=730.0)),
        (
            lambda: Study(name="a", arms=(Scenario(name="b"),), replicates=np.int64(3)),
            lambda: Study(name="a", arms=(Scenario(name="b"),), replicates=3),
        ),
    ],
)
def test_text_and_numpy_are_the_same_thing(make, plain):
    assert make() == plain()
    if isinstance(make(), Intervention):
        assert make().digest() == plain().digest()


def test_donors_of_a_preparation_may_be_of_numpy():
    vial = Preparation("a", np.ones((4, 4)), np.int64(2))
    assert (
        type(vial.donors) is int and vial.digest() == Preparation("a", np.ones((4, 4)), 2).digest()
    )


@pytest.mark.parametrize(
    "text,particles,said",
    [
        ("4e11 particles/kg", 1e10, "25 g"),
        ("20 ug", 6e11, "3e\\+10 particles for each ug"),
        ("20 µg/mouse", 6e11, "3e\\+10 particles"),
        ("1 mg/kg", 7.5e11, "25 g .* and 3e\\+10 particles"),
    ],
)
def test_a_dose_by_protein_or_by_kg_says_what_is_taken(text, particles, said):
    with pytest.warns(UserWarning, match=said):
        given = GiveExosomes(source=VIAL, particles=text)
    assert given.particles == pytest.approx(particles)


@pytest.mark.parametrize(
    "make,words",
    [
        (lambda: Life(age="1,5 months"), "write 1.5 months"),
        (lambda: Life(age="2 yrs old"), "cannot be given in d"),
        (lambda: Life(age="months"), "no number"),
        (lambda: Life(age="0.01 months"), "less than a day"),
        (lambda: Life(age=True), "must be a number (d)"),
        (lambda: Scenario(name="a", duration="28 mg"), "cannot be given in d"),
        (lambda: Vehicle(every="-1 d"), "Vehicle.every"),
        (lambda: Vehicle(every="1,5 d"), "write 1.5 d"),
        (lambda: Vehicle(repeats="1,5"), "Vehicle.repeats"),
        (lambda: GiveExosomes(source=VIAL, particles="5 mmol"), "cannot be given in particles"),
        (lambda: GiveExosomes(source=VIAL, particles="1,5e9"), "write 1.5e9"),
        (lambda: GiveExosomes(source=VIAL, route="iiv"), "is no route"),
        (lambda: treatments.LpsBolus(amount="1 mg/kg"), "cannot be given in EU/mL"),
        (lambda: treatments.LpsBolus(route="nose"), "no route"),
        (lambda: Dose("1,5 h", "LPS"), "write 1.5 h"),
        (lambda: Dose(0, "LPS", 1, "nose"), "is no route"),
        (lambda: Dose(0, "LPS", 1, 3), "is no route"),
        (lambda: Dose(0, "exosomes", "5 mg", preparation=VIAL), "cannot be given in packets"),
        (lambda: transfer("28 kg"), "cannot be given in d"),
        (lambda: Mouse(age="1,5 d"), "write 1.5 d"),
        (lambda: Mouse(age=True), "age must be a number"),
        (lambda: Preparation("x", np.ones((3, 4)), True), "donors must be"),
    ],
)
def test_a_mistake_is_told_in_one_line(make, words):
    with pytest.raises(GutexoError) as caught:
        make()
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_a_mouse_takes_text_and_numpy(small):
    mouse = Mouse(small, seed=np.int64(1), age="90 d")
    mouse.run_for("1 d")
    mouse.run_for(np.int64(24))
    mouse.run_until("3 d")
    assert mouse.day == 3
    mouse.run_until_age("94 d")
    assert mouse.day == 4
    for act in (mouse.run_for, mouse.run_until, mouse.run_until_age):
        with pytest.raises(GutexoError, match="write 1.5 d"):
            act("1,5 d")
    assert mouse.day == 4
