"""Which numbers are uncertain, between which values each is moved, and what is asked of a mouse.

The rule, and the whole of it: a parameter is uncertain if the catalogue gives it a prior that is
not `fixed`, unless its name says that it only counts (`*_unit`, `*_particles`) or the user held it
at a value of his own. Settings of the numerics, doses and other definitions are `fixed` there; a
new parameter is moved by itself. Volumes in which something is distributed are properties of a
mouse, and are moved.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gutexo.analysis.outcomes import AGED, TRANSFERRED, YOUNG
from gutexo.catalogue import Parameters
from gutexo.catalogue.parameters import Entry
from gutexo.errors import GutexoError, suggest

RANGES = ("near", "prior")
CENTRAL = 0.9  # share of the prior that the range `prior` keeps
FACTOR = 1.5  # about the default, in the range `near`
BESIDE = 0.1  # share of the prior either side, in the range `near`, where the default is zero
COUNTED = ("_unit", "_particles")  # endings of names of what only counts: no mouse depends on it

ASKED: tuple[str, ...] = (*(f"young {name}" for name in YOUNG), *AGED, *TRANSFERRED)
"""Questions whose logarithm is explained: levels of young controls, old over young, transfers."""


def label(question: str) -> str:
    """What a question asks, as a figure says it."""
    if question in AGED:
        return f"{AGED[question]}, old / young"
    if question in TRANSFERRED:
        readout, arm, _ = TRANSFERRED[question]
        recipient, _, given = arm.partition(" + ")
        return f"{readout}, {given} to {recipient}"
    readout = question.removeprefix("young ")
    return f"{readout}, young" if readout != question else question


@dataclass(frozen=True)
class Dimension:
    """One uncertain parameter and the part of its prior that it is moved through.

    Attributes:
        entry: What the catalogue knows of it.
        low: Share of the prior below the range.
        high: Share of the prior below the end of the range.
    """

    entry: Entry
    low: float
    high: float

    @property
    def name(self) -> str:
        """Full name of the parameter."""
        return self.entry.name

    @property
    def assumed(self) -> bool:
        """Whether nothing published gives it."""
        return self.entry.grade == "assumed"

    def value(self, at: float) -> float:
        """The parameter at a share of its range, 0 to 1, in its unit."""
        return self.entry.quantile(self.low + (self.high - self.low) * at)


@dataclass(frozen=True)
class Space:
    """All uncertain parameters, each a side of the unit cube.

    Attributes:
        dimensions: The parameters, in the order of the catalogue.
        range: `near` or `prior`.
        base: Value by name of parameters that differ from the catalogue's before any is moved.
    """

    dimensions: tuple[Dimension, ...]
    range: str
    base: dict[str, float]

    @property
    def names(self) -> tuple[str, ...]:
        """Full names, in order."""
        return tuple(one.name for one in self.dimensions)

    @property
    def assumed(self) -> np.ndarray:
        """Whether nothing published gives each parameter, bool[parameter]."""
        return np.array([one.assumed for one in self.dimensions])

    @property
    def told(self) -> str:
        """How far parameters are moved, in a few words."""
        if self.range == "prior":
            return f"the central {CENTRAL:.0%} of its prior"
        return f"a factor of {FACTOR:g} about its default, within its prior"

    def changes(self, point: np.ndarray) -> dict[str, float]:
        """Parameters of one mouse.

        Args:
            point: Share of each range, float64[parameter], 0 to 1.

        Returns:
            Value by name, on top of those every mouse has.
        """
        sides = zip(self.dimensions, point, strict=True)
        return {**self.base, **{one.name: one.value(float(at)) for one, at in sides}}

    def all_changes(self, points: np.ndarray) -> list[dict[str, float]]:
        """Parameters of many mice, from float64[mouse, parameter]."""
        return [self.changes(point) for point in points]


def share_below(entry: Entry, value: float) -> float:
    """Share of the prior below a value: the quantile function, inverted by halving."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if entry.quantile(middle) < value else (low, middle)
    return 0.5 * (low + high)


def _dimension(entry: Entry, range: str) -> Dimension:
    low, high = 0.5 - CENTRAL / 2, 0.5 + CENTRAL / 2
    if range == "near":
        value = entry.value
        if value > 0:
            near = [share_below(entry, value * factor) for factor in (1 / FACTOR, FACTOR)]
        else:  # no factor leads away from zero
            at = share_below(entry, value)
            near = [max(0.0, at - BESIDE), min(1.0, at + BESIDE)]
        if near[1] - near[0] > 1e-9:  # else the value lies outside its prior
            low, high = near
    return Dimension(entry, low, high)


def uncertain(entries: Iterable[Entry], held: Collection[str] = ()) -> list[Entry]:
    """Parameters that are moved: those with a prior, less what only counts and what is held.

    Args:
        entries: Parameters of the catalogue.
        held: Names of those that stay where they are.
    """
    return [
        entry
        for entry in entries
        if entry.sampled and not entry.name.endswith(COUNTED) and entry.name not in held
    ]


def space_of(
    range: str = "near",
    *,
    base: Mapping[str, float] | None = None,
    held: Collection[str] = (),
    entries: Sequence[Entry] | None = None,
) -> Space:
    """The uncertain parameters of a mouse and how far each is moved.

    Args:
        range: `near`: within a factor of the default and within the prior, where mice stay mice
            and a number that is well known keeps its narrow prior; `prior`: the central part of
            each prior, where many mice are no longer like any that was measured.
        base: Value by name of parameters that differ from the catalogue's.
        held: Names of parameters that are not moved.
        entries: Parameters; the catalogue's, with `base`, if None.

    Returns:
        The space.

    Raises:
        GutexoError: There is no such range, a value is not possible, or nothing is uncertain.
    """
    if range not in RANGES:
        raise GutexoError(f"range '{range}' does not exist{suggest(range, RANGES)}")
    if entries is None:
        entries = Parameters().change(base or {}).entries()
    moved = uncertain(entries, held)
    if not moved:
        raise GutexoError("no parameter is left to be moved; sensitivity needs one")
    return Space(tuple(_dimension(entry, range) for entry in moved), range, dict(base or {}))
