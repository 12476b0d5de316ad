"""One line a pattern: value, interval, window, verdict."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gutexo.analysis.scorecard import cohorts, laboratory, oracles
from gutexo.analysis.scorecard.reading import Reading
from gutexo.catalogue.patterns import USES, Pattern, patterns

# Uses whose failure fails the card; a failed prediction is told, and stands.
BINDING = ("calibrate", "constrain", "verify")


@dataclass(frozen=True)
class Score:
    """How the simulated mice stand to one pattern.

    ``pass``: the whole 95 % interval of the mean over mice lies in the window. ``partial``: the
    mean does. ``fail``: it does not. ``unscored``: the row does not apply, the note says why.
    ``reported``: a row that is shown and not scored.

    Attributes:
        id: Name of the pattern.
        use: calibrate, constrain, validate, verify or report.
        value: What was simulated.
        low: Lower end of its interval, NaN where one number is exact.
        high: Upper end.
        window: From, to.
        unit: Unit.
        verdict: See above.
        mice: Mice or pairs behind it.
        note: What else must be known.
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


def judge(row: Pattern, reading: Reading) -> Score:
    """Hold a reading against the window of its row."""
    low, high = row.window
    inside = low <= reading.value <= high and reading.bound_held
    ends = (reading.low, reading.high)
    exact = all(math.isnan(end) for end in ends)
    whole = inside and (exact or all(low <= end <= high for end in ends))
    verdict = "pass" if whole else "partial" if inside else "fail"
    if row.use == "report":
        verdict = "reported"
    if not reading.applies or math.isnan(reading.value):
        verdict = "unscored"
    return Score(
        row.id,
        row.use,
        reading.value,
        reading.low,
        reading.high,
        row.window,
        row.unit,
        verdict,
        reading.mice,
        "; ".join(part for part in (reading.note, _why_partial(verdict, reading, row)) if part),
    )


def _why_partial(verdict: str, reading: Reading, row: Pattern) -> str:
    """Why a row holds in the mean only."""
    if verdict != "partial":
        return ""
    ends = {"below": reading.low < row.window[0], "above": reading.high > row.window[1]}
    beyond = " and ".join(end for end, reaches in ends.items() if reaches)
    return f"in the mean; the interval over {reading.mice} mice reaches {beyond} the window"


def scorecard(
    *,
    replicates: int = 8,
    seed: int = 1,
    workers: int = 1,
    changes: dict[str, Any] | None = None,
    draws: Sequence[Mapping[str, float]] = (),
    only: Iterable[str] | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> list[Score]:
    """Score every pattern.

    Args:
        replicates: Mice an arm.
        seed: Seed of everything.
        workers: Processes.
        changes: Parameters that differ from the defaults.
        draws: Parameter draws, such as those of a posterior, of which each mouse lives by one:
            intervals then carry what is not known beside how mice differ.
        only: Ids of the rows that are wanted; all if None.
        say: Called with a line for people.

    Returns:
        A score a row, in the order of the catalogue within each use.
    """
    wanted = set(only) if only is not None else None
    rows = [row for row in patterns() if wanted is None or row.id in wanted]
    readings: dict[str, Reading] = {}
    ids = {row.id for row in rows}
    readings |= laboratory.readings(ids, replicates, seed, changes or {}, draws, say)
    readings |= oracles.readings(ids, changes or {}, say)
    readings |= cohorts.readings(ids, replicates, seed, workers, changes or {}, draws, say)
    scores = [judge(row, readings[row.id]) for row in rows]
    return sorted(scores, key=lambda score: USES.index(score.use))


def failed(scores: Iterable[Score]) -> list[Score]:
    """Rows whose failure fails the card."""
    return [s for s in scores if s.use in BINDING and s.verdict == "fail"]
