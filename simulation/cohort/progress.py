"""How far a run is, in one line that is written over: for notebooks and terminals."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import IO

TITLES = {"lives": "raising mice", "arms": "dosing mice"}
EVERY = 0.3  # seconds between two lines


def in_notebook() -> bool:
    """Whether a notebook's kernel runs this."""
    shell = sys.modules.get("IPython")
    running = shell.get_ipython() if shell is not None else None
    return running is not None and hasattr(running, "kernel")


class Line:
    """A progress that writes done, failed, left and the time left into one line.

    Args:
        stream: Where it is written.
        clock: Seconds.
    """

    def __init__(self, stream: IO[str], clock: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._clock = stream, clock
        self._phase = ""
        self._failed = self._first = 0
        self._began = self._wrote = 0.0

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Say where it stands.

        Args:
            phase: What is done; "failed" counts the mice that could not be run.
            done: How many.
            total: Of how many.
        """
        if phase == "failed":
            self._failed = done
            return
        now = self._clock()
        if phase != self._phase:
            self._phase, self._first, self._began, self._wrote = phase, done, now, -EVERY
        ended = done >= total
        if now - self._wrote < EVERY and not ended:
            return
        self._wrote = now
        parts = [f"{TITLES.get(phase, phase)}: {done} of {total} done"]
        if self._failed:
            parts.append(f"{self._failed} failed")
        if not ended:
            parts.append(f"{total - done} left")
            if done > self._first:
                seconds = (now - self._began) / (done - self._first) * (total - done)
                parts.append(f"some {_duration(seconds)}")
        line = ", ".join(parts)
        self._stream.write(f"\r{line:<78s}" + ("\n" if ended else ""))
        self._stream.flush()


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def usual() -> Callable[[str, int, int], None]:
    """The progress of who asked for none: a line in a notebook, nothing elsewhere."""
    return Line(sys.stderr) if in_notebook() else _nothing


def _nothing(phase: str, done: int, total: int) -> None:
    """Nobody looks."""
