"""Executors of batches of tasks: our own processes, or an executor that the user provides."""

from __future__ import annotations

import os
import time
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from numbers import Integral
from pathlib import Path
from typing import Any, Protocol

from gutexo.cohort.batches import describe_error, run_batch
from gutexo.cohort.pools import new_pool, stop_pool
from gutexo.compiled import model_code_digest
from gutexo.errors import GutexoError, RunFailed

CLUSTER_POLL_SECONDS = 5.0  # seconds between two queries of the size of a cluster
LEAST_IN_FLIGHT = (
    32  # batches sent to a cluster at least, so that a cluster that scales with its queue can grow
)


class BrokenWorkers(RunFailed):
    """An executor that the user provided has stopped working."""


class TaskExecutor(Protocol):
    """An object that runs batches of tasks.

    Attributes:
        workers: Batches it runs at once.
        lost: Exceptions of a future whose batch was lost because its worker died.
        one_death_loses_all: Whether the death of one worker loses the batches of all workers.
    """

    workers: int
    lost: tuple[type[BaseException], ...]
    one_death_loses_all: bool

    def submit(self, content: bytes, folder: Path) -> Future[Any]:
        """Send a batch."""

    def max_in_flight(self) -> int:
        """Return how many batches may be in flight."""

    def replace_workers(self) -> None:
        """Replace lost workers."""

    def stop(self) -> None:
        """Stop the workers that we started."""

    def trouble(self, error: BaseException) -> BaseException:
        """Return the exception to raise if a batch failed for another reason than a lost worker."""


def available_cores() -> int:
    """Return the number of cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def count_processes(workers: int, tasks: int | None = None) -> int:
    """Return how many processes to start: as many as there is a use for.

    Args:
        workers: Largest number wanted.
        tasks: Number of tasks that are left; None if it is not known.

    Returns:
        At least 1, and no more than the workers, the tasks and the cores of this process.
    """
    return max(1, min(workers, available_cores(), workers if tasks is None else tasks))


class OwnProcesses:
    """Our own processes; the death of one ends them all, and they are started again.

    They start with the first task. If they were started for fewer tasks than a later batch of work
    has, they are replaced by more.

    Args:
        workers: Largest number of processes; no more than the cores are started.
    """

    lost: tuple[type[BaseException], ...] = (BrokenProcessPool,)
    one_death_loses_all = True

    def __init__(self, workers: int) -> None:
        self.workers = count_processes(workers)
        self._most = workers
        self._pool: Executor | None = None

    def fit(self, tasks: int) -> None:
        """Choose the number of processes for some tasks; processes that run are kept if enough."""
        wanted = count_processes(self._most, tasks)
        if self._pool is not None and wanted <= self.workers:
            return
        self.stop()
        self.workers = wanted

    def submit(self, content: bytes, folder: Path) -> Future[Any]:
        if self._pool is None:
            self._pool = new_pool(self.workers)
        return self._pool.submit(run_batch, content, folder, model_code_digest())

    def max_in_flight(self) -> int:
        return 2 * self.workers

    def replace_workers(self) -> None:
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


class ExternalExecutor:
    """An executor that the user provides: we neither restart nor stop it.

    Args:
        executor: Any executor, or the client of a Dask cluster.
    """

    one_death_loses_all = False

    def __init__(self, executor: Any) -> None:
        self.lost: tuple[type[BaseException], ...] = ()
        self._client = executor if hasattr(executor, "get_executor") else None
        if self._client is not None:
            # A batch that is sent again must run again; its earlier result must not be reused.
            executor = self._client.get_executor(pure=False)
        self._client = getattr(executor, "_client", None)
        if self._client is not None:
            from distributed.scheduler import KilledWorker

            self.lost = (KilledWorker,)
        self._executor = executor
        self._asked = -CLUSTER_POLL_SECONDS
        self.workers = 1
        self.max_in_flight()

    def submit(self, content: bytes, folder: Path) -> Future[Any]:
        # Workers of a cluster may have other disks; each uses its own cache folder.
        where = None if self._client is not None else folder
        return self._executor.submit(run_batch, content, where, model_code_digest())

    def max_in_flight(self) -> int:
        if self._client is None:
            self.workers = getattr(self._executor, "_max_workers", None) or available_cores()
            return 2 * self.workers
        if time.monotonic() - self._asked > CLUSTER_POLL_SECONDS:
            try:
                self.workers = max(1, sum(self._client.nthreads().values()))
            except Exception as error:
                raise self.trouble(error) from None
            self._asked = time.monotonic()
        return max(2 * self.workers, LEAST_IN_FLIGHT)

    def replace_workers(self) -> None:
        """Do nothing: the cluster replaces its workers itself."""

    def stop(self) -> None:
        """Do nothing: we did not start the executor."""

    def trouble(self, error: BaseException) -> BaseException:
        if isinstance(error, GutexoError) or not isinstance(error, Exception):
            return error
        return BrokenWorkers(f"the executor broke: {describe_error(error)[:200]}")


def choose_executor(workers: Any, tasks: int | None = None) -> TaskExecutor | None:
    """Return the executor for a `workers` argument; None if this process runs the tasks itself.

    Args:
        workers: A number of processes, an executor, the client of a Dask cluster, or a task
            executor of this module.
        tasks: Largest number of tasks at once: no more processes are started, nor more than there
            are cores.

    Raises:
        GutexoError: `workers` is none of these.
    """
    if isinstance(workers, OwnProcesses):
        if tasks is not None:
            workers.fit(tasks)
        return workers
    if isinstance(workers, ExternalExecutor):
        return workers
    if isinstance(workers, Executor) or hasattr(workers, "get_executor"):
        return ExternalExecutor(workers)
    if isinstance(workers, bool) or not isinstance(workers, Integral) or workers < 1:
        raise GutexoError(
            "workers must be a whole number, 1 or more, an executor or a Dask client; "
            f"got {workers!r}"
        )
    processes = int(workers)
    if tasks is not None:
        processes = min(processes, max(tasks, 1))
    # On a machine with one core that is still a process of its own: it may die, this one may not.
    return None if processes == 1 else OwnProcesses(processes)
