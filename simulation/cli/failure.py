"""When it is our mistake: keep the traceback in a log and name it."""

from __future__ import annotations

import sys
import traceback

from simulation.cli.terminal import complain
from simulation.failure_log import write_traceback


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
    log = write_traceback(text)
    where = f"; the traceback is in {log}" if log else ""
    name = kind.__name__ if kind else "error"
    complain(f"this is our mistake, not yours: {name}: {first}{where}")
    return 1
