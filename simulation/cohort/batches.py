"""Batches of tasks, so that sending tasks takes little time compared with running them."""

from __future__ import annotations

import time
import traceback
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cloudpickle

from gutexo.cohort.failures import read_error_context
from gutexo.cohort.lives import working_folder
from gutexo.compiled import model_code_digest
from gutexo.errors import GutexoError, out_of_memory_message
from gutexo.support.interrupts import Interrupted, detect_interrupts

TARGET_SECONDS = 0.5  # seconds of work per batch; sending one takes some milliseconds
MOST_TASKS = 64  # tasks per batch: limits what a dying worker loses and what waits in memory


@dataclass(frozen=True)
class Outcome:
    """The outcome of a task: a value, or the reason why there is none.

    Attributes:
        value: Return value of the task.
        reason: Reason of the failure, in one line.
        details: The traceback, if the reason does not explain the failure in one line.
        where: Known facts about the mouse, its day, stage and agent; see `failures.FIELDS`.
    """

    value: Any = None
    reason: str | None = None
    details: str = ""
    where: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class UnreadableBatch:
    """A batch that a worker could not read, and why."""

    reason: str


def run_task(task: Any, folder: Path) -> Outcome:
    """Run a task and return its outcome; an error of one mouse is returned, not raised.

    Every exception that the code of an intervention raises is such an error, even one that would
    end a program. An interrupt by the user is not.

    Raises:
        KeyboardInterrupt: The user, or the system, ends the program.
    """
    try:
        with detect_interrupts():
            return Outcome(task.run(folder))
    except Interrupted:
        raise
    except GutexoError as error:
        return Outcome(reason=str(error), where=read_error_context(error))
    except MemoryError as error:
        return Outcome(reason=out_of_memory_message(error), where=read_error_context(error))
    except BaseException as error:
        # Ctrl-C during a compiled call raises SystemError, with the interrupt as its cause.
        if isinstance(error, SystemError) and isinstance(error.__cause__, KeyboardInterrupt):
            raise error.__cause__ from None
        return Outcome(
            reason=describe_error(error),
            details=traceback.format_exc(),
            where=read_error_context(error),
        )


def serialize_tasks(tasks: Sequence[Any]) -> bytes:
    """Serialize tasks, together with classes defined in a notebook or a script."""
    return cloudpickle.dumps(list(tasks))


def run_batch(
    content: bytes, folder: Path | None, code: str
) -> tuple[list[Outcome] | UnreadableBatch, float]:
    """Run a batch of tasks on a worker.

    Args:
        content: The serialized tasks.
        folder: Folder of saved lives; the worker's own cache if None.
        code: Version of the code that sent the batch.

    Returns:
        One outcome per task, and the seconds that the batch took.

    Raises:
        GutexoError: This worker runs another version of the code.
    """
    if code != model_code_digest():
        raise GutexoError(
            f"a worker runs another version of the code ({model_code_digest()}, not {code}): "
            "install the same on both, with the same Python, NumPy and numba"
        )
    start = time.perf_counter()
    try:
        tasks = cloudpickle.loads(content)
    except Exception as error:
        return UnreadableBatch(describe_error(error)), 0.0
    folder = working_folder() if folder is None else folder
    return [run_task(task, folder) for task in tasks], time.perf_counter() - start


def describe_error(error: BaseException) -> str:
    """Describe an exception with its type in one line."""
    try:
        text = str(error)
    except Exception:
        text = "its message cannot be read"
    return f"{type(error).__name__}: {text}".replace("\n", " ")


class BatchSizer:
    """Sizes of batches, chosen from the time that tasks have taken so far.

    Args:
        most: Largest number of tasks per batch.
    """

    def __init__(self, most: int = MOST_TASKS) -> None:
        self.most = most
        self._seconds: float | None = None

    def add_timing(self, tasks: int, seconds: float) -> None:
        """Record how many seconds some tasks took."""
        now = seconds / tasks
        self._seconds = now if self._seconds is None else (self._seconds + now) / 2

    def take(self, waiting: deque[int], workers: int) -> list[int]:
        """Remove and return the next batch; the last batches are smaller, so that no worker waits
        for another."""
        count = 1
        if self._seconds is not None:
            fitting = TARGET_SECONDS / max(self._seconds, TARGET_SECONDS / self.most)
            count = max(1, min(self.most, int(fitting), len(waiting) // (4 * workers)))
        return [waiting.popleft() for _ in range(count)]
