"""Who runs chunks of tasks: processes of our own, or an executor that somebody lends."""

from __future__ import annotations

import os
import time
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from numbers import Integral
from pathlib import Path
from typing import Any, Protocol

from gutexo.cohort.chunks import attempt_all, in_a_line
from gutexo.cohort.pools import new_pool, stop_pool
from gutexo.compiled import digest
from gutexo.errors import GutexoError, RunFailed

ASKED_EVERY = 5.0  # seconds between two looks at how large a cluster is
LEAST_ROOM = 32  # chunks that wait at a cluster, so that one which grows by what waits can grow


class BrokenWorkers(RunFailed):
    """An executor that was lent does not work any more."""


class Crew(Protocol):
    """Runs chunks.

    Attributes:
        workers: Chunks it runs at once.
        lost: What a future raises where the worker of its chunk died.
        falls_together: Whether one worker that dies takes the chunks of all.
    """

    workers: int
    lost: tuple[type[BaseException], ...]
    falls_together: bool

    def submit(self, content: bytes, folder: Path) -> Future[Any]:
        """Send a chunk."""

    def room(self) -> int:
        """Chunks that may be on their way."""

    def renew(self) -> None:
        """Replace workers that are lost."""

    def stop(self) -> None:
        """End what is ours to end."""

    def trouble(self, error: BaseException) -> BaseException:
        """What to raise where a chunk could not be run for another reason."""


def available_cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class OwnProcesses:
    """Processes of our own, rebuilt when one dies; the death of one ends them all.

    Args:
        workers: How many.
    """

    lost: tuple[type[BaseException], ...] = (BrokenProcessPool,)
    falls_together = True

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool: Executor | None = None

    def submit(self, content: bytes, folder: Path) -> Future[Any]:
        if self._pool is None:
            self._pool = new_pool(self.workers)
        return self._pool.submit(attempt_all, content, folder, digest())

    def room(self) -> int:
        return 2 * self.workers

    def renew(self) -> None:
        self.stop()

    def stop(self) -> None:
        if self._pool is not None:
            stop_pool(self._pool)
            self._pool = None

    def trouble(self, error: BaseException) -> BaseException:
        if isinstance(error, OSError):
            return RunFailed(
                f"no process can be started here ({error.strerror}): take fewer, or --jobs 1"
            )
        return error


class Lent:
    """Somebody's executor: it is neither rebuilt nor ended by us.

    Args:
        executor: Any executor, or the client of a Dask cluster.
    """

    falls_together = False

    def __init__(self, executor: Any) -> None:
        self.lost: tuple[type[BaseException], ...] = ()
        self._client = executor if hasattr(executor, "get_executor") else None
        if self._client is not None:
            # A chunk that is sent again is to be run again, not to be looked up.
            executor = self._client.get_executor(pure=False)
        self._client = getattr(executor, "_client", None)
        if self._client is not None:
            from distributed.scheduler import KilledWorker

            self.lost = (KilledWorker,)
        self._executor = executor
        self._asked = -ASKED_EVERY
        self.workers = 1
        self.room()

    def submit(self, content: bytes, folder: Path) -> Future[Any]:
        # Workers of a cluster may have other disks; each knows where its own cache is.
        where = None if self._client is not None else folder
        return self._executor.submit(attempt_all, content, where, digest())

    def room(self) -> int:
        if self._client is None:
            self.workers = getattr(self._executor, "_max_workers", None) or available_cores()
            return 2 * self.workers
        if time.monotonic() - self._asked > ASKED_EVERY:
            try:
                self.workers = max(1, sum(self._client.nthreads().values()))
            except Exception as error:
                raise self.trouble(error) from None
            self._asked = time.monotonic()
        return max(2 * self.workers, LEAST_ROOM)

    def renew(self) -> None:
        """The cluster replaces its workers itself."""

    def stop(self) -> None:
        """It is not ours to end."""

    def trouble(self, error: BaseException) -> BaseException:
        if isinstance(error, GutexoError) or not isinstance(error, Exception):
            return error
        return BrokenWorkers(f"the executor broke: {in_a_line(error)[:200]}")


def crew(workers: Any, tasks: int | None = None) -> Crew | None:
    """Who runs tasks for what a user gave as workers; None for this very process.

    Args:
        workers: A number of processes, an executor, the client of a Dask cluster, or a crew.
        tasks: How many tasks there will be at once, at most: no more processes are started.

    Raises:
        GutexoError: It is none of these.
    """
    if isinstance(workers, (OwnProcesses, Lent)):
        return workers
    if isinstance(workers, Executor) or hasattr(workers, "get_executor"):
        return Lent(workers)
    if isinstance(workers, bool) or not isinstance(workers, Integral) or workers < 1:
        raise GutexoError(
            "workers must be a whole number, 1 or more, an executor or a Dask client; "
            f"got {workers!r}"
        )
    processes = int(workers)
    if tasks is not None:
        processes = min(processes, max(tasks, 1))
    return None if processes == 1 else OwnProcesses(processes)
