"""Untreated and treated mean-field mice, on one fixed cohort."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gutexo.catalogue import Parameters
from gutexo.catalogue.ages import WEANING_DAYS
from gutexo.catalogue.phenotypes import phenotype
from gutexo.mean_field import Harvest, MeanFieldMouse
from gutexo.mean_field.array_layout import HAZARD, ORGAN_HAZARD, TOTAL
from gutexo.mean_field.burden_paths import (
    BINS,
    LAW,
    InductionTable,
    law_paths,
    summarise_paths,
    total_burden_paths,
)
from gutexo.mean_field.representatives import random_effects

SEGMENTS = 16
LONG, SHORT = 12.0, 4.0  # hours: steps in the middle of a life; in courses and before a reading
BEFORE = 2.0  # days of short steps before a reading
YOUNG, OLD, COURSE, LESION_DAYS = 90.0, 730.0, 28.0, 14.0
SIGNS = {"permeability": "FITC-dextran", "inflammation": "plasma TNF", "insulin": "HOMA-IR"}
LPS_RISE = 1.5  # levels of untreated mice that the infusion adds
PROTECTIVE = Harvest(7000.0, np.array([0.0, 0.0, 0.0, 20.0 * 7000.0]))
LAW_PATHS, LAW_DAYS = 160, 1100.0
PART = "senescence.production_part"
MALE_PART = "senescence.production_part (males)"
"""Name of the males' number in a set of numbers; all others are of both sexes."""
Readings = dict[str, float]


@dataclass(frozen=True)
class Cohort:
    """Mice whose noise is that of survivors typical of the law, and their random effects.

    Attributes:
        parameters: Parameters by default, those of the sex included.
        sex: "female" or "male".
        seeds: Seed of the noise of each mouse.
        effects: Factors of each mouse.
    """

    parameters: Parameters
    sex: str
    seeds: tuple[int, ...]
    effects: tuple[Mapping[str, float], ...]


@lru_cache(maxsize=8)
def choose_cohort(sex: str, mice: int, seed: int, segments: int = SEGMENTS) -> Cohort:
    """Choose mice that the published law keeps alive and whose burdens are those of survivors.

    Means and spreads of the burden around 90, 118, 730 and 758 d are matched.

    Args:
        sex: "female" or "male".
        mice: Number of mice.
        seed: Seed of the pool and of the random effects.
        segments: Segments of the gut.
    """
    p = Parameters().change({"resolution.segments": segments})
    if sex == "male":
        p = p.change(phenotype("C57BL/6 male"))
    pool = 240
    totals = law_paths(p, [1000 * seed + k for k in range(pool)], 816.0)
    features, goals, spreads = [], [], []
    for day in (90, 118, 730, 758):
        for value in (totals[:, 24 * day], totals[:, 24 * (day - 20) : 24 * day].mean(axis=1)):
            features.append(value)
            goals.append(np.nanmean(value))
            spreads.append(np.nanstd(value))
    table, goal, spread = np.array(features), np.array(goals), np.array(spreads)
    able = np.flatnonzero(~np.isnan(totals[:, 24 * 800]))
    random = np.random.default_rng(seed)
    least, chosen = math.inf, able[:mice]
    for _ in range(6000):
        some = random.choice(able, mice, replace=False)
        miss = (table[:, some].mean(axis=1) - goal) / spread
        wide = (table[:, some].std(axis=1) - spread) / spread
        far = float(miss @ miss + 0.5 * wide @ wide)
        if far < least:
            least, chosen = far, some
    seeds = tuple(int(1000 * seed + k) for k in chosen)
    return Cohort(p, sex, seeds, tuple(random_effects(p, mice, seed)))


class Hazards:
    """Mean hazards of induction by total burden, gathered along lives."""

    def __init__(self) -> None:
        self.sums = np.zeros((3, BINS))

    def add(self, mouse: MeanFieldMouse) -> None:
        """Add the present hazards of a mouse."""
        k = min(BINS - 1, int(mouse.body[TOTAL] * BINS))
        organs = float(mouse.numbers["organ_cells"] @ mouse.organs[ORGAN_HAZARD])
        self.sums[:, k] += 1.0, float(mouse.wall[HAZARD].mean()), organs

    def table(self) -> InductionTable:
        """Return the hazards at the middle of each bin; the nearest where none was seen."""
        seen = self.sums[0] > 0
        if seen.sum() < 2:
            return InductionTable.none()
        places = np.arange(BINS)
        gut, organs = (
            np.interp(places, places[seen], row[seen] / self.sums[0][seen]) for row in self.sums[1:]
        )
        return InductionTable(gut, organs)


def live_until(mouse: MeanFieldMouse, age: float, hazards: Hazards | None = None) -> Readings:
    """Simulate a mouse to an age, in long steps and short ones at the end; return its readings."""
    middle = age - BEFORE - mouse.age
    while middle > 0.5:
        now = min(middle, 8.0) if hazards is not None else middle
        mouse.live(now, step=LONG)
        if hazards is not None and mouse.alive:
            hazards.add(mouse)
        middle -= now
    return mouse.live(age - mouse.age, step=SHORT).measure()


class Arms:
    """Untreated and treated mice of one cohort with some numbers.

    Args:
        cohort: The mice.
        numbers: Parameters that differ from the defaults of the sex, see `change_cohort`.
    """

    def __init__(self, cohort: Cohort, numbers: Mapping[str, float]) -> None:
        self.cohort, self.hazards = cohort, Hazards()
        self.parameters = change_cohort(cohort, numbers)
        self.control: dict[float, list[Readings]] = {}
        self.young: list[MeanFieldMouse] = []
        self.old: list[MeanFieldMouse] = []
        lives = [self._mouse(k) for k in range(len(cohort.seeds))]
        self._read(lives, YOUNG)
        self.young = [mouse.copy() for mouse in lives]
        for mouse in lives:
            mouse.live(LESION_DAYS, step=SHORT)
        self._keep(lives, YOUNG + LESION_DAYS)
        for mouse in lives:
            mouse.live(COURSE - LESION_DAYS, step=SHORT)
        self._keep(lives, YOUNG + COURSE)
        self._read(lives, OLD)
        self.old = [mouse.copy() for mouse in lives]
        self.lives = lives

    def grow(self, days: tuple[float, ...]) -> None:
        """Follow the untreated mice further, to some ages (d) within and after the course."""
        for day in days:
            if day <= OLD + COURSE:
                for mouse in self.lives:
                    mouse.live(day - mouse.age if mouse.alive else 0.0, step=SHORT)
                self._keep(self.lives, day)
            else:
                self._read(self.lives, day)

    def _mouse(self, k: int, **without: float) -> MeanFieldMouse:
        effects = dict(self.cohort.effects[k])
        for rate, factor in without.items():
            effects[rate.replace("__", ".")] = factor
        return MeanFieldMouse(
            self.parameters, age=WEANING_DAYS, seed=self.cohort.seeds[k], factors=effects
        )

    def _read(self, mice: list[MeanFieldMouse], age: float) -> None:
        self.control[age] = [live_until(mouse, age, self.hazards) for mouse in mice]

    def _keep(self, mice: list[MeanFieldMouse], age: float) -> None:
        self.control[age] = [mouse.measure() for mouse in mice]

    def other_lives(
        self, ages: tuple[float, ...], count: int, **without: float
    ) -> list[list[Readings]]:
        """Return readings at some ages of the first mice with factors on some rates for life."""
        lives = [self._mouse(k, **without) for k in range(min(count, len(self.cohort.seeds)))]
        return [[live_until(mouse, age) for mouse in lives] for age in ages]

    def donors(self, mice: list[MeanFieldMouse]) -> list[Harvest | None]:
        """Return the pooled harvest of two other living mice for each mouse."""
        harvests = [mouse.harvest() if mouse.alive else None for mouse in mice]
        n, found = len(mice), []
        for k in range(n):
            order = [(k + n // 3 + j) % n for j in range(n)]
            living = [harvests[j] for j in order if j != k and harvests[j] is not None]
            found.append(Harvest.pooled([h for h in living[:2] if h]) if len(living) > 1 else None)
        return found

    def dose(
        self, mice: list[MeanFieldMouse], donors: list[Harvest | None], equivalents: float
    ) -> list[MeanFieldMouse]:
        """Return copies of mice after the course; a mouse without donors is dead."""
        treated = [mouse.copy() for mouse in mice]
        for mouse, harvest in zip(treated, donors, strict=True):
            if harvest is None:
                mouse.kill()
            else:
                mouse.course(harvest, int(COURSE), equivalents, step=SHORT)
        return treated

    def lesion(self, mice: list[MeanFieldMouse], vesicles: Harvest | None = None) -> list[Readings]:
        """Return readings of copies whose epithelium is laid bare by 30 % each day for 14 d."""
        found = []
        for mouse in (one.copy() for one in mice):
            for day in range(int(LESION_DAYS)):
                mouse.injure(0.3)
                if vesicles is not None and day % 2 == 0:
                    mouse.queue_gavage(vesicles)
                mouse.live(1.0, step=SHORT)
            found.append(mouse.measure())
        return found

    def infuse(self) -> list[Readings]:
        """Return readings of young mice into which LPS was infused for the course."""
        level = LPS_RISE * mean_of(self.control[YOUNG + COURSE], "plasma LPS")
        level /= self.cohort.parameters.immune.lps_unit
        found = []
        for mouse in (one.copy() for one in self.young):
            found.append(mouse.infuse_lps(level).live(COURSE, step=SHORT).measure())
        return found


def change_cohort(cohort: Cohort, numbers: Mapping[str, float]) -> Parameters:
    """Return the parameters of a cohort with some numbers changed.

    Args:
        cohort: The mice.
        numbers: Value by parameter name; that of `MALE_PART` is the males' `PART`.
    """
    changes = {name: value for name, value in numbers.items() if name not in (PART, MALE_PART)}
    part = PART if cohort.sex == "female" else MALE_PART
    if part in numbers:
        changes[PART] = numbers[part]
    return cohort.parameters.change(changes)


def values_of(readings: list[Readings], name: str) -> np.ndarray:
    """Return one reading of some mice."""
    return np.array([one[name] for one in readings])


def mean_of(readings: list[Readings], name: str) -> float:
    """Return the mean of a reading over living mice."""
    values = values_of(readings, name)
    return float(np.nanmean(values)) if np.isfinite(values).any() else math.nan


def log_ratio(treated: list[Readings], twins: list[Readings], name: str) -> float:
    """Return the mean log ratio of a reading over pairs alive in both."""
    with np.errstate(all="ignore"):
        found = np.log(values_of(treated, name) / values_of(twins, name))
    return float(np.nanmean(found)) if np.isfinite(found).any() else math.nan


def mean_log(readings: list[Readings], name: str) -> float:
    """Return the mean log of a reading over living mice."""
    values = values_of(readings, name)
    return float(np.nanmean(np.log(values))) if np.isfinite(values).any() else math.nan


def sum_ratio(treated: list[Readings], twins: list[Readings], name: str) -> float:
    """Return the sum over treated mice over that of their twins, of pairs alive in both."""
    one, other = values_of(treated, name), values_of(twins, name)
    both = np.isfinite(one) & np.isfinite(other)
    return float(one[both].sum() / other[both].sum()) if both.any() else math.nan


def law_ratios(arms: Arms) -> dict[str, float]:
    """Return burdens and life with induction against the law, on the same noise."""
    law = _law_summary(arms.cohort.sex, LAW_PATHS)
    with np.errstate(all="ignore"):
        own = summarise_paths(
            total_burden_paths(
                arms.parameters, paths=LAW_PATHS, days=LAW_DAYS, induction=arms.hazards.table()
            )
        )
    return {name: own[name] / law[name] for name in law}


@lru_cache(maxsize=4)
def _law_summary(sex: str, paths: int) -> Mapping[str, float]:
    p = choose_cohort(sex, 4, 1).parameters.change(LAW)
    return summarise_paths(total_burden_paths(p, paths=paths, days=LAW_DAYS))
