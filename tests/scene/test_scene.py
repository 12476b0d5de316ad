"""Pictures and signals of a mouse: they say what the columns hold, and disturb nothing."""

import numpy as np
import pytest

from gutexo.biology.codes import AXES, N_KINDS
from gutexo.body.mouse import Mouse
from gutexo.protocol.exosome_treatments import GiveExosomes, designed_exosomes
from gutexo.scene.agent import inspect_agent
from gutexo.scene.picture import (
    CARGO_CLASSES,
    EMPTY,
    classify_cargo,
    segment_at,
    site_name,
    take_picture,
)
from gutexo.scene.signals import LISTENERS, measure_cargo_flows, read_signals
from tests.body.test_drivers import assert_same


@pytest.fixture(scope="module")
def mouse(small):
    mouse = Mouse(small, seed=3, age=400)
    mouse.run_for("1 d")
    return mouse


def test_looking_changes_nothing(small):
    looked, alone = Mouse(small, seed=3), Mouse(small, seed=3)
    for _ in range(5):
        for each in (looked, alone):
            each.step()
        take_picture(looked)
        read_signals(looked)
        measure_cargo_flows(looked)
    assert_same(looked, alone)


def test_a_picture_of_everything(mouse):
    seen = take_picture(mouse, most=10_000)
    s = mouse.state
    assert seen.shown_share == 1.0 and len(seen.exosomes.id) == s.count
    assert (seen.exosomes.id == s.packets.id[: s.count]).all()
    assert ((seen.exosomes.along >= 0) & (seen.exosomes.along <= 1)).all()
    assert (seen.junction == s.segments.junction).all()
    assert set(seen.cells.kind) == set(range(N_KINDS))
    gut = seen.cells.kind < 2
    where = np.floor(seen.cells.along[gut] * s.anatomy.segments).astype(int)
    assert (where == s.cells.segment[gut]).all()
    assert [name for name, _ in seen.regions] == ["duodenum", "jejunum", "ileum", "colon"]
    assert seen.regions[-1][1] == 1.0


def test_the_same_exosomes_are_shown_from_tick_to_tick(small):
    mouse = Mouse(small, seed=3)
    first = take_picture(mouse, most=100)
    mouse.step()
    second = take_picture(mouse, most=100)
    assert 40 < len(first.exosomes.id) < 160 and first.shown_share == second.shown_share
    alive = set(mouse.state.packets.id[: mouse.state.count])
    stayed = [i for i in first.exosomes.id if i in alive]
    assert set(stayed) <= set(second.exosomes.id)


def test_classes_are_what_is_carried_most_against_a_healthy_load():
    loads = np.array([10.0, 10.0, 40.0, 0.0])
    cargo = np.array([[20, 10, 10, 0], [0, 5, 40, 0], [0, 0, 0, 0], [0, 0, 0, 3]])
    found = [CARGO_CLASSES[c] for c in classify_cargo(cargo, loads)]
    assert found[:3] == ["barrier", "insulin_resistance", "empty"]
    assert classify_cargo(np.zeros((0, 4), int), loads).shape == (0,)
    assert CARGO_CLASSES[EMPTY] == "empty" and CARGO_CLASSES[:4] == AXES


def test_a_given_exosome_is_told_apart(small):
    vial = designed_exosomes(50, barrier=9)
    mouse = Mouse(small, seed=1, interventions=[GiveExosomes(source=vial, repeats=1)])
    mouse.run_for(2)
    seen = take_picture(mouse)
    given = seen.exosomes.given
    assert given.any() and not given.all()
    assert (seen.exosomes.cargo_class[given] == 0).all()


def test_everybody_hears_something_finite(mouse):
    received = read_signals(mouse)
    assert tuple(dict.fromkeys(item.listener for item in received)) == LISTENERS
    assert all(np.isfinite(item.level) and item.level >= 0 for item in received)
    assert len({(item.listener, item.signal) for item in received}) == len(received)


def test_old_exosomes_are_heard(small):
    vial = designed_exosomes(400, barrier=60, inflammatory=60, insulin_resistance=60)
    quiet = Mouse(small, seed=5)
    treated = Mouse(small, seed=5, interventions=[GiveExosomes(source=vial, repeats=6)])
    levels = []
    for mouse in (quiet, treated):
        mouse.run_for("4 d")
        levels.append({(h.listener, h.signal): h.level for h in read_signals(mouse)})
    for key in (("epithelium", "barrier cargo"), ("liver", "lipid cargo")):
        assert levels[1][key] > 1.1 * levels[0][key]
    more = [
        sum(f.units for f in measure_cargo_flows(m) if f.target == "liver")
        for m in (quiet, treated)
    ]
    assert more[1] > more[0]


def test_places_and_sites_have_names(mouse):
    s = mouse.state
    assert segment_at(s, 0.0) == 0 and segment_at(s, 1.0) == s.anatomy.segments - 1
    assert site_name(s, 0) == "enterocyte in segment 0 (duodenum)"
    assert site_name(s, s.anatomy.first_organ_cell) == "hepatocyte of the liver"


def test_each_kind_of_agent_is_looked_at_with_what_it_was(small):
    mouse = Mouse(small, seed=3)
    before = mouse.snapshot()
    mouse.run_for("1 h")
    alone = Mouse.from_snapshot(mouse.snapshot())
    exosome = int(mouse.state.packets.id[0])
    for kind, index, days in (("segment", 2, 2), ("cell", 4, 2), ("exosome", exosome, 1)):
        seen = inspect_agent(mouse, kind, index, [before])
        assert len(seen.days) == days and seen.states
    assert_same(alone, mouse)
