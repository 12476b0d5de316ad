"""Scenarios and studies: what is asked, as data."""

from __future__ import annotations

import math
from typing import Any, Self

from pydantic import Field, field_validator, model_validator

from gutexo.body.inputs import Intervention, checked_doses
from gutexo.catalogue.durations import Days
from gutexo.errors import GutexoError, suggest
from gutexo.protocol.life import Donors, Interventions, Life, Plan

MOST_REPLICATES = 100_000  # mice an arm


class Scenario(Plan):
    """One arm: a mouse of some life, what is done to it, for how long.

    Args:
        name: Name of the arm.
        life: How the mouse was raised.
        interventions: Done from day 0 of the scenario.
        duration: How long it is followed (d; "28 d" works too).
    """

    name: str
    life: Life = Field(default_factory=Life)
    interventions: Interventions = ()
    duration: Days = 28.0

    @field_validator("duration")
    @classmethod
    def _possible_duration(cls, value: float) -> float:
        if not math.isfinite(value) or not 0 <= value <= 1500:
            raise ValueError("must be 0 to 1500 days")
        return value

    def change(self, changes: dict[str, Any]) -> Self:
        """The same scenario with parameters changed, in donors too."""
        return type(self)(
            name=self.name,
            life=self.life.change(changes),
            interventions=tuple(_changed(item, changes) for item in self.interventions),
            duration=self.duration,
        )

    def add(self, *interventions: Intervention) -> Self:
        """The same scenario with more done to the mouse."""
        fields = dict(self)
        fields["interventions"] = (*self.interventions, *interventions)
        return type(self)(**fields)

    def named(self, name: str) -> Self:
        """The same scenario under another name."""
        return type(self)(**{**dict(self), "name": name})

    def _repr_html_(self) -> str:
        from gutexo.protocol.shown import scenario_html

        return scenario_html(self)

    def dose_days(self) -> list[float]:
        """Days of the arm on which something other than vehicle is given."""
        days = {round(day, 6) for item in self.interventions for day in days_of_doses(item)}
        return sorted(day for day in days if day < self.duration)


def days_of_doses(intervention: Intervention) -> list[float]:
    """Days on which an intervention gives something, vehicle left out.

    Args:
        intervention: One that a mouse may be given.

    Returns:
        Days after it is added, in the order of time; of donors not yet harvested too.

    Raises:
        GutexoError: What it gives is no list of doses.
    """
    if isinstance(getattr(intervention, "source", None), Donors):
        if hasattr(intervention, "dose_days"):
            return list(intervention.dose_days())
    doses = checked_doses(intervention)
    return [dose.at / 24.0 for dose in doses if dose.substance != "vehicle"]


def _changed(intervention: Any, changes: dict[str, Any]) -> Any:
    """An intervention whose donors, if it has any, are changed too."""
    donors = getattr(intervention, "source", None)
    if not isinstance(donors, Donors):
        return intervention
    moved = Donors(life=donors.life.change(changes), count=donors.count)
    return type(intervention)(**{**dict(intervention), "source": moved})


class Study(Plan):
    """Arms that are compared, replicate by replicate.

    Args:
        name: Name.
        question: What it asks, in a sentence.
        arms: Scenarios.
        comparisons: Pairs of (arm, comparator), by name.
        replicates: Mice an arm, by default.
        notes: What a reader should know beside the result.
        figures: Figures that show it.
        of: Of a sweep, the study that is swept.
        grid: Of a sweep, the values by parameter name; see `gutexo.protocol.sweep`.
    """

    name: str
    question: str = ""
    arms: tuple[Scenario, ...]
    comparisons: tuple[tuple[str, str], ...] = ()
    replicates: int = Field(default=8, ge=1, le=MOST_REPLICATES)
    notes: tuple[str, ...] = ()
    figures: tuple[str, ...] = ("inflammation", "insulin_resistance", "barrier", "overview")
    of: str = ""
    grid: tuple[tuple[str, tuple[float, ...]], ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [arm.name for arm in self.arms]
        if not names:
            raise ValueError("a study needs at least one arm")
        known = set(names)
        if len(known) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise ValueError(f"two arms are called '{twice}'")
        for pair in self.comparisons:
            for name in pair:
                if name not in known:
                    raise ValueError(f"comparison names '{name}', no arm{suggest(name, names)}")
        return self

    def arm(self, name: str) -> Scenario:
        """The arm of this name.

        Raises:
            GutexoError: There is none.
        """
        for arm in self.arms:
            if arm.name == name:
                return arm
        known = suggest(name, [arm.name for arm in self.arms])
        raise GutexoError(f"study '{self.name}' has no arm '{name}'{known}")

    def _repr_html_(self) -> str:
        from gutexo.protocol.shown import study_html

        return study_html(self)

    def change(self, changes: dict[str, Any]) -> Self:
        """The same study with parameters changed in every mouse, donors too."""
        return type(self)(**{**dict(self), "arms": tuple(a.change(changes) for a in self.arms)})
