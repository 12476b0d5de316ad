"""Two loops over the same `advance` functions: compiled, and one Mesa agent at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gutexo.body.clock import Clock
from gutexo.body.stages.cells import run_cells
from gutexo.body.stages.packets import run_packets
from gutexo.body.stages.segments import run_segments
from gutexo.body.state import State
from gutexo.errors import GutexoError, suggest

if TYPE_CHECKING:
    from gutexo.body.living_mouse import LivingMouse


class CompiledDriver:
    """A driver that runs one compiled kernel per stage."""

    name = "compiled"

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


class AgentsDriver:
    """A driver that calls each agent's own `step`, in random order from a stream no rule uses."""

    name = "agents"

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


DRIVERS = ("compiled", "agents")


def make_driver(name: str, mouse: LivingMouse) -> CompiledDriver | AgentsDriver:
    """Make the driver of this name.

    Raises:
        GutexoError: No such driver exists.
    """
    if name == "compiled":
        return CompiledDriver()
    if name == "agents":
        return AgentsDriver(mouse)
    raise GutexoError(f"driver '{name}' does not exist{suggest(str(name), DRIVERS)}")
