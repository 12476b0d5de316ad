"""Errors whose message is one line: the rule, the given value, the nearest valid name."""

from __future__ import annotations

import difflib
import warnings
from collections.abc import Iterable
from pathlib import Path


class GutexoError(ValueError):
    """The request of a user cannot be carried out; the message is one clear line."""


def suggest(name: str, valid: Iterable[str]) -> str:
    """Return the end of an error line: the valid names nearest to a wrong one.

    Args:
        name: The name the user wrote.
        valid: The accepted names.

    Returns:
        ``"; did you mean 'a'?"``, or a short list where no name is similar.
    """
    names = sorted(valid)
    nearest = difflib.get_close_matches(name, names, n=2, cutoff=0.5)
    if nearest:
        return "; did you mean " + " or ".join(f"'{n}'" for n in nearest) + "?"
    listed = ", ".join(names[:6]) + (", ..." if len(names) > 6 else "")
    return f"; valid names are {listed}" if names else ""


def issue_note(line: str) -> None:
    """Warn about something that is not an error, once for each place in the user's own code.

    Args:
        line: The message.
    """
    import pydantic

    ours = (str(Path(__file__).parent), str(Path(pydantic.__file__).parent))
    warnings.warn(line, stacklevel=2, skip_file_prefixes=ours)


def out_of_memory_message(error: MemoryError) -> str:
    """Return a line that reports missing memory and how to use less.

    Args:
        error: The exception of Python; that of NumPy contains the size it requested.
    """
    more = f" ({error})" if str(error) else ""
    return f"out of memory{more}; fewer workers (--jobs) or a coarser mouse (--quick) need less"


class RunFailed(GutexoError):
    """A valid request that failed while it ran: exit code 1 of the command, not 2."""


class ModelError(RuntimeError):
    """An error of the model itself (a value is not finite, the ledger does not balance)."""
