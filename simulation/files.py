"""What stands at a path, before a file takes its place."""

from __future__ import annotations

import stat
from pathlib import Path

from simulation.errors import GutexoError

KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
}


def check_replaceable(path: Path) -> None:
    """Refuse a path at which something stands that is no file; nothing there is fine.

    Args:
        path: Where a file is to be written.

    Raises:
        GutexoError: A folder, a device, a pipe or a socket stands there.
    """
    try:
        kind = stat.S_IFMT(path.stat().st_mode)
    except (OSError, ValueError):
        return  # Nothing there; what else is wrong, writing will say.
    if kind != stat.S_IFREG:
        found = KINDS.get(kind, "no file")
        raise GutexoError(f"{path} is {found}, and a file does not take its place")
