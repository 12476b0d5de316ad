"""Scores of the four reported signs, which the model was built to be able to show.

The model may be fitted to their rows, so a pass means only that the construction holds: it is not
a prediction and not a validation. The published sizes are not known; a window represents a sign
only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from gutexo.analysis.effects import find_common_day, list_arms, trajectories_of
from gutexo.analysis.estimates import LEVEL_NAME, Estimate
from gutexo.analysis.pairs import ArmReadings, estimate_pairs
from gutexo.analysis.windows import Verdict, judge
from gutexo.errors import GutexoError

if TYPE_CHECKING:
    import xarray

DISCLAIMER = "built for, not a prediction"
YOUNG_CONTROL = "young + vehicle"
# The patterns use the name of what a laboratory measures, the result that of the observable.
OBSERVABLE_BY_READOUT = {"FITC-dextran in plasma": "FITC-dextran"}
# The row with the ratio of old to young from which on there is something to rescue.
PHENOTYPE_ROW = "old-homa-ir"
NOTHING = Estimate(math.nan, mice=0)


class PatternRow(Protocol):
    """Attributes that are used of a row of the catalogue's patterns."""

    @property
    def id(self) -> str: ...
    @property
    def use(self) -> str: ...
    @property
    def readout(self) -> str: ...
    @property
    def arm(self) -> str | None: ...
    @property
    def comparator(self) -> str | None: ...
    @property
    def statistic(self) -> str: ...
    @property
    def window(self) -> tuple[float, float]: ...
    @property
    def day(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Fact:
    """One reported sign and the score of the simulated mice.

    ``pass``: the whole 90 % bootstrap interval of the ratio lies in the window. ``partial``: the
    ratio does and the interval does not. ``fail``: the ratio does not. ``unscored``: the result
    gives no answer, for example because two pairs of mice have no interval; ``note`` is the reason.
    """

    id: str
    readout: str
    arm: str
    comparator: str
    day: float
    ratio: float
    ratio_low: float
    ratio_high: float
    window: tuple[float, float]
    replicates: int
    verdict: Verdict
    note: str = ""

    def __str__(self) -> str:
        """Describe the fact in one line: verdict, ratio, interval, window, note and disclaimer."""
        low, high = self.window
        known = not math.isnan(self.ratio_low)
        interval = (
            f"{LEVEL_NAME} interval {self.ratio_low:.3g} to {self.ratio_high:.3g}, "
            if known
            else ""
        )
        mice = "1 mouse" if self.replicates == 1 else f"{self.replicates} mice"
        line = (
            f"{self.verdict}: {self.readout}, {self.arm} / {self.comparator}, day {self.day:g}: "
            f"ratio {self.ratio:.3g} ({interval}{mice}), window {low:g} to {high:g}"
        )
        return f"{line}; {self.note} ({DISCLAIMER})" if self.note else f"{line} ({DISCLAIMER})"


def score_facts(data: xarray.Dataset, rows: Iterable[PatternRow] | None = None) -> list[Fact]:
    """Score the four reported signs against a result.

    Args:
        data: Result with dims scenario, replicate and time (days).
        rows: Rows to score instead, of which only ``constrain`` rows are; the row
            `PHENOTYPE_ROW` among them says from which ratio on there is something to rescue.

    Returns:
        One fact per row, in the order of the rows.
    """
    if rows is None:
        from gutexo.catalogue.patterns import pattern, reported_signs

        rows = (*reported_signs(), pattern(PHENOTYPE_ROW))
    rows = list(rows)
    threshold = next((float(r.window[0]) for r in rows if r.id == PHENOTYPE_ROW), None)
    return [_score_row(data, row, threshold) for row in rows if row.use == "constrain"]


def _score_row(data: xarray.Dataset, row: PatternRow, threshold: float | None) -> Fact:
    readout = OBSERVABLE_BY_READOUT.get(row.readout, row.readout)
    arm, comparator = row.arm or "", row.comparator or ""
    window = (float(row.window[0]), float(row.window[1]))
    day = math.nan if row.day is None else float(row.day)

    def fact(verdict: Verdict, found: Estimate, note: str = "") -> Fact:
        ratio = (found.value, found.low, found.high)
        note = "; ".join(part for part in (found.note, note) if part)
        return Fact(
            row.id, readout, arm, comparator, day, *ratio, window, found.mice, verdict, note
        )

    try:
        day, _ = find_common_day(data, arm, comparator, row.day)
        treated, control = (
            ArmReadings.read(data, readout, name, day) for name in (arm, comparator)
        )
        found = estimate_pairs(treated, control, window)
    except GutexoError as error:
        return fact("unscored", NOTHING, str(error))
    if not found.applies:
        return fact("unscored", found)
    verdict = judge(found.value, found.low, found.high, window)
    if window[1] >= 1:
        return fact(verdict, found)
    # A rescue: there must be something to rescue, and it must be partial.
    if YOUNG_CONTROL not in list_arms(data):
        return fact("unscored", found, f"the bound needs '{YOUNG_CONTROL}'")
    aged = _ratio_to_young(data, readout, comparator, day)
    rescued = _ratio_to_young(data, readout, arm, day)
    if math.isnan(aged) or math.isnan(rescued):
        return fact("unscored", found, "the young control cannot be compared on that day")
    if threshold is not None and aged < threshold:
        note = (
            f"nothing to rescue: {comparator} is {aged:.3g} times the young control,"
            f" below {threshold:g}"
        )
        return fact("unscored", found, note)
    note = f"{rescued:.3g} times the young control, must not fall below 1"
    return fact("fail" if rescued < 1 else verdict, found, note)


def _ratio_to_young(data: xarray.Dataset, readout: str, arm: str, day: float) -> float:
    """Compute the ratio of means of an arm and the young control: different mice, not paired."""
    position = int(np.argmin(np.abs(np.asarray(data["time"].values, dtype=float) - day)))
    means = []
    for name in (arm, YOUNG_CONTROL):
        values = trajectories_of(data, readout, name)[:, position]
        living = values[~np.isnan(values)]
        means.append(float(living.mean()) if living.size else math.nan)
    return means[0] / means[1] if means[1] > 0 else math.nan
