"""Workers: run tasks here, on processes of our own or on an executor; failures are data."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from gutexo.cohort.chunks import Outcome, Sizes, Unreadable, attempt, in_a_line, packed
from gutexo.cohort.crews import BrokenWorkers, Crew, OwnProcesses, available_cores, crew
from gutexo.cohort.pools import new_pool, stop_pool

__all__ = [
    "BrokenWorkers",
    "Outcome",
    "alone",
    "attempt",
    "available_cores",
    "crew",
    "new_pool",
    "run_tasks",
    "stop_pool",
]

Told = tuple[int, Outcome]


def run_tasks(tasks: Sequence[Any], folder: Path, workers: Any = 1) -> Iterator[Told]:
    """Run all tasks; yields (index, outcome) as they finish.

    A worker that dies takes only its own task with it: tasks in flight are tried once more one by
    one, and what was in flight again is tried alone; what dies alone is a failure.

    Args:
        tasks: Objects with `run(folder)`.
        folder: Where lives are kept; a Dask worker keeps them in its own cache.
        workers: Processes of our own, any executor, a Dask client, or a crew that goes on living.

    Raises:
        BrokenWorkers: An executor that was lent does not work any more.
        GutexoError: `workers` is nothing of that kind, or they run another version of the code.
    """
    group = crew(workers, len(tasks))
    if group is None:
        for index, task in enumerate(tasks):
            yield index, attempt(task, folder)
        return
    try:
        left = yield from _flow(tasks, range(len(tasks)), folder, group, Sizes())
        left = yield from _flow(tasks, sorted(left), folder, group, Sizes(most=1))
        if isinstance(group, OwnProcesses):
            for index in sorted(left):
                yield index, alone(tasks[index], folder)
            return
        # A cluster blames all that waited at a worker, so the last try is one at a time.
        left = yield from _flow(tasks, sorted(left), folder, group, Sizes(most=1), room=1)
        for index in sorted(left):
            yield index, Outcome(reason="the worker process died, again and again")
    finally:
        if group is not workers:
            group.stop()


def _flow(
    tasks: Sequence[Any],
    order: Sequence[int],
    folder: Path,
    group: Crew,
    sizes: Sizes,
    room: int | None = None,
) -> Generator[Told, None, list[int]]:
    """Send tasks as there is room; returns those that were in flight when a worker died."""
    waiting, single = deque(order), deque[int]()
    flying: dict[Future[Any], list[int]] = {}
    lost: list[int] = []
    try:
        while waiting or single or flying:
            broken = False
            while (waiting or single) and len(flying) < (room or group.room()):
                chunk = [single.popleft()] if single else sizes.take(waiting, group.workers)
                try:
                    content = packed([tasks[index] for index in chunk])
                except Exception as error:
                    # One of them cannot travel; the others can.
                    if len(chunk) > 1:
                        single += chunk
                    else:
                        yield chunk[0], Outcome(reason=f"cannot be sent: {in_a_line(error)}")
                    continue
                try:
                    flying[group.submit(content, folder)] = chunk
                except group.lost:
                    waiting.extendleft(reversed(chunk))
                    broken = True
                    break
                except Exception as error:
                    raise group.trouble(error) from None
            done, _ = wait(flying, timeout=0 if broken else None, return_when=FIRST_COMPLETED)
            for future in done:
                chunk = flying.pop(future)
                try:
                    found, seconds = future.result()
                except group.lost:
                    lost += chunk
                    broken = True
                    continue
                except Exception as error:
                    raise group.trouble(error) from None
                if not isinstance(found, Unreadable):
                    sizes.learn(len(chunk), seconds)
                    yield from zip(chunk, found, strict=True)
                elif len(chunk) > 1:
                    single += chunk
                else:
                    yield chunk[0], Outcome(reason=f"a worker cannot read it: {found.reason}")
            if broken and group.falls_together:
                for chunk in flying.values():
                    lost += chunk
                flying.clear()
                group.renew()
        return lost
    finally:
        for future in flying:
            future.cancel()


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
