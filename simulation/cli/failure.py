"""When it is our mistake: keep the traceback in a log and name it."""

from __future__ import annotations

import sys
import tempfile
import time
import traceback
from pathlib import Path


def tell(debug: bool) -> int:
    """Say that this is our mistake; returns the exit code.

    Args:
        debug: Show the traceback as well.
    """
    text = traceback.format_exc()
    if debug:
        print(text, file=sys.stderr)
    kind, value, _ = sys.exc_info()
    first = str(value).splitlines()[0] if str(value) else ""
    log = _write(text)
    where = f"; the traceback is in {log}" if log else ""
    name = kind.__name__ if kind else "error"
    print(f"gutexo: this is our mistake, not yours: {name}: {first}{where}", file=sys.stderr)
    return 1


def _write(text: str) -> Path | None:
    from simulation.compiled import cache_root

    name = f"failure-{time.strftime('%Y%m%d-%H%M%S')}.log"
    for folder in (cache_root() / "logs", Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        except OSError:
            continue
        return folder / name
    return None
