"""Animals a group for one readout: effect and spread of simulated mice, power of a test on them.

Where draws of the parameters are given, power is the assurance: the mean over draws of the power to
find the effect on the side it is expected on.

References:
    O'Hagan, Stevens and Campbell, Pharm Stat 4:187 (2005): assurance.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np
import xarray

from gutexo.analysis.effects import recorded_day, trajectories_of
from gutexo.analysis.power import FEWEST, fewest, log_spread, power, variation_of
from gutexo.analysis.tables import Column
from gutexo.errors import GutexoError

MOST = 500  # animals a group up to which the curves go
NOISE = 0.15  # coefficient of variation of an assay; assumed
BAND = (0.1, 0.9)
RESAMPLES = 200


@dataclass(frozen=True)
class LaboratoryTest:
    """How a laboratory would test.

    Attributes:
        wanted: Power that is wanted.
        alpha: Two-sided level.
        noise: Coefficient of variation of the assay.
    """

    wanted: float = 0.8
    alpha: float = 0.05
    noise: float = NOISE

    def __post_init__(self) -> None:
        for name, value in (("power", self.wanted), ("alpha", self.alpha)):
            if not 0 < value < 1:
                raise GutexoError(f"{name} must lie between 0 and 1; got {value:g}")
        if not 0 <= self.noise <= 5:
            raise GutexoError(f"noise must be 0 to 5 (0.15 for 15 %); got {self.noise:g}")


@dataclass(frozen=True)
class Need:
    """Animals a group for one readout.

    Attributes:
        readout: Observable.
        unit: Its unit.
        arm: Treated group.
        comparator: Control group.
        day: Day on which it is read.
        wanted: Power that is wanted.
        alpha: Two-sided level.
        noise: Coefficient of variation of the assay, assumed.
        ratio: Treated over control, geometric mean.
        ratio_low: Lower end of the middle 80 % of it, over draws or, without draws, over
            resampled mice.
        ratio_high: Upper end.
        variation_arm: Coefficient of variation between treated animals, without the assay.
        variation_comparator: Between control animals.
        animals: Animals a group that give the power wanted; None where 500 do not.
        animals_low: The same on the upper edge of the band of power.
        animals_high: On its lower edge.
        assurance_limit: Share of draws in which the effect is on the side expected, the power no
            number of animals exceeds; NaN without draws.
        draws: Parameter draws behind it; 1 where the parameters were fixed.
        mice: Mice a group that were simulated, over all draws.
        error: Standard error of the log ratio of one draw, from the number of mice simulated.
        sizes: Animals a group, of the curve.
        power: Power at each.
        power_low: Lower edge of the band (10 % of draws or resamples lie below).
        power_high: Upper edge.
        note: Why there is no number, where there is none.
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
    sizes: tuple[int, ...] = ()
    power: tuple[float, ...] = ()
    power_low: tuple[float, ...] = ()
    power_high: tuple[float, ...] = ()
    note: str = ""


COLUMNS: dict[str, Column] = {
    name: name
    for name in (
        "readout unit arm comparator day wanted alpha noise ratio ratio_low ratio_high"
        " variation_arm variation_comparator animals animals_low animals_high assurance_limit draws"
        " mice error note"
    ).split()
}
CURVE_COLUMNS: dict[str, Column] = {
    name: itemgetter(place)
    for place, name in enumerate("readout animals power power_low power_high".split())
}


def curve_rows(needs: Sequence[Need]) -> Iterator[tuple[str, int, float, float, float]]:
    """Points of all curves, in the order of `CURVE_COLUMNS`."""
    for one in needs:
        for point in zip(one.sizes, one.power, one.power_low, one.power_high, strict=True):
            yield (one.readout, *point)


@dataclass(frozen=True)
class Spread:
    """What one set of parameters gives, on the scale of logarithms.

    Attributes:
        effect: Mean log ratio, treated over control.
        error: Its standard error by the number of pairs simulated.
        arm: Standard deviation between treated animals.
        comparator: Between control animals.
    """

    effect: float
    error: float
    arm: float
    comparator: float


def logs_of(
    data: xarray.Dataset, readout: str, arm: str, comparator: str, day: float | None = None
) -> np.ndarray:
    """Logarithms of both groups on one day, pairs of mice that both lived.

    Args:
        data: Result of a run of both groups.
        readout: Observable.
        arm: Treated group.
        comparator: Control group.
        day: Day; None for the last one.

    Returns:
        float64[2, pair]; NaN where a value has no logarithm.
    """
    position, _ = recorded_day(data, day)
    values = np.array([trajectories_of(data, readout, a)[:, position] for a in (arm, comparator)])
    values = values[:, ~np.isnan(values).any(axis=0)]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(values > 0, np.log(values), np.nan)


def spread_of(logs: np.ndarray) -> Spread:
    """Effect and spreads of one set of pairs, float64[2, pair] with two pairs or more."""
    effects = logs[0] - logs[1]
    error = float(effects.std(ddof=1)) / math.sqrt(effects.size)
    return Spread(float(effects.mean()), error, *(float(s) for s in logs.std(axis=1, ddof=1)))


def resampled(logs: np.ndarray, seed: int = 1) -> list[Spread]:
    """What other mice might have given: pairs drawn again with replacement."""
    pairs = logs.shape[1]
    draws = np.random.default_rng(seed)
    return [spread_of(logs[:, draws.integers(0, pairs, pairs)]) for _ in range(RESAMPLES)]


def over_draws(spreads: Sequence[Spread]) -> list[Spread]:
    """Spread over parameter draws without the noise of the few mice behind each draw.

    Effects are drawn in towards their mean until their variance is what is left once the squared
    standard errors are taken from it; spreads between animals, which few mice tell badly, are
    pooled over draws.
    """
    effects = np.array([s.effect for s in spreads])
    seen = float(effects.var(ddof=1))
    noise = float(np.mean([s.error**2 for s in spreads]))
    left = math.sqrt(max(0.0, 1.0 - noise / seen)) if seen > 0 else 0.0
    middle = float(effects.mean())
    arm, comparator = (
        math.sqrt(float(np.mean([getattr(s, name) ** 2 for s in spreads])))
        for name in ("arm", "comparator")
    )
    error = math.sqrt(noise)
    return [Spread(middle + left * (e - middle), error, arm, comparator) for e in effects.tolist()]


def need(
    logs: Sequence[np.ndarray],
    test: LaboratoryTest,
    *,
    readout: str,
    unit: str,
    arm: str,
    comparator: str,
    day: float,
    seed: int = 1,
) -> Need:
    """Animals a group for one readout.

    Args:
        logs: Logarithms of both groups, float64[2, pair], one entry a parameter draw; a single
            entry stands for fixed parameters.
        test: How the laboratory tests.
        readout, unit, arm, comparator, day: What it is about.
        seed: Of the resampling of mice where the parameters are fixed.

    Returns:
        The number and the curve; a note where the values do not allow one.
    """
    about: dict[str, Any] = {
        "readout": readout, "unit": unit, "arm": arm, "comparator": comparator, "day": day,
        "wanted": test.wanted, "alpha": test.alpha, "noise": test.noise,
    }  # fmt: skip
    mice = int(sum(one.shape[1] for one in logs))
    usable = [one for one in logs if one.shape[1] >= 2]
    if not usable:
        return Need(**about, mice=mice, note="fewer than two pairs of mice are alive")
    if any(np.isnan(one).any() for one in usable):
        return Need(**about, mice=mice, note="a value is not above zero and has no logarithm")
    sizes = np.arange(FEWEST, MOST + 1)
    assay = log_spread(test.noise)
    fixed = len(usable) == 1
    spreads = [spread_of(one) for one in usable]
    drawn = resampled(usable[0], seed) if fixed else over_draws(spreads)
    centre = spreads if fixed else drawn
    effect = float(np.mean([s.effect for s in centre]))
    side = -1 if effect < 0 else 1

    def curves(those: Sequence[Spread]) -> np.ndarray:
        """Power, float64[draw, size]."""
        columns = np.array([[s.effect, s.arm, s.comparator] for s in those]).T[:, :, None]
        between = np.hypot(columns[1:], assay)
        return power(columns[0], between[0], between[1], sizes, test.alpha, side)

    over = curves(drawn)
    curve = curves(centre).mean(axis=0)
    low, high = np.quantile(over, BAND, axis=0)
    effects = np.array([s.effect for s in drawn])
    ratio_low, ratio_high = np.exp(np.quantile(effects, BAND)).tolist()
    return Need(
        **about,
        ratio=math.exp(effect),
        ratio_low=ratio_low,
        ratio_high=ratio_high,
        variation_arm=variation_of(centre[0].arm),
        variation_comparator=variation_of(centre[0].comparator),
        animals=fewest(sizes, curve, test.wanted),
        animals_low=fewest(sizes, high, test.wanted),
        animals_high=fewest(sizes, low, test.wanted),
        assurance_limit=math.nan if fixed else float((effects * side > 0).mean()),
        draws=len(usable),
        mice=mice,
        error=centre[0].error,
        sizes=tuple(sizes.tolist()),
        power=tuple(curve.tolist()),
        power_low=tuple(low.tolist()),
        power_high=tuple(high.tolist()),
    )
