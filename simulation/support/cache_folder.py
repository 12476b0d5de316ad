"""The cache folder: its path, its permissions for sharing, and messages printed once."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_GROUP_WRITE = 0o020  # the permission bit that lets a group write
_GROUP_ALL = 0o2070  # all permissions of a group, and that new files belong to it
_printed: set[str] = set()


def cache_root() -> Path:
    """Folder of all that is saved between runs: GUTEXO_CACHE, or the cache of the platform."""
    if chosen := os.environ.get("GUTEXO_CACHE"):
        return Path(chosen)
    from platformdirs import user_cache_path

    return user_cache_path("gutexo")


def make_shared_folder(folder: Path) -> Path:
    """Make a folder; inside the cache it gets the group permissions of its parent folder.

    Args:
        folder: The folder; its parents are made too; it may exist already.

    Raises:
        OSError: It cannot be made.
    """
    if folder.is_dir():
        return folder
    if folder.parent != folder:
        make_shared_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    if not folder.is_relative_to(cache_root()) or folder == cache_root():
        return folder
    # The umask removes the permissions that other users of a shared cache need.
    shared = folder.parent.stat().st_mode & _GROUP_ALL
    mode = folder.stat().st_mode & 0o7777
    if shared & _GROUP_WRITE and shared & ~mode:
        try:
            folder.chmod(mode | shared)
        except OSError:
            pass
    return folder


def shared_file_mode(folder: Path) -> int:
    """Permissions of a file: a group may write it if the group may write its folder."""
    return 0o644 | (folder.stat().st_mode & _GROUP_WRITE)


def print_once(line: str, topic: str = "") -> None:
    """Print a message on stderr, once per process.

    Args:
        line: The message.
        topic: Topic of the message; only the first message of a topic is printed. If empty, the
            message itself is the topic.
    """
    if (topic or line) not in _printed:
        _printed.add(topic or line)
        print(f"gutexo: {line}", file=sys.stderr)
