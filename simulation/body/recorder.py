"""The recorder: every observable once a day, into arrays that are already there."""

from __future__ import annotations

import math

import numpy as np

from simulation.body.observables import OBSERVABLES
from simulation.errors import ModelError


class Recorder:
    """Daily readings.

    Attributes:
        names: Readouts in the order of the rows of `values`.
    """

    def __init__(self, room: int = 64) -> None:
        self.names = tuple(OBSERVABLES)
        self._days = np.zeros(room)
        self._values = np.zeros((len(self.names), room))
        self._count = 0

    def record(self, day: float, reading: dict[str, float]) -> None:
        """Keep one reading.

        Args:
            day: Day on the mouse's clock.
            reading: Value by readout.
        """
        if self._count == len(self._days):
            self._days = np.concatenate([self._days, np.zeros(self._count)])
            self._values = np.hstack([self._values, np.zeros_like(self._values)])
        self._days[self._count] = day
        for row, name in enumerate(self.names):
            value = reading[name]
            if not math.isfinite(value):
                raise ModelError(f"day {day:g}: {name} is {value}; nothing of it is recorded")
            self._values[row, self._count] = value
        self._count += 1

    @property
    def days(self) -> np.ndarray:
        """Days at which something was recorded, float64[n]."""
        return self._days[: self._count].copy()

    @property
    def values(self) -> np.ndarray:
        """Readings, float64[readout, n]."""
        return self._values[:, : self._count].copy()

    def __getitem__(self, name: str) -> np.ndarray:
        return self._values[self.names.index(name), : self._count].copy()

    def load(self, days: np.ndarray, values: np.ndarray) -> None:
        """Go on from kept readings."""
        if len(days) == 0:
            return
        self._days = np.array(days, float)
        self._values = np.array(values, float)
        self._count = len(days)
