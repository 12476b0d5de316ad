"""Effects of a treatment, paired by seed: the treated mouse against the same mouse untreated.

Kind of interval: 95 % paired t interval over mice. The interval of the difference is computed from
the pairs' differences, that of the ratio from the pairs' log ratios; so the ratio is the geometric
mean of the pairs' ratios and its interval is exponentiated. Both describe the mean over mice under
the model, not the spread between mice and not the uncertainty of the parameters. No correction is
made for the number of readouts and comparisons.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from gutexo.analysis.intervals import mean_interval
from gutexo.catalogue.durations import to_days
from gutexo.errors import GutexoError, issue_note, suggest

if TYPE_CHECKING:
    import xarray

PRINTED_READOUTS = (
    "FITC-dextran",
    "TER",
    "plasma TNF",
    "plasma LPS",
    "HOMA-IR",
    "liver insulin sensitivity",
    "muscle insulin sensitivity",
)
"""Readouts that are printed where no others are requested."""
DIMENSIONS = ("scenario", "replicate", "time")
NAN = math.nan
Direction = Literal["up", "down", "open", "none"]


@dataclass(frozen=True, slots=True)
class Effect:
    """Difference and ratio of one arm and its comparator in one readout on one day.

    The fields are the columns of ``effects.csv``.

    The means are over the pairs that were used, so ``difference`` is their difference. ``ratio``
    is the geometric mean of the pairs' ratios; it is NaN where a value is not above zero.
    ``low`` to ``high`` and ``ratio_low`` to ``ratio_high`` are NaN with fewer than two pairs.
    """

    readout: str
    unit: str
    arm: str
    comparator: str
    day: float
    mean_arm: float
    mean_comparator: float
    difference: float
    low: float
    high: float
    ratio: float
    ratio_low: float
    ratio_high: float
    replicates: int

    @property
    def direction(self) -> Direction:
        """Side of 1 on which the whole interval of the ratio lies.

        "up" or "down"; "open" where the interval contains 1 or is missing, "none" where there is
        no ratio.
        """
        if not math.isfinite(self.ratio):
            return "none"
        if self.ratio_low > 1.0:
            return "up"
        return "down" if self.ratio_high < 1.0 else "open"


def list_readouts(data: xarray.Dataset) -> list[str]:
    """List the readouts that have one value per mouse and day.

    Args:
        data: Result with dims scenario, replicate and time (days).

    Returns:
        Names in the order of the dataset; variables with other dims are left out.
    """
    dimensions = set(DIMENSIONS)
    return [str(name) for name, values in data.data_vars.items() if set(values.dims) == dimensions]


def list_arms(data: xarray.Dataset) -> list[str]:
    """List the arms in the order of the dataset."""
    return [str(name) for name in data["scenario"].values]


def unit_of(data: xarray.Dataset, readout: str) -> str:
    """Return the unit of a readout in the dataset; ``1`` where it has none."""
    return str(data[readout].attrs.get("units", "1"))


def trajectories_of(data: xarray.Dataset, readout: str, arm: str) -> np.ndarray:
    """Return the values of every mouse of one arm in one readout, over time.

    Args:
        data: Result with dims scenario, replicate and time (days).
        readout: Name of the observable.
        arm: Name of the scenario.

    Returns:
        float64[replicate, time] in the readout's unit, NaN where the mouse is dead.

    Raises:
        GutexoError: The readout or the arm is not in the dataset.
    """
    known = list_readouts(data)
    if readout not in known:
        raise GutexoError(f"no readout '{readout}' in this result{suggest(readout, known)}")
    arms = list_arms(data)
    if arm not in arms:
        raise GutexoError(f"no arm '{arm}' in this result{suggest(arm, arms)}")
    values = data[readout].transpose(*DIMENSIONS).values[arms.index(arm)]
    return np.asarray(values, dtype=np.float64)


def find_recorded_day(data: xarray.Dataset, day: float | str | None = None) -> tuple[int, float]:
    """Find the position of a day on the time axis.

    Args:
        data: Result with a time coordinate in days.
        day: Day since the scenario began; None for the last recorded day.

    Returns:
        Position on the time axis and the day there.

    Raises:
        GutexoError: The day was not recorded; nothing is interpolated.
    """
    days = np.asarray(data["time"].values, dtype=np.float64)
    if days.size == 0:
        raise GutexoError("the result holds no recorded day")
    if day is None:
        return days.size - 1, float(days[-1])
    requested = float(to_days(day, "day"))
    if not math.isfinite(requested):
        raise GutexoError(f"day must be a finite number of days, not {day}")
    nearest = int(np.argmin(np.abs(days - requested)))
    if abs(days[nearest] - requested) > 1e-6:
        raise GutexoError(
            f"day {requested:g} was not recorded; the nearest day is {days[nearest]:g}"
        )
    return nearest, float(days[nearest])


def last_followed_day(data: xarray.Dataset, arm: str) -> float:
    """Find the last recorded day on which an arm was followed.

    Args:
        data: Result with dims scenario, replicate and time (days).
        arm: Name of the scenario.

    Returns:
        The day according to the arm's duration. A result of an earlier version does not contain
        the duration; then the last day of all, because it is unknown whether mice without values
        had died or were not followed.

    Raises:
        GutexoError: The arm is not in the dataset, or no day was recorded.
    """
    arms = list_arms(data)
    if arm not in arms:
        raise GutexoError(f"no arm '{arm}' in this result{suggest(arm, arms)}")
    days = np.asarray(data["time"].values, dtype=np.float64)
    _, last = find_recorded_day(data)
    if "duration" not in data.coords:
        return last
    reached = days[days <= float(data["duration"].values[arms.index(arm)]) + 1e-6]
    return float(reached[-1]) if reached.size else last


def find_common_day(
    data: xarray.Dataset, arm: str, comparator: str, day: float | None = None
) -> tuple[float, bool]:
    """Find the day on which two arms are compared.

    Args:
        data: Result with dims scenario, replicate and time (days).
        arm: Name of a scenario.
        comparator: Name of the other.
        day: Requested day; None for the last on which both were followed.

    Returns:
        The day, and whether one of the arms was followed for longer.

    Raises:
        GutexoError: One of the arms was not followed until the requested day, or a name is
            unknown.
    """
    reached = {name: last_followed_day(data, name) for name in (arm, comparator)}
    shorter = min(reached, key=lambda name: reached[name])
    last = reached[shorter]
    if day is None:
        return last, max(reached.values()) > last
    if math.isfinite(day) and day > last + 1e-6:
        find_recorded_day(data, day)
        raise GutexoError(
            f"day {day:g}: '{shorter}' was followed until day {last:g}, which is the last day of "
            "both"
        )
    return day, False


def estimate_effect(
    data: xarray.Dataset, readout: str, arm: str, comparator: str, day: float | None = None
) -> Effect:
    """Estimate the effect of one arm against its comparator in one readout, paired by seed.

    A pair counts only if both mice are alive and measured on that day.

    Args:
        data: Result with dims scenario, replicate and time (days).
        readout: Name of the observable.
        arm: The treated scenario.
        comparator: The scenario it is compared with.
        day: Day since the scenario began; None for the last on which both arms were followed, with
            a warning where one was followed for longer.

    Returns:
        The effect with its 95 % paired t intervals over mice; NaN where no pair was measured on
        that day, with a warning.

    Raises:
        GutexoError: A name or the day is not in the dataset, one of the arms was not followed until
            that day or lacks the readout, or a value is infinite.
    """
    known = list_readouts(data)
    if readout not in known:
        raise GutexoError(f"no readout '{readout}' in this result{suggest(readout, known)}")
    day, uneven = find_common_day(data, arm, comparator, day)
    for name in (arm, comparator):
        if lacks_readout(data, readout, name):
            raise GutexoError(f"{readout} was not measured in '{name}' on any day")
    if uneven:
        issue_note(_uneven_message(arm, comparator, day))
    found = _estimate_on_day(data, readout, arm, comparator, day)
    if found.replicates == 0:
        issue_note(
            f"{readout}: no mouse was measured in both '{arm}' and '{comparator}' on day "
            f"{found.day:g}"
        )
    return found


def lacks_readout(data: xarray.Dataset, readout: str, arm: str) -> bool:
    """Check whether a readout was never measured in an arm in which others were measured."""
    if not np.isnan(trajectories_of(data, readout, arm)).all():
        return False
    return any(
        not np.isnan(trajectories_of(data, other, arm)).all() for other in list_readouts(data)
    )


def _uneven_message(arm: str, comparator: str, day: float) -> str:
    return (
        f"'{arm}' and '{comparator}' were followed for different times: they are compared on day "
        f"{day:g}, the last of both"
    )


def _estimate_on_day(
    data: xarray.Dataset, readout: str, arm: str, comparator: str, day: float
) -> Effect:
    """Estimate the effect on a day; NaN where no pair was measured."""
    position, day = find_recorded_day(data, day)
    treated = trajectories_of(data, readout, arm)[:, position]
    control = trajectories_of(data, readout, comparator)[:, position]
    for name, values in ((arm, treated), (comparator, control)):
        if np.isinf(values).any():
            raise GutexoError(f"{readout} is infinite in '{name}' on day {day:g}")
    both = ~(np.isnan(treated) | np.isnan(control))
    treated, control = treated[both], control[both]
    pairs = int(treated.size)
    difference, low, high = mean_interval(treated - control)
    ratio = ratio_low = ratio_high = NAN
    # Leaving out only the pairs without a logarithm would select mice by their outcome.
    if pairs and (treated > 0).all() and (control > 0).all():
        ratio, ratio_low, ratio_high = (
            math.exp(end) for end in mean_interval(np.log(treated) - np.log(control))
        )
    return Effect(
        readout=readout,
        unit=unit_of(data, readout),
        arm=arm,
        comparator=comparator,
        day=day,
        mean_arm=float(treated.mean()) if pairs else NAN,
        mean_comparator=float(control.mean()) if pairs else NAN,
        difference=difference,
        low=low,
        high=high,
        ratio=ratio,
        ratio_low=ratio_low,
        ratio_high=ratio_high,
        replicates=pairs,
    )


def estimate_effects(
    data: xarray.Dataset,
    comparisons: Iterable[Sequence[str]],
    day: float | None = None,
) -> list[Effect]:
    """Estimate the effect of every comparison in every readout, paired by seed.

    Args:
        data: Result with dims scenario, replicate and time (days).
        comparisons: Pairs of (arm, comparator).
        day: Day since the scenario began; None for the last on which both arms of a pair were
            followed, with a warning where one was followed for longer.

    Returns:
        One effect per readout and comparison, readout by readout; NaN where no pair was measured.

    Raises:
        GutexoError: A name or the day is not in the dataset, an arm was not followed until that
            day, or a value is infinite.
    """
    pairs = [tuple(pair) for pair in comparisons]
    days = []
    for pair in pairs:
        if len(pair) != 2:
            raise GutexoError(f"a comparison is a pair (arm, comparator), not {pair!r}")
        compared, uneven = find_common_day(data, *pair, day)
        days.append(compared)
        if uneven:
            issue_note(_uneven_message(*pair, compared))
    return [
        _estimate_on_day(data, readout, arm, comparator, compared)
        for readout in list_readouts(data)
        for (arm, comparator), compared in zip(pairs, days, strict=True)
    ]
