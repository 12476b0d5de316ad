"""How a mouse was raised, and from whom exosomes are taken."""

from __future__ import annotations

import hashlib
import json
import math
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from gutexo.body.inputs import one_line, several
from gutexo.catalogue import Parameters
from gutexo.catalogue.durations import Days
from gutexo.errors import GutexoError

YOUNG = 90.0  # days, the study's 3 months
OLD = 730.0  # days, the study's 24 months


def _several(value: Any) -> tuple[Any, ...]:
    try:
        return several(value)
    except GutexoError:
        raise ValueError("must be Interventions, one or a list of them") from None


Interventions = Annotated[tuple[Any, ...], BeforeValidator(_several)]
"""What is done to a mouse, one or several; the very objects, whose classes may be a user's own."""


class Plan(BaseModel):
    """Frozen data whose mistakes are told in one line."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    def __init__(self, **fields: Any) -> None:
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise GutexoError(one_line(type(self), error)) from None


def checked_changes(changes: Any) -> dict[str, Any]:
    """Changes of parameters, refused at once where a name or value is wrong."""
    Parameters().change(changes)
    flat: dict[str, Any] = {}
    for name, value in dict(changes).items():
        if isinstance(value, dict):
            flat.update({f"{name}.{inner}": v for inner, v in value.items()})
        else:
            flat[name] = value
    return flat


class Life(Plan):
    """A mouse raised to an age.

    Args:
        age: Age to which it is raised (d; "24 months" works too).
        changes: Parameters that differ from the defaults.
        interventions: Done to it from its first day (90 d, or its age if that is less).
    """

    age: Days = YOUNG
    changes: dict[str, Any] = Field(default_factory=dict)
    interventions: Interventions = ()

    @field_validator("age")
    @classmethod
    def _possible_age(cls, value: float) -> float:
        if not math.isfinite(value) or not 14 <= value <= 1500:
            raise ValueError("must be 14 to 1500 days")
        return value

    @field_validator("changes", mode="before")
    @classmethod
    def _possible_changes(cls, value: Any) -> dict[str, Any]:
        return checked_changes(value)

    @property
    def first_day(self) -> float:
        """Age at which the mouse itself is first stepped (d)."""
        return min(self.age, YOUNG)

    def parameters(self) -> Parameters:
        """Its parameters."""
        return Parameters().change(self.changes)

    def change(self, changes: dict[str, Any]) -> Self:
        """The same life with parameters changed."""
        added = {**self.changes, **checked_changes(changes)}
        return type(self)(age=self.age, changes=added, interventions=self.interventions)

    def digest(self) -> str:
        """Digest of what this life is."""
        content = [
            float(self.age).hex(),
            self.parameters().digest(),
            [item.digest() for item in self.interventions],
        ]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


class Donors(Plan):
    """Mice whose luminal exosomes are harvested and pooled.

    Args:
        life: How they were raised.
        count: How many are pooled.
    """

    life: Life
    count: int = Field(default=2, ge=1, le=100)

    def digest(self) -> str:
        """Digest of who they are."""
        return hashlib.sha256(f"{self.life.digest()} {self.count}".encode()).hexdigest()[:16]
