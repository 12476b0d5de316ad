"""Many paths of the total burden alone: the law, or the law with induction given by the burden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gutexo.catalogue import Parameters
from gutexo.catalogue.ages import WEANING_DAYS
from gutexo.mean_field.coefficients import compute_coefficients, make_numbers_record
from gutexo.mean_field.noise import driving_noise
from gutexo.mean_field.senescence import walk_total_burden

BINS = 40
LAW = {
    "senescence.production_part": 1.0,
    "senescence.induction_gut": 0.0,
    "senescence.induction_organs": 0.0,
}
"""Changes of parameters that leave the published law of the burden alone: nothing is induced."""


@dataclass(frozen=True)
class InductionTable:
    """Hazards of induction by total burden, at the middles of equal bins of it from 0 to 1.

    Attributes:
        gut: z of niches, burden a day.
        organs: z of the cells of organs.
    """

    gut: np.ndarray
    organs: np.ndarray

    @staticmethod
    def none() -> InductionTable:
        """Return the table of a mouse without induction."""
        return InductionTable(np.zeros(BINS), np.zeros(BINS))


@lru_cache(maxsize=4)
def _normals(paths: int, ticks: int, seed: int) -> np.ndarray:
    z = np.random.default_rng([seed, 40]).standard_normal((paths, ticks), dtype=np.float32)
    return z.astype(np.float64)


def total_burden_paths(
    parameters: Parameters,
    *,
    paths: int = 200,
    days: float = 1100.0,
    seed: int = 1,
    induction: InductionTable | None = None,
) -> np.ndarray:
    """Draw paths of the total burden from birth.

    Args:
        parameters: Parameters, those of the sex included.
        paths: Number of paths.
        days: Length of each (d).
        seed: Seed of the noise.
        induction: Hazards by burden; none if None.

    Returns:
        float64[path, tick], total burden at the end of each tick, NaN after death.
    """
    table, row = induction or InductionTable.none(), _make_record(parameters)
    weaned = int(round(24.0 * WEANING_DAYS / parameters.resolution.tick))
    ticks = int(round(24.0 * days / parameters.resolution.tick))
    normals, totals = _normals(paths, ticks, seed), np.empty((paths, ticks))
    for path in range(paths):
        walk_total_burden(row, table.gut, table.organs, normals[path], weaned, totals[path])
    return totals


def _make_record(parameters: Parameters) -> np.ndarray:
    return make_numbers_record(compute_coefficients(parameters, {}))


def law_paths(parameters: Parameters, seeds: Sequence[int], days: float) -> np.ndarray:
    """Walk the burden of the published law under the driving noise of some seeds.

    Args:
        parameters: Parameters, those of the sex included.
        seeds: Seed of each path, see `gutexo.mean_field.noise.driving_noise`.
        days: Length from birth (d).

    Returns:
        float64[path, tick], burden at the end of each tick, NaN after death.
    """
    row, nothing = _make_record(parameters.change(LAW)), np.zeros(BINS)
    weaned = int(round(24.0 * WEANING_DAYS / parameters.resolution.tick))
    ticks = int(round(24.0 * days / parameters.resolution.tick))
    totals = np.empty((len(seeds), ticks))
    for path, seed in zip(totals, seeds, strict=True):
        walk_total_burden(row, nothing, nothing, driving_noise(seed, ticks), weaned, path)
    return totals


def summarise_paths(totals: np.ndarray, tick: float = 1.0) -> dict[str, float]:
    """Return the mean total burden of survivors around 90 and 730 d, and the median life (d).

    Args:
        totals: As returned by `total_burden_paths`.
        tick: Length of a tick (h).
    """
    lives = (~np.isnan(totals)).sum(axis=1) * tick / 24.0
    found = {}
    for name, day in (("3 months", 90.0), ("24 months", 730.0)):
        low, high = (int((day + shift) * 24.0 / tick) for shift in (-5.0, 5.0))
        window = totals[:, low:high]
        found[name] = float(np.nanmean(window)) if np.isfinite(window).any() else float("nan")
    return found | {"median life": float(np.median(lives))}
