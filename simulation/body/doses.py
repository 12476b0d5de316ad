"""Doses, and preparations of exosomes that are given in them."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from gutexo.biology.codes import N_AXES
from gutexo.body import intervention_digest
from gutexo.body.routes import ROUTES, parse_route
from gutexo.catalogue.durations import to_hours
from gutexo.catalogue.organs import PLACES
from gutexo.catalogue.units import convert
from gutexo.errors import GutexoError, suggest
from gutexo.support.arguments import check_finite_number, check_whole_number
from gutexo.support.printable import short_repr

SUBSTANCES = (
    "exosomes",
    "LPS",
    "microbiota",
    "injury",
    "vehicle",
    "senolytic",
    "senescent cells",
)
_SHARE_SUBSTANCES = ("microbiota", "injury", "senolytic", "senescent cells")
_IN_PLACES = ("senolytic", "senescent cells")
MAX_UNITS_PER_PACKET = 1_000_000
MAX_DOSE_PACKETS = 2_000_000
"""Most packets of a dose: 200 times those of a whole default mouse, about 150 MB of memory."""


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
            pathobionts, of epithelium made bare, of senescent cells removed, or of sites that
            become senescent. Text may have a unit.
        route: One of `ROUTES`, or another name of it ("iv", "oral").
        preparation: Needed for exosomes.
        segments: Part of the gut as fractions of its segments, None for all of it; exosomes by
            gavage enter there (an injection into a loop of gut), else at the pylorus.
        places: Pairs of a place and its share, of a senolytic where it differs from the amount, of
            senescent cells where they are put: the gut, or the name of an organ.
    """

    at: float
    substance: str
    amount: float = 0.0
    route: str = "gavage"
    preparation: Preparation | None = None
    segments: tuple[float, float] | None = None
    places: tuple[tuple[str, float], ...] = ()

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
        object.__setattr__(self, "places", check_places(self.places))
        if self.places and self.substance not in _IN_PLACES:
            raise GutexoError(f"dose: '{self.substance}' has no shares of places")
        if self.segments is not None and self.substance in _IN_PLACES:
            raise GutexoError(f"dose: '{self.substance}' takes places, not a part of the gut")

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


def check_places(places: Any) -> tuple[tuple[str, float], ...]:
    """Return pairs of a place and a share, checked.

    Args:
        places: Share (0 to 1) by place, as a mapping or as pairs.

    Raises:
        GutexoError: A place does not exist, or a share is not from 0 to 1.
    """
    try:
        pairs = tuple(dict(places).items())
    except (TypeError, ValueError):
        raise GutexoError(
            f"shares of places must be a dict, such as {{'{PLACES[1]}': 0.3}}; "
            f"got {short_repr(places)}"
        ) from None
    checked = []
    for place, share in pairs:
        if place not in PLACES:
            raise GutexoError(f"place '{place}' does not exist{suggest(str(place), PLACES)}")
        number = check_finite_number(f"share of the {place}", share)
        if not 0.0 <= number <= 1.0:
            raise GutexoError(f"share of the {place} must be 0 to 1; got {number:g}")
        checked.append((place, float(number)))
    return tuple(checked)


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
