"""The four reported signs, scored: what the model was built to be able to show.

The rows are the ``constrain`` rows of the catalogue's patterns. The model may be fitted to them,
so a pass says that the construction holds and nothing more: it is not a prediction and not a
validation. The published sizes are not known; a window holds a sign.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from gutexo.analysis.effects import ONE_MOUSE, effect, scenarios, trajectories_of
from gutexo.errors import GutexoError

if TYPE_CHECKING:
    import xarray

PHRASE = "built for, not a prediction"
YOUNG_CONTROL = "young + vehicle"
# The patterns name what a laboratory measures; the result names the observable.
OBSERVABLE = {"FITC-dextran in plasma": "FITC-dextran"}
# The row that says from which ratio of old to young there is something to rescue.
PHENOTYPE_ROW = "old-homa-ir"

Verdict = Literal["pass", "partial", "fail", "unscored"]


class Row(Protocol):
    """What is read of a row of the catalogue's patterns."""

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
    """One reported sign and how the simulated mice stand to it.

    ``pass``: the whole 95 % paired t interval of the ratio lies in the window. ``partial``: the
    ratio does and the interval does not. ``fail``: the ratio does not. ``unscored``: the result
    cannot answer, as one pair of mice cannot, which has no interval; ``note`` says why.
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
        """One line for a terminal: verdict, ratio, interval, window and what it is worth."""
        low, high = self.window
        known = not math.isnan(self.ratio_low)
        interval = f"95 % interval {self.ratio_low:.3g} to {self.ratio_high:.3g}, " if known else ""
        mice = "1 mouse" if self.replicates == 1 else f"{self.replicates} mice"
        line = (
            f"{self.verdict}: {self.readout}, {self.arm} / {self.comparator}, day {self.day:g}: "
            f"ratio {self.ratio:.3g} ({interval}{mice}), window {low:g} to {high:g}"
        )
        return f"{line}; {self.note} ({PHRASE})" if self.note else f"{line} ({PHRASE})"


def facts(data: xarray.Dataset, rows: Iterable[Row] | None = None) -> list[Fact]:
    """Score every ``constrain`` row against a result.

    Args:
        data: Result with dims scenario, replicate and time (days).
        rows: Patterns to look in; None for the catalogue's.

    Returns:
        One fact a row, in the order of the rows.
    """
    if rows is None:
        from gutexo.catalogue.patterns import patterns

        rows = patterns()
    rows = list(rows)
    threshold = next((float(r.window[0]) for r in rows if r.id == PHENOTYPE_ROW), None)
    return [_score(data, row, threshold) for row in rows if row.use == "constrain"]


def _score(data: xarray.Dataset, row: Row, threshold: float | None) -> Fact:
    readout = OBSERVABLE.get(row.readout, row.readout)
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
        found = effect(data, readout, arm, comparator, row.day)
    except GutexoError as error:
        return fact("unscored", str(error))
    day = found.day
    ratio = (found.ratio, found.ratio_low, found.ratio_high)
    if math.isnan(found.ratio):
        return fact("unscored", "no pair of mice has a ratio on that day", ratio, found.replicates)
    if math.isnan(found.ratio_low):
        return fact("unscored", ONE_MOUSE, ratio, found.replicates)
    verdict: Verdict = "fail"
    if _inside(found.ratio, window):
        interval = (found.ratio_low, found.ratio_high)
        verdict = "pass" if all(_inside(end, window) for end in interval) else "partial"
    note = ""
    if window[1] < 1:  # a rescue: there must be something to rescue, and it must stay partial
        if YOUNG_CONTROL not in scenarios(data):
            return fact("unscored", f"the bound needs '{YOUNG_CONTROL}'", ratio, found.replicates)
        aged = _against_young(data, readout, comparator, day)
        rescued = _against_young(data, readout, arm, day)
        if math.isnan(aged) or math.isnan(rescued):
            note = "the young control cannot be compared on that day"
            return fact("unscored", note, ratio, found.replicates)
        if threshold is not None and aged < threshold:
            note = (
                f"nothing to rescue: {comparator} is {aged:.3g} times the young control,"
                f" below {threshold:g}"
            )
            return fact("unscored", note, ratio, found.replicates)
        note = f"{rescued:.3g} times the young control, must not fall below 1"
        if rescued < 1:
            verdict = "fail"
    return fact(verdict, note, ratio, found.replicates)


def _inside(value: float, window: tuple[float, float]) -> bool:
    return window[0] <= value <= window[1]


def _against_young(data: xarray.Dataset, readout: str, arm: str, day: float) -> float:
    """Ratio of means of an arm and the young control: different mice, so not paired."""
    position = int(np.argmin(np.abs(np.asarray(data["time"].values, dtype=float) - day)))
    means = []
    for name in (arm, YOUNG_CONTROL):
        values = trajectories_of(data, readout, name)[:, position]
        living = values[~np.isnan(values)]
        means.append(float(living.mean()) if living.size else math.nan)
    return means[0] / means[1] if means[1] > 0 else math.nan
