"""The installed version of the package."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

DISTRIBUTION = "gutexo"


def installed_version() -> str:
    """Return the version of the installed package, or the folder of its code if not installed."""
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return f"not installed, run from {Path(__file__).resolve().parents[1]}"
