"""Where a traceback is kept when it is our mistake."""

from __future__ import annotations

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
    try:
        from gutexo.compiled import cache_root

        folders = [cache_root() / "logs"]
    except Exception:
        folders = []  # Not even a module can be opened.
    name = f"failure-{time.strftime('%Y%m%d-%H%M%S')}.log"
    for folder in (*folders, Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        except OSError:
            continue
        return folder / name
    return None
