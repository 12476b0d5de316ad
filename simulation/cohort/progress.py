"""How far a run is: in one line that is written over, or in lines of a file."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

TITLES = {"lives": "raising mice", "arms": "dosing mice"}
EVERY = 0.3  # seconds between two looks of one line
MINUTE = 60.0  # seconds between two lines of a file
LOOK = 5.0  # seconds between two looks whether a minute has passed


def in_notebook() -> bool:
    """Whether a notebook's kernel runs this."""
    shell = sys.modules.get("IPython")
    running = shell.get_ipython() if shell is not None else None
    return running is not None and hasattr(running, "kernel")


class _Told:
    """What is known of a run, put into a line.

    Args:
        stream: Where lines are written.
        clock: Seconds.
    """

    def __init__(self, stream: IO[str], clock: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._clock = stream, clock
        self._phase = ""
        self._failed = self._first = 0
        self._began = 0.0

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
        begins = phase != self._phase
        if begins:
            self._phase, self._first, self._began = phase, done, now
        self._step(begins, done, total, now)

    def _step(self, begins: bool, done: int, total: int, now: float) -> None:
        """Write a line, or none."""
        raise NotImplementedError

    def _line(self, done: int, total: int, now: float) -> str:
        parts = [f"{TITLES.get(self._phase, self._phase)}: {done} of {total} done"]
        if self._failed:
            parts.append(f"{self._failed} failed")
        if done < total:
            parts.append(f"{total - done} left")
            if done > self._first:
                seconds = (now - self._began) / (done - self._first) * (total - done)
                parts.append(f"some {_duration(seconds)}")
        return ", ".join(parts)


class Line(_Told):
    """A progress that writes done, failed, left and the time left into one line.

    Args:
        stream: Where it is written.
        clock: Seconds.
    """

    _wrote = 0.0

    def _step(self, begins: bool, done: int, total: int, now: float) -> None:
        ended = done >= total
        if not begins and now - self._wrote < EVERY and not ended:
            return
        self._wrote = now
        line = self._line(done, total, now)
        self._stream.write(f"\r{line:<78s}" + ("\n" if ended else ""))
        self._stream.flush()


class Lines(_Told):
    """A progress for a file: a line at each tenth, and one a minute between.

    Args:
        stream: Where they are written.
        clock: Seconds.
    """

    def __init__(self, stream: IO[str], clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(stream, clock)
        self._wrote, self._tenths = 0.0, 0
        self._done = self._total = 0
        self._lock = threading.Lock()

    def repeat(self) -> None:
        """Write again where it stands, where a minute has passed without a line."""
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
def each_minute(lines: Lines) -> Iterator[Lines]:
    """Lines that come each minute, however long a mouse takes."""
    ended = threading.Event()

    def look() -> None:
        try:
            while not ended.wait(LOOK):
                lines.repeat()
        except (OSError, ValueError):  # nobody reads any more; the run itself will say so
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


def usual() -> Callable[[str, int, int], None]:
    """The progress of who asked for none: a line in a notebook, nothing elsewhere."""
    return Line(sys.stderr) if in_notebook() else _nothing


def _nothing(phase: str, done: int, total: int) -> None:
    """Nobody looks."""
