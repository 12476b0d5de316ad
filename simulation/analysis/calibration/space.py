"""Space of a calibration: its free parameters and their priors, in shares of the prior."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gutexo.catalogue import Parameters
from gutexo.catalogue.parameters import ParameterEntry
from gutexo.errors import GutexoError, suggest

DIGITS = 4
"""Significant digits of an evaluated value: a set can be typed, and is exactly what was run."""

FREE = (
    "barrier.cargo_disruption",
    "barrier.repair",
    "barrier.leak",
    "barrier.lps_leak",
    "barrier.unrestricted",
    "barrier.pore_half",
    "epithelium.injury_by_tnf",
    "immune.lps_half",
    "immune.cargo_gate",
    "immune.cargo_half",
    "immune.tnf_by_activation",
    "immune.il6_by_activation",
    "immune.protection",
    "cargo.barrier_by_senescence",
    "cargo.inflammatory_by_senescence",
    "cargo.insulin_by_senescence",
    "cargo.protective_by_senescence",
    "insulin.cargo_block",
    "insulin.cargo_protection",
    "insulin.cytokine_block",
)
"""Free parameters by default: assumed numbers that influence the rows which may be fitted."""


@dataclass(frozen=True)
class CalibrationSpace:
    """Free parameters with their priors.

    A point is given in shares of the prior: 0.5 is the prior's median of each parameter, and a
    draw of the prior is uniform from 0 to 1.

    Attributes:
        entries: Catalogue entry of each free parameter.
    """

    entries: tuple[ParameterEntry, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Full names of the free parameters."""
        return tuple(entry.name for entry in self.entries)

    def values(self, shares: Sequence[float] | np.ndarray) -> dict[str, float]:
        """Compute the values of a point, to four significant digits.

        Args:
            shares: float[parameter], 0 to 1.

        Returns:
            Value by full name, in the unit of each, inside its range.
        """
        return {
            entry.name: min(entry.high, max(entry.low, round_value(entry.quantile(float(share)))))
            for entry, share in zip(self.entries, shares, strict=True)
        }

    def shares(self, values: Mapping[str, float]) -> np.ndarray:
        """Compute the point of some values: the share of each prior below the value.

        Args:
            values: Value by full name, of all free parameters.

        Returns:
            float64[parameter]; 0 or 1 where a value lies outside its prior.
        """
        return np.array([_share(entry, float(values[entry.name])) for entry in self.entries])


def round_value(value: float) -> float:
    """Round a number to four significant digits."""
    return float(f"{value:.{DIGITS}g}")


def _share(entry: ParameterEntry, value: float) -> float:
    """Invert the prior's quantile function by bisection, which works for any prior."""
    if value <= entry.quantile(0.0):
        return 0.0
    if value >= entry.quantile(1.0):
        return 1.0
    low, high = 0.0, 1.0
    while high - low > 1e-12:
        middle = 0.5 * (low + high)
        if entry.quantile(middle) < value:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def make_calibration_space(free: Iterable[str] = ()) -> CalibrationSpace:
    """Make the space of a calibration.

    Args:
        free: Names of free parameters; `FREE` if there are none.

    Raises:
        GutexoError: A name does not exist or occurs twice, or the parameter is not sampled.
    """
    names = tuple(free) or FREE
    known = {entry.name: entry for entry in Parameters().entries()}
    for name in names:
        if name not in known:
            raise GutexoError(f"parameter '{name}' does not exist{suggest(name, known)}")
        entry = known[name]
        if not entry.sampled:
            raise GutexoError(f"{name} is a setting or a definition: it has no prior")
        ends = entry.quantile(0.0), entry.quantile(1.0)
        if not (all(map(math.isfinite, ends)) and ends[0] < ends[1]):
            raise GutexoError(f"the prior of {name} has no width: {ends[0]:g} to {ends[1]:g}")
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise GutexoError(f"parameter '{twice}' is named twice")
    return CalibrationSpace(tuple(known[name] for name in names))
