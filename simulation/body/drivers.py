"""Two loops over the same `advance` functions: compiled, and one Mesa agent at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gutexo.body import many_ticks
from gutexo.body.clock import Clock, ClockKeys, make_clock, make_clock_keys
from gutexo.body.stages.cells import run_cells
from gutexo.body.stages.packets import run_packets
from gutexo.body.stages.segments import run_segments
from gutexo.body.state import State
from gutexo.body.tick import raise_failure, run_tick_by_tick
from gutexo.errors import GutexoError, suggest

if TYPE_CHECKING:
    from gutexo.body.living_mouse import LivingMouse


class TickDriver:
    """A driver that runs one compiled kernel per stage, tick by tick."""

    name = "compiled by tick"
    jumps = False

    def run_ticks(self, mouse: LivingMouse, ticks: int) -> int:
        """Run some ticks, fewer if the mouse dies, and return their number."""
        return run_tick_by_tick(mouse, ticks)

    def segments(self, state: State, clock: Clock) -> int:
        """Advance all barrier segments and return the first row that failed, else -1."""
        return run_segments(
            state.anatomy.segments, state.segments, state.sensed, state.records, clock.hours
        )

    def cells(self, state: State, clock: Clock) -> int:
        """Advance all cell sites and return the first row that failed, else -1."""
        return run_cells(
            state.cells,
            state.segments,
            state.sensed,
            state.records,
            state.blood,
            state.ledger,
            clock,
        )

    def packets(self, state: State, clock: Clock) -> int:
        """Advance all packets and return the first row that failed, else -1."""
        return run_packets(
            state.count,
            state.anatomy,
            state.packets,
            state.sensed,
            state.records,
            clock,
        )


class CompiledDriver(TickDriver):
    """A driver that runs many ticks in one compiled kernel: all until something is due."""

    name = "compiled"
    jumps = True

    def __init__(self) -> None:
        self._keys: ClockKeys | None = None  # of the one mouse that it runs

    def run_ticks(self, mouse: LivingMouse, ticks: int) -> int:
        """Run some ticks, fewer if the mouse dies, and return their number."""
        s = mouse.state
        first = s.tick
        thinning = s.parameters.resolution.thinning
        if self._keys is None:
            self._keys = make_clock_keys(s.run_key, s.hours, thinning)
        progress = np.array([s.tick, s.count, s.next_id, -1, -1], np.int64)
        end = many_ticks.NEEDS_ROWS
        try:
            while end == many_ticks.NEEDS_ROWS:
                s.make_room(int(progress[many_ticks.COUNT] + progress[many_ticks.RELEASED]))
                end = many_ticks.run_ticks(
                    s.anatomy,
                    s.segments,
                    s.cells,
                    s.packets,
                    s.sensed,
                    s.records,
                    s.blood,
                    s.ledger,
                    self._keys,
                    float(mouse.first_age),
                    progress,
                    first + ticks,
                    many_ticks.check_every_tick,
                )
                s.count = int(progress[many_ticks.COUNT])
        finally:  # after Ctrl-C the counters are those of the columns
            s.tick, s.count, s.next_id, _, row = progress.tolist()
        mouse.now = make_clock(s.run_key, s.tick, s.hours, thinning)
        if end in many_ticks.FAILED_STAGES:
            raise_failure(s, many_ticks.FAILED_STAGES[end], row)
        if end == many_ticks.DIED:
            s.tick -= 1
            mouse.die()
            s.tick += 1
        return s.tick - first


class AgentsDriver:
    """A driver that calls each agent's own `step`, in random order from a stream no rule uses."""

    name = "agents"
    jumps = False

    def run_ticks(self, mouse: LivingMouse, ticks: int) -> int:
        """Run some ticks, fewer if the mouse dies, and return their number."""
        return run_tick_by_tick(mouse, ticks)

    def __init__(self, mouse: LivingMouse) -> None:
        self._mouse = mouse

    def _step_all(self, *kinds: type[Any]) -> int:
        failed = -1
        by_type = self._mouse.agents_by_type
        for kind in kinds:
            if kind not in by_type:
                continue
            for code, row in by_type[kind].shuffle().map("step"):
                if code and (failed < 0 or row < failed):
                    failed = row
        return failed

    def segments(self, state: State, clock: Clock) -> int:
        """Advance all barrier segments in random order; return the first row that failed or -1."""
        from gutexo.body.agents import BarrierSegment

        return self._step_all(BarrierSegment)

    def cells(self, state: State, clock: Clock) -> int:
        """Advance all cell sites in random order; return the first row that failed or -1."""
        from gutexo.body.agents import CELL_KINDS

        return self._step_all(*CELL_KINDS.values())

    def packets(self, state: State, clock: Clock) -> int:
        """Advance all packets in random order; return the first row that failed or -1."""
        from gutexo.body.agents import Exosome

        return self._step_all(Exosome)


DRIVERS = ("compiled", "compiled by tick", "agents")


def make_driver(name: str, mouse: LivingMouse) -> TickDriver | AgentsDriver:
    """Make the driver of this name.

    Raises:
        GutexoError: No such driver exists.
    """
    if name == "compiled":
        return CompiledDriver()
    if name == "compiled by tick":
        return TickDriver()
    if name == "agents":
        return AgentsDriver(mouse)
    raise GutexoError(f"driver '{name}' does not exist{suggest(str(name), DRIVERS)}")
