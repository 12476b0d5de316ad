"""What a log of scorecards holds: scores at the defaults, and over draws of a posterior."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gutexo.analysis.kept.rows import Row, number, rows_of
from gutexo.errors import GutexoError

if TYPE_CHECKING:
    from gutexo.analysis.scorecard import Score

OVER_DRAWS = " draws "  # stands in the name of many parameter sets, not in a digest of one


def sets_scored(path: Path) -> dict[bool, tuple[str, int]]:
    """Parameter set and seed that were logged last.

    Args:
        path: A log such as docs/scores.csv.

    Returns:
        Name and seed by whether it is of many draws; what was never logged is not there.

    Raises:
        GutexoError: It is not such a log.
    """
    return {
        OVER_DRAWS in row["parameters"]: (row["parameters"], int(row["seed"]))
        for row in _logged(path)
    }


def read_scores(path: Path) -> list[Score]:
    """Scores of the parameter set and seed that were logged last, draws of a posterior apart.

    Args:
        path: A log such as docs/scores.csv.

    Returns:
        Scores; notes are not kept.

    Raises:
        GutexoError: It is not such a log, or has no such scores.
    """
    return _last(path, False)


def read_scores_of_draws(path: Path) -> list[Score]:
    """The same, of mice that each live by a draw of a posterior.

    Args:
        path: A log such as docs/scores.csv.

    Returns:
        Scores; notes are not kept.

    Raises:
        GutexoError: It is not such a log, or has no such scores.
    """
    return _last(path, True)


def _logged(path: Path) -> list[Row]:
    return rows_of(path, "parameters", "seed", "id", "value", "verdict")


def _last(path: Path, of_draws: bool) -> list[Score]:
    from gutexo.analysis.scorecard import Score
    from gutexo.catalogue.patterns import patterns

    last = sets_scored(path).get(of_draws)
    if last is None:
        raise GutexoError(f"{path} has no scores {'of draws' if of_draws else 'of one set'}")
    known = {row.id: row for row in patterns()}
    return [
        Score(
            row["id"], row["use"], number(row["value"]), number(row["low"]),
            number(row["high"]), known[row["id"]].window, known[row["id"]].unit, row["verdict"],
            int(row["mice"] or 0),
        )
        for row in _logged(path)
        if (row["parameters"], int(row["seed"])) == last and row["id"] in known
    ]  # fmt: skip
