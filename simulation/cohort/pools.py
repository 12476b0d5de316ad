"""Pools of processes: they end with us, never see Ctrl-C, and do without where none may be."""

from __future__ import annotations

import multiprocessing
import os
import sys
from concurrent.futures import Executor, Future
from functools import cache
from typing import Any

from gutexo.interrupts import held_back
from gutexo.worker_process import prepare_worker

IDLE = 60  # seconds after which a process without work ends


class ThisProcess(Executor):
    """Runs what is submitted here and at once."""

    def submit(self, function: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(function(*arguments, **named))
        except Exception as error:
            future.set_exception(error)
        return future


def new_pool(workers: int) -> Executor:
    """Processes of our own, which import the model anew and end with us; see `stop_pool`.

    Where no process may be started, inside a `multiprocessing.Pool` or a task of a Dask cluster,
    this very process does the work, and a line says so.

    Args:
        workers: How many processes.
    """
    if multiprocessing.current_process().daemon:
        _say_alone("a process that is itself a worker may start none")
        return ThisProcess()
    try:
        return _started(workers)
    except (OSError, NotImplementedError) as error:
        _say_alone(str(error))
        return ThisProcess()


def stop_pool(pool: Executor) -> None:
    """End a pool of `new_pool`, whatever its processes are doing."""
    try:
        pool.shutdown(wait=True, kill_workers=True)  # type: ignore[call-arg]
    except TypeError:
        pool.shutdown(wait=True, cancel_futures=True)


def _started(workers: int) -> Executor:
    from loky import ProcessPoolExecutor

    class Pool(ProcessPoolExecutor):
        """Its processes are started while Ctrl-C is held back, so they begin without it."""

        def submit(self, function: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
            with held_back():
                return super().submit(function, *arguments, **named)

    return Pool(
        max_workers=workers, timeout=IDLE, initializer=prepare_worker, initargs=(os.getpid(),)
    )


@cache
def _say_alone(reason: str) -> None:
    """Say once that there are no processes."""
    print(f"gutexo: mice run one by one in this process: {reason}", file=sys.stderr, flush=True)
