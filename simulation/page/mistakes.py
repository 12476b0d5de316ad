"""What went wrong and is no visitor's mistake: a line for them, the traceback for us."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from types import TracebackType

from simulation.failure_log import write_traceback
from simulation.page.messages import readable

MOST_LOGS = 20
"""Tracebacks a process keeps; whoever provokes more of them fills no disk."""
_logs: dict[tuple[str, str, int], Path | None] = {}


def told(error: BaseException) -> str:
    """An exception that nobody expected, in a line; its traceback goes into a log.

    Args:
        error: What was raised.
    """
    # One log for a place, however often it goes wrong there.
    place = (type(error).__name__, *_place(error.__traceback__))
    if place not in _logs and len(_logs) < MOST_LOGS:
        _logs[place] = write_traceback("".join(traceback.format_exception(error)))
        print(f"gutexo: {_line(error, place)}", file=sys.stderr)
    return _line(error, place)


def _line(error: BaseException, place: tuple[str, str, int]) -> str:
    first = (str(error).splitlines() or [""])[0][:300]
    log = _logs.get(place)
    where = f"; the traceback is in {log}" if log else ""
    return readable(f"this is our mistake, not yours: {type(error).__name__}: {first}{where}")


def _place(trace: TracebackType | None) -> tuple[str, int]:
    last = traceback.extract_tb(trace)[-1:] if trace is not None else []
    return (last[0].filename, last[0].lineno or 0) if last else ("", 0)
