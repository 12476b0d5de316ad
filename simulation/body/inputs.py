"""Inputs to a mouse: interventions, made of doses and modifiers, and preparations of exosomes."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, ClassVar, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, PrivateAttr, ValidationError, model_validator

from gutexo.biology.codes import AXES, N_AXES
from gutexo.body import intervention_digest
from gutexo.body.routes import ROUTES, parse_route
from gutexo.catalogue.durations import Days, to_hours
from gutexo.catalogue.units import convert
from gutexo.errors import GutexoError, suggest
from gutexo.support.arguments import check_finite_number, check_whole_number
from gutexo.support.printable import short_repr

_RATES = {
    "exosome": "release luminal_transit mucus_entry mucus_return epithelial_entry "
    "enterocyte_uptake transcytosis macrophage_uptake portal_entry tissue_entry tissue_return "
    "hepatocyte_uptake myocyte_uptake adipocyte_uptake other_clearance",
    "cargo": "load_barrier load_inflammatory load_insulin_resistance load_protective decay",
    "tight_junction": "repair loss cargo_disruption cytokine_disruption senescent_disruption leak",
    "epithelium": "migration injury restitution",
    "microbiota": "density lps butyrate",
    "macrophage": "activation relaxation",
    "tnf": "secretion action clearance",
    "il6": "secretion action clearance",
    "il10": "secretion action",
    "lps": "crossing clearance",
    "insulin": "relaxation cytokine_block cargo_block cargo_protection mitochondrial_turnover",
    "senescence": "production removal secretion",
    "beta_cell": "adaptation",
}
RATE_NAMES: tuple[str, ...] = tuple(
    f"{group}.{name}" for group, names in _RATES.items() for name in names.split()
)
SUBSTANCES = ("exosomes", "LPS", "microbiota", "injury", "vehicle", "senolytic")
_SHARE_SUBSTANCES = ("microbiota", "injury", "senolytic")
MAX_UNITS_PER_PACKET = 1_000_000
MAX_DOSE_PACKETS = 2_000_000
"""Most packets of a dose: 200 times those of a whole default mouse, about 150 MB of memory."""
MAX_DOSES = 100_000
"""Most doses of an intervention: one every quarter of an hour for a whole life."""


@intervention_digest.has_own_digest
@dataclass(frozen=True, slots=True, eq=False)
class Preparation:
    """Exosomes in a vial: packets with their joint cargo, harvested or designed.

    Args:
        name: Name for the experimenter; nothing depends on it.
        cargo: Units, int32[packets, axis], axes as in `AXES`.
        donors: Number of animals that the packets came from.
        particles_per_packet: Particles that one packet represents.
        lps: LPS of the lumen it was taken from, in levels of a healthy young gut; how much of it
            is given with the packets depends on how they are given.
    """

    name: str
    cargo: np.ndarray
    donors: int = 1
    particles_per_packet: float = 1.0
    lps: float = 0.0

    def __post_init__(self) -> None:
        owner = f"preparation '{self.name}'"
        cargo = _checked_cargo(self.cargo, owner)
        cargo.flags.writeable = False
        object.__setattr__(self, "cargo", cargo)
        donors = check_whole_number(f"{owner}: donors", self.donors, 1)
        object.__setattr__(self, "donors", donors)
        per = check_finite_number(f"{owner}: particles_per_packet", self.particles_per_packet)
        if per <= 0.0:
            raise GutexoError(
                f"{owner}: particles_per_packet must be above 0; got {short_repr(per)}"
            )
        object.__setattr__(self, "particles_per_packet", per)
        lps = check_finite_number(f"{owner}: lps", self.lps, 0.0)
        object.__setattr__(self, "lps", lps)

    @classmethod
    def pool(
        cls,
        name: str,
        harvests: list[np.ndarray],
        particles_per_packet: float = 1.0,
        lps: float = 0.0,
    ) -> Self:
        """Pool harvests, one per donor; packets stay whole, so cargo stays jointly distributed."""
        if not isinstance(harvests, (list, tuple)) or not harvests:
            raise GutexoError(
                f"preparation '{name}': harvests must be a list of at least one array of cargo; "
                f"got {short_repr(harvests)}"
            )
        owner = f"preparation '{name}'"
        cargo = np.concatenate([_checked_cargo(harvest, owner) for harvest in harvests])
        return cls(name, cargo, len(harvests), particles_per_packet, lps)

    @property
    def equivalent(self) -> float:
        """Packets in one donor equivalent, the luminal content of one donor."""
        return len(self.cargo) / self.donors

    def digest(self) -> str:
        """Digest of the packets; it does not depend on the name."""
        content = hashlib.sha256(str(self.cargo.shape).encode())
        content.update(np.ascontiguousarray(self.cargo).tobytes())
        content.update(f"{self.donors} {float(self.particles_per_packet).hex()}".encode())
        if self.lps > 0.0:
            content.update(float(self.lps).hex().encode())
        return content.hexdigest()[:16]


def _checked_cargo(cargo: Any, owner: str) -> np.ndarray:
    """Check cargo and return a copy: units per packet and axis, int32.

    Raises:
        GutexoError: The cargo has another shape or type, or its values are not allowed.
    """
    try:
        given = np.asarray(cargo)
    except ValueError:  # rows of different length
        given = np.empty(0)
    if given.ndim != 2 or given.shape[1] != N_AXES:
        raise GutexoError(
            f"{owner}: cargo must be packets x {N_AXES} axes; got the shape {given.shape}"
        )
    if given.dtype.kind not in "iuf":
        raise GutexoError(f"{owner}: cargo must be numbers; got the type {given.dtype}")
    # NaN fails both comparisons.
    if given.size and not (given.min() >= 0 and given.max() <= MAX_UNITS_PER_PACKET):
        raise GutexoError(
            f"{owner}: cargo must be 0 to {MAX_UNITS_PER_PACKET:,} units a packet; "
            f"got {given.min():g} to {given.max():g}"
        )
    whole = given.astype(np.int32)
    if not np.array_equal(whole, given):
        part = given[whole != given].flat[0]
        raise GutexoError(f"{owner}: cargo must be whole units; got {part:g}")
    return whole


@dataclass(frozen=True, slots=True)
class Dose:
    """A substance added to a compartment at a time.

    Args:
        at: Hours after the intervention was added to the mouse ("3 h" and "2 d" work too).
        substance: One of `SUBSTANCES`.
        amount: For exosomes packets; for LPS EU/mL of plasma, or by gavage luminal levels of a
            healthy young gut, which the luminal flow washes out; otherwise a share (0 to 1) of
            pathobionts, of epithelium made bare, or of senescent burden removed. Text may have a
            unit.
        route: One of `ROUTES`, or another name of it ("iv", "oral").
        preparation: Needed for exosomes.
        segments: Part of the gut as fractions of its segments, None for all of it.
    """

    at: float
    substance: str
    amount: float = 0.0
    route: str = "gavage"
    preparation: Preparation | None = None
    segments: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if self.substance not in SUBSTANCES:
            known = suggest(str(self.substance), SUBSTANCES)
            raise GutexoError(f"dose: substance '{self.substance}' does not exist{known}")
        if self.route not in ROUTES:
            object.__setattr__(self, "route", parse_route(self.route))
        object.__setattr__(self, "at", to_hours(self.at, "dose: at"))
        if isinstance(self.amount, str):
            object.__setattr__(self, "amount", convert(self.amount, self.unit, "dose: amount"))
        for name, value in (("at", self.at), ("amount", self.amount)):
            if isinstance(value, bool) or not isinstance(value, (int, float, np.number)):
                raise GutexoError(f"dose: {name} must be a number; got {short_repr(value)}")
            if not math.isfinite(value) or value < 0:
                raise GutexoError(
                    f"dose: {name} must be finite and not negative; got {short_repr(value)}"
                )
        if self.substance in _SHARE_SUBSTANCES and self.amount > 1:
            raise GutexoError(
                f"dose: the amount of '{self.substance}' is a share, 0 to 1; got {self.amount!r}"
            )
        if self.substance == "exosomes" and self.preparation is None:
            raise GutexoError("dose: exosomes need a preparation; got none")
        if self.preparation is not None and not isinstance(self.preparation, Preparation):
            raise GutexoError(
                f"dose: preparation must be a Preparation; got {short_repr(self.preparation)}"
            )
        if self.substance == "exosomes":
            check_packets(self.amount, self.preparation)
        check_gut_region(self.segments)

    @property
    def unit(self) -> str:
        """Unit of its amount, "1" for a number without one."""
        if self.substance == "exosomes":
            return "packets"
        return "EU/mL" if self.substance == "LPS" and self.route != "gavage" else "1"


def check_packets(amount: float, preparation: Preparation | None = None) -> None:
    """Refuse a dose of more packets than a mouse can receive at once.

    Args:
        amount: Packets of one dose.
        preparation: Source of the packets, None for donors that are not yet harvested.

    Raises:
        GutexoError: The dose has more than `MAX_DOSE_PACKETS`.
    """
    if amount <= MAX_DOSE_PACKETS:
        return
    if preparation is None:
        way = "give less, or donors of fewer resolution.packets"
    else:
        least = amount * preparation.particles_per_packet / MAX_DOSE_PACKETS
        way = (
            "give less, or let a packet stand for more particles: "
            f"particles_per_packet={math.ceil(least):g} or more in the Preparation"
        )
    raise GutexoError(
        f"one dose would be {amount:.3g} packets of exosomes, {MAX_DOSE_PACKETS:,} are possible: "
        f"{way}"
    )


def check_gut_region(gut_region: tuple[float, float] | None) -> None:
    """Refuse a part of the gut that is not given as two rising fractions.

    Raises:
        GutexoError: The values are not two rising fractions from 0 to 1.
    """
    if gut_region is None:
        return
    try:
        low, high = (float(x) for x in gut_region)
    except (TypeError, ValueError):
        low, high = math.nan, math.nan
    if not 0.0 <= low < high <= 1.0:
        raise GutexoError(
            f"segments must be two rising fractions of the gut, 0 to 1; got {gut_region!r}"
        )


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


__all__ = ["AXES", "RATE_NAMES", "ROUTES", "Dose", "Intervention", "Preparation", "check_modifiers"]
