"""Parameters that an analysis changes: dimensions of the unit cube, in shares of their priors.

A point of the cube is a set of parameters. A share of 0.5 is the prior's median, and a point that
is uniform in the cube is a draw of the prior. A dimension may be limited to a part of its prior.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from gutexo.catalogue import Parameters
from gutexo.catalogue.parameters import ParameterEntry
from gutexo.errors import GutexoError, suggest


@dataclass(frozen=True)
class Dimension:
    """One parameter and the part of its prior from which it is taken.

    Attributes:
        entry: Its entry in the catalogue.
        low: Share of the prior below that part.
        high: Share of the prior below the end of that part.
    """

    entry: ParameterEntry
    low: float = 0.0
    high: float = 1.0

    @property
    def name(self) -> str:
        """Full name of the parameter."""
        return self.entry.name

    @property
    def assumed(self) -> bool:
        """Check whether no publication gives its value."""
        return self.entry.grade == "assumed"

    def value(self, share: float) -> float:
        """Compute the value at a share of that part, 0 to 1, in the unit of the parameter."""
        return self.entry.quantile(self.low + (self.high - self.low) * share)

    def share(self, value: float) -> float:
        """Compute the share of that part below a value; 0 or 1 where it lies outside."""
        found = (self.entry.cdf(value) - self.low) / (self.high - self.low)
        return min(1.0, max(0.0, found))


@dataclass(frozen=True)
class ParameterSpace:
    """The parameters that an analysis changes.

    Attributes:
        dimensions: The parameters, in order.
        base: Value by name of parameters that differ from the catalogue in every set.
        digits: Significant digits to which values are rounded; None for all.
    """

    dimensions: tuple[Dimension, ...]
    base: Mapping[str, float] = field(default_factory=dict)
    digits: int | None = None

    @property
    def entries(self) -> tuple[ParameterEntry, ...]:
        """Catalogue entry of each parameter."""
        return tuple(one.entry for one in self.dimensions)

    @property
    def names(self) -> tuple[str, ...]:
        """Full names of the parameters."""
        return tuple(one.name for one in self.dimensions)

    def values(self, point: Sequence[float] | np.ndarray) -> dict[str, float]:
        """Compute the values of a point.

        Args:
            point: float[parameter], 0 to 1.

        Returns:
            Value by full name, in the unit of each, inside its range.
        """
        return {
            one.name: self._rounded(one, one.value(float(share)))
            for one, share in zip(self.dimensions, point, strict=True)
        }

    def changes(self, point: Sequence[float] | np.ndarray) -> dict[str, float]:
        """Compute all parameters of a point that differ from the catalogue: base and values."""
        return {**self.base, **self.values(point)}

    def point(self, values: Mapping[str, float]) -> np.ndarray:
        """Compute the point of some values.

        Args:
            values: Value by full name, of all parameters of the space.

        Returns:
            float64[parameter]; 0 or 1 where a value lies outside its dimension.
        """
        return np.array([one.share(float(values[one.name])) for one in self.dimensions])

    def _rounded(self, one: Dimension, value: float) -> float:
        if self.digits is None:
            return value
        rounded = float(f"{value:.{self.digits}g}")
        return min(one.entry.high, max(one.entry.low, rounded))


def make_parameter_space(
    names: Iterable[str],
    *,
    base: Mapping[str, float] | None = None,
    digits: int | None = None,
) -> ParameterSpace:
    """Make the space of some parameters over their whole priors.

    Args:
        names: Full names.
        base: Value by name of parameters that differ from the catalogue in every set.
        digits: Significant digits to which values are rounded; None for all.

    Raises:
        GutexoError: A name does not exist or occurs twice, or the parameter has no prior.
    """
    names = tuple(names)
    known = {entry.name: entry for entry in Parameters().change(base or {}).entries()}
    for name in names:
        if name not in known:
            raise GutexoError(f"parameter '{name}' does not exist{suggest(name, known)}")
        entry = known[name]
        if not entry.sampled:
            raise GutexoError(f"{name} is a setting or a definition: it has no prior")
        if name in (base or {}):
            raise GutexoError(f"{name} is free in this analysis; it cannot be set as well")
        ends = entry.quantile(0.0), entry.quantile(1.0)
        if not (all(map(math.isfinite, ends)) and ends[0] < ends[1]):
            raise GutexoError(f"the prior of {name} has no width: {ends[0]:g} to {ends[1]:g}")
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise GutexoError(f"parameter '{twice}' is named twice")
    if not names:
        raise GutexoError("no parameter is left to be changed; one is needed at least")
    dimensions = tuple(Dimension(known[name]) for name in names)
    return ParameterSpace(dimensions, dict(base or {}), digits)
