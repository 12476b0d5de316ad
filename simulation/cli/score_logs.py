"""Logs of scores: one of parameter sets, each once, and one of every look at the predictions."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gutexo.errors import GutexoError
from gutexo.support.paths import report_write_errors
from gutexo.support.user_files import read_text

if TYPE_CHECKING:
    from gutexo.analysis.scorecard import Score

LARGEST_LOG = 50_000_000  # bytes


def log_columns(*, predictions: bool = False) -> tuple[str, ...]:
    """Return the columns of a log, which for predictions begin with the digest of the code."""
    from gutexo.analysis.saved_tables.scores import LoggedScore
    from gutexo.analysis.tables import columns_of

    return (*(("code",) if predictions else ()), *columns_of(LoggedScore))


def check_score_log(log: Path, option: str, *, predictions: bool = False) -> str:
    """Check that scores can be added to a log, and read it.

    Args:
        log: The file.
        option: Option that names it, for messages.
        predictions: Whether it is a log of predictions.

    Returns:
        Its text; empty if the file does not exist.

    Raises:
        GutexoError: The file is not a log with these columns, or cannot be one.
    """
    if log.is_dir() or not log.resolve().parent.is_dir():
        raise GutexoError(f"{option} {log} cannot be written: name a file in a folder that exists")
    if not log.exists():
        return ""
    try:
        text = read_text(log, LARGEST_LOG)
    except GutexoError:
        text = "unreadable"
    if text and text.splitlines()[0] != ",".join(log_columns(predictions=predictions)):
        raise GutexoError(f"{option} {log} is not a log of scores; name another file")
    return text


def add_scores(scores: list[Score], log: Path, parameters: str, seed: int) -> str:
    """Add the scores of a parameter set and seed to a log, once only.

    The same scores cannot be added twice, so nobody can repeat a row until its result suits.
    Predictions are not among them; `add_predictions` logs these.

    Returns:
        A line for the user.
    """
    logged = check_score_log(log, "--log")
    if f",{parameters},{seed}," in logged:
        return f"{log} holds the scores of these parameters and this seed already"
    rows = [_values(score, parameters, seed) for score in scores if score.use != "validate"]
    _append(log, "--log", rows if logged else [log_columns(), *rows])
    return f"scores added to {log}"


def add_predictions(scores: list[Score], log: Path, code: str, parameters: str, seed: int) -> str:
    """Add every look at the `validate` rows to a log, repeated ones too.

    Args:
        scores: Scores, of which the `validate` rows are logged.
        log: The file.
        code: Digest of the model's code.
        parameters: Name of the parameter set.
        seed: Seed of the mice.

    Returns:
        A line for the user.
    """
    logged = check_score_log(log, "--validate", predictions=True)
    found = [score for score in scores if score.use == "validate"]
    rows = [[code, *_values(score, parameters, seed)] for score in found]
    header = () if logged else (log_columns(predictions=True),)
    _append(log, "--validate", [*header, *rows])
    return f"{len(rows)} predictions were scored; {log} says so"


def _values(score: Score, parameters: str, seed: int) -> list[Any]:
    from gutexo.analysis.saved_tables.scores import LoggedScore
    from gutexo.analysis.tables import row_values

    day = datetime.date.today().isoformat()
    logged = LoggedScore(
        day, parameters, seed, score.mice, score.id, score.use, score.value, score.low, score.high,
        score.verdict, score.predicted,
    )  # fmt: skip
    return row_values(logged)


def _append(log: Path, option: str, lines: Iterable[Iterable[Any]]) -> None:
    from gutexo.analysis.tables import csv_text

    with report_write_errors(log, option), open(log, "a", encoding="utf-8", newline="") as file:
        file.write(csv_text(lines))
