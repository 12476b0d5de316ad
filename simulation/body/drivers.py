"""Two loops around the same `advance`: compiled, and one Mesa agent at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gutexo.body.clock import Clock
from gutexo.body.stages.cells import run_cells
from gutexo.body.stages.packets import run_packets
from gutexo.body.stages.segments import run_segments
from gutexo.body.state import State
from gutexo.errors import GutexoError, suggest

if TYPE_CHECKING:
    from gutexo.body.mouse import Mouse


class CompiledDriver:
    """One kernel a stage."""

    name = "compiled"

    def segments(self, state: State, clock: Clock) -> int:
        """All barrier segments; the first row that failed, else -1."""
        return run_segments(
            state.anatomy.segments, state.segments, state.heard, state.records, clock.hours
        )

    def cells(self, state: State, clock: Clock) -> int:
        """All cell sites; the first row that failed, else -1."""
        return run_cells(state.cells, state.heard, state.records, state.blood, state.ledger, clock)

    def packets(self, state: State, clock: Clock) -> int:
        """All packets; the first row that failed, else -1."""
        return run_packets(
            state.count,
            state.anatomy,
            state.packets,
            state.heard,
            state.records,
            clock,
        )


class AgentsDriver:
    """Every agent's own `step`, in an order shuffled on purpose by a stream no rule uses."""

    name = "agents"

    def __init__(self, mouse: Mouse) -> None:
        self._mouse = mouse

    def _step_all(self, *groups: str) -> int:
        from gutexo.body import agents

        failed = -1
        by_type = self._mouse.agents_by_type
        for group in groups:
            kind = getattr(agents, group)
            if kind not in by_type:
                continue
            for code, row in by_type[kind].shuffle().map("step"):
                if code and (failed < 0 or row < failed):
                    failed = row
        return failed

    def segments(self, state: State, clock: Clock) -> int:
        """All barrier segments, in random order."""
        return self._step_all("BarrierSegment")

    def cells(self, state: State, clock: Clock) -> int:
        """All cell sites, in random order."""
        return self._step_all("Enterocyte", "Macrophage", "Hepatocyte", "Myocyte", "Adipocyte")

    def packets(self, state: State, clock: Clock) -> int:
        """All packets, in random order."""
        return self._step_all("Exosome")


DRIVERS = ("compiled", "agents")


def make_driver(name: str, mouse: Mouse) -> CompiledDriver | AgentsDriver:
    """The driver of this name.

    Raises:
        GutexoError: There is no such driver.
    """
    if name == "compiled":
        return CompiledDriver()
    if name == "agents":
        return AgentsDriver(mouse)
    raise GutexoError(f"driver '{name}' does not exist{suggest(str(name), DRIVERS)}")
