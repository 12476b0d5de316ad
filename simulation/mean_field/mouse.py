"""The mean-field mouse: the mean-field model of `gutexo.Mouse`, written from docs/ODD.md alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Self

import numpy as np

from gutexo.catalogue import Parameters
from gutexo.catalogue.organs import ADIPOSE, LIVER, MUSCLE
from gutexo.errors import GutexoError
from gutexo.mean_field.array_layout import (
    ALIVE,
    BURDEN,
    DAMAGE,
    DISRUPTING,
    FOLLOWED,
    INDUCED,
    INFLAMING,
    INFUSED,
    MATURED,
    ORGAN_INDUCED,
    ORGAN_RIPE,
    OWN,
    PROTECTING,
    RIPE,
    SENSITIVITY,
    TOTAL,
)
from gutexo.mean_field.coefficients import FREE, make_numbers_record
from gutexo.mean_field.dosing import DosedMouse
from gutexo.mean_field.harvest import Harvest
from gutexo.mean_field.luminal_grid import DOSE_SUBSTEPS, OWN_SUBSTEPS
from gutexo.mean_field.readings import read_mouse
from gutexo.mean_field.weaning import set_rest_point

FIRST_DAY = 90.0
LONG_STEP = 4.0  # hours, for the middle of a life
LAST_DAYS = 10.0  # days at single ticks before an older mouse is read
LAST_YOUNG_DAYS = 10.0  # the same before the first day


def longest_step(parameters: Parameters) -> float:
    """Longest step of whole ticks (h), at most `LONG_STEP`, that divides a day."""
    tick = parameters.resolution.tick
    a_day = int(round(24.0 / tick))
    strides = [n for n in range(1, a_day + 1) if a_day % n == 0 and n * tick <= LONG_STEP + 1e-9]
    return max(strides, default=1) * tick


class MeanFieldMouse(DosedMouse):
    """A mean-field mouse, 90 days old when it is made (ODD 5 to 7; ODD 7.14 lists what it keeps).

    It starts at weaning, at 21 days, at the rest point of that day's signals, and lives from there.
    Everything is a mean over packets, cells and sites, segment by segment: ages of enterocytes, the
    counts of mature niches in the protective load and thresholds of macrophages are averaged. The
    noise of its burden is given; induced sites are integrated with the burden, whose clearance
    hears both.

    Args:
        parameters: Parameters of the mouse, those of its sex included.
        age: Age when it is made (d), 21 or more.
        factors: Factor per named rate of ODD 7.1, of its whole life from weaning on, and of the
            rest point there; random effects of the animal are also given here.
        seed: Seed of the noise of its burden if none is given.
        normals: That noise: a standard normal number for each hour to weaning, then for each tick.
        step: Length of a step from weaning to `LAST_YOUNG_DAYS` before `age` (h), then it is one
            tick; `longest_step` if None.
        substeps: Steps of the flow per tick, for own packets and for doses.

    Raises:
        GutexoError: A factor is not known, the step is not a whole number of ticks, or the given
            noise is too short.
    """

    def __init__(
        self,
        parameters: Parameters,
        *,
        age: float = FIRST_DAY,
        factors: Mapping[str, float] | None = None,
        seed: int = 1,
        normals: np.ndarray | None = None,
        step: float | None = None,
        substeps: tuple[int, int] = (OWN_SUBSTEPS, DOSE_SUBSTEPS),
    ) -> None:
        super().__init__(parameters, seed=seed, normals=normals, factors=factors, substeps=substeps)
        middle = age - LAST_YOUNG_DAYS - self.age
        if middle > 0.0:
            self.live(middle, step=longest_step(parameters) if step is None else step)
        self.live(max(0.0, age - self.age))

    # -- time -------------------------------------------------------------------------------

    def live(self, days: float, *, step: float | None = None) -> Self:
        """Simulate the mouse for some days; a mouse that dies stays as it was then.

        Args:
            days: Duration (d).
            step: Length of a step (h) whose packets are a steady stream; a day must be a whole
                number of steps. None: single ticks with travelling packets.

        Raises:
            GutexoError: The step is not whole ticks that divide a day.
        """
        tick = self.parameters.resolution.tick
        ticks, a_day = self._ticks(days), self._ticks(1.0)
        stride = 1 if step is None else int(round(step / tick))
        if stride < 1 or a_day % stride or (step and abs(stride * tick - step) > 1e-9):
            raise GutexoError(f"a step must be whole ticks that divide a day; got {step!r} h")
        self._noise_until(int(self._clock[0]) + ticks)
        if step is None:
            if not self._filled:
                self._fill()
            while ticks > 0 and self.alive:
                now = min(ticks, a_day - int(self._clock[0]) % a_day)
                self._advance(now, 1, True)
                ticks -= now
            return self
        for channel in range(OWN, len(self._content)):
            self._queue(channel)
        early = min(ticks, -int(self._clock[0]) % stride)
        for now, size in ((early, 1), ((ticks - early) // stride * stride, stride)):
            if now > 0:
                self._advance(now, size, False)
        late = (ticks - early) % stride
        if late > 0:
            self._advance(late, 1, False)
        self._filled = ticks == 0 and self._filled
        return self

    def course(
        self,
        harvest: Harvest | None,
        days: int = 28,
        equivalents: float = 1.0,
        *,
        step: float | None = None,
    ) -> Self:
        """Simulate some days with a dose by gavage at the start of each, or without doses.

        Args:
            harvest: Content of one donor equivalent; None is vehicle.
            days: Number of days, and of doses.
            equivalents: Donor equivalents per dose.
            step: Length of a step (h), see `live`; None for single ticks with travelling packets.
        """
        for _ in range(days):
            if harvest is not None and step is None:
                self.give(harvest, equivalents)
            elif harvest is not None:
                self.queue_gavage(harvest, equivalents)
            self.live(1.0, step=step)
        return self

    # -- interventions ----------------------------------------------------------------------

    def change_factors(self, factors: Mapping[str, float]) -> Self:
        """Replace the factors on named rates from now on.

        Args:
            factors: Factor per named rate of ODD 7.1; those that are not named become 1.
        """
        self._use_factors(factors)
        return self

    def fix_age(self, days: float | None) -> Self:
        """Hold the age that the production of senescent cells reads; None releases it."""
        return self._set_number("fixed_age", FREE if days is None else 24.0 * float(days))

    def hold(self, what: float) -> Self:
        """Hold what drives the mouse: one of `FREE_BURDEN` to `HELD_SITES`."""
        return self._set_number("held", what)

    def _set_number(self, name: str, value: float) -> Self:
        self.numbers = {**self.numbers, name: value}
        self._row = make_numbers_record(self.numbers)
        return self

    def set_burden(self, burden: float, induced: float) -> Self:
        """Set the intrinsic burden and the induced burden of gut and organs.

        As much of both is mature as where their clearance at this total burden is at rest.

        Args:
            burden: Intrinsic burden.
            induced: Induced burden of each place, at most what the intrinsic one leaves.
        """
        n = self.numbers
        clearing = n["senescence_removal"] / (n["senescence_half_saturation"] + burden + induced)
        mature = 1.0 / (1.0 + n["senescence_maturation"] * clearing)
        self.body[BURDEN] = self.body[FOLLOWED] = burden
        self.body[MATURED] = burden * mature
        share = induced / n["whole"]
        self.wall[INDUCED], self.wall[RIPE] = share, share * mature
        self.organs[ORGAN_INDUCED], self.organs[ORGAN_RIPE] = share, share * mature
        self.body[TOTAL] = burden + induced
        return self

    def rest(self) -> Self:
        """Set all that the burden drives to the rest point of the present burden and sites."""
        set_rest_point(self._row, self.wall, self.organs, self.body, True)
        held = self.wall[[DISRUPTING, INFLAMING, PROTECTING]] * self.numbers["level_enterocytes"]
        self._history[:] = held / self._weights.sum()
        self._filled = False
        return self

    def infuse_lps(self, level: float) -> Self:
        """Infuse LPS from now on, in the level of plasma LPS that the infusion alone sustains."""
        self.body[INFUSED] = level
        return self

    def kill(self) -> Self:
        """End the life of the mouse now."""
        self.body[ALIVE] = 0.0
        return self

    def injure(self, amount: float) -> Self:
        """Lay bare a share of the covered epithelium of every segment, at once."""
        self.wall[DAMAGE] += (1.0 - self.wall[DAMAGE]) * amount
        return self

    def clear_senescent(self, share: float) -> Self:
        """Remove a share of all senescent cells at once, as a senolytic does."""
        for i in (BURDEN, FOLLOWED, MATURED, TOTAL):
            self.body[i] *= 1.0 - share
        for i in (INDUCED, RIPE):
            self.wall[i] *= 1.0 - share
        for i in (ORGAN_INDUCED, ORGAN_RIPE):
            self.organs[i] *= 1.0 - share
        return self

    # -- readings ---------------------------------------------------------------------------

    def measure(self) -> dict[str, float]:
        """Return the current readings, with the names and units of the mouse's observables.

        All are NaN in a mouse that died.
        """
        self._sense()
        share = self.parameters.glucose.muscle_share
        muscle, fat = self.organs[SENSITIVITY, MUSCLE], self.organs[SENSITIVITY, ADIPOSE]
        periphery = float(share * muscle + (1.0 - share) * fat)
        liver = float(self.organs[SENSITIVITY, LIVER])
        found = read_mouse(
            self.parameters, self._row, self.numbers, self.wall, self.organs, self.body,
            self.harvest(), (liver, periphery),
        )  # fmt: skip
        return found if self.alive else dict.fromkeys(found, math.nan)
