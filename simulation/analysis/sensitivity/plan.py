"""How much is asked, what it costs, and how it is made to fit."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from numbers import Integral

from gutexo.errors import GutexoError

BUDGET = 30.0  # minutes

# Down to which each number is halved: first all of these, then, if that is not enough, all of
# those below, at which an analysis is a look and no more.
FLOORS = (
    {"points": 64, "checked": 4, "trajectories": 5},
    {"points": 16, "checked": 2, "trajectories": 2},
)


@dataclass(frozen=True)
class Plan:
    """How much is asked.

    Attributes:
        trajectories: Walks of Morris's design, each moving every parameter once.
        points: Rows N of Saltelli's design, a power of two.
        picked: Parameters with an index of their own.
        checked: Parameter sets at which mice are asked as well, the defaults among them.
        runs: Times mice are asked at each, with other seeds.
        replicates: Mice an arm, each time.
        twins: Mice of the twin of each age.
    """

    trajectories: int = 10
    points: int = 256
    picked: int = 12
    checked: int = 8
    runs: int = 2
    replicates: int = 3
    twins: int = 4

    def __post_init__(self) -> None:
        for name in ("trajectories", "picked", "checked", "runs", "replicates", "twins"):
            least = 2 if name in ("trajectories", "checked") else 1
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
                raise GutexoError(f"{name} must be a whole number, {least} or more; got {value!r}")
        if isinstance(self.points, bool) or not isinstance(self.points, Integral):
            raise GutexoError(f"points must be a whole number; got {self.points!r}")
        if self.points < 16 or self.points & (self.points - 1):
            raise GutexoError(f"points must be a power of two, 16 or more; got {self.points}")

    def evaluations(self, parameters: int) -> int:
        """How often the emulator is asked.

        Args:
            parameters: Uncertain parameters.
        """
        walked = self.trajectories * (parameters + 1)
        groups = min(self.picked, parameters) + 1
        # Both designs share two points a row; assumed and sourced are two groups more.
        return 1 + walked + self.points * (2 + groups + 2)

    def mouse_runs(self) -> int:
        """How often mice are asked."""
        return self.checked * self.runs

    def minutes(self, parameters: int, asked: float, mice: float, workers: int) -> float:
        """Minutes it takes if no answer is kept from before.

        Args:
            parameters: Uncertain parameters.
            asked: Seconds an evaluation of the emulator.
            mice: Seconds a run of mice.
            workers: Processes.
        """
        seconds = self.evaluations(parameters) * asked + self.mouse_runs() * mice
        return seconds / (60.0 * workers)

    def within(self, budget: float, minutes: Callable[[Plan], float]) -> Plan:
        """This plan, or the largest half of it that fits.

        Args:
            budget: Minutes.
            minutes: Minutes of a plan.

        Returns:
            A plan that fits.

        Raises:
            GutexoError: The budget is no time, or not even a look fits.
        """
        if not (math.isfinite(budget) and budget > 0):
            raise GutexoError(f"budget must be minutes above 0; got {budget:g}")
        plan = self
        for floors in FLOORS:
            for name, floor in floors.items():
                while minutes(plan) > budget and getattr(plan, name) // 2 >= floor:
                    plan = replace(plan, **{name: getattr(plan, name) // 2})
        if minutes(plan) > budget:
            raise GutexoError(
                f"the smallest analysis takes some {minutes(plan):.1f} minutes here;"
                f" --budget must be at least that; got {budget:g}"
            )
        return plan


QUICK_PLAN = Plan(trajectories=2, points=16, picked=4, checked=2, runs=1, replicates=2, twins=3)
"""A look, in less than two minutes."""
