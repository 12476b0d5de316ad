"""Ask many parameter sets the same questions: on workers, kept as they come, refusals counted.

An answer is kept under a digest of what was asked of whom, so a folder may hold the answers of
several runs, and a run that was interrupted, or is made larger, asks only what it lacks.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from gutexo.analysis.asking import Ask, Question, code_version
from gutexo.cohort.compare import Progress, silent, working_folder
from gutexo.cohort.workers import BrokenWorkers, Outcome, attempt, run_tasks
from gutexo.errors import GutexoError


@dataclass
class Answers:
    """Who is asked, and what was answered so far.

    Attributes:
        ask: The model.
        questions: What is kept of its answers.
        name: What tells this model's answers from those of others: its name and settings.
        parts: Files or folders of its code below the package, besides the rules of the mouse.
        keep: File in which answers are kept as they come; nothing is kept if None.
        workers: Processes.
        pool: Processes that stand ready, so that not every stage starts its own; may be None.
        progress: Called with phase, done, total.
        reasons: How often an answer was refused, by reason.
        evaluations: Sets that were asked by this object, kept ones among them.
    """

    ask: Ask
    questions: tuple[str, ...]
    name: str
    parts: tuple[str, ...] = ()
    keep: Path | None = None
    workers: int = 1
    pool: Executor | None = None
    progress: Progress = silent
    reasons: Counter[str] = field(default_factory=Counter)
    evaluations: int = 0
    _known: dict[str, tuple[list[float], str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.keep is not None:
            self._known.update(_read(self.keep, self.questions))

    def key(self, changes: Mapping[str, Any]) -> str:
        """Name under which the answers of a set of parameters are kept."""
        parts = [self.name, code_version(*self.parts)]
        parts += [f"{name}={_exact(value)}" for name, value in sorted(changes.items())]
        return hashlib.blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()

    def missing(self, sets: Sequence[Mapping[str, Any]]) -> int:
        """How many of these sets were not asked yet."""
        return len({key for key in map(self.key, sets) if key not in self._known})

    def seconds(self, sets: Sequence[Mapping[str, Any]]) -> float:
        """Seconds an evaluation, measured on some sets; the first of all only warms up.

        Raises:
            GutexoError: The model refuses the first of them.
        """
        took: list[float] = []
        for changes in sets:
            outcome = attempt(Question(self.ask, dict(changes), self.parts), working_folder())
            if outcome.reason is not None and not took:
                raise GutexoError(f"the model does not answer at the defaults: {outcome.reason}")
            if outcome.reason is None:
                took.append(outcome.value[1])
            self._learn(self.key(changes), outcome)
        return float(np.mean(took[1:] or took))

    def logs(self, sets: Sequence[Mapping[str, Any]], phase: str = "asking") -> np.ndarray:
        """Logarithm of every answer, float64[set, question]; NaN where there is none.

        Args:
            sets: Values by parameter name.
            phase: Name of this work for the progress.

        Raises:
            GutexoError: Not one set was answered, or the code changed on the way.
        """
        keys = [self.key(changes) for changes in sets]
        todo = {
            key: Question(self.ask, dict(changes), self.parts)
            for key, changes in zip(keys, sets, strict=True)
            if key not in self._known
        }
        waiting = list(todo)
        done = len(set(keys)) - len(waiting)
        self.progress(phase, done, len(set(keys)))
        if waiting:
            for index, outcome in self._run(list(todo.values())):
                self._learn(waiting[index], outcome)
                done += 1
                self.progress(phase, done, len(set(keys)))
        self.evaluations += len(keys)
        self.reasons.update(reason for _, reason in (self._known[key] for key in keys) if reason)
        found = np.array([self._known[key][0] for key in keys], dtype=np.float64)
        if not np.isfinite(found).any():
            first = next((self._known[key][1] for key in keys if self._known[key][1]), "")
            raise GutexoError(f"no parameter set was answered: {first or 'nothing but NaN'}")
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.log(found)
        return np.where(np.isfinite(logs), logs, np.nan)

    def _run(self, tasks: list[Question]) -> Iterator[tuple[int, Outcome]]:
        """Outcomes as they come; if the pool breaks, the rest goes on on processes of its own."""
        left = dict(enumerate(tasks))
        folder = working_folder()
        if self.pool is not None:
            try:
                for index, outcome in run_tasks(tasks, folder, self.pool):
                    del left[index]
                    yield index, outcome
            except BrokenWorkers:
                pass
        rest = list(left)
        for place, outcome in run_tasks([left[i] for i in rest], folder, self.workers):
            yield rest[place], outcome

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
    """One more line, with every bit of the numbers; the header first where the file is new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "ab+") as file:
        end = file.seek(0, io.SEEK_END)
        if end == 0:
            file.write(_line(["set", "refused", *questions]).encode())
        else:
            file.seek(end - 1)
            if file.read(1) != b"\n":  # a line that was cut off by an interrupt
                file.write(b"\n")
        cells = ["" if math.isnan(value) else repr(value) for value in answers]
        file.write(_line([key, why.replace("\n", " "), *cells]).encode())


def _read(path: Path, questions: tuple[str, ...]) -> dict[str, tuple[list[float], str]]:
    """What a file keeps; lines that are not whole are passed over.

    Raises:
        GutexoError: It is no file of answers to these questions.
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
