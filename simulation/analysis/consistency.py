"""Number of mice at which repeated groups agree: the A statistic of Vargha and Delaney.

A is the probability that a mouse of one group has a larger value than a mouse of another, with ties
counted half: 0.5 where groups are alike. Mice are divided into twenty groups of one size and every
group is compared with the first; the chosen number is the smallest size from which on no group
differs by more than a small effect. A uses ranks only: for independent mice it depends on the size
alone, whatever the readout; the departures expected by chance are reported too. How precisely a
mean is known is another question, whose answer differs between readouts; it is also reported.

Sources: Vargha and Delaney, J Educ Behav Stat 25:101 (2000), the cut-offs 0.56, 0.64 and 0.71;
Read et al., BMC Bioinformatics 13:1 (2012), and the R package spartan, the twenty groups.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np
import xarray

from gutexo.analysis.effects import (
    find_recorded_day,
    trajectories_of,
)
from gutexo.analysis.intervals import student_quantile
from gutexo.errors import GutexoError

SMALL, MEDIUM, LARGE = 0.56, 0.64, 0.71
GROUPS = 20
GROUP_SIZES = (1, 2, 4, 8, 16, 32, 64, 96, 128, 192, 256, 384, 512)
GROUPINGS = 20  # one grouping depends on chance; the median of twenty is reported
PRECISION = 0.05  # of the mean, as a share
REPEATS = 200


@dataclass(frozen=True)
class GroupSize:
    """Twenty groups of one size, each compared with the first; medians over twenty groupings.

    Attributes:
        animals: Mice per group.
        low: Smallest A.
        high: Largest A.
        largest: Largest departure, as an A above one half.
        disjoint: Whether no mouse was in two groups of a grouping; if not, they were drawn with
            replacement.
    """

    animals: int
    low: float
    high: float
    largest: float
    disjoint: bool


@dataclass(frozen=True)
class Consistency:
    """Group sizes evaluated for one readout of one arm on one day, and their result.

    Attributes:
        readout: Observable; of a comparison, its ratio.
        arm: Arm.
        comparator: Arm it is divided by, mouse by mouse; empty where there is no comparison.
        day: Day since the arm began.
        mice: Mice the groups were drawn from.
        chosen: Smallest size from which on no departure exceeds a small effect; None where no
            evaluated size is large enough.
        precise: Smallest size at which the 95 % interval of the geometric mean reaches 5 % to
            either side, given the spread of these mice; None where a logarithm is missing.
        sizes: Evaluated sizes.
    """

    readout: str
    arm: str
    comparator: str
    day: float
    mice: int
    chosen: int | None
    precise: int | None
    sizes: tuple[GroupSize, ...]


def a_statistic(one: np.ndarray, other: np.ndarray) -> float:
    """Probability that a draw of one group exceeds a draw of the other, ties counted half.

    Args:
        one: float64[n], none missing.
        other: float64[m], none missing.

    Returns:
        A, 0 to 1; one half where the groups are alike.

    Raises:
        GutexoError: A group is empty or contains a value that is not a number.
    """
    one = np.asarray(one, float).ravel()
    other = np.sort(np.asarray(other, float).ravel())
    if not one.size or not other.size:
        raise GutexoError("A compares two groups of at least one value")
    if np.isnan(one).any() or np.isnan(other).any():
        raise GutexoError("A compares numbers; a value is missing")
    below = np.searchsorted(other, one, side="left").sum()
    not_above = np.searchsorted(other, one, side="right").sum()
    return float(below + not_above) / (2.0 * one.size * other.size)


def draw_groups(
    values: np.ndarray, animals: int, generator: np.random.Generator
) -> tuple[np.ndarray, bool]:
    """Draw twenty groups of one size: disjoint where there are enough mice, else with replacement.

    Args:
        values: float64[mouse].
        animals: Mice per group.
        generator: Random number generator.

    Returns:
        float64[20, animals], and whether the groups are disjoint.
    """
    needed = GROUPS * animals
    disjoint = values.size >= needed
    chosen = (
        generator.permutation(values)[:needed] if disjoint else generator.choice(values, needed)
    )
    return chosen.reshape(GROUPS, animals), disjoint


def evaluate_group_sizes(
    values: np.ndarray, sizes: Sequence[int] = GROUP_SIZES, seed: int = 1
) -> tuple[GroupSize, ...]:
    """Draw groups of every size and compare each group with the first of its size.

    Args:
        values: float64[mouse], none missing.
        sizes: Mice per group, in rising order.
        seed: Seed of the grouping.

    Returns:
        One entry per size.

    Raises:
        GutexoError: A size is not a whole number above zero, or there are no mice.
    """
    if not len(sizes) or any(int(n) != n or n < 1 for n in sizes):
        raise GutexoError("sizes of groups are whole numbers, 1 or more")
    generator = np.random.default_rng(seed)
    found = []
    for animals in sorted(int(n) for n in set(sizes)):
        ends = np.empty((GROUPINGS, 2))
        for row in ends:
            groups, disjoint = draw_groups(np.asarray(values, float), animals, generator)
            row[:] = _a_range(groups)
        low, high = np.median(ends, axis=0).tolist()
        largest = float(np.median(np.maximum(ends[:, 1], 1.0 - ends[:, 0])))
        found.append(GroupSize(animals, low, high, largest, disjoint))
    return tuple(found)


def _a_range(groups: np.ndarray) -> tuple[float, float]:
    """Smallest and largest A of groups against the first; groups are float64[group, mouse]."""
    scores = [a_statistic(group, groups[0]) for group in groups[1:]]
    return min(scores), max(scores)


def find_consistent_size(sizes: Sequence[GroupSize], band: float = SMALL) -> int | None:
    """Find the smallest size from which on every departure is inside the band.

    Returns:
        The size; None where the departure of the last one is outside.
    """
    number = None
    for size in reversed(sizes):
        if size.largest > band:
            break
        number = size.animals
    return number


def find_precise_size(
    values: np.ndarray, share: float = PRECISION, most: int = 100_000
) -> int | None:
    """Find how many mice reduce the 95 % interval of the geometric mean to a share on either side.

    Args:
        values: float64[mouse].
        share: Half width of the interval, as a share of the mean.
        most: Largest number that is evaluated.

    Returns:
        Number of mice, 2 or more; None where a value is not above zero, there are fewer than two
        mice, or more are needed than the search allows.
    """
    if values.size < 2 or not (values > 0).all():
        return None
    spread = float(np.log(values).std(ddof=1))
    half_width = math.log1p(share)

    def enough(animals: int) -> bool:
        return student_quantile(animals - 1) * spread / math.sqrt(animals) <= half_width

    high = 2
    while not enough(high):
        high *= 2
        if high > most:
            return None
    low = high // 2  # not enough mice, or below two
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


@functools.cache
def chance_departures(sizes: tuple[int, ...] = GROUP_SIZES) -> np.ndarray:
    """Simulate the largest departure of one grouping of independent mice, for any distribution.

    Args:
        sizes: Mice per group.

    Returns:
        float64[3, size]: 5 %, 50 % and 95 % quantiles over 200 repetitions.
    """
    draws = np.random.default_rng(20)
    found = np.empty((REPEATS, len(sizes)))
    for repeat in range(REPEATS):
        for column, animals in enumerate(sizes):
            low, high = _a_range(draws.random((GROUPS, animals)))
            found[repeat, column] = max(high, 1.0 - low)
    return np.quantile(found, (0.05, 0.5, 0.95), axis=0)


def measure_consistency(
    data: xarray.Dataset,
    readouts: Sequence[str],
    arm: str,
    comparator: str = "",
    day: float | None = None,
    *,
    sizes: Sequence[int] = GROUP_SIZES,
    seed: int = 1,
) -> list[Consistency]:
    """Find how many mice of an arm, or pairs with its comparator, give groups that agree.

    Args:
        data: Result of one run with many mice.
        readouts: Observables.
        arm: Arm.
        comparator: Arm by whose value every mouse's value is divided, per replicate; empty for
            none.
        day: Day since the arm began; None for the last recorded one.
        sizes: Mice per group.
        seed: Seed of the grouping; the grouping is the same for every readout.

    Returns:
        One entry per readout.

    Raises:
        GutexoError: A name or day is not in the result, or fewer than two mice are left.
    """
    position, day = find_recorded_day(data, day)
    found = []
    for readout in readouts:
        values = trajectories_of(data, readout, arm)[:, position]
        if comparator:
            control = trajectories_of(data, readout, comparator)[:, position]
            values = values / np.where(control == 0.0, np.nan, control)
        values = values[~np.isnan(values)]
        if values.size < 2:
            where = f"'{arm}'" + (f" / '{comparator}'" if comparator else "")
            raise GutexoError(f"{readout}, {where}, day {day:g}: fewer than two mice are alive")
        evaluated = evaluate_group_sizes(values, sizes, seed)
        found.append(
            Consistency(
                readout,
                arm,
                comparator,
                day,
                int(values.size),
                find_consistent_size(evaluated),
                find_precise_size(values),
                evaluated,
            )
        )
    return found


CONSISTENCY_COLUMNS = tuple("readout arm comparator day mice chosen precise".split())
GROUP_SIZE_COLUMNS = tuple("readout arm comparator day animals low high largest disjoint".split())


def group_size_rows(found: Sequence[Consistency]) -> Iterator[tuple[Any, ...]]:
    """Generate the rows of all curves, with columns in the order of `GROUP_SIZE_COLUMNS`."""
    for row in found:
        for size in row.sizes:
            yield (row.readout, row.arm, row.comparator, row.day, *astuple(size))
