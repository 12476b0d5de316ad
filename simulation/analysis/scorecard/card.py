"""Score of each pattern: value, interval, window and verdict."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from gutexo.analysis.estimates import Estimate
from gutexo.analysis.scorecard import laboratory, oracles
from gutexo.analysis.scorecard.cohorts import Measured, ScoredMice, cohort_measurements
from gutexo.analysis.scorecard.induction import induction_measurements
from gutexo.analysis.scorecard.lives_to_the_end import compare_lives
from gutexo.analysis.tables import in_columns
from gutexo.analysis.windows import judge
from gutexo.catalogue.patterns import USES, Pattern, patterns
from gutexo.errors import GutexoError

# Uses whose failure fails the scorecard; a failed prediction is reported only.
BINDING_USES = ("calibrate", "constrain", "verify")
PREDICTIONS = "validate"
_WORST_FIRST = ("fail", "partial", "pass")


@dataclass(frozen=True)
class Score:
    """Score of the simulated mice for one pattern.

    ``pass``: the whole 90 % bootstrap interval of the number lies in the window. ``partial``: the
    number does. ``fail``: it does not. ``unscored``: the row does not apply, the note is the
    reason. ``reported``: a row that is shown and not scored.

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
        predicted: Share of posterior-predictive studies of 24 mice an arm whose number lies in the
            window; NaN where none were run.
        note: Further information.
    """

    id: str
    use: str
    value: float
    low: float
    high: float
    window: tuple[float, float] = field(metadata=in_columns("window_low", "window_high"))
    unit: str
    verdict: str
    mice: int = 0
    predicted: float = math.nan
    note: str = ""


def score_measured(row: Pattern, measured: Measured) -> Score:
    """Compare what a row measures with its window; of several numbers the worst counts.

    Args:
        row: The pattern.
        measured: One estimate, or several by name. The worst verdict counts, and of equal verdicts
            the number that lies nearest to an end of the window, or furthest outside.

    Returns:
        The score; of several numbers the note lists all.
    """
    if isinstance(measured, Estimate):
        return _score_one(row, measured)
    scores = {name: _score_one(row, estimate) for name, estimate in measured.items()}
    verdicts = {name: _compare(row, estimate) for name, estimate in measured.items()}
    worst = min(scores, key=lambda name: (_rank(verdicts[name]), _margin(scores[name])))
    all_numbers = ", ".join(f"{name} {score.value:.3g}" for name, score in scores.items())
    note = f"{worst}, the worst of {len(scores)} ({all_numbers})"
    if scores[worst].note:
        note += f"; {scores[worst].note}"
    return replace(scores[worst], note=note)


def _rank(verdict: str) -> int:
    return _WORST_FIRST.index(verdict) if verdict in _WORST_FIRST else -1


def _margin(score: Score) -> float:
    """Distance of a value to the nearer end of its window, in widths; below 0 outside."""
    low, high = score.window
    margin = min(score.value - low, high - score.value) / (high - low)
    return -math.inf if math.isnan(margin) else margin


def _compare(row: Pattern, estimate: Estimate) -> str:
    verdict = judge(estimate.value, estimate.low, estimate.high, row.window)
    if not estimate.applies or verdict == "unscored":
        return "unscored"
    return verdict if estimate.bound_held else "fail"


def _score_one(row: Pattern, estimate: Estimate) -> Score:
    verdict = _compare(row, estimate)
    if row.use == "report" and verdict != "unscored":
        verdict = "reported"
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
        note="; ".join(x for x in (estimate.note, _why_partial(verdict, estimate, row)) if x),
    )


def _why_partial(verdict: str, estimate: Estimate, row: Pattern) -> str:
    """Explain why a row is partial."""
    if verdict != "partial":
        return ""
    ends = {"below": estimate.low < row.window[0], "above": estimate.high > row.window[1]}
    beyond = " and ".join(end for end, reaches in ends.items() if reaches)
    return f"the interval over {estimate.mice} mice reaches {beyond} the window"


def share_predicted(row: Pattern, measured: Measured) -> float:
    """Compute the share of posterior-predictive studies in the window; the least of several.

    Args:
        row: The pattern.
        measured: What it measures of mice with the parameters of draws of a posterior.
    """
    numbers = [measured] if isinstance(measured, Estimate) else list(measured.values())
    shares = [one.share_inside(row.window) for one in numbers]
    return min(shares, key=lambda share: (not math.isnan(share), share))


def list_measurements(
    replicates: int,
    seed: int,
    workers: int,
    changes: dict[str, Any],
    draws: Sequence[Mapping[str, float]],
    report: Callable[[str], None],
) -> dict[str, Callable[[], Measured]]:
    """List what measures each pattern, by id; see `score_patterns`. Nothing is simulated yet."""
    mice = ScoredMice(replicates, seed, workers, changes, draws, report)
    return {
        **laboratory.laboratory_measurements(replicates, seed, changes, draws),
        **oracles.oracle_measurements(changes),
        **cohort_measurements(mice),
        **induction_measurements(mice),
        "life-law": partial(compare_lives, mice),
    }


def score_patterns(
    *,
    replicates: int = 8,
    seed: int = 1,
    workers: int = 1,
    changes: dict[str, Any] | None = None,
    draws: Sequence[Mapping[str, float]] = (),
    only: Iterable[str] | None = None,
    validate: bool = False,
    report: Callable[[str], None] = lambda line: None,
) -> list[Score]:
    """Score the patterns; predictions only where they are asked for.

    Args:
        replicates: Mice per arm.
        seed: Seed of everything.
        workers: Processes.
        changes: Parameters that differ from the defaults.
        draws: Draws of a posterior. A second set of mice, each with the parameters of one draw,
            then says how many posterior-predictive studies lie in each window.
        only: Ids of the requested rows; all if None.
        validate: Whether `validate` rows are scored as well. Nothing may be fitted to them, so a
            look at them is a decision, and whoever looks writes it down.
        report: Called with a line of text for the user.

    Returns:
        One score per row, in the order of the catalogue within each use.

    Raises:
        GutexoError: A row has no measurement.
    """
    rows = select_rows(only, validate)
    measurements = list_measurements(replicates, seed, workers, changes or {}, (), report)
    for row in rows:
        if row.id not in measurements:
            raise GutexoError(
                f"pattern '{row.id}' has no measurement; add it to a table of analysis/scorecard"
            )
    report(f"{len(rows)} rows")
    scores = [score_measured(row, measurements[row.id]()) for row in rows]
    if draws:
        predicted = predict_patterns(
            draws, rows, seed=seed, workers=workers, changes=changes, report=report
        )
        scores = [
            replace(score, predicted=other.predicted)
            for score, other in zip(scores, predicted, strict=True)
        ]
    return sorted(scores, key=lambda score: USES.index(score.use))


def predict_patterns(
    draws: Sequence[Mapping[str, float]],
    rows: Sequence[Pattern],
    *,
    seed: int = 1,
    workers: int = 1,
    changes: dict[str, Any] | None = None,
    report: Callable[[str], None] = lambda line: None,
) -> list[Score]:
    """Score rows with mice that each have the parameters of one draw of a posterior.

    Args:
        draws: Values by parameter name, one draw for each mouse of an arm.
        rows: Rows to score.
        seed: Seed of everything.
        workers: Processes.
        changes: Parameters that differ from the defaults in every mouse.
        report: Called with a line of text for the user.

    Returns:
        One score per row, whose intervals include the uncertainty of the parameters.
    """
    report(f"posterior predictive: {len(rows)} rows, {len(draws)} draws")
    measurements = list_measurements(len(draws), seed, workers, changes or {}, draws, report)
    scores = []
    for row in rows:
        measured = measurements[row.id]()
        score = score_measured(row, measured)
        scores.append(replace(score, predicted=share_predicted(row, measured)))
    return scores


def select_rows(only: Iterable[str] | None = None, validate: bool = False) -> list[Pattern]:
    """Select rows: those that are named, or all; `validate` rows only where they are asked for."""
    if only is None:
        return [row for row in patterns() if validate or row.use != PREDICTIONS]
    requested = set(only)
    return [row for row in patterns() if row.id in requested]


def select_failed(scores: Iterable[Score]) -> list[Score]:
    """Select the failed rows whose use makes the scorecard fail."""
    return [s for s in scores if s.use in BINDING_USES and s.verdict == "fail"]
