"""The option that prints the installed version."""

from __future__ import annotations

import typer

from gutexo.cli.terminal import show
from gutexo.release import installed_version


def show_version(requested: bool) -> None:
    """Print the version and exit, if `--version` was given."""
    if requested:
        show(f"gutexo {installed_version()}")
        raise typer.Exit()
