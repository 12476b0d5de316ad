"""All parameters of a mouse: groups, names, digests; every change is validated."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gutexo.catalogue.parameter import Group, checked
from gutexo.catalogue.values.animal import Animal
from gutexo.catalogue.values.barrier import Barrier
from gutexo.catalogue.values.cargo import Cargo
from gutexo.catalogue.values.epithelium import Epithelium
from gutexo.catalogue.values.exosome import Exosome
from gutexo.catalogue.values.glucose import Glucose
from gutexo.catalogue.values.immune import Immune
from gutexo.catalogue.values.insulin import Insulin
from gutexo.catalogue.values.microbiota import Microbiota
from gutexo.catalogue.values.resolution import Resolution
from gutexo.catalogue.values.senescence import Senescence
from gutexo.errors import GutexoError, suggest
from gutexo.printable import brief


@dataclass(frozen=True)
class Entry:
    """One parameter with all that is known of it.

    Attributes:
        name: Full name, group and short name.
        value: As it is now.
        unit: Unit, "1" for none.
        low, high: What is accepted.
        prior: Shape of the prior: loguniform, uniform, or fixed.
        prior_low, prior_high: Where the prior starts and ends.
        grade: A to D, or "assumed".
        source: Key of the record that gives it, or "assumed".
        also: Keys of further records that bear on it.
        meaning: What it is.
        derived: How the value follows from what was read.
        default: As it is in the catalogue.
    """

    name: str
    value: float | int
    unit: str
    low: float
    high: float
    prior: str
    prior_low: float
    prior_high: float
    grade: str
    source: str
    also: tuple[str, ...]
    meaning: str
    derived: str
    default: float | int

    @property
    def sampled(self) -> bool:
        """Whether it is a quantity that a prior describes, not a setting or a definition."""
        return self.prior != "fixed"

    @property
    def prior_text(self) -> str:
        """The prior in words, with its limits where they are not those of the range."""
        if not self.sampled or (self.prior_low, self.prior_high) == (self.low, self.high):
            return self.prior
        return f"{self.prior} {self.prior_low:.3g} to {self.prior_high:.3g}"

    def quantile(self, p: float) -> float:
        """Value below which a share of the prior lies; a uniform p makes it a draw.

        Args:
            p: Share of the prior, 0 to 1.

        Returns:
            The value, in the parameter's unit.

        Raises:
            GutexoError: The parameter is not sampled, or p is no share.
        """
        if not self.sampled:
            raise GutexoError(f"{self.name} is a setting; its prior is fixed and is not sampled")
        if not 0.0 <= p <= 1.0:
            raise GutexoError(f"a quantile needs a share of 0 to 1; got {p!r}")
        low, high = self.prior_low, self.prior_high
        if self.prior == "uniform":
            value = low + (high - low) * p
        else:
            value = math.exp((1.0 - p) * math.log(low) + p * math.log(high))
        return min(high, max(low, value))

    def keys(self) -> tuple[str, ...]:
        """Keys of all records behind it."""
        first = () if self.source == "assumed" else (self.source,)
        return (*first, *self.also)


class Parameters(BaseModel):
    """Every number of the model with unit, range, source and grade, in groups.

    Immutable: `change` returns a changed copy, and is the way to write one ("12 min" works).

    Args:
        resolution, exosome, cargo, barrier, epithelium, microbiota, immune, insulin, glucose,
            senescence, animal: Groups of numbers; the catalogue's where none is given.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    resolution: Resolution = Field(default_factory=Resolution)
    exosome: Exosome = Field(default_factory=Exosome)
    cargo: Cargo = Field(default_factory=Cargo)
    barrier: Barrier = Field(default_factory=Barrier)
    epithelium: Epithelium = Field(default_factory=Epithelium)
    microbiota: Microbiota = Field(default_factory=Microbiota)
    immune: Immune = Field(default_factory=Immune)
    insulin: Insulin = Field(default_factory=Insulin)
    glucose: Glucose = Field(default_factory=Glucose)
    senescence: Senescence = Field(default_factory=Senescence)
    animal: Animal = Field(default_factory=Animal)

    @classmethod
    def names(cls) -> list[str]:
        """Full names of all parameters."""
        return [
            f"{group}.{name}"
            for group, field in cls.model_fields.items()
            for name in _fields(field)
        ]

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Self:
        """Parameters from a flat or nested mapping, defaults where it is silent.

        Args:
            mapping: {"group.name": value} or {"group": {"name": value}}.

        Raises:
            GutexoError: A name, unit or value is wrong.
        """
        return cls().change(mapping)

    def change(self, mapping: Mapping[str, Any]) -> Self:
        """These parameters with some changed.

        Args:
            mapping: Values by name; text may carry a unit ("12 min").

        Raises:
            GutexoError: A name, unit or value is wrong.
        """
        changes: dict[str, dict[str, float | int]] = {}
        for name, value in _flat(mapping).items():
            group, _, short = name.partition(".")
            field = _field(group, short, name)
            kind = int if field.annotation in (int, "int") else float
            number = checked(name, value, kind, field.json_schema_extra)
            changes.setdefault(group, {})[short] = number
        groups: dict[str, Any] = {}
        for group in type(self).model_fields:
            old: Group = getattr(self, group)
            if group in changes:
                groups[group] = type(old)(**{**old.model_dump(), **changes[group]})
            else:
                groups[group] = old
        try:
            return type(self)(**groups)
        except ValidationError as error:  # a rule between parameters
            raise GutexoError(error.errors()[0]["msg"].replace("\n", " ")) from None

    def flat(self) -> dict[str, float | int]:
        """Value by full name."""
        return {
            f"{group}.{name}": getattr(getattr(self, group), name)
            for group, field in type(self).model_fields.items()
            for name in _fields(field)
        }

    def entries(self, group: str | None = None) -> list[Entry]:
        """All parameters, or those of a group, with what is known of them.

        Raises:
            GutexoError: There is no such group.
        """
        groups = list(type(self).model_fields)
        if group is not None and group not in groups:
            raise GutexoError(f"group '{group}' does not exist{suggest(group, groups)}")
        rows = []
        for name in groups if group is None else [group]:
            values = getattr(self, name)
            for short, field in type(values).model_fields.items():
                facts = dict(field.json_schema_extra)
                facts["also"] = tuple(facts["also"])
                rows.append(
                    Entry(
                        name=f"{name}.{short}",
                        value=getattr(values, short),
                        meaning=field.description,
                        default=field.default,
                        **facts,
                    )
                )
        return rows

    def assumed(self) -> list[Entry]:
        """Parameters that nothing published gives."""
        return [entry for entry in self.entries() if entry.grade == "assumed"]

    def digest(self) -> str:
        """Digest of all values."""
        text = ";".join(f"{k}={float(v).hex()}" for k, v in sorted(self.flat().items()))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def _flat(mapping: Any) -> dict[str, Any]:
    if not isinstance(mapping, Mapping):
        raise GutexoError(
            f"changes must map names to values, such as {{'exosome.transcytosis': 0.3}}; "
            f"got {type(mapping).__name__}"
        )
    flat: dict[str, Any] = {}
    for name, value in mapping.items():
        if not isinstance(name, str):
            raise GutexoError(f"a parameter's name must be text; got {brief(name)}")
        if isinstance(value, Mapping):
            flat.update({f"{name}.{inner}": v for inner, v in value.items()})
        else:
            flat[name] = value
    return flat


def _fields(group: Any) -> dict[str, Any]:
    """Declarations of a group, from the root's field of it."""
    return group.annotation.model_fields


def _field(group: str, short: str, name: str) -> Any:
    groups = Parameters.model_fields
    shown = name[:60].replace("\n", " ")
    if group not in groups:
        raise GutexoError(f"parameter '{shown}' does not exist{suggest(shown, Parameters.names())}")
    fields = _fields(groups[group])
    if short not in fields:
        raise GutexoError(f"parameter '{shown}' does not exist{suggest(shown, Parameters.names())}")
    return fields[short]
