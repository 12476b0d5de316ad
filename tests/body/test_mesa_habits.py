"""What a Mesa user does out of habit works."""

import gc
import weakref

import mesa
import numpy as np
import pytest

from gutexo.body.agents import BarrierSegment, Enterocyte, Exosome, Macrophage
from gutexo.body.mouse import Mouse
from gutexo.catalogue.signals import TNF
from gutexo.errors import GutexoError


@pytest.fixture
def mouse(small):
    return Mouse(small, seed=1)


def test_select_agg_get_groupby(mouse):
    segments = mouse.agents.select(agent_type=BarrierSegment)
    assert len(segments) == 12
    assert segments.agg("ter", min) <= np.mean(segments.get("ter"))
    groups = segments.groupby("region").count()
    assert groups["colon"] == 3 and sum(groups.values()) == 12
    places = mouse.agents_by_type[Exosome].groupby("place").count()
    assert sum(places.values()) == mouse.state.count


def test_agents_follow_births_and_departures(mouse):
    before = {e.identity for e in mouse.agents_by_type[Exosome]}
    mouse.run_for(6)
    now = mouse.agents_by_type[Exosome]
    assert len(now) == mouse.state.count
    assert {e.identity for e in now} == set(mouse.state.packets.id[: mouse.state.count].tolist())
    assert {e.identity for e in now} != before


def test_a_gone_exosome_says_so(mouse):
    exosomes = list(mouse.agents_by_type[Exosome])
    mouse.run_for("3 d")
    gone = next(e for e in exosomes if not e.alive)
    with pytest.raises(GutexoError, match="is gone"):
        _ = gone.place


def test_setting_an_attribute_changes_the_column(mouse):
    segment = next(iter(mouse.agents_by_type[BarrierSegment]))
    segment.junction = 0.25
    assert mouse.state.segments.junction[segment.row] == 0.25
    macrophage = next(iter(mouse.agents_by_type[Macrophage]))
    macrophage.activation = 0.5
    assert mouse.state.cells.state[macrophage.row] == 0.5
    with pytest.raises(GutexoError, match="finite"):
        segment.junction = float("nan")
    with pytest.raises(GutexoError, match="ledger"):
        next(iter(mouse.agents_by_type[Enterocyte])).barrier_held = 3


def test_data_collector(mouse):
    collector = mesa.DataCollector(
        model_reporters={"tnf": lambda m: float(m.state.blood[0].level[TNF])},
        agenttype_reporters={BarrierSegment: {"junction": "junction"}},
    )
    for _ in range(3):
        mouse.step()
        collector.collect(mouse)
    assert len(collector.get_model_vars_dataframe()) == 3
    assert len(collector.get_agenttype_vars_dataframe(BarrierSegment)) == 36


def test_events_and_running(mouse):
    seen = []

    def note():
        seen.append(mouse.time)

    mouse.schedule_event(note, at=5.5)
    mouse.run_for("12 hours")
    assert seen == [5.5] and mouse.time == 12 and mouse.tick == 12
    mouse.run_until(20)
    assert mouse.tick == 20
    mouse.step()
    assert mouse.tick == 21 and mouse.steps == 21


def test_a_mouse_is_garbage_collected(small):
    mouse = Mouse(small, seed=1)
    len(mouse.agents)
    mouse.run_for(3)
    ref = weakref.ref(mouse)
    del mouse
    gc.collect()
    assert ref() is None
