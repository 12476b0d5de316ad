"""Which release of the package this is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

DISTRIBUTION = "gutexo"


def installed_version() -> str:
    """Version of the installed package, or where its code is read from if it is not installed."""
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return f"not installed, run from {Path(__file__).resolve().parents[1]}"
