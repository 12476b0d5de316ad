"""Log files with the tracebacks of errors in this software."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path


def write_traceback(text: str) -> Path | None:
    """Save a traceback in the cache, or in the temporary folder if the cache cannot be written.

    Args:
        text: The traceback.

    Returns:
        The file; None if none can be written.
    """
    try:
        from gutexo.support.cache_folder import cache_root

        folders = [cache_root() / "logs"]
    except Exception:
        folders = []  # The module cannot even be imported.
    try:
        folders.append(Path(tempfile.gettempdir()))
    except OSError:
        pass  # Not one folder can be written, or no more files can be opened.
    name = f"failure-{time.strftime('%Y%m%d-%H%M%S')}.log"
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        except OSError:
            continue
        return folder / name
    return None
