"""What cannot be done to a mouse is refused in a line that names the way."""

import itertools
import math

import numpy as np
import pytest

from gutexo.body.agents import BarrierSegment, Enterocyte, Exosome
from gutexo.body.doses import MAX_DOSE_PACKETS, Dose, Preparation
from gutexo.body.interventions import Intervention
from gutexo.body.mouse import Mouse
from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError
from gutexo.protocol.treatments import Factors, GermFree, Senolytic

CARGO = np.ones((20, 4), int)


@pytest.fixture(scope="module")
def mouse(small):
    """A mouse that refuses what these tests ask, so that one serves all."""
    return Mouse(small, seed=1)


def told(ask):
    """The line that says no."""
    with pytest.raises(GutexoError) as caught:
        ask()
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 300
    return str(caught.value)


@pytest.mark.parametrize(
    "ask",
    [
        lambda m: m.agents.do("remove"),
        lambda m: m.agents.select(agent_type=Exosome).do("remove"),
        lambda m: m.agents_by_type[Enterocyte].shuffle_do("remove"),
        lambda m: next(iter(m.agents)).remove(),
        lambda m: m.deregister_agent(next(iter(m.agents))),
        lambda m: m.remove_all_agents(),
        lambda m: m.agents.remove(next(iter(m.agents))),
        lambda m: m.agents.discard(next(iter(m.agents))),
        lambda m: m.agents_by_type[Exosome].clear(),
        lambda m: m.agents.select(at_most=3, inplace=True),
    ],
)
def test_agents_cannot_be_taken_out(mouse, ask):
    before = len(mouse.agents)
    line = told(lambda: ask(mouse))
    assert "harvest" in line or "leave out inplace" in line
    assert len(mouse.agents) == before


@pytest.mark.parametrize(
    "ask",
    [
        lambda m: Exosome(m, 10**9, 0),
        lambda m: BarrierSegment.create_agents(m, 3, row=1),
        lambda m: m.register_agent(next(iter(m.agents))),
        lambda m: m.agents.add(next(iter(m.agents))),
    ],
)
def test_agents_cannot_be_put_in(mouse, ask):
    before = len(mouse.agents)
    assert "dose" in told(lambda: ask(mouse))
    assert len(mouse.agents) == before


def test_a_selection_is_a_users_own(mouse):
    chosen = mouse.agents.select(agent_type=BarrierSegment)
    chosen.remove(next(iter(chosen)))
    assert len(chosen) == 11 and len(mouse.agents_by_type[BarrierSegment]) == 12
    mouse.agents_by_type.clear()
    assert len(mouse.agents_by_type[BarrierSegment]) == 12


@pytest.mark.parametrize(
    ("name", "value", "way"),
    [
        ("parameters", Parameters(), "Mouse(parameters=...)"),
        ("seed", 3, "Mouse(seed=...)"),
        ("interventions", (), "mouse.add"),
        ("age", 300.0, "Mouse(age=...)"),
        ("first_age", 300.0, "Mouse(age=...)"),
        ("day", 3.0, "from_snapshot"),
        ("tick", 3, "from_snapshot"),
        ("time", 0.0, "from_snapshot"),
        ("alive", True, "Senolytic"),
        ("died", None, "Senolytic"),
        ("stages", (), "the model"),
        ("agents", [], "mouse.harvest()"),
        ("agents_by_type", {}, "mouse.harvest()"),
        ("state", None, "mouse.add"),
        ("recorder", None, "mouse.add"),
        ("regimen", None, "mouse.add"),
        ("glucose_rates", None, "mouse.add"),
    ],
)
def test_what_belongs_to_a_life_cannot_be_set(mouse, name, value, way):
    before = getattr(mouse, name, None)
    before = list(before) if name.startswith("agents") else before
    line = told(lambda: setattr(mouse, name, value))
    assert f"mouse.{name} cannot be set" in line and way in line
    now = getattr(mouse, name, None)
    now = list(now) if name.startswith("agents") else now
    assert now is before or now == before


def test_a_snapshot_refuses_the_same_and_own_names_are_free(mouse):
    again = Mouse.from_snapshot(mouse.snapshot())
    told(lambda: setattr(again, "parameters", Parameters()))
    again.collector = "mine"
    assert again.collector == "mine"


class Endless(Intervention):
    """Doses without an end."""

    def doses(self):
        return (Dose(float(n), "vehicle") for n in itertools.count())


class NoDoses(Intervention):
    """Something that is not doses."""

    def doses(self):
        return [3.0]


class Nowhere(Intervention):
    """A stretch of gut that is none."""

    def modifiers(self, day):
        return {"tight_junction.repair": 2.0}

    def segments(self):
        return (0.8, 0.2)


class Typo(Intervention):
    """A modifier that does not exist, later on."""

    def modifiers(self, day):
        return {"tight_junctoin.repair": 2.0}


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda m: m.run_until(math.nan), "must be finite"),
        (lambda m: m.run_until("x"), "end_time"),
        (lambda m: m.run_until(-5), "is past"),
        (lambda m: m.run_for(math.inf), "finite"),
        (lambda m: m.run_for(math.nan), "finite"),
        (lambda m: m.run_until_age(math.nan), "must be finite"),
        (lambda m: m.run_until_age(10), "is past"),
        (lambda m: m.add(Endless()), "100,000 doses at most"),
        (lambda m: m.add(NoDoses()), "list of Dose; one is 3.0"),
        (lambda m: m.add(Nowhere(start=3)), "rising fractions"),
        (lambda m: m.add(Typo(start=300)), "did you mean 'tight_junction.repair'"),
        (lambda m: m.add([GermFree()]), "must be an Intervention"),
        (lambda m: m.add(GermFree), "brackets"),
        (lambda m: Mouse(parameters={}), "Parameters().change"),
        (lambda m: Mouse(m.parameters, seed=2**63), "less than 2^63"),
        (lambda m: Mouse(m.parameters, seed=-1), "0 or more"),
        (lambda m: Mouse(m.parameters, seed=1.0), "whole number"),
        (lambda m: Mouse(m.parameters, seed=True), "whole number"),
        (lambda m: Mouse(m.parameters, seed=10**5000), "less than 2^63"),
        (lambda m: Mouse(m.parameters, interventions=3), "list of Interventions"),
        (lambda m: Mouse(m.parameters, interventions="GermFree"), "list of Interventions"),
        (lambda m: Mouse.from_snapshot(m.snapshot(), interventions=[3]), "must be an Intervention"),
        (lambda m: Factors(factors={"tight_junctoin.repair": 2.0}), "'tight_junction.repair'"),
        (lambda m: Factors(factors={"tight_junction.repair": math.nan}), "0 to 1,000,000"),
        (lambda m: Preparation("x", CARGO, particles_per_packet=-1), "above 0"),
        (lambda m: Preparation("x", CARGO, particles_per_packet=0), "above 0"),
        (lambda m: Preparation("x", CARGO, particles_per_packet=math.inf), "finite"),
        (lambda m: Preparation("x", CARGO, particles_per_packet="3"), "must be a number"),
        (lambda m: Preparation("x", CARGO, lps=math.nan), "lps must be finite"),
        (lambda m: Preparation("x", CARGO, lps=-1), "0 or more"),
        (lambda m: Preparation("x", CARGO, donors=1.5), "whole number"),
        (lambda m: Preparation("x", CARGO + 0.5), "whole units; got 1.5"),
        (lambda m: Preparation("x", CARGO * math.nan), "0 to 1,000,000"),
        (lambda m: Preparation("x", [["a"] * 4]), "must be numbers"),
        (lambda m: Preparation("x", [[1, 2, 3, 4], [1]]), "packets x 4 axes"),
        (lambda m: Preparation("x", np.full((2, 4), 2**64 - 1, np.uint64)), "0 to 1,000,000"),
        (lambda m: Preparation.pool("x", "ab"), "list of at least one"),
        (lambda m: Preparation.pool("x", [CARGO[:, :2]]), "packets x 4 axes"),
        (lambda m: Dose(0, "exosomes", 3, preparation="vial"), "must be a Preparation"),
        (lambda m: Dose(0, "exosomes", 1e9, preparation=Preparation("x", CARGO)), "2,000,000"),
    ],
)
def test_an_argument_of_the_wrong_type_or_size_is_one_line(mouse, ask, words):
    assert words in told(lambda: ask(mouse))


def test_the_largest_dose_says_how_to_make_it(mouse):
    few = Preparation("x", CARGO)
    line = told(lambda: Dose(0, "exosomes", 1e9, preparation=few))
    assert "particles_per_packet=500 or more" in line
    assert Dose(0, "exosomes", MAX_DOSE_PACKETS, preparation=few).amount == MAX_DOSE_PACKETS


def test_numpy_numbers_and_one_intervention_are_welcome(small):
    vial = Preparation("x", CARGO.astype(np.uint8), np.int64(2), np.float32(3), np.int32(1))
    assert (vial.donors, vial.particles_per_packet, vial.lps) == (2, 3.0, 1.0)
    assert Preparation("x", CARGO.astype(float)).digest() == Preparation("x", CARGO).digest()
    one = Mouse(small, seed=np.int64(4), interventions=Factors(factors={"microbiota.density": 0}))
    several = Mouse(small, seed=4, interventions=[Factors(factors={"microbiota.density": 0.0})])
    assert one.measure() == several.measure()
    assert Mouse(small, seed=2**63 - 1).measure() != one.measure()


def test_time_ends_at_death(small):
    deadly = small.change({"senescence.production": 3.5e-4, "senescence.removal": 1e-3})
    dead = Mouse(deadly, seed=2, age=30)
    heard = []

    def note():
        heard.append(dead.time)

    for day in range(120):
        dead.schedule_event(note, at=24.0 * day + 0.5)
    dead.run_for("120 d")
    assert not dead.alive and not dead.running
    time, day = dead.time, dead.day
    assert 0 < time < 24 * 120 and time == pytest.approx(24 * day)
    assert dead.died == pytest.approx(dead.age)
    assert heard == [24.0 * n + 0.5 for n in range(120) if 24.0 * n + 0.5 <= time]
    for go_on in (dead.step, lambda: dead.run_for("3 d"), lambda: dead.run_until(9000)):
        go_on()
        assert (dead.time, dead.day) == (time, day)
    assert "died at" in told(lambda: dead.add(Senolytic()))
    again = Mouse.from_snapshot(dead.snapshot())
    again.run_for("1 d")
    assert (again.alive, again.died, again.time) == (False, dead.died, time)
