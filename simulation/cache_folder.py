"""The folder of everything that is kept between runs, and how it is shared and spoken of."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_SHARED = 0o020  # the bit by which a group may write
_said: set[str] = set()


def cache_root() -> Path:
    """Folder of everything this software keeps between runs: GUTEXO_CACHE or the platform's."""
    if chosen := os.environ.get("GUTEXO_CACHE"):
        return Path(chosen)
    from platformdirs import user_cache_path

    return user_cache_path("gutexo")


def make_folder(folder: Path) -> Path:
    """Make a folder; in the cache for whoever of its group may write the folder it is in.

    Args:
        folder: Made with its parents; it may be there.

    Raises:
        OSError: It cannot be made.
    """
    if folder.is_dir():
        return folder
    if folder.parent != folder:
        make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    if not folder.is_relative_to(cache_root()) or folder == cache_root():
        return folder
    # The umask takes away what those who share the cache need.
    shared = folder.parent.stat().st_mode & (_SHARED | 0o2000)
    mode = folder.stat().st_mode & 0o7777
    if shared & ~mode:
        try:
            folder.chmod(mode | shared)
        except OSError:
            pass
    return folder


def file_mode(folder: Path) -> int:
    """Permissions of a file that a group may write where it may write its folder."""
    return 0o644 | (folder.stat().st_mode & _SHARED)


def say_once(line: str, about: str = "") -> None:
    """A line for people on stderr, once a process.

    Args:
        line: What to say.
        about: What it is about, if several lines are of the same; the line itself if empty.
    """
    if (about or line) not in _said:
        _said.add(about or line)
        print(f"gutexo: {line}", file=sys.stderr)
