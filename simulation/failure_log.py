"""Where a traceback is kept when it is our mistake."""

from __future__ import annotations

import contextlib
import tempfile
import time
from pathlib import Path


def write_traceback(text: str) -> Path | None:
    """Keep a traceback in the cache, or in the temporary folder where that cannot be written.

    Args:
        text: The traceback.

    Returns:
        The file, None where none can be written.
    """
    folders = [Path(tempfile.gettempdir())]
    with contextlib.suppress(OSError):  # No file can be opened, not even a module.
        from simulation.compiled import cache_root

        folders.insert(0, cache_root() / "logs")
    name = f"failure-{time.strftime('%Y%m%d-%H%M%S')}.log"
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        except OSError:
            continue
        return folder / name
    return None
