"""Memory that is available to this process."""

from __future__ import annotations

import os
from pathlib import Path

LEAST_TO_START, LEAST_TO_RUN = 600_000_000, 2_000_000_000  # bytes; libraries reserve many
_LIMITS_OF_A_CONTAINER = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


def address_space_limit() -> int | None:
    """Bytes that this process may address (``ulimit -v``); None if there is no limit."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if soft == resource.RLIM_INFINITY else soft


def start_memory_message() -> str | None:
    """Return a message if this process may not address the memory its libraries need, else None."""
    limit = address_space_limit()
    if limit is None or limit >= LEAST_TO_START:
        return None
    return (
        f"{_describe_limit(limit)}; {LEAST_TO_START / 1e6:g} MB are needed to start, 2 GB to "
        f"run a mouse"
    )


def run_memory_message(more: float = 0.0) -> str | None:
    """Return a message if this process may not address the memory a mouse needs, else None.

    The compiler ends the process, without an exception, if it gets no memory.

    Args:
        more: Bytes that the mice themselves need.
    """
    limit = address_space_limit()
    if limit is None or limit >= LEAST_TO_RUN + more:
        return None
    return f"{_describe_limit(limit)}; running mice needs {(LEAST_TO_RUN + more) / 1e9:.3g} GB"


def _describe_limit(limit: int) -> str:
    return f"this process may address {limit / 1e6:.0f} MB of memory (ulimit -v)"


def total_memory() -> int | None:
    """Largest number of bytes of memory that this process can have; None if it is unknown."""
    known = []
    try:
        known.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, ValueError, OSError):  # Windows
        pass
    for path in _LIMITS_OF_A_CONTAINER:
        try:
            known.append(int(path.read_text(encoding="ascii")))
        except (OSError, ValueError):  # there is no such file, or it contains "max"
            pass
    return min((one for one in known if one > 0), default=None)
