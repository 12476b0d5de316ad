"""The Dask cluster of --dask, which somebody else started and will end."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from gutexo.cli.options import Options
from gutexo.errors import GutexoError

PATIENCE = 10.0  # seconds until a scheduler must have answered


@contextmanager
def workers_of(options: Options, jobs: int, say: Callable[[str], None]) -> Iterator[Any]:
    """What runs the mice: a number of processes here, or the client of --dask.

    Args:
        options: As typed.
        jobs: Processes, where there is no cluster.
        say: Called with a line for people.

    Raises:
        GutexoError: There is no such cluster, or what it needs is not installed.
    """
    if options.dask is None:
        from gutexo.cohort.crews import available_cores

        cores = available_cores()
        if jobs > cores:
            say(f"{jobs} jobs share {cores} cores; no more processes start than there are mice")
        yield jobs
        return
    if options.jobs is not None:
        raise GutexoError("--jobs counts processes here and --dask runs mice there: one of the two")
    client = _client(options.dask)
    try:
        threads = sum(client.nthreads().values())
        said = f"{threads} mice at a time" if threads else "no workers yet, the first is waited for"
        say(f"cluster at {options.dask}: {said}")
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
    # What it logs when a cluster goes away, we say in a line.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        return Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError, TypeError) as error:
        reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise GutexoError(f"--dask {address}: no scheduler answers there ({reason})") from None
