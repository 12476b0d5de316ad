"""Sample size for one readout, from the effect and spread of simulated mice and a test's power.

Where draws of the parameters are given, power is the assurance: the mean over draws of the power to
find the effect in the expected direction.

References:
    O'Hagan, Stevens and Campbell, Pharm Stat 4:187 (2005): assurance.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, field, replace
from typing import Any

import numpy as np
import xarray

from gutexo.analysis.effects import find_recorded_day, trajectories_of
from gutexo.analysis.power import (
    FEWEST_ANIMALS,
    find_fewest_animals,
    log_spread,
    variation_of,
    welch_power,
)
from gutexo.analysis.precision import PRECISION, find_precise_size, pool_spreads
from gutexo.analysis.tables import in_columns
from gutexo.errors import GutexoError

MOST_ANIMALS = 500  # largest number of animals per group of the curves
ASSAY_NOISE = 0.15  # coefficient of variation of an assay; assumed
POWER_BAND = (0.1, 0.9)
RESAMPLES = 200


@dataclass(frozen=True)
class LaboratoryTest:
    """Test of a laboratory.

    Attributes:
        wanted: Requested power.
        alpha: Two-sided level.
        noise: Coefficient of variation of the assay.
    """

    wanted: float = 0.8
    alpha: float = 0.05
    noise: float = ASSAY_NOISE

    def __post_init__(self) -> None:
        for name, value in (("power", self.wanted), ("alpha", self.alpha)):
            if not 0 < value < 1:
                raise GutexoError(f"{name} must lie between 0 and 1; got {value:g}")
        if not 0 <= self.noise <= 5:
            raise GutexoError(f"noise must be 0 to 5 (0.15 for 15 %); got {self.noise:g}")


@dataclass(frozen=True)
class SampleSize:
    """Number of animals per group for one readout.

    Attributes:
        readout: Observable.
        unit: Its unit.
        arm: Treated group.
        comparator: Control group.
        day: Day on which it is read.
        wanted: Requested power.
        alpha: Two-sided level.
        noise: Coefficient of variation of the assay, assumed.
        ratio: Treated over control, geometric mean.
        ratio_low: Lower end of the middle 80 % of the ratio, over draws or, without draws, over
            resampled mice.
        ratio_high: Upper end.
        variation_arm: Coefficient of variation between treated animals, without the assay.
        variation_comparator: The same between control animals.
        animals: Animals per group that give the requested power; None where 500 do not.
        animals_low: The same for the upper edge of the band of power.
        animals_high: The same for its lower edge.
        assurance_limit: Share of draws in which the effect has the expected direction, which is
            the power that no number of animals exceeds; NaN without draws.
        draws: Number of parameter draws; 1 where the parameters were fixed.
        mice: Simulated mice per group, over all draws.
        error: Standard error of the log ratio of one draw, from the number of simulated mice.
        precision: Half width of a 95 % interval, as a share of the value, which simulated mice
            are counted for.
        mice_arm: Simulated mice at which the mean of treated animals is known so precisely; None
            where more than 100,000 are needed.
        mice_comparator: The same of the mean of control animals.
        mice_ratio: The same of the ratio, in pairs of a treated mouse and its twin.
        sizes: Animals per group, at each point of the curve.
        power: Power at each.
        power_low: Lower edge of the band (10 % of draws or resamples lie below).
        power_high: Upper edge.
        note: Reason where there is no number.
    """

    readout: str
    unit: str
    arm: str
    comparator: str
    day: float
    wanted: float
    alpha: float
    noise: float
    ratio: float = math.nan
    ratio_low: float = math.nan
    ratio_high: float = math.nan
    variation_arm: float = math.nan
    variation_comparator: float = math.nan
    animals: int | None = None
    animals_low: int | None = None
    animals_high: int | None = None
    assurance_limit: float = math.nan
    draws: int = 1
    mice: int = 0
    error: float = math.nan
    precision: float = math.nan
    mice_arm: int | None = None
    mice_comparator: int | None = None
    mice_ratio: int | None = None
    sizes: tuple[int, ...] = field(default=(), metadata=in_columns())
    power: tuple[float, ...] = field(default=(), metadata=in_columns())
    power_low: tuple[float, ...] = field(default=(), metadata=in_columns())
    power_high: tuple[float, ...] = field(default=(), metadata=in_columns())
    note: str = ""


@dataclass(frozen=True)
class PowerPoint:
    """One point of the curve of a readout, as in ``design_power.csv``; see `SampleSize`."""

    readout: str
    animals: int
    power: float
    power_low: float
    power_high: float


def split_power_curves(needs: Iterable[SampleSize]) -> Iterator[PowerPoint]:
    """Generate the points of all curves."""
    for one in needs:
        for point in zip(one.sizes, one.power, one.power_low, one.power_high, strict=True):
            yield PowerPoint(one.readout, *point)


def join_power_curves(
    needs: Iterable[SampleSize], points: Iterable[PowerPoint]
) -> list[SampleSize]:
    """Return sample sizes with their curves."""
    curves: dict[str, list[tuple[Any, ...]]] = {}
    for point in points:
        curves.setdefault(point.readout, []).append(astuple(point)[1:])
    found = []
    for one in needs:
        those = curves.get(one.readout)
        sizes, power, low, high = zip(*those, strict=True) if those else ((), (), (), ())
        found.append(replace(one, sizes=sizes, power=power, power_low=low, power_high=high))
    return found


@dataclass(frozen=True)
class LogEffect:
    """Effect and spreads of one set of parameters, on the scale of logarithms.

    Attributes:
        effect: Mean log ratio, treated over control.
        error: Its standard error, from the number of simulated pairs.
        arm: Standard deviation between treated animals.
        comparator: Standard deviation between control animals.
    """

    effect: float
    error: float
    arm: float
    comparator: float


def read_paired_logs(
    data: xarray.Dataset, readout: str, arm: str, comparator: str, day: float | None = None
) -> np.ndarray:
    """Read the logarithms of both groups on one day, from pairs of which both mice are alive.

    Args:
        data: Result of a run of both groups.
        readout: Observable.
        arm: Treated group.
        comparator: Control group.
        day: Day; None for the last one.

    Returns:
        float64[2, pair]; NaN where a value has no logarithm.
    """
    position, _ = find_recorded_day(data, day)
    values = np.array([trajectories_of(data, readout, a)[:, position] for a in (arm, comparator)])
    values = values[:, ~np.isnan(values).any(axis=0)]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(values > 0, np.log(values), np.nan)


def estimate_log_effect(logs: np.ndarray) -> LogEffect:
    """Estimate effect and spreads from one set of pairs, float64[2, pair], two pairs or more."""
    effects = logs[0] - logs[1]
    error = float(effects.std(ddof=1)) / math.sqrt(effects.size)
    return LogEffect(float(effects.mean()), error, *(float(s) for s in logs.std(axis=1, ddof=1)))


def resample_pairs(logs: np.ndarray, seed: int = 1) -> list[LogEffect]:
    """Estimate what other mice could have given: resample the pairs with replacement."""
    pairs = logs.shape[1]
    draws = np.random.default_rng(seed)
    return [estimate_log_effect(logs[:, draws.integers(0, pairs, pairs)]) for _ in range(RESAMPLES)]


def shrink_over_draws(spreads: Sequence[LogEffect]) -> list[LogEffect]:
    """Remove the noise of the few mice per draw from the spread over parameter draws.

    Effects are shrunk towards their mean until their variance is the original variance minus the
    squared standard errors; spreads between animals, which few mice determine badly, are pooled
    over draws.
    """
    effects = np.array([s.effect for s in spreads])
    total = float(effects.var(ddof=1))
    noise = float(np.mean([s.error**2 for s in spreads]))
    left = math.sqrt(max(0.0, 1.0 - noise / total)) if total > 0 else 0.0
    middle = float(effects.mean())
    arm, comparator = (
        math.sqrt(float(np.mean([getattr(s, name) ** 2 for s in spreads])))
        for name in ("arm", "comparator")
    )
    error = math.sqrt(noise)
    return [
        LogEffect(middle + left * (e - middle), error, arm, comparator) for e in effects.tolist()
    ]


def compute_sample_size(
    logs: Sequence[np.ndarray],
    test: LaboratoryTest,
    *,
    readout: str,
    unit: str,
    arm: str,
    comparator: str,
    day: float,
    precision: float = PRECISION,
    seed: int = 1,
) -> SampleSize:
    """Compute the number of animals per group for one readout.

    Args:
        logs: Logarithms of both groups, float64[2, pair], one entry per parameter draw; a single
            entry means fixed parameters.
        test: Test of the laboratory.
        readout, unit, arm, comparator, day: Labels of the result.
        precision: Half width of a 95 % interval, as a share of the value, for which simulated
            mice are counted.
        seed: Seed of the resampling of mice where the parameters are fixed.

    Returns:
        The number and the curve; a note where the values do not allow a number.
    """
    about: dict[str, Any] = {
        "readout": readout, "unit": unit, "arm": arm, "comparator": comparator, "day": day,
        "wanted": test.wanted, "alpha": test.alpha, "noise": test.noise, "precision": precision,
    }  # fmt: skip
    mice = int(sum(one.shape[1] for one in logs))
    usable = [one for one in logs if one.shape[1] >= 2]
    if not usable:
        return SampleSize(**about, mice=mice, note="fewer than two pairs of mice are alive")
    if any(np.isnan(one).any() for one in usable):
        return SampleSize(**about, mice=mice, note="a value is not above zero and has no logarithm")
    sizes = np.arange(FEWEST_ANIMALS, MOST_ANIMALS + 1)
    assay = log_spread(test.noise)
    fixed = len(usable) == 1
    spreads = [estimate_log_effect(one) for one in usable]
    variants = resample_pairs(usable[0], seed) if fixed else shrink_over_draws(spreads)
    centre = spreads if fixed else variants
    effect = float(np.mean([s.effect for s in centre]))
    side = -1 if effect < 0 else 1

    def curves(those: Sequence[LogEffect]) -> np.ndarray:
        """Compute the power, float64[draw, size]."""
        columns = np.array([[s.effect, s.arm, s.comparator] for s in those]).T[:, :, None]
        between = np.hypot(columns[1:], assay)
        return welch_power(columns[0], between[0], between[1], sizes, test.alpha, side)

    over = curves(variants)
    curve = curves(centre).mean(axis=0)
    low, high = np.quantile(over, POWER_BAND, axis=0)
    effects = np.array([s.effect for s in variants])
    arms, comparators, ratios = (
        find_precise_size(pool_spreads(samples), precision)
        for samples in zip(*((one[0], one[1], one[0] - one[1]) for one in usable), strict=True)
    )
    ratio_low, ratio_high = np.exp(np.quantile(effects, POWER_BAND)).tolist()
    return SampleSize(
        **about,
        ratio=math.exp(effect),
        ratio_low=ratio_low,
        ratio_high=ratio_high,
        variation_arm=variation_of(centre[0].arm),
        variation_comparator=variation_of(centre[0].comparator),
        animals=find_fewest_animals(sizes, curve, test.wanted),
        animals_low=find_fewest_animals(sizes, high, test.wanted),
        animals_high=find_fewest_animals(sizes, low, test.wanted),
        assurance_limit=math.nan if fixed else float((effects * side > 0).mean()),
        draws=len(usable),
        mice=mice,
        error=centre[0].error,
        mice_arm=arms,
        mice_comparator=comparators,
        mice_ratio=ratios,
        sizes=tuple(sizes.tolist()),
        power=tuple(curve.tolist()),
        power_low=tuple(low.tolist()),
        power_high=tuple(high.tolist()),
    )
