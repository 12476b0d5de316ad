"""How much memory there is for this process."""

from __future__ import annotations

import os
from pathlib import Path

LEAST_TO_START, LEAST_TO_RUN = 600_000_000, 2_000_000_000  # addresses: libraries reserve many
_LIMITS_OF_A_CONTAINER = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


def address_space() -> int | None:
    """Bytes that this process may address (``ulimit -v``), None where there is no limit."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if soft == resource.RLIM_INFINITY else soft


def too_little_to_start() -> str | None:
    """A line where this process may not address what its libraries take; None where it may."""
    limit = address_space()
    if limit is None or limit >= LEAST_TO_START:
        return None
    return f"{_told(limit)}; {LEAST_TO_START / 1e6:g} MB are needed to start, 2 GB to run a mouse"


def too_little_to_run(more: float = 0.0) -> str | None:
    """A line where this process may not address what a mouse takes; None where it may.

    The compiler ends the process, without an exception, where it gets no memory.

    Args:
        more: Bytes that the mice themselves take.
    """
    limit = address_space()
    if limit is None or limit >= LEAST_TO_RUN + more:
        return None
    return f"{_told(limit)}; running mice needs {(LEAST_TO_RUN + more) / 1e9:.3g} GB"


def _told(limit: int) -> str:
    return f"this process may address {limit / 1e6:.0f} MB of memory (ulimit -v)"


def total_memory() -> int | None:
    """Bytes of memory that this process could have at most, None where nobody says."""
    known = []
    try:
        known.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, ValueError, OSError):  # Windows
        pass
    for path in _LIMITS_OF_A_CONTAINER:
        try:
            known.append(int(path.read_text(encoding="ascii")))
        except (OSError, ValueError):  # there is none, or it is "max"
            pass
    return min((one for one in known if one > 0), default=None)
