"""Evaluation of many sets of parameters: on all workers, each set once, with answers on disk.

The answers to a set depend on the set alone, so neither the order in which workers finish nor the
number of interruptions matters: a resumed run finds its answers again.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Self

from gutexo.analysis.evaluation import EvaluationTask, ModelFunction
from gutexo.analysis.evaluation import code_version as version_of
from gutexo.cohort.workers import (
    Outcome,
    count_processes,
    new_pool,
    run_task,
    run_task_isolated,
    stop_pool,
)
from gutexo.errors import GutexoError

SECONDS = "seconds"
PARTS = (
    "mean_field",
    "analysis/mean_field_outcomes.py",
    "analysis/outcomes.py",
    "cohort",
    "protocol",
)
_QUIET = 6  # sets that must all fail before a run is abandoned


@dataclass(frozen=True)
class Evaluation:
    """Result of one set.

    Attributes:
        answers: Number by question; empty where the model gave no answer.
        seconds: Time it took one process.
        reason: Reason why there are no answers.
    """

    answers: dict[str, float]
    seconds: float
    reason: str | None = None


def calibration_code_version() -> str:
    """Compute a digest of all evaluating code: mouse, mean-field model, questions and arms."""
    return version_of(*PARTS)


@dataclass
class CalibrationEvaluator:
    """A model whose answers are saved.

    Attributes:
        model: The model.
        questions: Names of its answers.
        names: Parameters that differ from set to set.
        fixed: Parameters that differ from the defaults in every set.
        path: CSV file of the saved answers; None to save nothing on disk.
        workers: Processes.
        evaluated: Sets that the model itself has evaluated since this object was made.
        failed: Number of sets without an answer.
        reason: The first reason of a set without an answer.
    """

    model: ModelFunction
    questions: Sequence[str]
    names: Sequence[str]
    fixed: Mapping[str, Any] = field(default_factory=dict)
    path: Path | None = None
    workers: int = 1
    evaluated: int = 0
    failed: int = 0
    reason: str = ""
    _known: dict[tuple[float, ...], Evaluation] = field(default_factory=dict)
    _file: IO[str] | None = None
    _pool: Executor | None = None
    _processes: int = 0

    def __enter__(self) -> Self:
        if self.path is not None:
            self._open(self.path)
        return self

    def __exit__(self, *_: object) -> None:
        self._drop_pool()
        if self._file is not None:
            self._file.close()
            self._file = None

    @property
    def spent(self) -> float:
        """Process seconds of all saved answers."""
        return math.fsum(answer.seconds for answer in self._known.values())

    @property
    def typical(self) -> float:
        """Process seconds per set, over all saved answers; NaN before the first."""
        return self.spent / len(self._known) if self._known else math.nan

    def known(self, values: Mapping[str, float]) -> Evaluation | None:
        """Return the saved answer to a set, or None."""
        return self._known.get(self._key(values))

    def evaluate(
        self, sets: Sequence[Mapping[str, float]], *, until: Callable[[], bool] | None = None
    ) -> list[Evaluation]:
        """Evaluate some sets and return their answers in order.

        Args:
            sets: Values by parameter name.
            until: Called before each set; once it returns True no further set is started.

        Returns:
            Answers to the first sets; to all sets if `until` does not stop it.

        Raises:
            GutexoError: The code changed during the run, or the model gives no answer at all.
        """
        taken = 0

        def fresh() -> Iterator[Mapping[str, float]]:
            nonlocal taken
            started = set()
            for values in sets:
                key = self._key(values)
                if key not in self._known and key not in started:
                    if until is not None and until():
                        return
                    started.add(key)
                    yield values
                taken += 1

        if self.workers == 1:
            for values in fresh():
                self._keep(values, run_task(self._task(values), Path()))
        else:
            left = {key for key in map(self._key, sets) if key not in self._known}
            self._on_pool(fresh(), count_processes(self.workers, len(left)))
        return [self._known[self._key(values)] for values in sets[:taken]]

    def _on_pool(self, sets: Iterator[Mapping[str, float]], processes: int) -> None:
        if processes > self._processes:
            self._drop_pool()
        flying: dict[Future[Outcome], Mapping[str, float]] = {}
        more = True
        try:
            while more or flying:
                while more and len(flying) < 2 * processes:
                    values = next(sets, None)
                    if values is None:
                        more = False
                        break
                    if self._pool is None:
                        self._pool, self._processes = new_pool(processes), processes
                    flying[self._pool.submit(run_task, self._task(values), Path())] = values
                if not flying:
                    break
                done, _ = wait(flying, return_when=FIRST_COMPLETED)
                broken = []
                for future in done:
                    values = flying.pop(future)
                    try:
                        outcome = future.result()
                    except BrokenProcessPool:
                        broken.append(values)
                        continue
                    self._keep(values, outcome)
                if broken:
                    # A worker died. Each unfinished set is evaluated once more, separately.
                    broken += flying.values()
                    flying.clear()
                    self._drop_pool()
                    for values in broken:
                        self._keep(values, run_task_isolated(self._task(values), Path()))
        except BaseException:
            self._drop_pool()
            raise

    def _drop_pool(self) -> None:
        if self._pool is not None:
            stop_pool(self._pool)
            self._pool, self._processes = None, 0

    def _task(self, values: Mapping[str, float]) -> EvaluationTask:
        return EvaluationTask(self.model, {**self.fixed, **values}, PARTS)

    def _key(self, values: Mapping[str, float]) -> tuple[float, ...]:
        return tuple(float(values[name]) for name in self.names)

    def _keep(self, values: Mapping[str, float], outcome: Outcome) -> None:
        if outcome.reason is not None:
            self.failed += 1
            self.reason = self.reason or outcome.reason
            if self.failed == self.evaluated + 1 >= _QUIET:
                raise GutexoError(f"no set has an answer: {self.reason}")
            answer = Evaluation({}, 0.0, outcome.reason)
        else:
            found, seconds, code = outcome.value
            if code != calibration_code_version():
                raise GutexoError(
                    "the code changed while the calibration ran; start it anew, from one version"
                )
            answer = Evaluation(found, seconds)
        self.evaluated += 1
        self._known[self._key(values)] = answer
        if self._file is not None:
            texts = [repr(float(values[name])) for name in self.names]
            texts += [
                repr(answer.answers[q]) if q in answer.answers else "" for q in self.questions
            ]
            self._file.write(",".join([*texts, f"{answer.seconds:.3f}"]) + "\n")
            self._file.flush()

    def _header(self) -> list[str]:
        return [*self.names, *self.questions, SECONDS]

    def _open(self, path: Path) -> None:
        """Read the saved answers; skip a line that an interruption left incomplete."""
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        whole = text[: text.rfind("\n") + 1]
        rows = list(csv.reader(whole.splitlines()))
        if rows and rows[0] != self._header():
            raise GutexoError(f"{path} holds answers of another calibration (--force starts anew)")
        for row in rows[1:]:
            self._remember(path, row)
        if whole != text or not rows:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(whole or ",".join(self._header()) + "\n", encoding="utf-8")
        self._file = open(path, "a", encoding="utf-8", newline="")

    def _remember(self, path: Path, row: list[str]) -> None:
        ends = len(self.names), len(self.names) + len(self.questions)
        try:
            if len(row) != ends[1] + 1:
                raise ValueError
            key = tuple(float(text) for text in row[: ends[0]])
            texts = zip(self.questions, row[ends[0] : ends[1]], strict=True)
            answers = {name: float(text) for name, text in texts if text}
            self._known[key] = Evaluation(answers, float(row[-1]))
        except ValueError:
            raise GutexoError(f"{path} is damaged: a line is not readable") from None
