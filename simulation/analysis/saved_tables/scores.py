"""Saved log of scorecards: scores at the defaults, and over draws of a posterior."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gutexo.analysis.saved_tables.rows import TableRow, parse_number, read_table
from gutexo.errors import GutexoError

if TYPE_CHECKING:
    from gutexo.analysis.scorecard import Score

DRAWS_MARKER = " draws "  # occurs in the name of many parameter sets, not in a digest of one


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
    return {
        DRAWS_MARKER in row["parameters"]: (row["parameters"], int(row["seed"]))
        for row in _read_log(path)
    }


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

    Args:
        path: A log such as docs/scores.csv.

    Returns:
        Scores; notes are not saved.

    Raises:
        GutexoError: The file is not such a log, or has no such scores.
    """
    return _read_last_scores(path, True)


def _read_log(path: Path) -> list[TableRow]:
    return read_table(path, "parameters", "seed", "id", "value", "verdict")


def _read_last_scores(path: Path, of_draws: bool) -> list[Score]:
    from gutexo.analysis.scorecard import Score
    from gutexo.catalogue.patterns import patterns

    last = last_scored_sets(path).get(of_draws)
    if last is None:
        raise GutexoError(f"{path} has no scores {'of draws' if of_draws else 'of one set'}")
    known = {row.id: row for row in patterns()}
    return [
        Score(
            row["id"], row["use"], parse_number(row["value"]), parse_number(row["low"]),
            parse_number(row["high"]), known[row["id"]].window, known[row["id"]].unit,
            row["verdict"],
            int(row["mice"] or 0),
        )
        for row in _read_log(path)
        if (row["parameters"], int(row["seed"])) == last and row["id"] in known
    ]  # fmt: skip
