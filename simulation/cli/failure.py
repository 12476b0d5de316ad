"""What nobody foresaw: a package that cannot be loaded, a machine that refuses, our mistakes."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from types import TracebackType

from gutexo.cli.terminal import complain
from gutexo.failure_log import write_traceback
from gutexo.packages import is_ours

OURS = Path(__file__).resolve().parent.parent


def tell(debug: bool) -> int:
    """Say what went wrong, in a line; returns the exit code.

    Where it is our mistake the traceback is kept in a log, and the line names it.

    Args:
        debug: Show the traceback as well.
    """
    error = sys.exception()
    assert error is not None
    text = traceback.format_exc()
    if debug:
        print(text, file=sys.stderr)
    package = broken_package(error)
    if package is not None:
        complain(f"the package {package} cannot be loaded: {_first(error)}")
        return 2
    if isinstance(error, OSError) and error.strerror:
        named = f"{error.filename}: " if error.filename is not None else ""
        complain(f"{named}{error.strerror} (--debug shows where)")
        return 1
    log = write_traceback(text)
    where = f"; the traceback is in {log}" if log else ""
    line = f"{type(error).__name__}: {_first(error)}{where}"
    complain(f"this is our mistake, not yours: {line}")
    return 1


def broken_package(error: BaseException) -> str | None:
    """The package of somebody else that could not be imported; None where it was none.

    Args:
        error: What was raised.
    """
    if isinstance(error, ImportError) and error.name is not None:
        package = error.name.partition(".")[0]
        return None if is_ours(package) else package
    step: TracebackType | None = error.__traceback__
    while step is not None:
        code, names = step.tb_frame.f_code, step.tb_frame.f_globals
        # The body of a module runs while it is imported.
        theirs = OURS not in Path(code.co_filename).parents
        module = str(names.get("__name__", "__main__")).partition(".")[0]
        if code.co_name == "<module>" and theirs and not module.startswith("__"):
            return module
        step = step.tb_next
    return None


def _first(error: BaseException) -> str:
    """The first line of what an error says."""
    try:
        lines = str(error).strip().splitlines()
    except Exception:
        lines = []
    return lines[0][:300] if lines else type(error).__name__
