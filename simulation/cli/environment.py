"""Check of environment variables, so that a wrong one stops a run before it starts."""

from __future__ import annotations

import os
from collections.abc import Sequence

from gutexo.errors import GutexoError

CHECKED_COMMANDS = ("study", "run", "analyse", "page")  # commands that compute or draw


def check_environment(arguments: Sequence[str]) -> None:
    """Refuse values of environment variables with which a library would fail later.

    Args:
        arguments: The command line.

    Raises:
        GutexoError: A variable has an impossible value.
    """
    if not arguments or arguments[0] not in CHECKED_COMMANDS:
        return
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is not None and not epoch.isdecimal():
        raise GutexoError(f"SOURCE_DATE_EPOCH must be whole seconds since 1970; got {epoch!r}")
    if os.environ.get("MPLBACKEND"):
        from gutexo.figures import check_backend

        check_backend()
