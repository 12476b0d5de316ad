"""Pictures and signals of a mouse: they say what the columns hold, and disturb nothing."""

import numpy as np
import pytest

from gutexo.biology.codes import (
    AXES,
    BY_INDUCTION,
    BY_ITSELF,
    BY_TRANSPLANT,
    INDUCED,
    INDUCED_MATURE,
    INFLAMMATORY,
    INTRINSIC_MATURE,
    MACROPHAGE,
    N_KINDS,
    NEVER,
    PROTECTIVE,
    WELL,
)
from gutexo.body.mouse import Mouse
from gutexo.catalogue.organs import ORGANS
from gutexo.catalogue.signals import BLOCKS, INDUCES, LICENSES, LPS, NICHES, TNF
from gutexo.protocol.exosome_treatments import GiveExosomes, designed_exosomes
from gutexo.protocol.treatments import SenescentCellTransplant, Senolytic
from gutexo.scene.agent import inspect_agent
from gutexo.scene.picture import (
    CARGO_CLASSES,
    EMPTY,
    classify_cargo,
    segment_at,
    site_name,
    take_picture,
)
from gutexo.scene.signals import (
    COUNTERS,
    LISTENERS,
    NEIGHBOURS,
    measure_cargo_flows,
    read_signals,
)
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
    assert (seen.cells.senescence == s.cells.senescence).all() and s.cells.senescence.any()


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


EVERYWHERE = (NICHES, *(organ.name for organ in ORGANS))
INDUCING = ("TNF", NEIGHBOURS, "inflammatory cargo")


def test_what_induces_licenses_and_counters_senescence_is_listed(mouse):
    effects = {(item.listener, item.signal): item.effect for item in read_signals(mouse)}
    for place in EVERYWHERE:
        for signal in INDUCING:
            assert INDUCES in effects[place, signal]
        assert LICENSES in effects[place, "LPS"]
        assert COUNTERS in effects[place, "protective cargo"]
    blocked = {signal for (place, signal), effect in effects.items() if BLOCKS in effect}
    assert blocked == {"TNF", "LPS", NEIGHBOURS, "lipid cargo"}
    assert [place for place in EVERYWHERE if BLOCKS in effects[place, "LPS"]] == ["liver"]
    opens = [key for key, effect in effects.items() if "tight junctions" in effect]
    assert opens == [("epithelium", "barrier cargo")]
    assert not {signal for _, signal in effects} & {"IL-6"}


@pytest.mark.parametrize("signal", [*INDUCING, "LPS", "protective cargo"])
def test_a_listed_arrow_acts_in_the_mouse(small, signal):
    """With more of a signal its listed level rises in each place, and so does what it causes."""
    mouse = Mouse(small, seed=3, age=400)
    mouse.run_for("1 d")

    def read():
        found = {(item.listener, item.signal): item.level for item in read_signals(mouse)}
        sensed = mouse.state.sensed
        caused = (
            (sensed.cell_secretion, sensed.organ_secretion)
            if signal == "LPS"
            else (sensed.induction, sensed.organ_induction)
        )
        return [found[place, signal] for place in EVERYWHERE], [c.copy() for c in caused]

    s = mouse.state
    s.cells.senescence[s.cells.kind != MACROPHAGE] = WELL
    # Of each place one site at least secretes; for neighbours it comes later.
    firsts = [0, *s.anatomy.first_organ_rows]
    if signal != NEIGHBOURS:
        s.cells.senescence[firsts] = INTRINSIC_MATURE
    s.cells.held[:, [INFLAMMATORY, PROTECTIVE]] += 1
    before, was = read()
    if signal == "TNF":
        s.segments.cytokines[:, TNF] *= 3
        s.blood[0].sensed_level[TNF] *= 3
    elif signal == "LPS":
        s.segments.lps[:] *= 3
        s.blood[0].sensed_level[LPS] *= 3
    elif signal == NEIGHBOURS:
        s.cells.senescence[s.cells.kind != MACROPHAGE] = INDUCED_MATURE
    else:
        s.cells.held[:, INFLAMMATORY if signal == INDUCING[2] else PROTECTIVE] *= 3
    after, now = read()
    assert all(late > early for early, late in zip(before, after, strict=True))
    sign = -1 if signal == "protective cargo" else 1
    assert all((sign * (new - old) > 0).all() for new, old in zip(now, was, strict=True))


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


STORIES = {
    "never": ((WELL, NEVER, -1, -1), "was never senescent."),
    "since birth": (
        (INTRINSIC_MATURE, BY_ITSELF, -1, -1),
        "was senescent already at weaning (21 d of age); mature, so it secretes.",
    ),
    "induced": (
        (INDUCED, BY_INDUCTION, 391 * 24, -1),
        "turned senescent at 412 d of age by induction; not yet mature.",
    ),
    "again": (
        (INDUCED_MATURE, BY_TRANSPLANT, 391 * 24, 300 * 24),
        "turned senescent at 412 d of age by transplant; mature, so it secretes."
        " It had been cleared before, last at 321 d.",
    ),
    "cleared": (
        (WELL, BY_INDUCTION, 391 * 24, 410 * 24),
        "turned senescent at 412 d of age by induction; cleared at 431 d.",
    ),
    "by itself": (
        (WELL, BY_ITSELF, 391 * 24, 410 * 24),
        "turned senescent at 412 d of age by itself; cleared at 431 d.",
    ),
    "of a pup": (
        (WELL, BY_ITSELF, -1, 24),
        "was senescent already at weaning (21 d of age); cleared at 22 d.",
    ),
}


@pytest.mark.parametrize("name", STORIES)
def test_a_site_tells_its_story(small, name):
    columns, told = STORIES[name]
    mouse = Mouse(small, seed=3)
    cells, organ = mouse.state.cells, mouse.state.anatomy.first_organ_cell
    for row, who in ((4, "Its crypt niche"), (organ, "It")):
        cells.senescence[row], cells.cause[row], cells.turned[row], cells.cleared[row] = columns
        assert inspect_agent(mouse, "cell", row).story == f"{who} {told}"


def test_stories_of_a_mouse_that_was_treated(small):
    given = [
        SenescentCellTransplant(share=0.5, organs=("gut", "liver"), start="1 d"),
        Senolytic(share=1.0, efficacy={"liver": 0.0}, start="2 d"),
    ]
    mouse = Mouse(small, seed=3, interventions=given)
    mouse.run_for("3 d")
    cells, anatomy = mouse.state.cells, mouse.state.anatomy
    grafted = np.flatnonzero(cells.cause == BY_TRANSPLANT)
    gut, liver = grafted[grafted < anatomy.first_macrophage], grafted[-1]
    assert len(gut) and liver >= anatomy.first_organ_cell
    told = inspect_agent(mouse, "cell", int(gut[0])).story
    assert told == "Its crypt niche turned senescent at 91 d of age by transplant; cleared at 92 d."
    assert "by transplant; mature" in inspect_agent(mouse, "cell", int(liver)).story


def test_segments_count_niches_and_macrophages_and_exosomes_tell_nothing(small):
    mouse = Mouse(small, seed=3)
    s, size = mouse.state, mouse.state.anatomy.enterocytes
    s.cells.senescence[2 * size : 3 * size] = WELL
    s.cells.senescence[2 * size : 2 * size + 2] = INTRINSIC_MATURE, INDUCED
    told = inspect_agent(mouse, "segment", 2).story
    assert told == f"Senescent crypt niches: 2 of {size}; induced among them: 1."
    assert inspect_agent(mouse, "cell", s.anatomy.first_macrophage).story == ""
    assert inspect_agent(mouse, "exosome", int(s.packets.id[0])).story == ""
