"""What went wrong and is no visitor's mistake: a line for them, the traceback for us."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from types import TracebackType

from gutexo.page.messages import readable
from gutexo.support.failure_log import write_traceback

MOST_LOGS = 20
"""Tracebacks a process keeps; whoever provokes more of them fills no disk."""
_logs: dict[tuple[str, str, int], Path | None] = {}


def told(error: BaseException) -> str:
    """An exception that nobody expected, in a line; a log has the traceback of our mistakes.

    Args:
        error: What was raised.
    """
    if isinstance(error, OSError) and error.strerror:
        named = f"{error.filename}: " if error.filename is not None else ""
        return readable(f"{named}{error.strerror}")
    if isinstance(error, MemoryError):
        return "there is not enough memory for this"
    # One log for a place, however often it goes wrong there.
    place = (type(error).__name__, *_place(error.__traceback__))
    new = place not in _logs and len(_logs) < MOST_LOGS
    if new:
        _logs[place] = write_traceback("".join(traceback.format_exception(error)))
    log = _logs.get(place)
    where = f"; the traceback is in {log}" if log else ""
    first = (str(error).splitlines() or [""])[0][:300]
    line = readable(f"this is our mistake, not yours: {place[0]}: {first}{where}")
    if new:
        print(f"gutexo: {line}", file=sys.stderr)
    return line


def _place(trace: TracebackType | None) -> tuple[str, int]:
    last = traceback.extract_tb(trace)[-1:] if trace is not None else []
    return (last[0].filename, last[0].lineno or 0) if last else ("", 0)
