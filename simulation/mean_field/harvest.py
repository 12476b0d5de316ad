"""What is taken from the lumen of donors, and the routes by which it is given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

ROUTES = ("gavage", "intravenous", "intraperitoneal")


@dataclass(frozen=True)
class Harvest:
    """The content of the lumen of a donor.

    Attributes:
        packets: Packets per donor.
        units: Units per donor on the four axes (barrier, inflammatory, insulin-resistance,
            protective), float64[4].
    """

    packets: float
    units: np.ndarray

    @staticmethod
    def pooled(harvests: list[Harvest]) -> Harvest:
        """Return the mean of several donors."""
        units = np.mean([one.units for one in harvests], axis=0)
        return Harvest(float(np.mean([one.packets for one in harvests])), units)
