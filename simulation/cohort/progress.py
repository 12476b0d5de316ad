"""Progress of a run, in one line that is overwritten or in several lines of a file."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

PHASE_TITLES = {"lives": "raising mice", "arms": "dosing mice"}
LINE_SECONDS = 0.3  # seconds between two updates of the line
MINUTE = 60.0  # seconds between two lines of a file
POLL_SECONDS = 5.0  # seconds between two checks whether a minute has passed


def in_notebook() -> bool:
    """Return whether this code runs in the kernel of a notebook."""
    shell = sys.modules.get("IPython")
    running = shell.get_ipython() if shell is not None else None
    return running is not None and hasattr(running, "kernel")


class _ProgressWriter:
    """Base class that formats the progress of a run as a line.

    Args:
        stream: Stream to which lines are written.
        clock: Function that returns seconds.
    """

    def __init__(self, stream: IO[str], clock: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._clock = stream, clock
        self._phase = ""
        self._failed = self._first = 0
        self._began = 0.0

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Report the progress.

        Args:
            phase: Phase of the run; "failed" reports the number of mice that could not be run.
            done: Number of items done.
            total: Number of all items.
        """
        if phase == "failed":
            self._failed = done
            return
        now = self._clock()
        begins = phase != self._phase
        if begins:
            self._phase, self._first, self._began = phase, done, now
        self._step(begins, done, total, now)

    def _step(self, begins: bool, done: int, total: int, now: float) -> None:
        """Write a line if one is due."""
        raise NotImplementedError

    def _line(self, done: int, total: int, now: float) -> str:
        parts = [f"{PHASE_TITLES.get(self._phase, self._phase)}: {done} of {total} done"]
        if self._failed:
            parts.append(f"{self._failed} failed")
        if done < total:
            parts.append(f"{total - done} left")
            if done > self._first:
                seconds = (now - self._began) / (done - self._first) * (total - done)
                parts.append(f"some {_duration(seconds)}")
        return ", ".join(parts)


class ProgressLine(_ProgressWriter):
    """A progress line that is overwritten: done, failed, left and the remaining time.

    Args:
        stream: Stream to which the line is written.
        clock: Function that returns seconds.
    """

    _wrote = 0.0

    def _step(self, begins: bool, done: int, total: int, now: float) -> None:
        ended = done >= total
        if not begins and now - self._wrote < LINE_SECONDS and not ended:
            return
        self._wrote = now
        line = self._line(done, total, now)
        self._stream.write(f"\r{line:<78s}" + ("\n" if ended else ""))
        self._stream.flush()


class ProgressLines(_ProgressWriter):
    """Progress lines for a file: one at each tenth, and one per minute in between.

    Args:
        stream: Stream to which the lines are written.
        clock: Function that returns seconds.
    """

    def __init__(self, stream: IO[str], clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(stream, clock)
        self._wrote, self._tenths = 0.0, 0
        self._done = self._total = 0
        self._lock = threading.Lock()

    def repeat(self) -> None:
        """Write the progress again if no line was written for a minute."""
        with self._lock:
            now = self._clock()
            if self._done < self._total and now - self._wrote >= MINUTE:
                self._write(now)

    def _step(self, begins: bool, done: int, total: int, now: float) -> None:
        with self._lock:
            self._done, self._total = done, total
            tenths = 10 * done // total if total else 10
            if begins or tenths != self._tenths or now - self._wrote >= MINUTE:
                self._tenths = tenths
                self._write(now)

    def _write(self, now: float) -> None:
        self._wrote = now
        self._stream.write(self._line(self._done, self._total, now) + "\n")
        self._stream.flush()


@contextmanager
def repeat_each_minute(lines: ProgressLines) -> Iterator[ProgressLines]:
    """Write a progress line at least each minute, even while one mouse takes longer."""
    ended = threading.Event()

    def look() -> None:
        try:
            while not ended.wait(POLL_SECONDS):
                lines.repeat()
        except (OSError, ValueError):  # the output is closed; the run itself will report it
            pass

    thread = threading.Thread(target=look, name="gutexo-progress", daemon=True)
    thread.start()
    try:
        yield lines
    finally:
        ended.set()
        thread.join()


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def choose_progress() -> Callable[[str, int, int], None]:
    """Return the default progress: a line in a notebook, nothing elsewhere."""
    return ProgressLine(sys.stderr) if in_notebook() else _ignore_progress


def _ignore_progress(phase: str, done: int, total: int) -> None:
    """Do nothing with the progress."""
