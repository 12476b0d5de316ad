"""What a helper process does first: it leaves Ctrl-C to its parent, and ends when its parent ends.

This module imports next to nothing, so that a helper whose parent is gone ends before it has
loaded the model.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

CHECKED_EVERY = 0.25  # seconds between two looks at the parent


def prepare_worker(parent: int) -> None:
    """Make this process a helper: give it as the initializer of a pool of processes.

    Ctrl-C reaches every process of a terminal. The parent decides what it means; a helper ignores
    it and is ended by the parent.

    Args:
        parent: Number of the process that starts the pool, `os.getpid()` there.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent(parent)


def end_with_parent(parent: int) -> None:
    """End this process at once when its parent is gone, however the parent ended.

    A thread looks; compiled rules let it run. On Windows nothing is done.

    Args:
        parent: Number of the parent process.
    """
    if sys.platform == "win32":
        return  # There a process keeps the number of a parent that is gone.
    if os.getppid() != parent:
        os._exit(1)
    threading.Thread(target=_watch, args=(parent,), name="parent", daemon=True).start()


def _watch(parent: int) -> None:
    """End as soon as somebody else has inherited this process."""
    while os.getppid() == parent:
        time.sleep(CHECKED_EVERY)
    os._exit(1)
