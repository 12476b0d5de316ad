"""A tick: the public list of its stages, and the function that runs exactly this list."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from gutexo.body.clock import Clock, make_clock
from gutexo.body.ledger import find_imbalance, ledger_column_name
from gutexo.body.stages import arrivals, births, blood, sense
from gutexo.body.state import State
from gutexo.errors import ModelError

if TYPE_CHECKING:
    from gutexo.body.living_mouse import LivingMouse


class Stage(NamedTuple):
    """One stage: its name, a description, and the function that runs it."""

    name: str
    description: str
    run: Callable[[LivingMouse, Clock], None]


def raise_failure(state: State, stage: str, row: int) -> None:
    """Raise the error of a stage that failed at a row, or of a ledger that does not balance."""
    if stage == "ledger":
        raise ModelError(
            f"tick {state.tick}: the ledger of {ledger_column_name(row)} does not balance"
        )
    raise ModelError(
        f"stage '{stage}', tick {state.tick}: the state of row {row} is not finite or out of "
        "its bounds"
    )


def _raise_if_failed(state: State, stage: str, row: int) -> None:
    if row >= 0:
        raise_failure(state, stage, row)


def _sense(mouse: LivingMouse, now: Clock) -> None:
    s = mouse.state
    sense.sense(s.anatomy, s.segments, s.cells, s.sensed, s.records, s.blood, now.hours)


def _segments(mouse: LivingMouse, now: Clock) -> None:
    _raise_if_failed(mouse.state, "segments", mouse.loop.segments(mouse.state, now))


def _cells(mouse: LivingMouse, now: Clock) -> None:
    _raise_if_failed(mouse.state, "cells", mouse.loop.cells(mouse.state, now))


def _births(mouse: LivingMouse, now: Clock) -> None:
    s = mouse.state
    born = births.count_births(s.anatomy, s.cells)
    s.make_room(s.count + born)
    s.count = births.release_packets(
        s.anatomy, s.count, s.next_id, s.cells, s.packets, s.sensed, s.ledger, now
    )
    s.next_id += born


def _packets(mouse: LivingMouse, now: Clock) -> None:
    _raise_if_failed(mouse.state, "packets", mouse.loop.packets(mouse.state, now))


def _arrivals(mouse: LivingMouse, now: Clock) -> None:
    s = mouse.state
    s.count = arrivals.apply_arrivals(s.count, s.packets, s.cells, s.ledger)


def _blood(mouse: LivingMouse, now: Clock) -> None:
    s = mouse.state
    age = mouse.first_age + (s.tick + 1) * now.hours
    code = blood.advance_blood(s.anatomy, s.sensed, s.segments, s.records, s.blood, age, now)
    if code == 2:
        _raise_if_failed(s, "blood", 0)
    if code == 1:
        mouse.die()


def _ledger(mouse: LivingMouse, now: Clock) -> None:
    s = mouse.state
    _raise_if_failed(s, "ledger", find_imbalance(s.ledger, s.packets.cargo, s.count, s.cells.held))


STAGES: tuple[Stage, ...] = (
    Stage("sense", "sum over cells what segments and organs sense", _sense),
    Stage("segments", "junctions, pore, damage, mucus, bacteria, LPS, local cytokines", _segments),
    Stage("cells", "turnover, activation, insulin signalling, decay of cargo, release", _cells),
    Stage("births", "packets with the cargo their cell loads", _births),
    Stage("packets", "motion, barriers, uptake", _packets),
    Stage("arrivals", "cargo to the cells that took it, departures to the ledger", _arrivals),
    Stage("blood", "cytokines and LPS in plasma, senescent burden", _blood),
    Stage("ledger", "every unit of cargo is somewhere", _ledger),
)


def run_tick(mouse: LivingMouse) -> None:
    """Run every stage of one tick once."""
    s = mouse.state
    now = make_clock(s.run_key, s.tick, s.hours, s.parameters.resolution.thinning)
    mouse.now = now
    for stage in STAGES:
        stage.run(mouse, now)
    s.tick += 1


def run_tick_by_tick(mouse: LivingMouse, ticks: int) -> int:
    """Run some ticks one by one, fewer if the mouse dies, and return their number."""
    for done in range(1, ticks + 1):
        run_tick(mouse)
        if not mouse.alive:
            return done
    return ticks
