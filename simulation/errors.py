"""A user's mistake, said in one line: the rule, the value given, the nearest valid name."""

from __future__ import annotations

import difflib
import warnings
from collections.abc import Iterable
from pathlib import Path


class GutexoError(ValueError):
    """Something the user asked for cannot be done; the message is one clear line."""


def suggest(name: str, valid: Iterable[str]) -> str:
    """End of an error line that names the nearest valid names.

    Args:
        name: What the user wrote.
        valid: The names that would have been accepted.

    Returns:
        ``"; did you mean 'a'?"``, or a short list where nothing is near.
    """
    names = sorted(valid)
    near = difflib.get_close_matches(name, names, n=2, cutoff=0.5)
    if near:
        return "; did you mean " + " or ".join(f"'{n}'" for n in near) + "?"
    shown = ", ".join(names[:6]) + (", ..." if len(names) > 6 else "")
    return f"; valid names are {shown}" if names else ""


def note(line: str) -> None:
    """Say something that is no mistake, once for each place in the user's own code.

    Args:
        line: What is to be known.
    """
    import pydantic

    ours = (str(Path(__file__).parent), str(Path(pydantic.__file__).parent))
    warnings.warn(line, stacklevel=2, skip_file_prefixes=ours)


def out_of_memory(error: MemoryError) -> str:
    """A line about memory that was not there.

    Args:
        error: What Python raised; NumPy says how much it wanted.
    """
    more = f" ({error})" if str(error) else ""
    return f"out of memory{more}; fewer workers (--jobs) or a coarser mouse (--quick) need less"


class RunFailed(GutexoError):
    """What was asked for is right, but it could not be done: exit code 1 of the command, not 2."""


class ModelError(RuntimeError):
    """The model itself went wrong (a value is not finite, the ledger does not balance)."""
