"""Doses of exosomes to the mean-field mouse: by gavage or injected, travelling or queued."""

from __future__ import annotations

import math
from typing import Self

import numpy as np

from gutexo.errors import GutexoError, suggest
from gutexo.mean_field.array_layout import OWN
from gutexo.mean_field.harvest import ROUTES, Harvest
from gutexo.mean_field.packets import QUEUE, follow_dose, stream_content
from gutexo.mean_field.state import MouseState

FRESH = 7.0  # days for which a followed dose stays valid


class DosedMouse(MouseState):
    """A mouse whose lumen can be harvested and that can be given exosomes."""

    def harvest(self) -> Harvest:
        """Return the content of its lumen; after steps with a stream, that of the stream."""
        if self._filled:
            own = self._own.sum(axis=1)
        else:
            own = np.zeros(OWN)
            stream_content(self._row, self.wall, self._sense(), own)
        packets, units = float(own[0]), own[1:].copy()
        for given, lumen in zip(self._sources, self._dose.sum(axis=1), strict=True):
            packets += float(lumen)
            units += lumen * given.units / max(given.packets, 1e-300)
        return Harvest(packets, units)

    def give(self, harvest: Harvest, equivalents: float = 1.0, route: str = "gavage") -> Self:
        """Give exosomes now, before the next tick (ODD 7.13).

        Args:
            harvest: Content of one donor equivalent.
            equivalents: Number of donor equivalents.
            route: One of `ROUTES`.

        Raises:
            GutexoError: The route is not known or the amount is not a number of 0 or more.
        """
        if route not in ROUTES:
            raise GutexoError(f"no route '{route}'{suggest(str(route), list(ROUTES))}")
        if not equivalents >= 0 or not math.isfinite(equivalents):
            raise GutexoError(f"equivalents must be 0 or more; got {equivalents!r}")
        channel = self._channel(harvest)
        amount = equivalents * harvest.packets
        if route == "gavage":
            first = self._grid[1] == 0
            np.add.at(
                self._dose[channel - OWN],
                self._grid[0, first].astype(int),
                amount * self._grid[2, first],
            )
        else:
            self._blood[channel, ROUTES.index(route) - 1] += amount
        return self

    def _channel(self, harvest: Harvest) -> int:
        """Return the channel of a kind of dose; make a new one if it was never given."""
        for i, known in enumerate(self._sources):
            if known is harvest:
                return OWN + i
        self._sources.append(harvest)
        for name in ("_dose", "_dose_mucus", "_epithelium", "_lamina", "_blood"):
            old = getattr(self, name)
            setattr(self, name, np.vstack([old, np.zeros((1, old.shape[1]))]))
        mean = harvest.units / harvest.packets if harvest.packets > 0 else np.zeros(4)
        self._content = np.vstack([self._content, mean])
        return len(self._content) - 1

    def _queue(self, channel: int) -> None:
        """Move what a channel will bring in the ticks to come into the queues, and empty it."""
        dose, mucus = self._dose[channel - OWN], self._dose_mucus[channel - OWN]
        parts = (
            dose,
            mucus,
            self._epithelium[channel],
            self._lamina[channel],
            self._blood[channel],
        )
        if not any(part.any() for part in parts):
            return
        opened, gone = np.zeros((QUEUE, 2, self.wall.shape[1])), np.zeros(QUEUE)
        follow_dose(self._row, self.wall, self._grid, self._shape, *parts, opened, gone)
        self._add_to_queues(self._content[channel], 1.0, opened, gone)
        for part in parts:
            part[:] = 0.0

    def _add_to_queues(
        self, units: np.ndarray, amount: float, opened: np.ndarray, gone: np.ndarray
    ) -> None:
        rows = (int(self._clock[0]) + np.arange(QUEUE)) % QUEUE
        d, i, r, q = amount * units
        gut = self._queued_gut
        gut[rows] += opened[:, :1] * np.array([d, i, q])[:, None]
        self._queued_macrophages[rows] += opened[:, 1:] * np.array([i, q])[:, None]
        self._queued_organs[rows] += gone[:, None] * np.array([i, r, q])

    def queue_gavage(self, harvest: Harvest, equivalents: float = 1.0) -> Self:
        """Give exosomes by gavage to a mouse that lives in long steps.

        How a dose travels is computed anew every few days only (`FRESH`).

        Args:
            harvest: Content of one donor equivalent.
            equivalents: Number of donor equivalents.
        """
        known = self._kernels.get("gavage")
        if known is None or self.age - known[0] >= FRESH - 1e-9:
            n, cells = self.wall.shape[1], int(self._queue_shape[4])
            lumen, first = np.zeros(cells), self._queue_grid[1] == 0
            np.add.at(lumen, self._queue_grid[0, first].astype(int), self._queue_grid[2, first])
            opened, gone = np.zeros((QUEUE, 2, n)), np.zeros(QUEUE)
            follow_dose(
                self._row, self.wall, self._queue_grid, self._queue_shape, lumen,
                np.zeros(cells), np.zeros(n), np.zeros(n), np.zeros(2), opened, gone,
            )  # fmt: skip
            known = self._kernels["gavage"] = (self.age, opened, gone)
        self._add_to_queues(harvest.units, equivalents, known[1], known[2])
        return self
