"""Logs of scores: one of parameter sets, each once, and one of every look at the predictions."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from gutexo.errors import GutexoError
from gutexo.support.paths import report_write_errors
from gutexo.support.user_files import read_text

if TYPE_CHECKING:
    from gutexo.analysis.scorecard import Score

LARGEST_LOG = 50_000_000  # bytes
LOG_COLUMNS = "date parameters seed mice id use value low high verdict".split()
PREDICTION_COLUMNS = ["code", *LOG_COLUMNS]


def name_parameter_sets(sets: list[str]) -> str:
    """Return the digest of a parameter set, or one digest of several sets with their number."""
    if len(sets) == 1:
        return sets[0]
    return f"{len(sets)} draws {hashlib.sha256(''.join(sets).encode()).hexdigest()[:12]}"


def check_score_log(log: Path, option: str, columns: list[str] = LOG_COLUMNS) -> str:
    """Check that scores can be added to a log, and read it.

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
    if text and text.splitlines()[0] != ",".join(columns):
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
    _append(log, "--log", LOG_COLUMNS, rows, not logged)
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
    logged = check_score_log(log, "--validate", PREDICTION_COLUMNS)
    found = [score for score in scores if score.use == "validate"]
    rows = [[code, *_values(score, parameters, seed)] for score in found]
    _append(log, "--validate", PREDICTION_COLUMNS, rows, not logged)
    return f"{len(rows)} predictions were scored; {log} says so"


def _values(score: Score, parameters: str, seed: int) -> list[str]:
    from gutexo.analysis.tables import format_number

    numbers = [format_number(value) for value in (score.value, score.low, score.high)]
    day = datetime.date.today().isoformat()
    names = [parameters, str(seed), str(score.mice), score.id, score.use]
    return [day, *names, *numbers, score.verdict]


def _append(
    log: Path, option: str, columns: list[str], rows: Iterable[list[str]], is_new: bool
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if is_new:
        writer.writerow(columns)
    writer.writerows(rows)
    with report_write_errors(log, option), open(log, "a", encoding="utf-8", newline="") as file:
        file.write(text.getvalue())
