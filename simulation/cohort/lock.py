"""A lock with a heartbeat, so that two parent processes never write to the same store.

The process that holds the lock writes its identity and a beat that counts up. A second process
reads both. It takes the lock if the holder has ended, or if the beat is constant: then the holder
has ended too, even if another process has its number now.
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

from gutexo.cohort.records import LockHolder
from gutexo.errors import GutexoError
from gutexo.support.json_files import DamagedFile, read_record

HEARTBEAT_SECONDS = 1.0  # seconds between two beats
STALE_SECONDS = 30.0  # seconds without a beat after which a lock is free
UNKNOWN_HOLDER = {"pid": 0, "host": "unknown"}


def _machine_name() -> str:
    """Name of this machine and of its numbering of processes: a container has its own numbering."""
    try:
        numbering = f" {os.stat('/proc/self/ns/pid').st_ino}"
    except OSError:
        numbering = ""
    return platform.node() + numbering


def _is_running(pid: int) -> bool:
    """Return whether a process of this number runs here; true where this cannot be known."""
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
    """A lock of a folder, held from `acquire` to `release`; its file is in that folder.

    Args:
        folder: The folder that is locked.
        report: Called with a message of one line.
    """

    def __init__(self, folder: Path, report: Callable[[str], None] = lambda line: None) -> None:
        self.folder = folder
        self.report = report
        self.path = folder / "lock"
        self.lost = False
        self._me = {"pid": os.getpid(), "host": _machine_name(), "token": uuid.uuid4().hex}
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def _hold_guard(self) -> Iterator[None]:
        """Prevent other processes from reading or changing the lock file."""
        try:
            with FileLock(self.folder / ".guard", timeout=STALE_SECONDS):
                yield
        except Timeout:
            raise GutexoError(f"{self.folder} is being locked by another process") from None

    def acquire(self) -> Self:
        """Take the lock, if it is free or its holder has ended.

        Raises:
            GutexoError: Another process uses the folder.
        """
        if self.path.is_dir():
            raise GutexoError(f"{self.path} is a folder where a lock should be; move it away")
        first: dict[str, Any] | None = None
        since, reported = time.monotonic(), False
        while True:
            with self._hold_guard():
                holder = read_holder(self.folder)
                still = holder == first and time.monotonic() - since > STALE_SECONDS
                if holder is None or still or self._has_exited(holder):
                    self._write(0)
                    break
            if first is None:
                first = holder
            elif holder != first:
                raise GutexoError(
                    f"{self.folder} is in use by {describe_holder(holder)}; wait until it is "
                    "done, or stop it: finished mice are saved"
                )
            if not reported and time.monotonic() - since > 3 * HEARTBEAT_SECONDS:
                self.report(
                    f"waiting to see whether {describe_holder(holder)} still works in {self.folder}"
                )
                reported = True
            time.sleep(HEARTBEAT_SECONDS / 4)
        self._thread = threading.Thread(
            target=self._send_heartbeats, name="gutexo-lock", daemon=True
        )
        self._thread.start()
        return self

    def release(self) -> None:
        """Release the lock."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        try:
            with self._hold_guard():
                if self._is_ours():
                    self.path.unlink(missing_ok=True)
        except (OSError, GutexoError):
            pass  # The lock becomes stale without a heartbeat.

    def check(self) -> None:
        """Raise an error if another process took the lock.

        Raises:
            GutexoError: This process was stopped for so long that another one took the lock.
        """
        if self.lost:
            raise GutexoError(
                f"{self.folder} was taken over by another process while this one was stopped; "
                "finished mice are saved"
            )

    def __enter__(self) -> Self:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()

    def _has_exited(self, holder: dict[str, Any]) -> bool:
        return holder.get("host") == self._me["host"] and not _is_running(holder["pid"])

    def _is_ours(self) -> bool:
        holder = read_holder(self.folder)
        return holder is not None and holder.get("token") == self._me["token"]

    def _write(self, beat: int) -> None:
        part = self.folder / f".lock-{self._me['token']}"
        try:
            part.write_text(json.dumps({**self._me, "beat": beat}), encoding="utf-8")
            os.replace(part, self.path)
        except OSError:
            part.unlink(missing_ok=True)
            raise

    def _send_heartbeats(self) -> None:
        count = 0
        while not self._stop.wait(HEARTBEAT_SECONDS):
            count += 1
            try:
                with self._hold_guard():
                    if not self._is_ours():
                        self.lost = True
                        return
                    self._write(count)
            except (OSError, GutexoError):
                continue  # A full disk is reported by the code that writes the mice.


def read_holder(folder: Path) -> dict[str, Any] | None:
    """Read the holder of the lock of a folder: pid, host, token and beat; None if it is free."""
    try:
        holder = read_record(folder / "lock", LockHolder, needs_checksum=False)
    except DamagedFile:
        return dict(UNKNOWN_HOLDER)
    return None if holder is None else holder.model_dump()


def describe_holder(holder: dict[str, Any]) -> str:
    """Describe the holder of a lock in a few words."""
    if holder["pid"] == UNKNOWN_HOLDER["pid"]:
        return "an unknown process (its lock cannot be read)"
    host = str(holder["host"]).partition(" ")[0]
    return f"process {holder['pid']} on {host}"
