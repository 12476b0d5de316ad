"""The mean-field mouse of the second mechanism, written from docs/next_mouse.md and docs/ODD.md."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, Self

import numpy as np

from gutexo.catalogue import Parameters
from gutexo.catalogue.organs import N_ORGANS
from gutexo.catalogue.phenotypes import phenotype
from gutexo.errors import GutexoError, suggest
from gutexo.mean_field.array_layout import OWN
from gutexo.mean_field.coefficients import (
    DOSE_SUBSTEPS,
    OWN_SUBSTEPS,
    cargo_age_weights,
    luminal_grid,
    make_numbers_record,
)
from gutexo.mean_field.mouse import Harvest
from gutexo.mean_field.second.coefficients import second_coefficients
from gutexo.mean_field.second.dynamics import advance_mouse, fill_gut, update_sensed
from gutexo.mean_field.second.layout import (
    ALIVE,
    BODY,
    OFFER,
    ORGAN,
    WALL,
)
from gutexo.mean_field.second.noise import driving_noise
from gutexo.mean_field.second.numbers import second_numbers
from gutexo.mean_field.second.packets import (
    HELD_GUT,
    HELD_MACROPHAGES,
    HELD_ORGANS,
    QUEUE,
)
from gutexo.mean_field.second.senescence import grow_to_weaning
from gutexo.mean_field.second.start import set_rest_point

WEANING = 21.0  # days
SEXES = {"female": "C57BL/6 female", "male": "C57BL/6 male"}
QUEUE_SUBSTEPS = 8  # steps of the flow per tick where a dose is followed into the queues
FRESH = 7.0  # days for which a followed dose stays valid
_SHARED = ("_normals", "_grid", "_shape", "_own_grid", "_own_shape", "_weights", "_row")


class MouseState:
    """State of a second mean-field mouse, from birth to weaning; see `SecondMeanFieldMouse`."""

    def __init__(
        self,
        parameters: Parameters | None = None,
        numbers: Mapping[str, float] | None = None,
        *,
        seed: int = 1,
        noise: bool = True,
        normals: np.ndarray | None = None,
        factors: Mapping[str, float] | None = None,
        sex: str = "female",
    ) -> None:
        if sex not in SEXES:
            raise GutexoError(f"no sex '{sex}'{suggest(str(sex), list(SEXES))}")
        base = parameters if parameters is not None else Parameters()
        self.sex, self.seed, self.noise = sex, seed, noise and base.senescence.noise > 0
        self.parameters = base.change(phenotype(SEXES[sex])) if sex == "male" else base
        self.second = second_numbers(numbers)
        self._given = normals
        self._sources: list[Harvest] = []
        self._kernels: dict[str, tuple[float, np.ndarray, np.ndarray]] = {}
        self.factors: dict[str, float] = {}
        self._normals = np.empty(0)
        self._use_factors({})
        self._be_born()
        # Interventions and random effects act from weaning on.
        self._use_factors(factors or {})
        self._wean()

    # -- state ------------------------------------------------------------------------------

    def _use_factors(self, factors: Mapping[str, float]) -> None:
        self.factors = dict(factors)
        self.numbers: dict[str, Any] = second_coefficients(
            self.parameters, self.second, self.factors, male=self.sex == "male"
        )
        self._row = make_numbers_record(self.numbers)
        key = tuple(
            self.numbers[name]
            for name in (
                "resolution_tick", "resolution_segments", "valve", "small_time", "colon_time",
                "resolution_thinning", "cargo_decay_time", "epithelium_transit",
            )
        )  # fmt: skip
        self._own_grid, self._own_shape = _grid(key, OWN_SUBSTEPS)
        self._grid, self._shape = _grid(key, DOSE_SUBSTEPS)
        self._queue_grid, self._queue_shape = _grid(key, QUEUE_SUBSTEPS)
        self._weights = _weights(key)

    def _be_born(self) -> None:
        self.body = np.zeros(BODY)
        weaned = self._ticks(WEANING)
        grow_to_weaning(self._row[0], self.body, self._noise_until(weaned), weaned)
        self.body[ALIVE] = 1.0
        self._clock = np.array([weaned, 0])

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

    def _noise_until(self, ticks: int) -> np.ndarray:
        if len(self._normals) < ticks:
            if self._given is not None and self.noise:
                self._normals = np.ascontiguousarray(self._given, dtype=np.float64)
                if len(self._normals) < ticks:
                    raise GutexoError(f"the given noise ends before tick {ticks}")
            elif self.noise:
                self._normals = driving_noise(self.seed, max(ticks, 20_000))
            else:
                self._normals = np.zeros(max(ticks, 20_000))
        return self._normals

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
