"""Workers: run tasks in this process, in our own processes or on an executor.

A task that fails is an outcome, not an exception.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from gutexo.cohort.batches import (
    BatchSizer,
    Outcome,
    UnreadableBatch,
    describe_error,
    run_task,
    serialize_tasks,
)
from gutexo.cohort.executors import (
    BrokenWorkers,
    OwnProcesses,
    TaskExecutor,
    available_cores,
    choose_executor,
    count_processes,
)
from gutexo.cohort.pools import new_pool, stop_pool
from gutexo.cohort.task_queue import TaskQueue

__all__ = [
    "BrokenWorkers",
    "Outcome",
    "run_task_isolated",
    "run_task",
    "available_cores",
    "choose_executor",
    "count_processes",
    "new_pool",
    "run_tasks",
    "stop_pool",
]

IndexedOutcome = tuple[int, Outcome]


def run_tasks(
    tasks: Sequence[Any],
    folder: Path,
    workers: Any = 1,
    waits_for: Sequence[Collection[int]] | None = None,
) -> Iterator[IndexedOutcome]:
    """Run all tasks and yield (index, outcome) as they finish.

    A worker that dies makes only its own task fail: tasks in flight are sent again one per batch;
    those lost a second time run alone; a task whose worker dies then too is a failure.

    Args:
        tasks: Objects with `run(folder)`.
        folder: Folder of saved lives; a Dask worker saves them in its own cache.
        workers: Number of our own processes, any executor, a Dask client, or a task executor,
            which is not stopped at the end.
        waits_for: For each task, indices of earlier tasks that end before it starts, if they can
            be run at all; None if no task waits for another.

    Raises:
        BrokenWorkers: An executor that the user provided has stopped working.
        GutexoError: `workers` is none of these, or they run another version of the code.
    """
    group = choose_executor(workers, len(tasks))
    if group is None:
        for index, task in enumerate(tasks):
            yield index, run_task(task, folder)
        return

    def queue(left: Collection[int]) -> TaskQueue:
        return TaskQueue(sorted(left), waits_for)

    try:
        left = yield from _run_batches(tasks, queue(range(len(tasks))), folder, group, BatchSizer())
        left = yield from _run_batches(tasks, queue(left), folder, group, BatchSizer(most=1))
        if isinstance(group, OwnProcesses):
            for index in sorted(left):
                yield index, run_task_isolated(tasks[index], folder)
            return
        # A cluster reports all tasks that waited at a dead worker as lost, so the last attempt
        # runs one task at a time.
        left = yield from _run_batches(
            tasks, queue(left), folder, group, BatchSizer(most=1), limit=1
        )
        for index in sorted(left):
            yield index, Outcome(reason="the worker process died, again and again")
    finally:
        if group is not workers:
            group.stop()


def _run_batches(
    tasks: Sequence[Any],
    queue: TaskQueue,
    folder: Path,
    group: TaskExecutor,
    sizes: BatchSizer,
    limit: int | None = None,
) -> Generator[IndexedOutcome, None, list[int]]:
    """Send tasks up to the limit in flight.

    Returns those in flight when a worker died, and those that wait for them.
    """
    waiting, single = queue.ready, deque[int]()
    flying: dict[Future[Any], list[int]] = {}
    lost: list[int] = []
    try:
        while waiting or single or flying:
            broken = False
            while (waiting or single) and len(flying) < (limit or group.max_in_flight()):
                batch = [single.popleft()] if single else sizes.take(waiting, group.workers)
                try:
                    content = serialize_tasks([tasks[index] for index in batch])
                except Exception as error:
                    # At least one of them cannot be serialized; the others may be.
                    if len(batch) > 1:
                        single += batch
                    else:
                        queue.end(batch[0])
                        yield batch[0], Outcome(reason=f"cannot be sent: {describe_error(error)}")
                    continue
                try:
                    flying[group.submit(content, folder)] = batch
                except group.lost:
                    waiting.extendleft(reversed(batch))
                    broken = True
                    break
                except Exception as error:
                    raise group.trouble(error) from None
            done, _ = wait(flying, timeout=0 if broken else None, return_when=FIRST_COMPLETED)
            for future in done:
                batch = flying.pop(future)
                try:
                    outcomes, seconds = future.result()
                except group.lost:
                    lost += batch
                    broken = True
                    continue
                except Exception as error:
                    raise group.trouble(error) from None
                if not isinstance(outcomes, UnreadableBatch):
                    sizes.add_timing(len(batch), seconds)
                    for index, outcome in zip(batch, outcomes, strict=True):
                        queue.end(index)
                        yield index, outcome
                elif len(batch) > 1:
                    single += batch
                else:
                    queue.end(batch[0])
                    yield batch[0], Outcome(reason=f"a worker cannot read it: {outcomes.reason}")
            if broken and group.one_death_loses_all:
                for batch in flying.values():
                    lost += batch
                flying.clear()
                group.replace_workers()
        return lost + queue.blocked
    finally:
        for future in flying:
            future.cancel()


def run_task_isolated(task: Any, folder: Path) -> Outcome:
    """Run a task in a process of its own, after it was in flight when a worker died.

    Args:
        task: Object with `run(folder)`.
        folder: Folder of saved lives.

    Returns:
        Its outcome; a failure if that process dies too.
    """
    pool = new_pool(1)
    try:
        return pool.submit(run_task, task, folder).result()
    except BrokenProcessPool:
        return Outcome(reason="the worker process died, twice")
    finally:
        stop_pool(pool)
