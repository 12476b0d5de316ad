"""Where lives go that the cache cannot take: a temporary folder that goes with its process."""

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

from gutexo.cache_folder import file_mode, make_folder

PREFIX = "gutexo-lives-"
_IN_USE = "in-use.lock"
_DAY = 86400.0


@cache
def folder_of_this_process() -> Path:
    """A temporary folder; it is removed when this process ends, and those of the dead are now."""
    sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    lock = FileLock(folder / _IN_USE)
    lock.acquire()
    atexit.register(_remove, folder, lock, os.getpid())
    return folder


def _remove(folder: Path, lock: FileLock, made_by: int) -> None:
    if os.getpid() == made_by:  # a process that was forked from it ends before it
        lock.release(force=True)
        shutil.rmtree(folder, ignore_errors=True)


def sweep() -> None:
    """Remove folders of processes that died before they could."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            if _abandoned(folder):
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:  # another's
            continue


def _abandoned(folder: Path) -> bool:
    """Whether no living process uses it; one that is just being made is in use."""
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
def locked(path: Path) -> Iterator[None]:
    """Hold a lock that whoever shares the folder can take; it goes with its process.

    Where it cannot be had at all, as one that another user made for himself, or on a disk that is
    full, we go on without: what it guards is published whole or not at all, so at worst a life is
    raised twice.

    Args:
        path: File of the lock; its folder is made.
    """
    try:
        make_folder(path.parent)
        lock = FileLock(path, mode=file_mode(path.parent))
        lock.acquire()
    except (OSError, NotImplementedError):
        yield
        return
    try:
        yield
    finally:
        lock.release()
