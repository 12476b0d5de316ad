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

from gutexo.analysis.diabetic import find_diabetic
from gutexo.analysis.effects import ONE_MOUSE_NOTE, estimate_effect, list_arms, trajectories_of
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

    ``pass``: the whole 95 % paired t interval of the ratio lies in the window. ``partial``: the
    ratio does and the interval does not. ``fail``: the ratio does not. ``unscored``: the result
    gives no answer, for example because one pair of mice has no interval; ``note`` is the reason.
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
        interval = f"95 % interval {self.ratio_low:.3g} to {self.ratio_high:.3g}, " if known else ""
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

    def fact(
        verdict: Verdict,
        note: str = "",
        ratio: tuple[float, float, float] = (math.nan, math.nan, math.nan),
        pairs: int = 0,
    ) -> Fact:
        return Fact(row.id, readout, arm, comparator, day, *ratio, window, pairs, verdict, note)

    try:
        found = estimate_effect(data, readout, arm, comparator, row.day)
    except GutexoError as error:
        return fact("unscored", str(error))
    day = found.day
    ratio = (found.ratio, found.ratio_low, found.ratio_high)
    if math.isnan(found.ratio):
        return fact("unscored", "no pair of mice has a ratio on that day", ratio, found.replicates)
    if math.isnan(found.ratio_low):
        return fact("unscored", ONE_MOUSE_NOTE, ratio, found.replicates)
    verdict = judge(*ratio, window)
    sick = find_diabetic(data, readout, arm, day) | find_diabetic(data, readout, comparator, day)
    diabetic, notes = int(sick.sum()), []
    if diabetic:  # a pair without a number counts as one outside the window
        pairs = found.replicates + diabetic
        notes.append(f"{diabetic} of {pairs} pairs are diabetic and count as failing")
        verdict = "partial" if verdict != "fail" and 2 * diabetic < pairs else "fail"
    if window[1] < 1:  # a rescue: there must be something to rescue, and it must be partial
        if YOUNG_CONTROL not in list_arms(data):
            return fact("unscored", f"the bound needs '{YOUNG_CONTROL}'", ratio, found.replicates)
        aged = _ratio_to_young(data, readout, comparator, day)
        rescued = _ratio_to_young(data, readout, arm, day)
        if math.isnan(aged) or math.isnan(rescued):
            note = "the young control cannot be compared on that day"
            return fact("unscored", note, ratio, found.replicates)
        if threshold is not None and aged < threshold:
            note = (
                f"nothing to rescue: {comparator} is {aged:.3g} times the young control,"
                f" below {threshold:g}"
            )
            return fact("unscored", note, ratio, found.replicates)
        notes.append(f"{rescued:.3g} times the young control, must not fall below 1")
        if rescued < 1:
            verdict = "fail"
    return fact(verdict, "; ".join(notes), ratio, found.replicates)


def _ratio_to_young(data: xarray.Dataset, readout: str, arm: str, day: float) -> float:
    """Compute the ratio of means of an arm and the young control: different mice, not paired."""
    position = int(np.argmin(np.abs(np.asarray(data["time"].values, dtype=float) - day)))
    means = []
    for name in (arm, YOUNG_CONTROL):
        values = trajectories_of(data, readout, name)[:, position]
        living = values[~np.isnan(values)]
        means.append(float(living.mean()) if living.size else math.nan)
    return means[0] / means[1] if means[1] > 0 else math.nan
