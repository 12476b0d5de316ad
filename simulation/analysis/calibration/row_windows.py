"""Windows of measured rows: how far a set lies outside them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

FAR = 3.0  # scales outside a window beyond which a distance counts by its logarithm


@dataclass(frozen=True)
class RowWindows:
    """Windows whose edges are soft.

    Attributes:
        low: Lower ends, float64[row]; may be -inf.
        high: Upper ends, float64[row]; may be inf.
        scale: Softness of the edges, float64[row], in the unit of the row.
    """

    low: np.ndarray
    high: np.ndarray
    scale: np.ndarray

    def distances(self, measured: np.ndarray) -> np.ndarray:
        """Compute how far each row lies outside its window, in scales; infinite if missing.

        Args:
            measured: float64[..., row].

        Returns:
            float64[..., row], 0 inside.
        """
        outside = np.maximum(self.low - measured, measured - self.high)
        found = np.maximum(0.0, outside) / self.scale
        return np.where(np.isfinite(measured), found, math.inf)

    def misfits(self, measured: np.ndarray) -> np.ndarray:
        """Sum the squared distances of the rows of each set, float64[...]."""
        return (self.distances(measured) ** 2).sum(axis=-1)

    def limit(self, measured: np.ndarray) -> np.ndarray:
        """Draw rows that are far outside nearer, so that a smooth function can follow them.

        Nothing moves across an edge, nor inside a window or near it.
        """
        reach = FAR * self.scale
        near_low, near_high = self.low - reach, self.high + reach
        under = np.maximum(0.0, near_low - measured) / reach
        over = np.maximum(0.0, measured - near_high) / reach
        far = np.where(under > 0, near_low - reach * np.log1p(under), measured)
        return np.where(over > 0, near_high + reach * np.log1p(over), far)
