"""Report of unexpected failures: a broken package, an error of the machine, or our own mistake."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from types import TracebackType

from gutexo.cli.terminal import print_error
from gutexo.support.failure_log import write_traceback
from gutexo.support.packages import is_own_module

PACKAGE_FOLDER = Path(__file__).resolve().parent.parent


def report_failure(debug: bool) -> int:
    """Print the exception that is being handled as one line and return the exit code.

    If it is a mistake of this package, the traceback is saved in a log, and the line names the log.

    Args:
        debug: Print the traceback as well.
    """
    error = sys.exception()
    assert error is not None
    text = traceback.format_exc()
    if debug:
        print(text, file=sys.stderr)
    package = find_broken_package(error)
    if package is not None:
        print_error(f"the package {package} cannot be loaded: {_first_line(error)}")
        return 2
    if isinstance(error, OSError) and error.strerror:
        named = f"{error.filename}: " if error.filename is not None else ""
        print_error(f"{named}{error.strerror} (--debug shows where)")
        return 1
    log = write_traceback(text)
    where = f"; the traceback is in {log}" if log else ""
    line = f"{type(error).__name__}: {_first_line(error)}{where}"
    print_error(f"this is our mistake, not yours: {line}")
    return 1


def find_broken_package(error: BaseException) -> str | None:
    """Find the third-party package that could not be imported; None if that was not the cause.

    Args:
        error: The exception.
    """
    if isinstance(error, ImportError) and error.name is not None:
        package = error.name.partition(".")[0]
        return None if is_own_module(package) else package
    step: TracebackType | None = error.__traceback__
    while step is not None:
        code, names = step.tb_frame.f_code, step.tb_frame.f_globals
        # The frame `<module>` is the body of a module, which runs while it is imported.
        theirs = PACKAGE_FOLDER not in Path(code.co_filename).parents
        module = str(names.get("__name__", "__main__")).partition(".")[0]
        if code.co_name == "<module>" and theirs and not module.startswith("__"):
            return module
        step = step.tb_next
    return None


def _first_line(error: BaseException) -> str:
    """Return the first line of an error's message, or the name of its type."""
    try:
        lines = str(error).strip().splitlines()
    except Exception:
        lines = []
    return lines[0][:300] if lines else type(error).__name__
