"""The mean-field mouse: the mean-field model of `gutexo.Mouse`, written from docs/ODD.md alone."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from gutexo.catalogue import Parameters
from gutexo.catalogue.organs import ADIPOSE, LIVER, MUSCLE, ORGANS
from gutexo.catalogue.signals import SIGNALS
from gutexo.errors import GutexoError, suggest
from gutexo.mean_field.array_layout import (
    ACTIVATION,
    BODY,
    CAPACITY,
    COUNT,
    JUNCTION,
    LEVEL,
    MATURED,
    OFFER,
    OWN,
    PORE,
    SENSITIVITY,
    SHARE,
    WALL,
)
from gutexo.mean_field.burden import WEANED, burden_path
from gutexo.mean_field.coefficients import (
    DOSE_SUBSTEPS,
    OWN_SUBSTEPS,
    cargo_age_weights,
    compute_coefficients,
    luminal_grid,
    make_numbers_record,
)
from gutexo.mean_field.dynamics import advance_mouse, fill_gut
from gutexo.mean_field.glucose import dextran_assay, fasting_state, rest_mass, update_beta_cells
from gutexo.mean_field.weaning import set_rest_point

_SHARED = ("_path", "_grid", "_shape", "_own_grid", "_own_shape", "_weights", "_row")
FIRST_DAY = 90.0
LONG_STEP = 12.0  # hours, for the middle of a life
LAST_DAYS = 5.0  # days at single ticks before an older mouse is read
LAST_YOUNG_DAYS = 10.0  # the same before the first day: within 0.3 % of a life in single ticks
HORIZON = 800.0
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


def longest_step(parameters: Parameters) -> float:
    """Longest step of whole ticks (h), at most `LONG_STEP`, that divides a day."""
    tick = parameters.resolution.tick
    a_day = int(round(24.0 / tick))
    strides = [n for n in range(1, a_day + 1) if a_day % n == 0 and n * tick <= LONG_STEP + 1e-9]
    return max(strides, default=1) * tick


class MeanFieldMouse:
    """A mean-field mouse, 90 days old when it is made (ODD 5 to 7; ODD 7.14 lists what it keeps).

    It starts at weaning, at 21 days, at the rest point of that day's signals, and lives from there.
    Everything is a mean over packets and cells, segment by segment: ages of enterocytes, the
    binomial count of senescent neighbours in the protective load and thresholds of macrophages are
    averaged exactly. The burden follows one path.

    Args:
        parameters: Parameters of the mouse.
        burden: Its path, float64[ticks from birth + 1] (1 is death), one value at the end of each
            tick; drawn with `seed` if None.
        factors: Factor per named rate of ODD 7.1, of its whole life from weaning on, and of the
            rest point there; random effects of the animal are also given here.
        step: Length of a step from weaning to `LAST_YOUNG_DAYS` before its first day (h), then it
            is one tick; `longest_step` if None.
        seed: Seed of its burden if none is given.
        substeps: Steps of the flow per tick, for own packets and for doses.

    Raises:
        GutexoError: A factor is not known, the step is not a whole number of ticks, or no path of
            the burden survives.
    """

    def __init__(
        self,
        parameters: Parameters,
        *,
        burden: np.ndarray | None = None,
        factors: Mapping[str, float] | None = None,
        step: float | None = None,
        seed: int = 1,
        substeps: tuple[int, int] = (OWN_SUBSTEPS, DOSE_SUBSTEPS),
    ) -> None:
        factors = dict(factors or {})
        self.parameters = parameters
        self.numbers = compute_coefficients(parameters, factors)
        self._own_grid, self._own_shape = luminal_grid(self.numbers, substeps[0])
        self._grid, self._shape = luminal_grid(self.numbers, substeps[1])
        self._row = make_numbers_record(self.numbers)
        self._weights = cargo_age_weights(self.numbers)
        if burden is None:
            burden = burden_path(
                parameters,
                HORIZON,
                survive=HORIZON if parameters.senescence.noise > 0 else 0.0,
                seed=seed,
                production=factors.get("senescence.production", 1.0),
                removal=factors.get("senescence.removal", 1.0),
            )
        if burden is None:
            raise GutexoError("no path of the senescent burden survives with these parameters")
        self._path = np.ascontiguousarray(burden, dtype=np.float64)
        self._sources: list[Harvest] = []
        self._wean()
        self._grow_up(longest_step(parameters) if step is None else step)

    # -- state ------------------------------------------------------------------------------

    def _wean(self) -> None:
        """Start at the rest point of the day of weaning, without packets and cargo (ODD 5)."""
        r, n = self.parameters.resolution, self.parameters.resolution.segments
        self.wall = np.zeros((WALL, n))
        self.wall[OFFER] = self._offers()
        self.body = np.zeros(BODY)
        first = int(round(24.0 * WEANED / r.tick))
        self._clock = np.array([first, 0])
        self._history = np.zeros((len(self._weights), 2, n))
        self._own = np.zeros((OWN, int(self._own_shape[4])))
        self._own_mucus = np.zeros_like(self._own)
        self._dose = np.zeros((0, int(self._shape[4])))
        self._dose_mucus = np.zeros_like(self._dose)
        self._epithelium = np.zeros((OWN, n))
        self._lamina = np.zeros((OWN, n))
        self._blood = np.zeros((OWN, 2))
        # Units of one packet of each channel; the mouse's own units travel in separate channels.
        self._content = np.vstack([np.zeros((1, 4)), np.eye(4)])
        matures = math.exp(-r.tick / (24.0 * self.parameters.senescence.maturation))
        for now in self._path[1 : first + 1]:
            self.body[MATURED] = now + (self.body[MATURED] - now) * matures
        set_rest_point(self._row, self.wall, self.body)
        self.mass = float(rest_mass(self._row, self._liver, self._periphery))

    def _grow_up(self, step: float) -> None:
        """Live from weaning to the first day, the last days in single ticks."""
        self.live(FIRST_DAY - LAST_YOUNG_DAYS - WEANED, step=step)
        self.live(FIRST_DAY - self.age)

    def _offers(self) -> np.ndarray:
        """LPS of a healthy microbial community per segment, mean 1 (ODD 7.5)."""
        m, n = self.parameters.microbiota, self.parameters.resolution.segments
        ends = [int(round(part / 64 * n)) for part in (6, 34, 48)]
        values = np.full(n, m.colon)
        values[: ends[2]], values[: ends[1]], values[: ends[0]] = m.ileum, m.jejunum, m.duodenum
        return values / values.mean() if values.mean() > 0 else values

    def copy(self) -> Self:
        """Copy the mouse in its current state, so that the copy can be treated differently."""
        other = copy.copy(self)
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray) and name not in _SHARED:
                setattr(other, name, value.copy())
        other._sources = list(self._sources)
        return other

    @property
    def age(self) -> float:
        """Age in days."""
        return float(self._clock[0]) * self.parameters.resolution.tick / 24.0

    # -- time -------------------------------------------------------------------------------

    def live(self, days: float, *, step: float | None = None) -> Self:
        """Simulate the mouse for some days.

        Args:
            days: Duration (d).
            step: Length of a step (h), one tick if None; a day must be a whole number of steps.
                Longer steps are for the middle of a life; a mouse that was given doses is
                simulated tick by tick.

        Raises:
            GutexoError: The step is not whole ticks that divide a day, or the burden's path is too
                short.
        """
        tick = self.parameters.resolution.tick
        step = tick if step is None else step
        ticks, stride = int(round(24.0 * days / tick)), int(round(step / tick))
        a_day = int(round(24.0 / tick))
        if stride < 1 or a_day % stride or abs(stride * tick - step) > 1e-9:
            raise GutexoError(f"a step must be whole ticks that divide a day; got {step!r} h")
        if self._clock[0] + ticks >= len(self._path):
            raise GutexoError(f"the path of the burden ends before an age of {self.age + days:g} d")
        if self._sources:
            stride = 1
        while ticks > 0:
            now = min(ticks, a_day - int(self._clock[0]) % a_day)
            self._advance(now, stride if now % stride == 0 else 1)
            ticks -= now
            if self._clock[0] % a_day == 0:
                self.mass = update_beta_cells(self._row, self.mass, self._liver, self._periphery)
        if stride > 1:
            fill_gut(
                self._row, self.wall, float(self.body[SHARE]), self._own_grid, self._own_shape,
                self._own, self._own_mucus, self._epithelium, self._lamina, self._blood,
            )  # fmt: skip
        return self

    def _advance(self, ticks: int, stride: int) -> None:
        advance_mouse(
            self._row, self.wall, self.body, self._history, self._weights, self._clock, self._path,
            self._own_grid, self._own_shape, self._own, self._own_mucus, self._grid, self._shape,
            self._dose, self._dose_mucus, self._epithelium, self._lamina, self._blood,
            self._content, ticks, stride,
        )  # fmt: skip

    @property
    def _liver(self) -> float:
        return float(self.body[SENSITIVITY + LIVER])

    @property
    def _periphery(self) -> float:
        share = self.parameters.glucose.muscle_share
        muscle, fat = self.body[SENSITIVITY + MUSCLE], self.body[SENSITIVITY + ADIPOSE]
        return float(share * muscle + (1.0 - share) * fat)

    # -- doses ------------------------------------------------------------------------------

    def harvest(self) -> Harvest:
        """Return the content of its lumen, its own packets and those of doses."""
        own = self._own.sum(axis=1)
        packets, units = float(own[COUNT]), own[1:].copy()
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

    def course(self, harvest: Harvest | None, days: int = 28, equivalents: float = 1.0) -> Self:
        """Simulate some days with a dose by gavage at the start of each, or without doses.

        Args:
            harvest: Content of one donor equivalent; None is vehicle.
            days: Number of days, and of doses.
            equivalents: Donor equivalents per dose.
        """
        for _ in range(days):
            if harvest is not None:
                self.give(harvest, equivalents)
            self.live(1.0)
        return self

    # -- readings ---------------------------------------------------------------------------

    def measure(self) -> dict[str, float]:
        """Return the current readings, with the names and units of the mouse's observables."""
        p, b = self.parameters, self.body
        i, (g, insulin) = (
            p.immune,
            fasting_state(self._row, self.mass, self._liver, self._periphery),
        )
        opened = 1.0 - self.wall[JUNCTION]
        conductance = 1.0 + p.barrier.ter_junction * opened
        conductance += p.barrier.pore_opening * self.wall[PORE]
        lumen = self.harvest()
        return {
            "FITC-dextran": dextran_assay(self._row, self.wall),
            "TER": p.barrier.ter_young / float(conductance.mean()),
            **{
                f"plasma {signal.name}": getattr(i, f"{signal.key}_unit") * float(b[LEVEL + k])
                for k, signal in enumerate(SIGNALS)
            },
            "HOMA-IR": g * insulin / 405.0 if g <= p.glucose.diabetic else math.nan,
            "fasting glucose": g,
            "fasting insulin": insulin,
            **{
                f"{organ.tissue} insulin sensitivity": float(b[SENSITIVITY + k])
                for k, organ in enumerate(ORGANS)
            },
            **{
                f"{organ.tissue} mitochondrial capacity": float(b[CAPACITY + k])
                for k, organ in enumerate(ORGANS)
                if organ.capacity
            },
            "beta-cell mass": self.mass,
            "senescent burden": float(self._path[self._clock[0]]),
            "junction integrity": float(self.wall[JUNCTION].mean()),
            "macrophage activation": float(self.wall[ACTIVATION].mean()),
            "luminal exosomes": lumen.packets,
            "luminal barrier cargo": float(lumen.units[0]),
            "luminal inflammatory cargo": float(lumen.units[1]),
            "luminal insulin-resistance cargo": float(lumen.units[2]),
            "luminal protective cargo": float(lumen.units[3]),
        }
