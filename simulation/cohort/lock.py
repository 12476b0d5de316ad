"""A lock with a heartbeat, so that two parents never write one store.

The process that holds it writes who it is, and a beat that goes on counting. Whoever comes second
looks at both: a process that is gone has left the lock behind, and so has one whose beat stands
still, whatever process has its number by now.
"""

from __future__ import annotations

import json
import os
import platform
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from filelock import FileLock, Timeout

from gutexo.cohort.records import Holder
from gutexo.errors import GutexoError
from gutexo.stored import DamagedFile, read_record

BEAT = 1.0  # seconds between two beats
STILL = 30.0  # seconds without a beat after which a lock is nobody's
NOBODY_KNOWN = {"pid": 0, "host": "unknown"}


def _here() -> str:
    """This machine, and the numbering of its processes: a container has its own."""
    try:
        numbering = f" {os.stat('/proc/self/ns/pid').st_ino}"
    except OSError:
        numbering = ""
    return platform.node() + numbering


def _runs(pid: int) -> bool:
    """Whether a process of this number runs here; yes where it cannot be known."""
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


class Lock:
    """Held from `acquire` to `release`; its file lies in the folder it guards.

    Args:
        folder: What is guarded.
        say: Called with a line for people.
    """

    def __init__(self, folder: Path, say: Callable[[str], None] = lambda line: None) -> None:
        self.folder = folder
        self.say = say
        self.path = folder / "lock"
        self.lost = False
        self._me = {"pid": os.getpid(), "host": _here(), "token": uuid.uuid4().hex}
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else looks at the lock or changes it."""
        try:
            with FileLock(self.folder / ".guard", timeout=STILL):
                yield
        except Timeout:
            raise GutexoError(f"{self.folder} is being locked by another process") from None

    def acquire(self) -> Self:
        """Take the lock, at once or from a process that is gone.

        Raises:
            GutexoError: Another process works there.
        """
        if self.path.is_dir():
            raise GutexoError(f"{self.path} is a folder where a lock should be; move it away")
        first: dict[str, Any] | None = None
        since, told = time.monotonic(), False
        while True:
            with self._alone():
                holder = held_by(self.folder)
                still = holder == first and time.monotonic() - since > STILL
                if holder is None or still or self._gone(holder):
                    self._write(0)
                    break
            if first is None:
                first = holder
            elif holder != first:
                raise GutexoError(
                    f"{self.folder} is in use by {named(holder)}; wait until it is done, or stop "
                    "it: what is finished is kept"
                )
            if not told and time.monotonic() - since > 3 * BEAT:
                self.say(f"waiting to see whether {named(holder)} still works in {self.folder}")
                told = True
            time.sleep(BEAT / 4)
        self._thread = threading.Thread(target=self._beat, name="gutexo-lock", daemon=True)
        self._thread.start()
        return self

    def release(self) -> None:
        """Give it back."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        try:
            with self._alone():
                if self._mine():
                    self.path.unlink(missing_ok=True)
        except (OSError, GutexoError):
            pass  # It goes stale by itself.

    def check(self) -> None:
        """Refuse to go on where somebody else took the lock.

        Raises:
            GutexoError: This process stood still so long that another one took over.
        """
        if self.lost:
            raise GutexoError(
                f"{self.folder} was taken over by another process while this one stood still; "
                "what is finished is kept"
            )

    def __enter__(self) -> Self:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()

    def _gone(self, holder: dict[str, Any]) -> bool:
        return holder.get("host") == self._me["host"] and not _runs(holder["pid"])

    def _mine(self) -> bool:
        holder = held_by(self.folder)
        return holder is not None and holder.get("token") == self._me["token"]

    def _write(self, beat: int) -> None:
        part = self.folder / f".lock-{self._me['token']}"
        try:
            part.write_text(json.dumps({**self._me, "beat": beat}), encoding="utf-8")
            os.replace(part, self.path)
        except OSError:
            part.unlink(missing_ok=True)
            raise

    def _beat(self) -> None:
        count = 0
        while not self._stop.wait(BEAT):
            count += 1
            try:
                with self._alone():
                    if not self._mine():
                        self.lost = True
                        return
                    self._write(count)
            except (OSError, GutexoError):
                continue  # A full disk is told by who writes the mice.


def held_by(folder: Path) -> dict[str, Any] | None:
    """Who holds the lock of a folder: pid, host and beat; None where nobody does."""
    try:
        holder = read_record(folder / "lock", Holder, must_be_sealed=False)
    except DamagedFile:
        return dict(NOBODY_KNOWN)
    return None if holder is None else holder.model_dump()


def named(holder: dict[str, Any]) -> str:
    """Who holds a lock, for people."""
    if holder["pid"] == NOBODY_KNOWN["pid"]:
        return "an unknown process (its lock cannot be read)"
    host = str(holder["host"]).partition(" ")[0]
    return f"process {holder['pid']} on {host}"
