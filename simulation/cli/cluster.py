"""The Dask cluster of `--dask`, which this command neither starts nor stops."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from gutexo.cli.options import Options
from gutexo.errors import GutexoError

SCHEDULER_TIMEOUT = 10.0  # seconds until a scheduler must have answered


@contextmanager
def open_workers(options: Options, jobs: int, report: Callable[[str], None]) -> Iterator[Any]:
    """Open what runs the mice: a number of processes on this machine, or the client of `--dask`.

    Args:
        options: As typed.
        jobs: Processes, used if there is no cluster.
        report: Called with a line for people.

    Raises:
        GutexoError: There is no such cluster, the package it needs is not installed, or `--jobs`
            was given too.
    """
    if options.dask is None:
        if options.jobs is not None and options.jobs > jobs:
            report(f"--jobs {options.jobs}: no more processes start than there are cores ({jobs})")
        yield jobs
        return
    if options.jobs is not None:
        raise GutexoError("--jobs counts processes here and --dask runs mice there: one of the two")
    client = _client(options.dask)
    try:
        threads = sum(client.nthreads().values())
        said = f"{threads} mice at a time" if threads else "no workers yet, the first is waited for"
        report(f"cluster at {options.dask}: {said}")
        yield client
    finally:
        client.close(timeout=2)


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise GutexoError(
            "--dask needs the package distributed: pip install 'gutexo[cluster]'"
        ) from None
    # It logs many lines when a cluster disappears; this package prints one line instead.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        return Client(address, timeout=SCHEDULER_TIMEOUT, set_as_default=False)
    except (OSError, TimeoutError, ValueError, TypeError) as error:
        reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise GutexoError(f"--dask {address}: no scheduler answers there ({reason})") from None
