"""Start of a worker process: it ignores Ctrl-C, and ends when its parent process ends.

This module imports almost nothing, so that a worker whose parent has ended ends before it has
loaded the model.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

CHECKED_EVERY = 0.25  # seconds between two checks of the parent


def prepare_worker(parent: int) -> None:
    """Make this process a worker; used as the initializer of a pool of processes.

    Ctrl-C reaches every process of a terminal. The parent decides how to react; a worker ignores
    it and is ended by the parent.

    Args:
        parent: Number of the process that starts the pool (its `os.getpid()`).
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent(parent)


def end_with_parent(parent: int) -> None:
    """End this process at once when its parent has ended, for whatever reason.

    A thread checks the parent; compiled rules release the GIL, so that it can run. On Windows
    nothing is done.

    Args:
        parent: Number of the parent process.
    """
    if sys.platform == "win32":
        return  # On Windows a process keeps the number of a parent that has ended.
    if os.getppid() != parent:
        os._exit(1)
    threading.Thread(target=_watch, args=(parent,), name="parent", daemon=True).start()


def _watch(parent: int) -> None:
    """End this process as soon as it has another parent."""
    while os.getppid() == parent:
        time.sleep(CHECKED_EVERY)
    os._exit(1)
