"""All parameters of a mouse, in groups, with names and digests; every change is checked."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gutexo.catalogue.adopted import OF_MALES, SOURCE, adopted_values
from gutexo.catalogue.declaration import ParameterGroup, check_value
from gutexo.catalogue.values.animal import AnimalParameters
from gutexo.catalogue.values.barrier import BarrierParameters
from gutexo.catalogue.values.cargo import CargoParameters
from gutexo.catalogue.values.epithelium import EpitheliumParameters
from gutexo.catalogue.values.exosome import ExosomeParameters
from gutexo.catalogue.values.glucose import GlucoseParameters
from gutexo.catalogue.values.immune import ImmuneParameters
from gutexo.catalogue.values.insulin import InsulinParameters
from gutexo.catalogue.values.microbiota import MicrobiotaParameters
from gutexo.catalogue.values.resolution import ResolutionParameters
from gutexo.catalogue.values.senescence import SenescenceParameters
from gutexo.errors import GutexoError, suggest
from gutexo.support.printable import short_repr


@dataclass(frozen=True)
class ParameterEntry:
    """One parameter with all that is known of it.

    Attributes:
        name: Full name: group and short name.
        value: Present value.
        unit: Unit, "1" for none.
        low, high: Range that is accepted.
        prior: Shape of the prior: loguniform, uniform, or fixed.
        prior_low, prior_high: Ends of the prior.
        grade: A to D, or "assumed".
        source: Key of the record that gives it, or "assumed".
        also: Keys of further relevant records.
        meaning: What it is.
        derived: How the value was derived from what was read.
        default: Value in the catalogue.
        declared: Value in the module of values, which an adopted calibration replaces.
        declared_source: Source of that value.
        rate: Named rate whose base it is, empty for none.
        max_step: Largest value of that rate times the length of a tick, None for no limit.
        varies: Whether that rate differs between animals.
        in_record: Whether rules read this number itself.
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
    declared: float | int
    declared_source: str
    rate: str = ""
    max_step: float | None = None
    varies: bool = False
    in_record: bool = True

    @property
    def sampled(self) -> bool:
        """Whether it is a quantity with a prior, and not a setting or a definition."""
        return self.prior != "fixed"

    @property
    def prior_text(self) -> str:
        """Prior in words, with its ends if they differ from those of the range."""
        if not self.sampled or (self.prior_low, self.prior_high) == (self.low, self.high):
            return self.prior
        return f"{self.prior} {self.prior_low:.3g} to {self.prior_high:.3g}"

    def quantile(self, p: float) -> float:
        """Compute the quantile of the prior at a share; with a uniform random p it is a draw.

        Args:
            p: Share of the prior, 0 to 1.

        Returns:
            The value, in the parameter's unit.

        Raises:
            GutexoError: The parameter is not sampled, or p is not between 0 and 1.
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

    def cdf(self, value: float) -> float:
        """Compute the share of the prior below a value: the inverse of `quantile`.

        Args:
            value: In the parameter's unit.

        Returns:
            0 to 1; 0 or 1 where the value lies outside the prior.

        Raises:
            GutexoError: The parameter is not sampled.
        """
        if not self.sampled:
            raise GutexoError(f"{self.name} is a setting; its prior is fixed and is not sampled")
        low, high = self.prior_low, self.prior_high
        if not low < value < high:
            return float(value >= high)
        if self.prior == "uniform":
            return (value - low) / (high - low)
        return math.log(value / low) / math.log(high / low)

    def keys(self) -> tuple[str, ...]:
        """List the keys of all records behind it."""
        sources = (self.source, self.declared_source, *self.also)
        return tuple(dict.fromkeys(one for one in sources if one != "assumed"))


class Parameters(BaseModel):
    """All parameters of the model, in groups, with unit, range, source and grade.

    They are immutable: use `change`, which returns a changed copy (text such as "12 min" works).

    Args:
        resolution, exosome, cargo, barrier, epithelium, microbiota, immune, insulin, glucose,
            senescence, animal: Groups of parameters; by default those of the catalogue.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    resolution: ResolutionParameters = Field(default_factory=ResolutionParameters)
    exosome: ExosomeParameters = Field(default_factory=ExosomeParameters)
    cargo: CargoParameters = Field(default_factory=CargoParameters)
    barrier: BarrierParameters = Field(default_factory=BarrierParameters)
    epithelium: EpitheliumParameters = Field(default_factory=EpitheliumParameters)
    microbiota: MicrobiotaParameters = Field(default_factory=MicrobiotaParameters)
    immune: ImmuneParameters = Field(default_factory=ImmuneParameters)
    insulin: InsulinParameters = Field(default_factory=InsulinParameters)
    glucose: GlucoseParameters = Field(default_factory=GlucoseParameters)
    senescence: SenescenceParameters = Field(default_factory=SenescenceParameters)
    animal: AnimalParameters = Field(default_factory=AnimalParameters)

    @classmethod
    def names(cls) -> list[str]:
        """List the full names of all parameters."""
        return [
            f"{group}.{name}"
            for group, field in cls.model_fields.items()
            for name in _fields(field)
        ]

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Self:
        """Build parameters from a flat or nested mapping, with defaults for names not in it.

        Args:
            mapping: {"group.name": value} or {"group": {"name": value}}.

        Raises:
            GutexoError: A name, unit or value is wrong.
        """
        return cls().change(mapping)

    def change(self, mapping: Mapping[str, Any]) -> Self:
        """Return a copy with some parameters changed.

        Args:
            mapping: Values by name; text may have a unit ("12 min").

        Raises:
            GutexoError: A name, unit or value is wrong.
        """
        changes: dict[str, dict[str, float | int]] = {}
        for name, value in _flatten(mapping).items():
            group, _, short = name.partition(".")
            field = _find_field(group, short, name)
            kind = int if field.annotation in (int, "int") else float
            number = check_value(name, value, kind, field.json_schema_extra)
            changes.setdefault(group, {})[short] = number
        groups: dict[str, Any] = {}
        for group in type(self).model_fields:
            old: ParameterGroup = getattr(self, group)
            if group in changes:
                groups[group] = type(old)(**{**old.model_dump(), **changes[group]})
            else:
                groups[group] = old
        try:
            return type(self)(**groups)
        except ValidationError as error:  # a rule between parameters
            raise GutexoError(error.errors()[0]["msg"].replace("\n", " ")) from None

    def flat(self) -> dict[str, float | int]:
        """Return the values by full name."""
        return {
            f"{group}.{name}": getattr(getattr(self, group), name)
            for group, field in type(self).model_fields.items()
            for name in _fields(field)
        }

    def entries(self, group: str | None = None) -> list[ParameterEntry]:
        """List all parameters, or those of a group, with all that is known of them.

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
                facts["in_record"] = facts["in_record"] and type(values).in_record
                facts.setdefault("declared", field.default)
                facts.setdefault("declared_source", facts["source"])
                rows.append(
                    ParameterEntry(
                        name=f"{name}.{short}",
                        value=getattr(values, short),
                        meaning=field.description,
                        default=field.default,
                        **facts,
                    )
                )
        return rows

    def assumed(self) -> list[ParameterEntry]:
        """List the parameters that nothing published gives."""
        return [entry for entry in self.entries() if entry.grade == "assumed"]

    def digest(self) -> str:
        """Compute the digest of all values."""
        text = ";".join(f"{k}={float(v).hex()}" for k, v in sorted(self.flat().items()))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def _flatten(mapping: Any) -> dict[str, Any]:
    if not isinstance(mapping, Mapping):
        raise GutexoError(
            f"changes must map names to values, such as {{'exosome.transcytosis': 0.3}}; "
            f"got {type(mapping).__name__}"
        )
    flat: dict[str, Any] = {}
    for name, value in mapping.items():
        if not isinstance(name, str):
            raise GutexoError(f"a parameter's name must be text; got {short_repr(name)}")
        if isinstance(value, Mapping):
            flat.update({f"{name}.{inner}": v for inner, v in value.items()})
        else:
            flat[name] = value
    return flat


def _fields(group: Any) -> dict[str, Any]:
    """Return the declarations of a group from its field in `Parameters`."""
    return group.annotation.model_fields


def _find_field(group: str, short: str, name: str) -> Any:
    groups = Parameters.model_fields
    on_one_line = name[:60].replace("\n", " ")
    if group not in groups:
        raise GutexoError(
            f"parameter '{on_one_line}' does not exist{suggest(on_one_line, Parameters.names())}"
        )
    fields = _fields(groups[group])
    if short not in fields:
        raise GutexoError(
            f"parameter '{on_one_line}' does not exist{suggest(on_one_line, Parameters.names())}"
        )
    return fields[short]


def _adopt(values: Mapping[str, float]) -> None:
    """Make adopted values the defaults, and keep what was declared beside them.

    Args:
        values: Value by full name.
    """
    for name, value in values.items():
        group, _, short = name.partition(".")
        field = _find_field(group, short, name)
        facts = field.json_schema_extra
        kind = int if field.annotation in (int, "int") else float
        facts |= {"declared": field.default, "declared_source": facts["source"]}
        facts["source"] = SOURCE
        field.default = check_value(name, value, kind, facts)
    for group_field in Parameters.model_fields.values():
        group_field.annotation.model_rebuild(force=True)  # type: ignore[union-attr]
    Parameters.model_rebuild(force=True)


if _ADOPTED := {n: v for n, v in adopted_values().items() if not n.endswith(OF_MALES)}:
    _adopt(_ADOPTED)
