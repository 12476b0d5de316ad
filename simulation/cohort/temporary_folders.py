"""Temporary folder of a process, for lives that cannot be written to the cache; and locks."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from filelock import FileLock, Timeout

from gutexo.support.cache_folder import make_shared_folder, shared_file_mode

PREFIX = "gutexo-lives-"
_IN_USE = "in-use.lock"
_DAY = 86400.0


@cache
def make_process_folder() -> Path:
    """Make the temporary folder of this process; it is removed when the process ends.

    The folders of processes that have already ended are removed now.
    """
    remove_abandoned_folders()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    lock = FileLock(folder / _IN_USE)
    lock.acquire()
    atexit.register(_remove_own_folder, folder, lock, os.getpid())
    return folder


def _remove_own_folder(folder: Path, lock: FileLock, made_by: int) -> None:
    if os.getpid() == made_by:  # a forked process ends earlier and must not remove it
        lock.release(force=True)
        shutil.rmtree(folder, ignore_errors=True)


def remove_abandoned_folders() -> None:
    """Remove temporary folders of processes that ended without removing them."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            if _abandoned(folder):
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:  # the folder of another user
            continue


def _abandoned(folder: Path) -> bool:
    """Return whether no running process uses a folder; a folder without a lock file counts as in
    use for a day, because it may have just been made."""
    status = folder.lstat()
    if not folder.is_dir() or folder.is_symlink() or status.st_uid != os.getuid():
        return False
    in_use = folder / _IN_USE
    if not in_use.exists():
        return time.time() - status.st_mtime > _DAY
    try:
        with FileLock(in_use, timeout=0):
            return True
    except Timeout:
        return False


@contextmanager
def hold_lock(path: Path) -> Iterator[None]:
    """Hold a lock that all users of a shared folder can take; it ends with its process.

    If the lock cannot be taken at all (for example on a full disk, or if another user made its file
    without write access for us), the code continues without it. What it guards is written
    completely or not at all, so at worst a life is raised twice.

    Args:
        path: File of the lock; its folder is made.
    """
    try:
        make_shared_folder(path.parent)
        lock = FileLock(path, mode=shared_file_mode(path.parent))
        lock.acquire()
    except (OSError, NotImplementedError):
        yield
        return
    try:
        yield
    finally:
        lock.release()
