"""Interventions, scenarios and studies as data."""

import numpy as np
import pytest

from gutexo.body.doses import Dose, Preparation
from gutexo.body.interventions import Intervention
from gutexo.body.mouse import Mouse
from gutexo.catalogue.rates import RATE_NAMES
from gutexo.errors import GutexoError
from gutexo.protocol import exosome_treatments, treatments
from gutexo.protocol.exosome_treatments import GiveExosomes, Vehicle, designed_exosomes
from gutexo.protocol.life import Donors, Life
from gutexo.protocol.standard_studies import scenario, scenarios, studies, study
from gutexo.protocol.study import Scenario, Study

ARMS = [
    "young + vehicle",
    "young + young exosomes",
    "young + old exosomes",
    "old + vehicle",
    "old + young exosomes",
    "old + old exosomes",
]


def named():
    """Every named intervention that can be made without arguments."""
    for module in (exosome_treatments, treatments):
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, Intervention):
                if thing not in (Intervention, GiveExosomes):
                    yield thing


def test_the_six_arms_by_name():
    assert sorted(arm.name for arm in study("exosome transfer").arms) == sorted(ARMS)
    assert study("exosome_transfer").replicates == 8
    for name in studies():
        assert study(name).question
    for name in scenarios():
        assert scenario(name).name == name


@pytest.mark.parametrize("kind", named(), ids=lambda k: k.__name__)
def test_every_named_intervention_is_documented_and_runs(kind, small):
    assert kind.__doc__ and len(kind.__doc__) > 20
    item = kind()
    assert set(item.modifiers(0.0)) <= set(RATE_NAMES)
    mouse = Mouse(small, seed=1, interventions=[item])
    mouse.run_for("2 d")
    assert np.isfinite(list(mouse.measure().values())).all()


@pytest.mark.parametrize(
    "make,words",
    [
        (lambda: Life(age=3), "21 to 1500"),
        (lambda: Life(age="old"), "Life.age"),
        (lambda: Life(changes={"exosome.x": 1}), "does not exist"),
        (lambda: Life(interventions=("x",)), "must be Interventions"),
        (lambda: GiveExosomes(source=3), "Donors or a Preparation"),
        (lambda: GiveExosomes(source=designed_exosomes(10), route="nose"), "no route"),
        (lambda: GiveExosomes(source=designed_exosomes(10), equivalents=-1), "equivalents"),
        (lambda: Vehicle(repeat=3), "did you mean 'repeats'"),
        (lambda: Vehicle(start="3 kg"), "cannot be given"),
        (lambda: Vehicle(start=5, stop=2), "stop must not lie before start"),
        (lambda: treatments.CytokineBlockade(which="TNFa"), "did you mean 'TNF'"),
        (lambda: treatments.BarrierLesion(stretch=(0.5, 0.2)), "rising fractions"),
        (lambda: designed_exosomes(10, barrier=-1), "0 to 10,000"),
        (lambda: designed_exosomes(0), "packets"),
        (lambda: Dose(0, "exosomes", 3), "need a preparation"),
        (lambda: Dose(0, "LSP", 3), "did you mean 'LPS'"),
        (lambda: Dose(-1, "LPS", 3), "not negative"),
        (lambda: Dose(0, "injury", 3), "share, 0 to 1"),
        (lambda: Preparation("x", np.zeros((3, 3))), "packets x 4 axes"),
        (lambda: Preparation("x", -np.ones((3, 4))), "0 to 1,000,000"),
        (lambda: Preparation("x", np.ones((3, 4)), 0), "donors must be"),
        (lambda: study("exosome transfr"), "did you mean 'exosome transfer'"),
        (lambda: scenario("young"), "did you mean"),
        (lambda: study("exosome transfer").arm("young+old"), "did you mean"),
        (lambda: Study(name="x", arms=()), "at least one arm"),
        (lambda: Study(name="x", arms=(Scenario(name="a"), Scenario(name="a"))), "two arms"),
        (lambda: Scenario(name="a", duration=float("inf")), "0 to 1500"),
    ],
)
def test_a_mistake_is_told_in_one_line(make, words):
    with pytest.raises(GutexoError) as caught:
        make()
    assert words in str(caught.value) and "\n" not in str(caught.value)


class ButyrateDiet(Intervention):
    """Butyrate speeds tight-junction repair while it is eaten."""

    strength: float = 0.3

    def modifiers(self, day):
        return {"tight_junction.repair": 1 + self.strength}


class Typo(Intervention):
    """A modifier that does not exist."""

    def modifiers(self, day):
        return {"tight_junction.repiar": 1.0}


def test_an_intervention_of_five_lines(small):
    fed = Mouse(small, seed=1, interventions=[ButyrateDiet(start="1 d", stop=20)])
    plain = Mouse(small, seed=1)
    for mouse in (fed, plain):
        mouse.run_for("10 d")
    assert fed.measure()["junction integrity"] > plain.measure()["junction integrity"]


def test_a_typo_in_a_modifier_is_told(small):
    with pytest.raises(GutexoError, match="did you mean 'tight_junction.repair'"):
        Mouse(small, seed=1, interventions=[Typo()])


def test_modifiers_end_with_their_window(small):
    mouse = Mouse(small, seed=1, interventions=[ButyrateDiet(start=1, stop=2)])
    base = mouse.state.records["tight_junction_repair"][0]
    mouse.run_for("30 h")
    assert mouse.state.records["tight_junction_repair"][0] == pytest.approx(1.3 * base)
    mouse.run_for("30 h")
    assert mouse.state.records["tight_junction_repair"][0] == base


def test_digests_know_content_not_names():
    vial = designed_exosomes(50, barrier=3, name="a")
    same = designed_exosomes(50, barrier=3, name="b")
    other = designed_exosomes(50, barrier=4, name="a")
    given = [GiveExosomes(source=v).digest() for v in (vial, same, other)]
    assert given[0] == given[1] != given[2]
    young, old = Donors(life=Life(age=90)), Donors(life=Life(age=730))
    assert GiveExosomes(source=young).digest() != GiveExosomes(source=old).digest()
    assert Life(age=90).digest() == Life(age=90.0).digest()


def test_a_change_reaches_donors_too():
    changed = study("exosome transfer").change({"exosome.transcytosis": 0.3})
    donors = changed.arm("young + old exosomes").interventions[0].source
    assert donors.life.parameters().exosome.transcytosis == 0.3


def test_a_dose_keeps_the_joint_distribution(small):
    """Cargo that comes together in a packet stays together; nothing is averaged."""
    cargo = np.zeros((40, 4), int)
    cargo[:20] = [9, 0, 9, 0]
    cargo[20:] = [0, 7, 0, 7]
    mouse = Mouse(small, seed=1)
    mouse.add(GiveExosomes(source=Preparation("two kinds", cargo), repeats=1, route="gavage"))
    mouse.run_for(1)
    s = mouse.state
    dosed = s.packets.cargo[: s.count][s.packets.dose[: s.count] >= 0]
    kinds, counts = np.unique(dosed, axis=0, return_counts=True)
    assert kinds.tolist() == [[0, 7, 0, 7], [9, 0, 9, 0]] and counts.sum() >= 38


def written(body):
    """The class as one would write it in a notebook cell, and again in the same cell."""
    names = {"Intervention": Intervention}
    text = f"class Mine(Intervention):\n    def modifiers(self, day):\n        return {body}\n"
    exec(text, names)
    return names["Mine"]()


def test_an_intervention_rewritten_under_its_name_is_another():
    """Lives and finished mice are found again by digest, so the code must count."""
    one = written("{'tight_junction.repair': 1.5}")
    assert one.digest() == written("{'tight_junction.repair': 1.5}").digest()
    assert one.digest() != written("{'tight_junction.repair': 2.5}").digest()
    assert one.digest() != written("{'tight_junction.loss': 1.5}").digest()
