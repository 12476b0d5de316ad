"""Plan of a sensitivity analysis: its sizes, their cost, and how they are reduced to a budget."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from numbers import Integral

from gutexo.errors import GutexoError

BUDGET = 30.0  # minutes
_SAVED_KEYS = {"mean_field_mice": "twins"}  # field of a plan, and its key in sensitivity.json

# Lower limits to which the numbers are halved: first those of the first row, then, if that is not
# enough, those of the second row, with which an analysis is only a rough look.
FLOORS = (
    {"points": 64, "checked": 4, "trajectories": 5},
    {"points": 16, "checked": 2, "trajectories": 2},
)


@dataclass(frozen=True)
class SensitivityPlan:
    """Sizes of a sensitivity analysis.

    Attributes:
        trajectories: Walks of Morris's design, each of which changes every parameter once.
        points: Rows N of Saltelli's design, a power of two.
        picked: Number of parameters with an index of their own.
        checked: Parameter sets that are evaluated with mice as well, the defaults included.
        runs: Runs of mice at each of these sets, with other seeds.
        replicates: Mice per arm in each run.
        mean_field_mice: Mice of each age in the mean-field model (`twins` in files).
    """

    trajectories: int = 10
    points: int = 256
    picked: int = 12
    checked: int = 8
    runs: int = 2
    replicates: int = 3
    mean_field_mice: int = 4

    def __post_init__(self) -> None:
        for name in (
            "trajectories",
            "picked",
            "checked",
            "runs",
            "replicates",
            "mean_field_mice",
        ):
            least = 2 if name in ("trajectories", "checked") else 1
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
                raise GutexoError(f"{name} must be a whole number, {least} or more; got {value!r}")
        if isinstance(self.points, bool) or not isinstance(self.points, Integral):
            raise GutexoError(f"points must be a whole number; got {self.points!r}")
        if self.points < 16 or self.points & (self.points - 1):
            raise GutexoError(f"points must be a power of two, 16 or more; got {self.points}")

    def settings(self) -> dict[str, int]:
        """Return the sizes under the keys of sensitivity.json."""
        return {_SAVED_KEYS.get(name, name): size for name, size in asdict(self).items()}

    @classmethod
    def from_settings(cls, settings: Mapping[str, int]) -> SensitivityPlan:
        """Make the plan of the sizes in sensitivity.json."""
        fields = {key: name for name, key in _SAVED_KEYS.items()}
        return cls(**{fields.get(key, key): size for key, size in dict(settings).items()})

    def evaluations(self, parameters: int) -> int:
        """Compute how often the emulator is evaluated.

        Args:
            parameters: Number of uncertain parameters.
        """
        walked = self.trajectories * (parameters + 1)
        groups = min(self.picked, parameters) + 1
        # Both designs share two points per row; assumed and sourced are two more groups.
        return 1 + walked + self.points * (2 + groups + 2)

    def mouse_runs(self) -> int:
        """Compute how often mice are run."""
        return self.checked * self.runs

    def minutes(self, parameters: int, evaluation: float, mice: float, workers: int) -> float:
        """Estimate the minutes of the analysis if no answer is saved from before.

        Args:
            parameters: Number of uncertain parameters.
            evaluation: Seconds per evaluation of the emulator.
            mice: Seconds per run of mice.
            workers: Processes.
        """
        seconds = self.evaluations(parameters) * evaluation + self.mouse_runs() * mice
        return seconds / (60.0 * workers)

    def within(self, budget: float, minutes: Callable[[SensitivityPlan], float]) -> SensitivityPlan:
        """Reduce this plan by halving until it fits a budget.

        Args:
            budget: Minutes.
            minutes: Function that returns the minutes of a plan.

        Returns:
            This plan, or the first reduced one that fits.

        Raises:
            GutexoError: The budget is not a valid time, or even the smallest plan does not fit.
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


QUICK_PLAN = SensitivityPlan(
    trajectories=2, points=16, picked=4, checked=2, runs=1, replicates=2, mean_field_mice=3
)
"""Plan of a rough look, which takes less than two minutes."""
