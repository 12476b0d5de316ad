"""Pools of processes, which end with this process and never receive Ctrl-C.

If no process can be started, the work is done in this process.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from concurrent.futures import Executor, Future
from functools import cache
from typing import Any

from gutexo.support.interrupts import defer_interrupts
from gutexo.support.worker_process import prepare_worker

IDLE_SECONDS = 60  # seconds after which a process without work ends


class InlineExecutor(Executor):
    """An executor that runs a function at once, in this process."""

    def submit(self, function: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(function(*arguments, **named))
        except Exception as error:
            future.set_exception(error)
        return future


def new_pool(workers: int) -> Executor:
    """Start a pool of processes, which import the model themselves and end with this process.

    `stop_pool` ends them earlier. If no process may be started (inside a `multiprocessing.Pool` or
    a task of a Dask cluster), this process does the work, and a line reports it.

    Args:
        workers: Number of processes.
    """
    if multiprocessing.current_process().daemon:
        _warn_no_processes("a process that is itself a worker may start none")
        return InlineExecutor()
    try:
        return _start_pool(workers)
    except (OSError, NotImplementedError) as error:
        _warn_no_processes(str(error))
        return InlineExecutor()


def stop_pool(pool: Executor) -> None:
    """End a pool of `new_pool`, even while its processes work."""
    try:
        pool.shutdown(wait=True, kill_workers=True)  # type: ignore[call-arg]
    except TypeError:
        pool.shutdown(wait=True, cancel_futures=True)


def _start_pool(workers: int) -> Executor:
    from loky import ProcessPoolExecutor

    class Pool(ProcessPoolExecutor):
        """A pool whose processes are started while Ctrl-C is blocked, so that they never get it."""

        def submit(self, function: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
            with defer_interrupts():
                return super().submit(function, *arguments, **named)

    return Pool(
        max_workers=workers,
        timeout=IDLE_SECONDS,
        initializer=prepare_worker,
        initargs=(os.getpid(),),
    )


@cache
def _warn_no_processes(reason: str) -> None:
    """Print once that no processes can be started."""
    print(f"gutexo: mice run one by one in this process: {reason}", file=sys.stderr, flush=True)
