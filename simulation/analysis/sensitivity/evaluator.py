"""Evaluation of the same questions at many parameter sets: on workers, with answers on disk.

Each answer is saved when it arrives, under a digest of its model and parameters, and refusals are
counted. So a folder may hold the answers of several runs, and a run that was interrupted, or is
made larger, evaluates only what is missing.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from gutexo.analysis.evaluation import EvaluationTask, ModelFunction, code_version
from gutexo.cohort.study_run import Progress, ignore_messages, working_folder
from gutexo.cohort.workers import Outcome, run_task, run_tasks
from gutexo.errors import GutexoError


@dataclass
class SensitivityEvaluator:
    """A model and its answers so far.

    Attributes:
        model: The model.
        questions: Questions whose answers are saved.
        name: Name and settings of this model, which separate its answers from those of others.
        parts: Files or folders of its code below the package, besides the rules of the mouse.
        keep: File in which each answer is saved when it arrives; nothing is saved if None.
        workers: Processes, or a task executor whose processes serve every stage.
        progress: Called with phase, done, total.
        reasons: Number of refused answers, by reason.
        evaluations: Number of sets evaluated by this object, saved ones included.
    """

    model: ModelFunction
    questions: tuple[str, ...]
    name: str
    parts: tuple[str, ...] = ()
    keep: Path | None = None
    workers: Any = 1
    progress: Progress = ignore_messages
    reasons: Counter[str] = field(default_factory=Counter)
    evaluations: int = 0
    _known: dict[str, tuple[list[float], str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.keep is not None:
            self._known.update(_read(self.keep, self.questions))

    def key(self, changes: Mapping[str, Any]) -> str:
        """Compute the name under which the answers of a set of parameters are saved."""
        parts = [self.name, code_version(*self.parts)]
        parts += [f"{name}={_exact(value)}" for name, value in sorted(changes.items())]
        return hashlib.blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()

    def missing(self, sets: Sequence[Mapping[str, Any]]) -> int:
        """Count the sets that were not evaluated yet."""
        return len({key for key in map(self.key, sets) if key not in self._known})

    def seconds(self, sets: Sequence[Mapping[str, Any]]) -> float:
        """Measure the seconds per evaluation on some sets; the first of all is only a warm-up.

        Raises:
            GutexoError: The model refuses the first of them.
        """
        took: list[float] = []
        for changes in sets:
            outcome = run_task(
                EvaluationTask(self.model, dict(changes), self.parts), working_folder()
            )
            if outcome.reason is not None and not took:
                raise GutexoError(f"the model does not answer at the defaults: {outcome.reason}")
            if outcome.reason is None:
                took.append(outcome.value[1])
            self._learn(self.key(changes), outcome)
        return float(np.mean(took[1:] or took))

    def logs(self, sets: Sequence[Mapping[str, Any]], phase: str = "evaluating") -> np.ndarray:
        """Return the logarithm of every answer, float64[set, question]; NaN where there is none.

        Args:
            sets: Values by parameter name.
            phase: Name of this work for the progress.

        Raises:
            GutexoError: No set was answered, or the code changed during the run.
        """
        keys = [self.key(changes) for changes in sets]
        todo = {
            key: EvaluationTask(self.model, dict(changes), self.parts)
            for key, changes in zip(keys, sets, strict=True)
            if key not in self._known
        }
        waiting = list(todo)
        done = len(set(keys)) - len(waiting)
        self.progress(phase, done, len(set(keys)))
        if waiting:
            for index, outcome in run_tasks(list(todo.values()), working_folder(), self.workers):
                self._learn(waiting[index], outcome)
                done += 1
                self.progress(phase, done, len(set(keys)))
        self.evaluations += len(keys)
        self.reasons.update(reason for _, reason in (self._known[key] for key in keys) if reason)
        found = np.array([self._known[key][0] for key in keys], dtype=np.float64)
        if not np.isfinite(found).any():
            first = next((self._known[key][1] for key in keys if self._known[key][1]), "")
            raise GutexoError(f"no parameter set has an answer: {first or 'all are NaN'}")
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.log(found)
        return np.where(np.isfinite(logs), logs, np.nan)

    def _learn(self, key: str, outcome: Outcome) -> None:
        if key in self._known:
            return
        if outcome.reason is None:
            if outcome.value[2] != code_version(*self.parts):
                raise GutexoError(
                    "the code changed while the analysis ran; start it anew, from one version"
                )
            answers = [float(outcome.value[0].get(name, math.nan)) for name in self.questions]
        else:
            answers = [math.nan] * len(self.questions)
        self._known[key] = (answers, outcome.reason or "")
        if self.keep is not None:
            _append(self.keep, self.questions, key, *self._known[key])


def _exact(value: Any) -> str:
    return float(value).hex() if isinstance(value, (int, float, np.number)) else str(value)


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def _append(
    path: Path, questions: tuple[str, ...], key: str, answers: list[float], why: str
) -> None:
    """Append one line, with every bit of the numbers; write the header first in a new file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "ab+") as file:
        end = file.seek(0, io.SEEK_END)
        if end == 0:
            file.write(_line(["set", "refused", *questions]).encode())
        else:
            file.seek(end - 1)
            if file.read(1) != b"\n":  # a line that is incomplete after an interruption
                file.write(b"\n")
        cells = ["" if math.isnan(value) else repr(value) for value in answers]
        file.write(_line([key, why.replace("\n", " "), *cells]).encode())


def _read(path: Path, questions: tuple[str, ...]) -> dict[str, tuple[list[float], str]]:
    """Read the answers of a file; incomplete lines are skipped.

    Raises:
        GutexoError: The file is not one of answers to these questions.
    """
    if not path.exists():
        return {}
    try:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise GutexoError(f"{path} cannot be read; use another --out") from None
    if rows and rows[0] != ["set", "refused", *questions]:
        raise GutexoError(f"{path} holds answers to other questions; use another --out")
    known = {}
    for row in rows[1:]:
        if len(row) != len(questions) + 2:
            continue
        try:
            known[row[0]] = ([float(text) if text else math.nan for text in row[2:]], row[1])
        except ValueError:
            continue
    return known
