"""What stages, drivers and views of a mouse rely on; `body.mouse.Mouse` provides it."""

from __future__ import annotations

from typing import Any, Protocol

from gutexo.body.clock import Clock
from gutexo.body.regimen import Regimen
from gutexo.body.state import State


class Loop(Protocol):
    """A driver: the loop over all rows of a kind.

    Attributes:
        name: Its name.
        jumps: Whether it runs many ticks in one call, beside Mesa's clock.
    """

    name: str
    jumps: bool

    def run_ticks(self, mouse: Any, ticks: int) -> int:
        """Run some ticks, fewer if the mouse dies, and return their number."""

    def segments(self, state: State, clock: Clock) -> int:
        """Advance all barrier segments and return the first row that failed, else -1."""

    def cells(self, state: State, clock: Clock) -> int:
        """Advance all cell sites and return the first row that failed, else -1."""

    def packets(self, state: State, clock: Clock) -> int:
        """Advance all packets and return the first row that failed, else -1."""


class LivingMouse(Protocol):
    """A mouse as its parts see it.

    Attributes:
        state: Columns, counters and blood.
        loop: The driver.
        now: Clock of the tick that is run.
        first_age: Age before its first tick (h).
        regimen: All interventions on it.
        time: Hours on Mesa's clock.
        steps: Ticks since its first day that were run.
        ticks_before_record: Ticks before its first recorded day.
    """

    state: State
    loop: Loop
    now: Clock
    first_age: float
    regimen: Regimen
    time: float
    steps: int
    ticks_before_record: int
    _views: Any
    _seed_of_life: int
    _pulse: Any
    _event_list: Any

    @property
    def _ticks_of_time(self) -> int:
        """Whole ticks on Mesa's clock."""

    def _end_of_tick(self, number: int) -> float:
        """Time (h) at which a tick ends."""

    def _whole_days(self, tick: int) -> int:
        """Days that are over at a tick."""

    def _end_of_day(self) -> None:
        """Advance slow processes by a day."""

    @property
    def age(self) -> float:
        """Age (d)."""

    @property
    def day(self) -> float:
        """Days since its first day."""

    @property
    def alive(self) -> bool:
        """Whether it lives."""

    @property
    def died(self) -> float | None:
        """Age at death (d), None while it lives."""

    @property
    def agents_by_type(self) -> Any:
        """Mesa's agents by their class."""

    def die(self) -> None:
        """End its life: it is stepped no further."""

    def measure(self) -> dict[str, float]:
        """Read every observable without a change to the mouse."""
