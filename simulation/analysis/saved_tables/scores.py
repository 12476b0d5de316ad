"""Saved log of scorecards, each at one parameter set."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gutexo.analysis.scorecard import Score
from gutexo.analysis.tables import read_table
from gutexo.catalogue.patterns import patterns


@dataclass(frozen=True)
class LoggedScore:
    """One score in a log such as docs/scores.csv.

    Attributes:
        date: Day on which it was added.
        parameters: Digest of the parameter set.
        seed: Seed of the mice.
        mice, id, use, value, low, high, verdict, predicted: See
            `gutexo.analysis.scorecard.Score`.
    """

    date: str
    parameters: str
    seed: int
    mice: int | None
    id: str
    use: str
    value: float
    low: float
    high: float
    verdict: str
    predicted: float


def last_scored_set(path: Path) -> tuple[str, int]:
    """Find the parameter set and seed that were logged last.

    Args:
        path: A log such as docs/scores.csv.

    Raises:
        GutexoError: The file is not such a log.
    """
    last = read_table(LoggedScore, path)[-1]
    return last.parameters, last.seed


def read_scores(path: Path) -> list[Score]:
    """Read the scores of the parameter set and seed logged last.

    Args:
        path: A log such as docs/scores.csv.

    Returns:
        Scores; notes are not saved.

    Raises:
        GutexoError: The file is not such a log.
    """
    rows, last = read_table(LoggedScore, path), last_scored_set(path)
    known = {row.id: row for row in patterns()}
    return [
        Score(
            row.id, row.use, row.value, row.low, row.high, known[row.id].window,
            known[row.id].unit, row.verdict, row.mice or 0, row.predicted,
        )
        for row in rows
        if (row.parameters, row.seed) == last and row.id in known
    ]  # fmt: skip
