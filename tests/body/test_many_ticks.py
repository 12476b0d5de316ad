"""Days in one compiled call: the same bits as tick by tick, whatever is due in between."""

import numpy as np
import pytest
from mesa.time import EventGenerator, Schedule

from gutexo.body import jumps, many_ticks
from gutexo.body.interventions import Intervention
from gutexo.body.mouse import Mouse
from gutexo.body.snapshot import Snapshot
from gutexo.catalogue import Parameters
from gutexo.errors import ModelError
from tests.body.test_drivers import Course, assert_same

BOTH = ("compiled", "compiled by tick")


class Uneven(Intervention):
    """A window that begins and ends within a tick, and another factor each day."""

    def modifiers(self, day):
        return {"exosome.release": 2.0 + day, "macrophage.activation": 1.2}


def calls_of(mouse):
    """Numbers of ticks of the calls of its driver, from now on."""
    counted, run = [], mouse.loop.run_ticks

    def count(itself, ticks):
        counted.append(ticks)
        return run(itself, ticks)

    mouse.loop.run_ticks = count
    return counted


def pair(parameters, seed=3, interventions=(), **more):
    return [
        Mouse(parameters, seed=seed, driver=driver, interventions=interventions, **more)
        for driver in BOTH
    ]


@pytest.mark.parametrize("tick", [0.1, 0.25, 1.0, 1.5, 2.0])
def test_equal_across_doses_modifiers_and_days(small, preparation, tick):
    parameters = small.change({"resolution.tick": tick})
    given = [Course(preparation=preparation, start=0.1, stop=1.5), Uneven(start=0.53, stop=2.2)]
    mice = pair(parameters, interventions=given)
    assert_same(*mice)
    for duration in (0.3, 7, 24, 13.7, "1 d", 4):
        for mouse in mice:
            mouse.run_for(duration)
        assert mice[0].time == mice[1].time
        assert_same(*mice)


def test_a_day_without_anything_due_is_two_calls(small):
    mouse = Mouse(small, seed=1)
    counted = calls_of(mouse)
    mouse.run_for("3 d")
    assert counted == 3 * [23, 1] and mouse.steps == mouse.tick == 72
    assert mouse.recorder.arrays() and len(mouse.recorder.days) == 4


def test_what_a_user_scheduled_sees_every_tick_before_it(small):
    """A generator that looks and harvests, and an event that schedules another within the day."""
    seen = {driver: [] for driver in BOTH}
    mice = pair(small)
    for mouse in mice:

        def look(mouse=mouse):
            seen[mouse.driver].append((mouse.time, mouse.tick, len(mouse.harvest()["cargo"])))

        def later(mouse=mouse, look=look):
            mouse.schedule_event(look, after=2.25)

        mouse.kept = (look, later)  # Mesa holds functions weakly
        EventGenerator(mouse, look, Schedule(interval=5.5, start=3.0)).start()
        mouse.schedule_event(later, at=25.0)
        mouse.run_for("2 d")
    assert seen[BOTH[0]] == seen[BOTH[1]] and len(seen[BOTH[0]]) == 10
    assert (27.25, 27) in [one[:2] for one in seen[BOTH[0]]]
    assert_same(*mice)


def test_a_snapshot_in_mid_day_continues_with_either(small, preparation):
    course = Course(preparation=preparation)
    whole, other = pair(small, interventions=[course])
    for mouse in (whole, other):
        mouse.run_for(61.5)
    part = Mouse(small, seed=3, interventions=[course])
    part.run_for(29.25)
    for driver in BOTH:
        mouse = Mouse.from_snapshot(part.snapshot(), driver=driver)
        mouse.run_for(32.25)
        assert_same(whole, mouse)
    assert_same(whole, other)


def test_a_fresh_record_begins_with_a_new_day(small):
    first = Mouse(small, seed=3)
    first.run_for(31)
    found = []
    for driver in BOTH:
        mouse = Mouse.from_snapshot(first.snapshot(), driver=driver, fresh_record=True)
        mouse.run_for("2 d")
        found.append(mouse)
        assert mouse.recorder.days.tolist() == [0.0, 1.0, 2.0]
    assert_same(*found)


def test_columns_grow_in_the_middle_of_a_call(small):
    class Flood(Intervention):
        def modifiers(self, day):
            return {"exosome.release": 30.0}

    mice = pair(small, interventions=[Flood(start=0.2)])
    rows = len(mice[0].state.packets.id)
    for mouse in mice:
        mouse.run_for("1 d")
    assert len(mice[0].state.packets.id) > rows
    assert_same(*mice)


def test_death_stops_the_clock_at_the_end_of_its_tick(small):
    deadly = small.change(
        {"senescence.production": 3.5e-4, "senescence.removal": 0.001, "senescence.noise": 0.01}
    )
    mice = pair(deadly, seed=3, age=21)
    executed = []
    for mouse in mice:

        def after(mouse=mouse):
            executed.append((mouse.driver, mouse.alive))

        mouse.kept = after
        for hour in range(6, 24 * 400, 6):
            mouse.schedule_event(after, at=float(hour))
        mouse.run_for("400 d")
    assert not mice[0].alive and mice[0].died == mice[1].died
    assert mice[0].time == mice[1].time == mice[0].tick * mice[0].state.hours
    counted = [sum(driver == name for driver, _ in executed) for name in BOTH]
    assert counted[0] == counted[1] and all(alive for _, alive in executed)
    assert_same(*mice)


@pytest.mark.parametrize(
    "damage",
    [
        lambda s: s.segments.junction.__setitem__(3, np.nan),
        lambda s: s.cells.state.__setitem__(40, np.nan),
        lambda s: s.ledger.__setitem__((0, 1), 5),
        lambda s: s.blood["burden"].__setitem__(0, np.nan),
    ],
)
def test_a_failure_says_the_same_stage_tick_and_row(small, damage):
    lines = []
    for mouse in pair(small):
        mouse.run_for(5)
        damage(mouse.state)
        with pytest.raises(ModelError) as failed:
            mouse.run_for(1)
        lines.append(str(failed.value))
    assert lines[0] == lines[1] and "tick" in lines[0]


def test_the_ledger_is_checked_at_the_end_of_a_call_or_at_each_tick(small, monkeypatch):
    calls = []
    honest = many_ticks.run_ticks
    monkeypatch.setattr(many_ticks, "run_ticks", lambda *a: calls.append(a[-1]) or honest(*a))
    Mouse(small, seed=1).run_for(5)
    assert calls and all(calls)  # in tests at every tick
    monkeypatch.setattr(many_ticks, "check_every_tick", False)
    mouse = Mouse(small, seed=1)
    mouse.run_for(5)
    mouse.state.ledger[0, 1] += 5
    with pytest.raises(ModelError, match="ledger of inflammatory cargo does not balance"):
        mouse.run_for(15)


def test_a_large_mouse_answers_an_interruption_in_time(small, monkeypatch):
    mouse = Mouse(small, seed=1)
    counted = calls_of(mouse)
    # A tick of ten million packets takes a fifth of a second to half a second.
    assert jumps.MOST_UPDATES_A_CALL <= 2 * 10_000_000
    monkeypatch.setattr(jumps, "MOST_UPDATES_A_CALL", 3 * mouse.state.count)
    mouse.run_for("1 d")
    assert max(counted) <= 4 and sum(counted) == 24


def test_an_interruption_leaves_counters_that_fit_the_columns(small, monkeypatch):
    mouse = Mouse(small, seed=1)
    honest = many_ticks.run_ticks

    def interrupted(*arguments):
        honest(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(many_ticks, "run_ticks", interrupted)
    with pytest.raises(KeyboardInterrupt):
        mouse.run_for("1 d")
    monkeypatch.undo()
    mouse.run_for("1 d")  # the ledger balances


def test_every_driver_reads_and_saves_its_name(small, tmp_path):
    for driver in (*BOTH, "agents"):
        mouse = Mouse(small, seed=1, driver=driver)
        saved = Snapshot.load(mouse.snapshot().save(tmp_path / f"{driver}.npz"))
        assert Mouse.from_snapshot(saved).driver == driver


def test_default_parameters_in_both(small):
    mice = pair(Parameters(), age=21)
    for mouse in mice:
        mouse.run_for("2 d")
    assert_same(*mice)
