"""Progress of a run, in one line that is overwritten or in several lines of a file."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

PHASE_TITLES = {
    "rules": "compiling rules",
    "lives": "raising mice",
    "arms": "dosing mice",
    "days": "days of a life",
}
LINE_SECONDS = 0.3  # seconds between two updates of the line
MINUTE = 60.0  # seconds between two lines of a file
POLL_SECONDS = 5.0  # seconds between two checks whether a minute has passed


def in_notebook() -> bool:
    """Return whether this code runs in the kernel of a notebook."""
    shell = sys.modules.get("IPython")
    running = shell.get_ipython() if shell is not None else None
    return running is not None and hasattr(running, "kernel")


@dataclass
class _Phase:
    """How far a phase of a run is.

    Attributes:
        title: Its title.
        done: Number of items done.
        total: Number of all items.
        first: Number of items done at `began`.
        began: Time from which the remaining time is estimated (s).
        tenths: Tenths done when its last line was written; -1 before the first.
    """

    title: str
    done: int
    total: int
    first: int
    began: float
    tenths: int = -1

    @property
    def ended(self) -> bool:
        """Whether all items are done."""
        return self.done >= self.total

    def line(self, now: float, failed: int, estimated: bool) -> str:
        """Format the phase as a line, with the remaining time if it can be estimated."""
        parts = [f"{self.title}: {self.done} of {self.total} done"]
        if failed:
            parts.append(f"{failed} failed")
        if not self.ended:
            parts.append(f"{self.total - self.done} left")
            if estimated and self.done > self.first:
                seconds = (now - self.began) / (self.done - self.first) * (self.total - self.done)
                parts.append(f"some {_duration(seconds)}")
        return ", ".join(parts)


class _ProgressWriter:
    """Base class that formats the progress of a run as a line.

    Args:
        stream: Stream to which lines are written.
        clock: Function that returns seconds.
    """

    def __init__(self, stream: IO[str], clock: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._clock = stream, clock
        self._phases: dict[str, _Phase] = {}
        self._failed = 0
        self._wrote = 0.0

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Report the progress.

        Args:
            phase: Phase of the run; "failed" reports the number of mice that could not be run.
                Several phases may run side by side.
            done: Number of items done.
            total: Number of all items.
        """
        if phase == "failed":
            self._failed = done
            return
        now = self._clock()
        begins = phase not in self._phases
        if begins:
            title = PHASE_TITLES.get(phase, phase)
            self._phases[phase] = _Phase(title, done, total, done, now)
        found = self._phases[phase]
        found.done, found.total = done, total
        following = self._first_unfinished()
        if found.ended and following is not None:
            # It has had less than its share of the processes until now.
            following.first, following.began = following.done, now
        self._step(found, begins, now)

    def _first_unfinished(self) -> _Phase | None:
        return next((phase for phase in self._phases.values() if not phase.ended), None)

    def _line(self, phase: _Phase, now: float) -> str:
        """Format a phase; the remaining time is that of the first phase that has not ended."""
        failed = self._failed if phase is self._phases.get("arms") else 0
        return phase.line(now, failed, phase is self._first_unfinished())

    def _step(self, phase: _Phase, begins: bool, now: float) -> None:
        """Write a line if one is due."""
        raise NotImplementedError


class ProgressLine(_ProgressWriter):
    """A progress line that is overwritten: done, failed, left and the remaining time.

    Args:
        stream: Stream to which the line is written.
        clock: Function that returns seconds.
    """

    def _step(self, phase: _Phase, begins: bool, now: float) -> None:
        unfinished = self._first_unfinished()
        if not begins and now - self._wrote < LINE_SECONDS and unfinished is not None:
            return
        self._wrote = now
        line = self._line(unfinished or phase, now)
        last = list(self._phases.values())[-1]
        if unfinished is not None and last is not unfinished:
            line += f"; {last.title}: {last.done} of {last.total}"
        self._stream.write(f"\r{line:<78s}" + ("\n" if unfinished is None else ""))
        self._stream.flush()


class ProgressLines(_ProgressWriter):
    """Progress lines for a file: one at each tenth of a phase, and one per minute in between.

    Args:
        stream: Stream to which the lines are written.
        clock: Function that returns seconds.
    """

    def __init__(self, stream: IO[str], clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(stream, clock)
        self._lock = threading.RLock()

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Report the progress, as `_ProgressWriter` describes."""
        with self._lock:
            super().__call__(phase, done, total)

    def repeat(self) -> None:
        """Write the progress again if no line was written for a minute."""
        with self._lock:
            now, unfinished = self._clock(), self._first_unfinished()
            if unfinished is not None and now - self._wrote >= MINUTE:
                self._write(unfinished, now)

    def _step(self, phase: _Phase, begins: bool, now: float) -> None:
        tenths = 10 * phase.done // phase.total if phase.total else 10
        if tenths != phase.tenths or now - self._wrote >= MINUTE:
            phase.tenths = tenths
            self._write(phase, now)

    def _write(self, phase: _Phase, now: float) -> None:
        self._wrote = now
        self._stream.write(self._line(phase, now) + "\n")
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
