"""Which release is installed."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

import typer

from simulation.cli.terminal import show

DISTRIBUTION = "gut-exosome-ageing"


def installed_version() -> str:
    """Version of the installed package, or where its code is read from if it is not installed."""
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        from pathlib import Path

        return f"not installed, run from {Path(__file__).resolve().parents[2]}"


def show_version(requested: bool) -> None:
    """Print the version and end, if `--version` was given."""
    if requested:
        show(f"gutexo {installed_version()}")
        raise typer.Exit()
