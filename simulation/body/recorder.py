"""The recorder: it stores every observable once a day in arrays that are already allocated."""

from __future__ import annotations

import math

import numpy as np

from gutexo.body.observables import OBSERVABLES
from gutexo.errors import GutexoError, ModelError


class Recorder:
    """Daily readings of a mouse.

    Attributes:
        names: Observables in the order of the rows of `values`.
    """

    def __init__(self, room: int = 64) -> None:
        self.names = tuple(OBSERVABLES)
        self._days = np.zeros(room)
        self._values = np.zeros((len(self.names), room))
        self._count = 0

    def record(self, day: float, reading: dict[str, float]) -> None:
        """Store one reading.

        Args:
            day: Day on the mouse's clock.
            reading: Value per observable; NaN is allowed where a diabetic mouse has none.

        Raises:
            ModelError: Another value is not finite.
        """
        if self._count == len(self._days):
            self._days = np.concatenate([self._days, np.zeros(self._count)])
            self._values = np.hstack([self._values, np.zeros_like(self._values)])
        self._days[self._count] = day
        for row, name in enumerate(self.names):
            value = reading[name]
            if not math.isfinite(value) and OBSERVABLES[name].of_diabetic:
                raise ModelError(f"day {day:g}: {name} is {value}; nothing of it is recorded")
            self._values[row, self._count] = value
        self._count += 1

    @property
    def days(self) -> np.ndarray:
        """Days of the readings, float64[n]."""
        return self._days[: self._count].copy()

    @property
    def values(self) -> np.ndarray:
        """Readings, float64[observable, n]."""
        return self._values[:, : self._count].copy()

    def __getitem__(self, name: str) -> np.ndarray:
        return self._values[self.names.index(name), : self._count].copy()

    def arrays(self) -> dict[str, np.ndarray]:
        """Copy the arrays that must be saved to continue recording."""
        return {"recorder.days": self.days, "recorder.values": self.values}

    def load(self, arrays: dict[str, np.ndarray]) -> None:
        """Continue from saved readings.

        Args:
            arrays: As returned by `arrays`.

        Raises:
            GutexoError: They are not readings of these observables.
        """
        days, values = arrays.get("recorder.days"), arrays.get("recorder.values")
        if days is None or values is None:
            raise GutexoError("snapshot: its daily readings are missing")
        if values.shape != (len(self.names), len(days)):
            raise GutexoError(
                f"snapshot: readings must be {len(self.names)} readouts x {len(days)} days; "
                f"got {list(values.shape)}"
            )
        if len(days) == 0:
            return
        self._days = np.array(days, float)
        self._values = np.array(values, float)
        self._count = len(days)
