"""Lives (how a mouse was raised) and donors (mice from which exosomes are taken)."""

from __future__ import annotations

import hashlib
import json
import math
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from gutexo.body.interventions import Intervention, checked_interventions, validation_message
from gutexo.catalogue import Parameters
from gutexo.catalogue.ages import WEANING_DAYS
from gutexo.catalogue.durations import Days
from gutexo.errors import GutexoError
from gutexo.support.printable import short_repr

YOUNG = 90.0  # days, the study's 3 months
OLD = 730.0  # days, the study's 24 months


def _to_interventions(value: Any) -> tuple[Any, ...]:
    try:
        return checked_interventions(value)
    except GutexoError:
        raise ValueError("must be Interventions, one or a list of them") from None


Interventions = Annotated[tuple[Any, ...], BeforeValidator(_to_interventions)]
"""One or several interventions; the objects are not copied, and a user may define their classes."""


class FrozenModel(BaseModel):
    """Frozen data; a wrong value raises a `GutexoError` of one line."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    def __init__(self, **fields: Any) -> None:
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise GutexoError(validation_message(type(self), error)) from None


def check_changes(changes: Any) -> dict[str, Any]:
    """Check changes of parameters and return them by full name.

    Raises:
        GutexoError: A name or value is wrong.
    """
    Parameters().change(changes)
    flat: dict[str, Any] = {}
    for name, value in dict(changes).items():
        if isinstance(value, dict):
            flat.update({f"{name}.{inner}": v for inner, v in value.items()})
        else:
            flat[name] = value
    return flat


class Life(FrozenModel):
    """A mouse raised to an age.

    Args:
        age: Age to which it is raised (d; "24 months" works too).
        changes: Parameters that differ from the defaults.
        interventions: Interventions from weaning on, at 21 days; their starts count from there.
    """

    age: Days = YOUNG
    changes: dict[str, Any] = Field(default_factory=dict)
    interventions: Interventions = ()

    @field_validator("age")
    @classmethod
    def _possible_age(cls, value: float) -> float:
        if not math.isfinite(value) or not WEANING_DAYS <= value <= 1500:
            raise ValueError(f"must be {WEANING_DAYS:g} to 1500 days")
        return value

    @field_validator("changes", mode="before")
    @classmethod
    def _possible_changes(cls, value: Any) -> dict[str, Any]:
        return check_changes(value)

    def parameters(self) -> Parameters:
        """Return its parameters: the defaults with its changes."""
        return Parameters().change(self.changes)

    def change(self, changes: dict[str, Any]) -> Self:
        """Return the same life with parameters changed."""
        added = {**self.changes, **check_changes(changes)}
        return type(self)(age=self.age, changes=added, interventions=self.interventions)

    def digest(self) -> str:
        """Compute the digest of age, parameters and interventions of this life."""
        content = [
            float(self.age).hex(),
            self.parameters().digest(),
            [item.digest() for item in self.interventions],
        ]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


class Donors(FrozenModel):
    """Mice whose luminal exosomes are harvested and pooled.

    Args:
        life: How they were raised.
        count: Number of mice that are pooled.
    """

    life: Life
    count: int = Field(default=2, ge=1, le=100)

    def digest(self) -> str:
        """Compute the digest of their life and number."""
        return hashlib.sha256(f"{self.life.digest()} {self.count}".encode()).hexdigest()[:16]


def checked_donors(intervention: Intervention) -> Donors | None:
    """Return the donors of an intervention, checked; None if it has none.

    Raises:
        GutexoError: Its `donors` method returns something else.
    """
    # By the class, because a field may have the name of the method.
    found = type(intervention).donors(intervention)
    if found is not None and not isinstance(found, Donors):
        owner = type(intervention).__name__
        raise GutexoError(f"{owner}: donors() must return Donors or None; got {short_repr(found)}")
    return found
