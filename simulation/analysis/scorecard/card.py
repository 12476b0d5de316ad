"""Score of each pattern: value, interval, window and verdict."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gutexo.analysis.scorecard import cohorts, laboratory, oracles
from gutexo.analysis.scorecard.estimate import Estimate
from gutexo.catalogue.patterns import USES, Pattern, patterns
from gutexo.errors import GutexoError

# Uses whose failure fails the scorecard; a failed prediction is reported only.
BINDING_USES = ("calibrate", "constrain", "verify")


@dataclass(frozen=True)
class Score:
    """Score of the simulated mice for one pattern.

    ``pass``: the whole 95 % interval of the mean over mice lies in the window. ``partial``: the
    mean does. ``fail``: it does not. ``unscored``: the row does not apply, the note is the reason.
    ``reported``: a row that is shown and not scored.

    Attributes:
        id: Name of the pattern.
        use: calibrate, constrain, validate, verify or report.
        value: Simulated value.
        low: Lower end of its interval, NaN where the value is exact.
        high: Upper end.
        window: Lower and upper end of the window.
        unit: Unit.
        verdict: See above.
        mice: Number of mice or pairs.
        note: Further information.
    """

    id: str
    use: str
    value: float
    low: float
    high: float
    window: tuple[float, float]
    unit: str
    verdict: str
    mice: int = 0
    note: str = ""


def judge(row: Pattern, estimate: Estimate) -> Score:
    """Compare an estimate with the window of its row."""
    low, high = row.window
    inside = low <= estimate.value <= high and estimate.bound_held
    ends = (estimate.low, estimate.high)
    exact = all(math.isnan(end) for end in ends)
    whole = inside and (exact or all(low <= end <= high for end in ends))
    verdict = "pass" if whole else "partial" if inside else "fail"
    if row.use == "report":
        verdict = "reported"
    if not estimate.applies or math.isnan(estimate.value):
        verdict = "unscored"
    return Score(
        row.id,
        row.use,
        estimate.value,
        estimate.low,
        estimate.high,
        row.window,
        row.unit,
        verdict,
        estimate.mice,
        "; ".join(part for part in (estimate.note, _why_partial(verdict, estimate, row)) if part),
    )


def _why_partial(verdict: str, estimate: Estimate, row: Pattern) -> str:
    """Explain why a row holds in the mean only."""
    if verdict != "partial":
        return ""
    ends = {"below": estimate.low < row.window[0], "above": estimate.high > row.window[1]}
    beyond = " and ".join(end for end, reaches in ends.items() if reaches)
    return f"in the mean; the interval over {estimate.mice} mice reaches {beyond} the window"


def list_measurements(
    replicates: int,
    seed: int,
    workers: int,
    changes: dict[str, Any],
    draws: Sequence[Mapping[str, float]],
    report: Callable[[str], None],
) -> dict[str, Callable[[], Estimate]]:
    """List what measures each pattern, by id; see `score_patterns`. Nothing is simulated yet."""
    return {
        **laboratory.laboratory_measurements(replicates, seed, changes, draws),
        **oracles.oracle_measurements(changes),
        **cohorts.cohort_measurements(replicates, seed, workers, changes, draws, report),
    }


def score_patterns(
    *,
    replicates: int = 8,
    seed: int = 1,
    workers: int = 1,
    changes: dict[str, Any] | None = None,
    draws: Sequence[Mapping[str, float]] = (),
    only: Iterable[str] | None = None,
    report: Callable[[str], None] = lambda line: None,
) -> list[Score]:
    """Score every pattern.

    Args:
        replicates: Mice per arm.
        seed: Seed of everything.
        workers: Processes.
        changes: Parameters that differ from the defaults.
        draws: Parameter draws, such as those of a posterior; each mouse has the parameters of one.
            Intervals then include the uncertainty of the parameters and the differences of mice.
        only: Ids of the requested rows; all if None.
        report: Called with a line of text for the user.

    Returns:
        One score per row, in the order of the catalogue within each use.

    Raises:
        GutexoError: A row has no measurement.
    """
    requested = set(only) if only is not None else None
    rows = [row for row in patterns() if requested is None or row.id in requested]
    measurements = list_measurements(replicates, seed, workers, changes or {}, draws, report)
    for row in rows:
        if row.id not in measurements:
            raise GutexoError(
                f"pattern '{row.id}' has no measurement; add it to a table of analysis/scorecard"
            )
    report(f"{len(rows)} rows")
    scores = [judge(row, measurements[row.id]()) for row in rows]
    return sorted(scores, key=lambda score: USES.index(score.use))


def select_failed(scores: Iterable[Score]) -> list[Score]:
    """Select the failed rows whose use makes the scorecard fail."""
    return [s for s in scores if s.use in BINDING_USES and s.verdict == "fail"]
