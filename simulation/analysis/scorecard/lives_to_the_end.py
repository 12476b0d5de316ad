"""The row on whole lives: burden of survivors and median life against the published law."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gutexo.analysis.effects import trajectories_of
from gutexo.analysis.estimates import Estimate, bootstrap
from gutexo.analysis.scorecard import studies
from gutexo.analysis.scorecard.cohorts import ScoredMice
from gutexo.catalogue import Parameters
from gutexo.catalogue.phenotypes import PHENOTYPES

PATHS = 20_000
LAW_STEP = 0.25  # days
MOST_LIVES, LIVES_PER_REPLICATE = 192, 8
AGES = {"3 months": 90, "24 months": 730}


@dataclass(frozen=True)
class LawfulLives:
    """The published law of the burden.

    Attributes:
        burdens: Mean burden of survivors by age (d).
        median_life: Age (d) that half of the mice reach.
    """

    burdens: dict[int, float]
    median_life: float


def integrate_lives(parameters: Parameters, paths: int = PATHS, seed: int = 7) -> LawfulLives:
    """Integrate the published law: all production intrinsic, no induction, death at 1.

    Args:
        parameters: Rates of the law.
        paths: Number of paths.
        seed: Seed of NumPy's generator.

    References:
        Karin et al. 2019.
    """
    s = parameters.senescence
    rng = np.random.default_rng(seed)
    burden, alive = np.zeros(paths), np.ones(paths, dtype=bool)
    found: dict[int, float] = {}
    n, median = 0, np.nan
    while np.isnan(median):
        drift = s.production * n * LAW_STEP - s.removal * burden / (burden + s.half_saturation)
        noise = np.sqrt(2.0 * s.noise * LAW_STEP) * rng.standard_normal(paths)
        burden = np.abs(burden + drift * LAW_STEP + noise)
        alive &= burden < 1.0
        n += 1
        age = n * LAW_STEP
        if age in AGES.values():
            found[int(age)] = float(burden[alive].mean())
        if alive.sum() <= paths / 2:
            median = age
    return LawfulLives(found, median)


def compare_lives(mice: ScoredMice) -> dict[str, Estimate]:
    """Compare lives of females with the law; the note holds those of males.

    Small mice are lived: how many cells a mouse has does not move its burden.
    """
    found = _ratios(mice, "female")
    beside = _ratios(mice, "male")
    note = "males " + ", ".join(f"{name} {one.value:.3g}" for name, one in beside.items())
    return {name: replace(one, note=note) for name, one in found.items()}


def count_lives(replicates: int) -> int:
    """Count the mice of a sex that are followed to their death.

    Args:
        replicates: Mice per arm of the other studies.
    """
    return min(MOST_LIVES, LIVES_PER_REPLICATE * replicates)


def _ratios(mice: ScoredMice, sex: str) -> dict[str, Estimate]:
    law = integrate_lives(Parameters().change(PHENOTYPES[f"C57BL/6 {sex}"]))
    data = mice.run(studies.build_lives(sex), replicates=count_lives(mice.replicates))
    totals = trajectories_of(data, "total burden", studies.WHOLE_LIFE)
    born = studies.WEANED_DAY
    ratios = {name: ratio_to(totals[:, age - born], law.burdens[age]) for name, age in AGES.items()}
    ages = born + np.count_nonzero(~np.isnan(totals), axis=1) - 1.0
    median = bootstrap(
        lambda i: np.median(ages[i], axis=-1) / law.median_life, np.arange(len(ages))
    )
    return ratios | {"median life": median}


def ratio_to(burdens: np.ndarray, expected: float) -> Estimate:
    """Estimate the ratio of the mean burden of survivors to that of the law."""
    alive = np.flatnonzero(~np.isnan(burdens))
    return bootstrap(lambda i: burdens[i].mean(axis=-1) / expected, alive)
