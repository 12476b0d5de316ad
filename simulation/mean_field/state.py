"""State of the mean-field mouse, from birth to weaning, and the noise of its burden."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, Self

import numpy as np

from gutexo.catalogue import Parameters
from gutexo.catalogue.ages import WEANING_DAYS
from gutexo.catalogue.organs import N_ORGANS
from gutexo.errors import GutexoError
from gutexo.mean_field.array_layout import (
    ALIVE,
    BODY,
    OFFER,
    ORGAN,
    OWN,
    WALL,
)
from gutexo.mean_field.coefficients import (
    FREE,
    FREE_BURDEN,
    compute_coefficients,
    make_numbers_record,
)
from gutexo.mean_field.dynamics import advance_mouse, fill_gut, update_sensed
from gutexo.mean_field.harvest import Harvest
from gutexo.mean_field.luminal_grid import (
    DOSE_SUBSTEPS,
    OWN_SUBSTEPS,
    cargo_age_weights,
    luminal_grid,
)
from gutexo.mean_field.noise import driving_noise
from gutexo.mean_field.packets import (
    HELD_GUT,
    HELD_MACROPHAGES,
    HELD_ORGANS,
    QUEUE,
)
from gutexo.mean_field.senescence import grow_to_weaning
from gutexo.mean_field.weaning import set_rest_point

WEANING_HOURS = int(round(24.0 * WEANING_DAYS))
QUEUE_SUBSTEPS = 8  # steps of the flow per tick where a dose is followed into the queues
NOISE_BLOCK = 20_000  # ticks for which noise is drawn together
_SHARED = ("_normals", "_grid", "_shape", "_own_grid", "_own_shape", "_weights", "_row")


class MouseState:
    """State of a mean-field mouse at weaning; see `gutexo.mean_field.MeanFieldMouse`."""

    def __init__(
        self,
        parameters: Parameters,
        *,
        seed: int = 1,
        normals: np.ndarray | None = None,
        factors: Mapping[str, float] | None = None,
        substeps: tuple[int, int] = (OWN_SUBSTEPS, DOSE_SUBSTEPS),
    ) -> None:
        self.parameters, self.seed = parameters, seed
        self._given, self._substeps = normals, substeps
        self._sources: list[Harvest] = []
        self._kernels: dict[str, tuple[float, np.ndarray, np.ndarray]] = {}
        self._normals = np.empty(0)
        self.numbers: dict[str, Any] = {}
        self._use_factors({})
        self._be_born()
        # What is given acts from weaning on.
        self._use_factors(factors or {})
        self._wean()

    # -- state ------------------------------------------------------------------------------

    def _use_factors(self, factors: Mapping[str, float]) -> None:
        held = {
            "fixed_age": self.numbers.get("fixed_age", FREE),
            "held": self.numbers.get("held", FREE_BURDEN),
        }
        self.numbers = compute_coefficients(self.parameters, factors) | held
        self._row = make_numbers_record(self.numbers)
        key = tuple(
            self.numbers[name]
            for name in (
                "resolution_tick", "resolution_segments", "valve", "small_time", "colon_time",
                "resolution_thinning", "cargo_decay_time", "epithelium_transit",
            )
        )  # fmt: skip
        self._own_grid, self._own_shape = _grid(key, self._substeps[0])
        self._grid, self._shape = _grid(key, self._substeps[1])
        self._queue_grid, self._queue_shape = _grid(key, QUEUE_SUBSTEPS)
        self._weights = _weights(key)

    def _be_born(self) -> None:
        self.body = np.zeros(BODY)
        grow_to_weaning(self._row[0], self.body, self._raw_noise(WEANING_HOURS)[:WEANING_HOURS])
        self.body[ALIVE] = 1.0
        self._clock = np.array([self._ticks(WEANING_DAYS), 0])

    def _wean(self) -> None:
        n = self.parameters.resolution.segments
        self.wall = np.zeros((WALL, n))
        self.wall[OFFER] = self._offers()
        self.organs = np.zeros((ORGAN, N_ORGANS))
        set_rest_point(self._row, self.wall, self.organs, self.body, False)
        self._history = np.zeros((len(self._weights), HELD_GUT, n))
        self._own = np.zeros((OWN, int(self._own_shape[4])))
        self._own_mucus = np.zeros_like(self._own)
        self._dose = np.zeros((0, int(self._shape[4])))
        self._dose_mucus = np.zeros_like(self._dose)
        self._epithelium, self._lamina = np.zeros((OWN, n)), np.zeros((OWN, n))
        self._blood = np.zeros((OWN, 2))
        # Units of one packet of each channel; the mouse's own units travel in separate channels.
        self._content = np.vstack([np.zeros((1, 4)), np.eye(4)])
        self._lumen, self._filled = np.zeros(OWN), True  # there are no packets yet
        self._queued_gut = np.zeros((QUEUE, HELD_GUT, n))
        self._queued_macrophages = np.zeros((QUEUE, HELD_MACROPHAGES, n))
        self._queued_organs = np.zeros((QUEUE, HELD_ORGANS))

    def _offers(self) -> np.ndarray:
        """LPS of a healthy microbial community per segment, mean 1 (ODD 7.5)."""
        m, n = self.parameters.microbiota, self.parameters.resolution.segments
        ends = [int(round(part / 64 * n)) for part in (6, 34, 48)]
        values = np.full(n, m.colon)
        values[: ends[2]], values[: ends[1]], values[: ends[0]] = m.ileum, m.jejunum, m.duodenum
        return values / values.mean() if values.mean() > 0 else values

    def _ticks(self, days: float) -> int:
        return int(round(24.0 * days / self.parameters.resolution.tick))

    def _raw_noise(self, count: int) -> np.ndarray:
        """Return at least `count` numbers of noise: one an hour to weaning, then one a tick."""
        if self.parameters.senescence.noise <= 0.0:
            return np.zeros(max(count, NOISE_BLOCK))
        if self._given is None:
            return driving_noise(self.seed, max(count, NOISE_BLOCK))
        if len(self._given) < count:
            raise GutexoError(f"the given noise ends before its number {count}")
        return np.asarray(self._given, dtype=np.float64)

    def _noise_until(self, tick: int) -> None:
        """Have the noise of all ticks up to one, by its number since birth."""
        if len(self._normals) < tick:
            weaned = self._ticks(WEANING_DAYS)
            drawn = self._raw_noise(WEANING_HOURS + tick - weaned)
            self._normals = np.concatenate([np.zeros(weaned), drawn[WEANING_HOURS:]])

    def copy(self) -> Self:
        """Copy the mouse in its current state, so that the copy can be treated differently."""
        other = copy.copy(self)
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray) and name not in _SHARED:
                setattr(other, name, value.copy())
        other._sources = list(self._sources)
        other._kernels = dict(self._kernels)
        return other

    @property
    def age(self) -> float:
        """Age in days."""
        return float(self._clock[0]) * self.parameters.resolution.tick / 24.0

    @property
    def alive(self) -> bool:
        """Whether its total burden has not reached 1."""
        return bool(self.body[ALIVE] > 0)

    # -- steps --------------------------------------------------------------------------------

    def _advance(self, ticks: int, stride: int, travel: bool) -> None:
        advance_mouse(
            self._row, self.wall, self.organs, self.body, self._history, self._weights,
            self._clock, self._normals, self._own_grid, self._own_shape, self._own,
            self._own_mucus, self._grid, self._shape, self._dose, self._dose_mucus,
            self._epithelium, self._lamina, self._blood, self._content, self._lumen,
            self._queued_gut, self._queued_macrophages, self._queued_organs, ticks, stride, travel,
        )  # fmt: skip

    def _fill(self) -> None:
        """Fill gut and blood with own packets after steps in which they were a stream."""
        self._sense()
        self._own[:], self._own_mucus[:] = 0.0, 0.0
        self._epithelium[:OWN], self._lamina[:OWN], self._blood[:OWN] = 0.0, 0.0, 0.0
        fill_gut(
            self._row, self.wall, self._own_grid, self._own_shape, self._own, self._own_mucus,
            self._epithelium, self._lamina, self._blood,
        )  # fmt: skip
        self._filled = True

    def _sense(self) -> np.ndarray:
        source = np.zeros((5, self.wall.shape[1]))
        update_sensed(
            self._row, self.wall, self.organs, self.body, self._history, int(self._clock[1]),
            self._weights, source,
        )  # fmt: skip
        return source


_GRIDS: dict[tuple[Any, ...], Any] = {}


def _named(key: tuple[float, ...]) -> dict[str, float]:
    names = (
        "resolution_tick", "resolution_segments", "valve", "small_time", "colon_time",
        "resolution_thinning", "cargo_decay_time", "epithelium_transit",
    )  # fmt: skip
    return dict(zip(names, key, strict=True))


def _grid(key: tuple[float, ...], substeps: int) -> tuple[np.ndarray, np.ndarray]:
    found = _GRIDS.get((key, substeps))
    if found is None:
        found = _GRIDS[key, substeps] = luminal_grid(_named(key), substeps)
    return found


def _weights(key: tuple[float, ...]) -> np.ndarray:
    found = _GRIDS.get((key, 0))
    if found is None:
        found = _GRIDS[key, 0] = cargo_age_weights(_named(key))
    return found
