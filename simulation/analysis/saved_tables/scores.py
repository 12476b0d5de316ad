"""Saved log of scorecards: scores at the defaults, and over draws of a posterior."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gutexo.analysis.scorecard import Score
from gutexo.analysis.tables import read_table
from gutexo.catalogue.patterns import patterns
from gutexo.errors import GutexoError

DRAWS_MARKER = " draws "  # occurs in the name of many parameter sets, not in a digest of one


@dataclass(frozen=True)
class LoggedScore:
    """One score in a log such as docs/scores.csv.

    Attributes:
        date: Day on which it was added.
        parameters: Digest of the parameter set, or the name of many.
        seed: Seed of the mice.
        mice, id, use, value, low, high, verdict: See `gutexo.analysis.scorecard.Score`.
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


def last_scored_sets(path: Path) -> dict[bool, tuple[str, int]]:
    """Find the parameter set and seed that were logged last.

    Args:
        path: A log such as docs/scores.csv.

    Returns:
        Name and seed, by whether the set is one of many draws; a kind that was never logged is
        missing.

    Raises:
        GutexoError: The file is not such a log.
    """
    return _last_sets(read_table(LoggedScore, path))


def _last_sets(rows: list[LoggedScore]) -> dict[bool, tuple[str, int]]:
    return {DRAWS_MARKER in row.parameters: (row.parameters, row.seed) for row in rows}


def read_scores(path: Path) -> list[Score]:
    """Read the scores of the parameter set and seed logged last, without draws of a posterior.

    Args:
        path: A log such as docs/scores.csv.

    Returns:
        Scores; notes are not saved.

    Raises:
        GutexoError: The file is not such a log, or has no such scores.
    """
    return _read_last_scores(path, False)


def read_scores_of_draws(path: Path) -> list[Score]:
    """Read the scores logged last of mice that each have the parameters of a posterior draw.

    Arguments, result and errors are those of `read_scores`.
    """
    return _read_last_scores(path, True)


def _read_last_scores(path: Path, of_draws: bool) -> list[Score]:
    rows = read_table(LoggedScore, path)
    last = _last_sets(rows).get(of_draws)
    if last is None:
        raise GutexoError(f"{path} has no scores {'of draws' if of_draws else 'of one set'}")
    known = {row.id: row for row in patterns()}
    return [
        Score(
            row.id, row.use, row.value, row.low, row.high, known[row.id].window,
            known[row.id].unit, row.verdict, row.mice or 0,
        )
        for row in rows
        if (row.parameters, row.seed) == last and row.id in known
    ]  # fmt: skip
