"""Interventions, made of modifiers of rates and of doses, and what is checked of them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import islice
from typing import Any, ClassVar, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, PrivateAttr, ValidationError, model_validator

from gutexo.body import intervention_digest
from gutexo.body.doses import Dose
from gutexo.catalogue.durations import Days
from gutexo.catalogue.rates import RATE_NAMES
from gutexo.errors import GutexoError, suggest
from gutexo.support.printable import short_repr

MAX_DOSES = 100_000
"""Most doses of an intervention: one every quarter of an hour for a whole life."""


@intervention_digest.has_own_digest
class Intervention(BaseModel):
    """A treatment of a mouse; write your own by overriding `modifiers` or `doses`.

    Args:
        start: Days after it is added to a mouse ("3 d" works too).
        stop: Days after it is added at which modifiers end; None for never.

    Attributes:
        sources: Keys of the reference records that the class is based on, for `gut.cite`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    sources: ClassVar[tuple[str, ...]] = ()

    start: Days = 0.0
    stop: Days | None = None

    _class_digest: tuple[str, str] | None = PrivateAttr(default=None)

    def __init__(self, **fields: Any) -> None:
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise GutexoError(validation_message(type(self), error)) from None

    @model_validator(mode="after")
    def _window(self) -> Self:
        if not math.isfinite(self.start) or self.start < 0:
            raise ValueError(f"start must be finite and not negative; got {self.start}")
        if self.stop is not None and not self.stop >= self.start:
            raise ValueError(f"stop must not lie before start ({self.start:g}); got {self.stop}")
        return self

    def modifiers(self, day: float) -> dict[str, float]:
        """Return the factors on named rates while the intervention is active.

        Args:
            day: Whole days since its start.

        Returns:
            Factor per rate name (`RATE_NAMES`).
        """
        return {}

    def segments(self) -> tuple[float, float] | None:
        """Return the part of the gut (fractions) of its modifiers; None for the whole mouse."""
        return None

    def doses(self) -> list[Dose]:
        """Return all its doses, with times counted from when the intervention is added."""
        return []

    def donors(self) -> Any:
        """Return the donors whose exosomes it gives, mice that are raised and harvested first.

        A class of your own that has donors is a subclass of `GiveExosomes`.

        Returns:
            `Donors`, or None if it needs none.
        """
        return None

    def dose_times(self) -> list[float]:
        """List the days on which it gives something other than vehicle.

        Returns:
            Days after it is added, in order; known before exosomes of donors are harvested.

        Raises:
            GutexoError: `doses` does not return a list of doses.
        """
        return [dose.at / 24.0 for dose in checked_doses(self) if dose.substance != "vehicle"]

    def digest(self) -> str:
        """Digest of its class, code and fields; names of preparations are ignored."""
        return intervention_digest.digest_intervention(self)

    def __getstate__(self) -> dict[Any, Any]:
        return {
            **super().__getstate__(),
            intervention_digest.CLASS_DIGEST_KEY: intervention_digest.class_digest_to_send(self),
        }

    def __setstate__(self, state: dict[Any, Any]) -> None:
        carried = state.pop(intervention_digest.CLASS_DIGEST_KEY, None)
        super().__setstate__(state)
        self._class_digest = intervention_digest.received_class_digest(carried)


def validation_message(kind: type[BaseModel], error: ValidationError) -> str:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"{kind.__name__} has no field '{name}'{suggest(name, kind.model_fields)}"
    message = first["msg"].removeprefix("Value error, ")
    where = f"{kind.__name__}.{name}" if name else kind.__name__
    given = f"; got {str(first['input'])[:60]!r}" if name else ""
    return f"{where}: {message}{given}".replace("\n", " ")


def check_modifiers(factors: dict[str, float], owner: str = "modifiers") -> dict[str, float]:
    """Refuse factors on unknown rates, and factors that are not finite and from 0 to 1,000,000.

    Args:
        factors: Factor per rate name.
        owner: What the factors belong to, for the message.

    Returns:
        The same factors, as floats.

    Raises:
        GutexoError: A name or a factor is wrong.
    """
    if not isinstance(factors, dict):
        raise GutexoError(f"{owner}: must be a dict of rate name to factor; got {factors!r}")
    checked = {}
    for name, factor in factors.items():
        if name not in RATE_NAMES:
            raise GutexoError(
                f"{owner}: rate '{name}' does not exist{suggest(str(name), RATE_NAMES)}"
            )
        if isinstance(factor, bool) or not isinstance(factor, (int, float, np.number)):
            raise GutexoError(f"{owner}: the factor on '{name}' must be a number; got {factor!r}")
        if not math.isfinite(factor) or not 0 <= factor <= 1e6:
            raise GutexoError(
                f"{owner}: the factor on '{name}' must be 0 to 1,000,000; got {factor!r}"
            )
        checked[name] = float(factor)
    return checked


def checked_modifiers(intervention: Intervention, day: float) -> dict[str, float]:
    """Return an intervention's factors on a day, checked."""
    return check_modifiers(intervention.modifiers(day), type(intervention).__name__)


def checked_doses(intervention: Intervention) -> list[Dose]:
    """Return all doses of an intervention, checked and in the order of their times.

    Raises:
        GutexoError: The doses are not a list of `Dose`, or there are more than `MAX_DOSES`.
    """
    owner = type(intervention).__name__
    given = intervention.doses()
    if not isinstance(given, Iterable) or isinstance(given, (str, bytes, dict)):
        raise GutexoError(f"{owner}: doses() must return a list of Dose; got {short_repr(given)}")
    doses = list(islice(given, MAX_DOSES + 1))
    if len(doses) > MAX_DOSES:
        raise GutexoError(f"{owner}: doses() must return a list of {MAX_DOSES:,} doses at most")
    for dose in doses:
        if not isinstance(dose, Dose):
            raise GutexoError(
                f"{owner}: doses() must return a list of Dose; one is {short_repr(dose)}"
            )
    return sorted(doses, key=lambda dose: dose.at)


def checked_interventions(interventions: Any) -> tuple[Intervention, ...]:
    """Return interventions as a tuple; a single one may be given without brackets.

    Raises:
        GutexoError: An item is not an intervention.
    """
    given = (interventions,) if isinstance(interventions, Intervention) else interventions
    if not isinstance(given, Iterable) or isinstance(given, (str, bytes, dict)):
        raise GutexoError(f"interventions must be a list of Interventions; got {short_repr(given)}")
    found = tuple(islice(given, MAX_DOSES))
    for item in found:
        if not isinstance(item, Intervention):
            missing = "; write it with brackets" if isinstance(item, type) else ""
            raise GutexoError(
                f"an intervention must be an Intervention; got {short_repr(item)}{missing}"
            )
    return found
