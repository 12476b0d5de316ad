"""Tasks travel in chunks, so that sending them costs little beside running them."""

from __future__ import annotations

import time
import traceback
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cloudpickle

from gutexo.cohort.failures import where
from gutexo.cohort.lives import working_folder
from gutexo.compiled import digest
from gutexo.errors import GutexoError, out_of_memory
from gutexo.interrupts import Interrupted, told_apart

TARGET = 0.5  # seconds of work a chunk; sending one takes some milliseconds
MOST = 64  # tasks a chunk: what is lost where a worker dies, and what waits in memory


@dataclass(frozen=True)
class Outcome:
    """What became of a task: a value, or the reason why there is none.

    Attributes:
        value: What it gave.
        reason: Why it gave nothing, in a line.
        details: The traceback, where it is not a mistake that is told in a line.
        where: What is known of the mouse, its day, stage and agent; see `failures.FIELDS`.
    """

    value: Any = None
    reason: str | None = None
    details: str = ""
    where: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Unreadable:
    """A chunk that a worker could not read, and why."""

    reason: str


def attempt(task: Any, folder: Path) -> Outcome:
    """Run a task; a mistake or failure of one mouse is told, not thrown.

    Whatever the code of an intervention raises is such a failure, even what would end a program;
    a user who wants to end it is not.

    Raises:
        KeyboardInterrupt: The user, or the system, ends the program.
    """
    try:
        with told_apart():
            return Outcome(task.run(folder))
    except Interrupted:
        raise
    except GutexoError as error:
        return Outcome(reason=str(error), where=where(error))
    except MemoryError as error:
        return Outcome(reason=out_of_memory(error), where=where(error))
    except BaseException as error:
        # Ctrl-C in the middle of a compiled call comes out as this, with its cause.
        if isinstance(error, SystemError) and isinstance(error.__cause__, KeyboardInterrupt):
            raise error.__cause__ from None
        return Outcome(reason=in_a_line(error), details=traceback.format_exc(), where=where(error))


def packed(tasks: Sequence[Any]) -> bytes:
    """Tasks as they travel; a class of a notebook or a script travels with them."""
    return cloudpickle.dumps(list(tasks))


def attempt_all(
    content: bytes, folder: Path | None, code: str
) -> tuple[list[Outcome] | Unreadable, float]:
    """Run a chunk of tasks, on a worker.

    Args:
        content: Tasks, packed.
        folder: Where lives are kept; the worker's own cache if None.
        code: Version of the code that asks.

    Returns:
        An outcome a task, and the seconds it took.

    Raises:
        GutexoError: This worker runs another version of the code.
    """
    if code != digest():
        raise GutexoError(
            f"a worker runs another version of the code ({digest()}, not {code}): install the "
            "same on both, with the same Python, NumPy and numba"
        )
    start = time.perf_counter()
    try:
        tasks = cloudpickle.loads(content)
    except Exception as error:
        return Unreadable(in_a_line(error)), 0.0
    folder = working_folder() if folder is None else folder
    return [attempt(task, folder) for task in tasks], time.perf_counter() - start


def in_a_line(error: BaseException) -> str:
    """An exception with its kind, in a line."""
    try:
        text = str(error)
    except Exception:
        text = "it cannot say what happened"
    return f"{type(error).__name__}: {text}".replace("\n", " ")


class Sizes:
    """How many tasks a chunk takes, by how long they took so far.

    Args:
        most: Tasks a chunk, at most.
    """

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self._seconds: float | None = None

    def learn(self, tasks: int, seconds: float) -> None:
        """Some tasks took that long."""
        now = seconds / tasks
        self._seconds = now if self._seconds is None else (self._seconds + now) / 2

    def take(self, waiting: deque[int], workers: int) -> list[int]:
        """The next chunk; the last ones are smaller, so that no worker waits for another."""
        count = 1
        if self._seconds is not None:
            fitting = TARGET / max(self._seconds, TARGET / self.most)
            count = max(1, min(self.most, int(fitting), len(waiting) // (4 * workers)))
        return [waiting.popleft() for _ in range(count)]
