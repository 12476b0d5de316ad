"""Scenarios and studies: the description of simulated experiments as data."""

from __future__ import annotations

import math
from typing import Any, Self

from pydantic import Field, field_validator, model_validator

from gutexo.body.interventions import Intervention
from gutexo.catalogue.durations import Days
from gutexo.errors import GutexoError, suggest
from gutexo.protocol.descriptions import describe_intervention, describe_life
from gutexo.protocol.life import Donors, FrozenModel, Interventions, Life, checked_donors

MOST_REPLICATES = 100_000  # mice per arm
MOST_ARMS = 12  # arms that a notebook shows


class Scenario(FrozenModel):
    """One arm of a study: how the mouse was raised, what is done to it, for how long.

    Args:
        name: Name of the arm.
        life: How the mouse was raised.
        interventions: Interventions, which start at day 0 of the scenario or later.
        duration: How long the mouse is followed (d; "28 d" works too).
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
        """Return the same scenario with parameters changed, in donors too."""
        return type(self)(
            name=self.name,
            life=self.life.change(changes),
            interventions=tuple(_change_donors(item, changes) for item in self.interventions),
            duration=self.duration,
        )

    def add(self, *interventions: Intervention) -> Self:
        """Return the same scenario with more interventions."""
        fields = dict(self)
        fields["interventions"] = (*self.interventions, *interventions)
        return type(self)(**fields)

    def named(self, name: str) -> Self:
        """Return the same scenario with another name."""
        return type(self)(**{**dict(self), "name": name})

    def _repr_html_(self) -> str:
        from gutexo.support.html import html_table

        rows = [
            ("mouse", describe_life(self.life)),
            ("done to it", self._treatment()),
            ("followed for", f"{self.duration:g} d"),
        ]
        return html_table(f"Scenario '{self.name}'", rows)

    def _treatment(self) -> str:
        """Describe in one line what is done to the mouse."""
        return "; ".join(map(describe_intervention, self.interventions)) or "nothing"

    def dose_days(self) -> list[float]:
        """List the days of the arm on which something other than vehicle is given."""
        days = {round(day, 6) for item in self.interventions for day in list_dose_days(item)}
        return sorted(day for day in days if day < self.duration)


def list_dose_days(intervention: Intervention) -> list[float]:
    """List the days on which an intervention gives something other than vehicle.

    Args:
        intervention: Any intervention.

    Returns:
        Days after it is added, in order of time; also if its donors are not yet harvested.

    Raises:
        GutexoError: Its `doses` method does not return a list of doses.
    """
    # By the class, because a field may have the name of the method.
    return list(type(intervention).dose_times(intervention))


def _change_donors(intervention: Intervention, changes: dict[str, Any]) -> Intervention:
    """Return an intervention with the parameters of its donors changed, if it has any."""
    donors = checked_donors(intervention)
    if donors is None:
        return intervention
    moved = Donors(life=donors.life.change(changes), count=donors.count)
    return type(intervention)(**{**dict(intervention), "source": moved})


class Study(FrozenModel):
    """A study: arms that are compared, replicate by replicate.

    Args:
        name: Name.
        question: Its question, in a sentence.
        arms: Scenarios.
        comparisons: Pairs of (arm, comparator), by name.
        replicates: Mice per arm, by default.
        notes: What a reader must know besides the result.
        figures: Names of figures that show its result.
        of: In a sweep, the name of the study that is swept.
        grid: In a sweep, the values by parameter name; see `gutexo.protocol.sweep`.
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
        """Return the arm of this name.

        Raises:
            GutexoError: There is no such arm.
        """
        for arm in self.arms:
            if arm.name == name:
                return arm
        known = suggest(name, [arm.name for arm in self.arms])
        raise GutexoError(f"study '{self.name}' has no arm '{name}'{known}")

    def _repr_html_(self) -> str:
        from gutexo.support.html import html_table

        rows = [
            (arm.name, describe_life(arm.life), arm._treatment(), f"{arm.duration:g} d")
            for arm in self.arms[:MOST_ARMS]
        ]
        left = len(self.arms) - len(rows)
        notes = [self.question, f"{left} more arms." if left > 0 else ""]
        pairs = [f"{arm} / {comparator}" for arm, comparator in self.comparisons[:MOST_ARMS]]
        notes.append(f"Compared: {', '.join(pairs)}." if pairs else "")
        notes += [f"Mice an arm, unless requested otherwise: {self.replicates}.", *self.notes]
        header = ("arm", "mouse", "done to it", "followed for")
        return html_table(f"Study '{self.name}'", rows, header, " ".join(filter(None, notes)))

    def change(self, changes: dict[str, Any]) -> Self:
        """Return the same study with parameters changed in every mouse, donors included."""
        return type(self)(**{**dict(self), "arms": tuple(a.change(changes) for a in self.arms)})
