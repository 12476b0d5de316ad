"""Evaluated parameter sets: each is evaluated once, on workers, and saved when its answers arrive.

The file is a table with one line per set: version of the code, the model, the parameters that
differ from set to set, the answers, the seconds it took, and the reason where there is no answer.
So a run that was interrupted, or is made larger, evaluates only what is missing, and a finished
table can be analysed by itself. Lines of another code or model stay in the file and are not used.
"""

from __future__ import annotations

import csv
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

FIRST_COLUMNS, LAST_COLUMNS = ("code", "model"), ("seconds", "refused")
HOPELESS = 6  # sets that must all be refused before a run is given up


@dataclass(frozen=True)
class EvaluatedSet:
    """Answers to one set.

    Attributes:
        answers: float64[answer]; NaN where there is none.
        seconds: Time it took one process.
        reason: Reason why there is no answer; empty where there is one.
    """

    answers: np.ndarray
    seconds: float
    reason: str = ""


@dataclass
class EvaluatedSets:
    """One model and its answers so far.

    Attributes:
        model: The model.
        label: Name and settings of the model. With what every set has, they separate its answers
            from those of others in the same table.
        names: Parameters that differ from set to set.
        answers: Names of the answers.
        parts: Files or folders of the model's code below the package, besides the rules.
        base: Parameters that differ from the catalogue in every set.
        path: Table in which each answer is saved when it arrives; None to save nothing.
        workers: Processes, or a task executor whose processes serve every step.
        progress: Called with phase, done, total.
    """

    model: ModelFunction
    label: str
    names: tuple[str, ...]
    answers: tuple[str, ...]
    parts: tuple[str, ...] = ()
    base: Mapping[str, Any] = field(default_factory=dict)
    path: Path | None = None
    workers: Any = 1
    progress: Progress = ignore_messages
    _known: dict[tuple[float, ...], EvaluatedSet] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.path is not None:
            self._read(self.path)

    def __len__(self) -> int:
        return len(self._known)

    @property
    def _model_column(self) -> str:
        parts = [f"{name}={value}" for name, value in sorted(self.base.items())]
        return "; ".join([self.label, *parts])

    @property
    def seconds(self) -> float:
        """Process seconds of all answers."""
        return math.fsum(one.seconds for one in self._known.values())

    @property
    def reasons(self) -> Counter[str]:
        """Number of refused sets by reason."""
        return Counter(one.reason for one in self._known.values() if one.reason)

    def time_sets(self, sets: Sequence[Mapping[str, float]]) -> float:
        """Measure the seconds per set on one process; the first set is only a warm-up.

        The sets are evaluated anew, and what they take is not saved: a saved time may be that of
        another machine.

        Raises:
            GutexoError: The model answers none of them.
        """
        outcomes = [run_task(self._task(values), working_folder()) for values in sets]
        took = [one.value[1] for one in outcomes if one.reason is None]
        if not took:
            raise GutexoError(f"the model does not answer: {outcomes[0].reason}")
        return float(np.mean(took[1:] or took))

    def evaluate(
        self, sets: Sequence[Mapping[str, float]], phase: str = "evaluating"
    ) -> np.ndarray:
        """Evaluate some sets; those with saved answers are not evaluated again.

        Args:
            sets: Values by parameter name, of `names` and perhaps others, which are ignored.
            phase: Name of this work for the progress.

        Returns:
            float64[set, answer]; NaN where the model gives no answer.

        Raises:
            GutexoError: The code changed during the run, or no set has an answer.
        """
        keys = [self._key(values) for values in sets]
        missing = {
            key: values for key, values in zip(keys, sets, strict=True) if key not in self._known
        }
        tasks = [self._task(values) for values in missing.values()]
        waiting, total = list(missing), len(set(keys))
        done = total - len(waiting)
        self.progress(phase, done, total)
        refused = 0
        for index, outcome in run_tasks(tasks, working_folder(), self.workers) if tasks else ():
            found = self._keep(waiting[index], outcome)
            done, refused = done + 1, refused + bool(found.reason)
            self.progress(phase, done, total)
            if refused == done >= HOPELESS:
                break
        known = [self._known[key] for key in keys if key in self._known]
        if known and all(one.reason for one in known):
            raise GutexoError(f"no parameter set has an answer: {known[0].reason}")
        return np.array([one.answers for one in known]).reshape(len(sets), len(self.answers))

    def log_evaluate(
        self, sets: Sequence[Mapping[str, float]], phase: str = "evaluating"
    ) -> np.ndarray:
        """Evaluate some sets; logarithms of their answers, NaN where there is none."""
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.log(self.evaluate(sets, phase))
        return np.where(np.isfinite(logs), logs, np.nan)

    def _task(self, values: Mapping[str, float]) -> EvaluationTask:
        changes = {**self.base, **{name: values[name] for name in self.names}}
        return EvaluationTask(self.model, changes, self.parts)

    def _key(self, values: Mapping[str, float]) -> tuple[float, ...]:
        return tuple(float(values[name]) for name in self.names)

    def _keep(self, key: tuple[float, ...], outcome: Outcome) -> EvaluatedSet:
        if outcome.reason is None:
            answers, seconds, code = outcome.value
            if code != code_version(*self.parts):
                raise GutexoError(
                    "the code changed while the analysis ran; start it anew, from one version"
                )
            numbers = np.array([answers.get(name, math.nan) for name in self.answers])
            found = EvaluatedSet(numbers, float(seconds))
        else:
            empty = np.full(len(self.answers), math.nan)
            found = EvaluatedSet(empty, 0.0, outcome.reason.replace("\n", " "))
        self._known[key] = found
        if self.path is not None:
            self._append(self.path, key, found)
        return found

    def _header(self) -> list[str]:
        return [*FIRST_COLUMNS, *self.names, *self.answers, *LAST_COLUMNS]

    def _append(self, path: Path, key: tuple[float, ...], found: EvaluatedSet) -> None:
        """Append one line, with every bit of the numbers; write the header first in a new file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        cells = ["" if math.isnan(value) else repr(float(value)) for value in found.answers]
        with open(path, "ab+") as file:
            end = file.seek(0, io.SEEK_END)
            if end == 0:
                file.write(_line(self._header()))
            else:
                file.seek(end - 1)
                if file.read(1) != b"\n":  # a line that is incomplete after an interruption
                    file.write(b"\n")
            first = [code_version(*self.parts), self._model_column, *map(repr, key)]
            file.write(_line([*first, *cells, f"{found.seconds:.3f}", found.reason]))

    def _read(self, path: Path) -> None:
        """Read the answers of this model and code; a line that is incomplete is skipped."""
        if not path.exists():
            return
        try:
            rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise GutexoError(f"{path} cannot be read: {type(error).__name__}") from None
        header = self._header()
        if rows and rows[0] != header:
            raise GutexoError(f"{path} holds answers to other questions (--force starts anew)")
        ends = 2 + len(self.names), len(header) - 2
        first = [code_version(*self.parts), self._model_column]
        for row in rows[1:]:
            if len(row) != len(header) or row[:2] != first:
                continue
            try:
                key = tuple(float(text) for text in row[2 : ends[0]])
                answers = [float(text) if text else math.nan for text in row[ends[0] : ends[1]]]
                self._known[key] = EvaluatedSet(np.array(answers), float(row[-2]), row[-1])
            except ValueError:
                continue


def _line(cells: Sequence[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode()
