"""Workers: run tasks here or on processes that are rebuilt when one dies; failures are data."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simulation.cohort.failures import where
from simulation.errors import GutexoError


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


def attempt(task: Any, folder: Path) -> Outcome:
    """Run a task; a mistake or failure of one mouse is told, not thrown."""
    try:
        return Outcome(task.run(folder))
    except GutexoError as error:
        return Outcome(reason=str(error), where=where(error))
    except (Exception, SystemExit) as error:
        return Outcome(
            reason=f"{type(error).__name__}: {error}".replace("\n", " "),
            details=traceback.format_exc(),
            where=where(error),
        )


def available_cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_tasks(
    tasks: Sequence[Any], folder: Path, workers: int | Executor = 1
) -> Iterator[tuple[int, Outcome]]:
    """Run all tasks; yields (index, outcome) as they finish.

    A worker that dies takes only its own task with it: tasks in flight are tried once more each by
    itself, and what dies alone is a failure.

    Args:
        tasks: Objects with `run(folder)`.
        folder: Where lives are kept.
        workers: Processes of our own, or any executor.
    """
    if not isinstance(workers, Executor):
        if isinstance(workers, bool) or not isinstance(workers, int) or workers < 1:
            raise GutexoError(f"workers must be a whole number, 1 or more; got {workers!r}")
        if workers == 1 or len(tasks) <= 1:
            for index, task in enumerate(tasks):
                yield index, attempt(task, folder)
            return
        yield from _on_own_processes(tasks, folder, workers)
        return
    futures = {workers.submit(attempt, task, folder): i for i, task in enumerate(tasks)}
    while futures:
        done, _ = wait(futures, return_when=FIRST_COMPLETED)
        for future in done:
            yield futures.pop(future), future.result()


def new_pool(workers: int) -> Executor:
    """Processes of our own, which import the model anew; see `stop_pool`."""
    from loky import ProcessPoolExecutor

    return ProcessPoolExecutor(max_workers=workers, timeout=60)


def _on_own_processes(
    tasks: Sequence[Any], folder: Path, workers: int
) -> Iterator[tuple[int, Outcome]]:
    waiting = list(range(len(tasks)))
    suspects: list[int] = []
    pool = new_pool(workers)
    flying: dict[Future[Outcome], int] = {}
    try:
        while waiting or flying:
            while waiting and len(flying) < 2 * workers:
                index = waiting.pop(0)
                flying[pool.submit(attempt, tasks[index], folder)] = index
            done, _ = wait(flying, return_when=FIRST_COMPLETED)
            broken = False
            for future in done:
                index = flying.pop(future)
                try:
                    outcome = future.result()
                except BrokenProcessPool:
                    broken = True
                    suspects.append(index)
                    continue
                yield index, outcome
            if broken:
                suspects += flying.values()
                flying.clear()
                stop_pool(pool)
                pool = new_pool(workers)
        for index in sorted(suspects):
            yield index, alone(tasks[index], folder)
    finally:
        stop_pool(pool)


def alone(task: Any, folder: Path) -> Outcome:
    """Run a task that was in flight when a worker died in a process of its own.

    Args:
        task: Object with `run(folder)`.
        folder: Where lives are kept.

    Returns:
        Its outcome, a failure where that process dies too.
    """
    pool = new_pool(1)
    try:
        return pool.submit(attempt, task, folder).result()
    except BrokenProcessPool:
        return Outcome(reason="the worker process died, twice")
    finally:
        stop_pool(pool)


def stop_pool(pool: Executor) -> None:
    """End a pool of `new_pool`, whatever its processes are doing."""
    try:
        pool.shutdown(wait=True, kill_workers=True)  # type: ignore[call-arg]
    except TypeError:
        pool.shutdown(wait=True, cancel_futures=True)
