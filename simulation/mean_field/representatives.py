"""A few animals that represent many: burdens at the middle of strata, evenly spread effects.

A few animals drawn at random would add a cohort bias to every result. Here each animal is the
middle one of a stratum of a large pool, ordered by the burden around its age, and each random
effect takes every stratum of its normal distribution once (a Latin hypercube).
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from gutexo.catalogue import Parameters
from gutexo.catalogue.rates import VARYING_RATES
from gutexo.mean_field.burden_paths import law_paths
from gutexo.mean_field.mouse import FIRST_DAY, LAST_DAYS, MeanFieldMouse, longest_step

POOL = 64
AROUND = 30.0  # days before and after an age over which burdens are compared
_LAW_NUMBERS = ("production", "removal", "half_saturation", "noise")


def random_effects(parameters: Parameters, count: int, seed: int) -> list[dict[str, float]]:
    """Draw the lifelong factors of some animals, lognormal with mean 1 (ODD 5), evenly spread.

    Args:
        parameters: Parameters of the mice; `animal.variation` is the coefficient of variation.
        count: Number of animals.
        seed: Seed of the assignment of strata to animals.

    Returns:
        Factor per named rate, one dictionary per animal; empty without variation.
    """
    s2 = math.log1p(parameters.animal.variation**2)
    if s2 == 0.0:
        return [{} for _ in range(count)]
    random = np.random.default_rng([seed, count])
    middles = [NormalDist().inv_cdf((k + 0.5) / count) for k in range(count)]
    found: list[dict[str, float]] = [{} for _ in range(count)]
    for name in VARYING_RATES:
        for one, place in zip(found, random.permutation(count), strict=True):
            one[name] = math.exp(math.sqrt(s2) * middles[place] - 0.5 * s2)
    return found


def typical_seeds(
    parameters: Parameters, age: float, after: float, count: int, seed: int
) -> tuple[int, ...]:
    """Choose noise of the burden whose path under the published law lies mid-stratum of survivors.

    A mouse with this noise, whose total burden induction raises, may still die earlier.

    Args:
        parameters: Rates of the law.
        age: Age around which burdens are compared (d).
        after: Time that the paths must survive after it (d).
        count: Number of strata.
        seed: Seed of the pool.

    Returns:
        Seeds of the noise, from low to high burden; none if fewer paths than strata survive.
    """
    # Only numbers of the law, so that sets of other numbers are compared on the same mice.
    law = tuple(getattr(parameters.senescence, name) for name in _LAW_NUMBERS)
    return _strata(law, parameters.resolution.tick, age, after, count, seed)


@lru_cache(maxsize=64)
def _strata(
    law: tuple[float, ...], tick: float, age: float, after: float, count: int, seed: int
) -> tuple[int, ...]:
    changes = {f"senescence.{name}": v for name, v in zip(_LAW_NUMBERS, law, strict=True)}
    parameters = Parameters().change({**changes, "resolution.tick": tick})
    seeds = [POOL * seed + k for k in range(POOL)]
    paths = law_paths(parameters, seeds, age + after)
    first = int(round(24.0 * max(age - AROUND, 0.0) / tick))
    means = paths[:, first:].mean(axis=1)  # NaN of a path that died
    living = [k for k in np.argsort(means) if np.isfinite(means[k])]
    if len(living) < count:
        return ()
    return tuple(seeds[living[int((k + 0.5) / count * len(living))]] for k in range(count))


def young_animals(
    parameters: Parameters, after: float, count: int, seed: int
) -> list[MeanFieldMouse]:
    """Make mice of 90 days, without any treatment."""
    return _animals(parameters, FIRST_DAY, after, count, seed)


def old_animals(
    parameters: Parameters, age: float, after: float, count: int, seed: int
) -> list[MeanFieldMouse]:
    """Make mice that have lived to an age (d), without any treatment; some may be dead."""
    return [grow_old(mouse, age) for mouse in _animals(parameters, age, after, count, seed)]


def _animals(
    parameters: Parameters, age: float, after: float, count: int, seed: int
) -> list[MeanFieldMouse]:
    seeds = typical_seeds(parameters, age, after, count, seed)
    effects = random_effects(parameters, count, seed)
    return [
        MeanFieldMouse(parameters, seed=number, factors=factors)
        for number, factors in zip(seeds, effects, strict=False)
    ]


def grow_old(mouse: MeanFieldMouse, age: float) -> MeanFieldMouse:
    """Simulate a mouse to an age, in long steps except for the last days.

    Args:
        mouse: The mouse; it is changed.
        age: Age at the end (d).
    """
    middle = math.floor(age - LAST_DAYS - mouse.age)
    if middle > 0:
        mouse.live(middle, step=longest_step(mouse.parameters))
    return mouse.live(age - mouse.age) if mouse.alive else mouse


def choose_donors(number: int, count: int) -> tuple[int, int]:
    """Choose two other animals as donors, a third and two thirds of the strata away.

    If there is only one animal, it is its own donor.
    """
    third = max(1, count // 3)
    return (number + third) % count, (number + 2 * third) % count
