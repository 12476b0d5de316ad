"""Variables of the environment that would stop a run at its end, said before it begins."""

from __future__ import annotations

import os
from collections.abc import Sequence

from gutexo.errors import GutexoError

RUNS = ("study", "run", "analyse", "page")  # commands that compute or draw


def check(arguments: Sequence[str]) -> None:
    """Refuse what a library that we load would stumble over.

    Args:
        arguments: The command line.

    Raises:
        GutexoError: A variable has a value that it cannot have.
    """
    if not arguments or arguments[0] not in RUNS:
        return
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is not None and not epoch.isdecimal():
        raise GutexoError(f"SOURCE_DATE_EPOCH must be whole seconds since 1970; got {epoch!r}")
    if os.environ.get("MPLBACKEND"):
        from gutexo.figures import check_backend

        check_backend()
