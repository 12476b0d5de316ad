"""What the package uses of SALib, which comes with an extra; seeds of parts from one seed."""

from __future__ import annotations

import hashlib
from importlib import import_module
from typing import Any

from gutexo.errors import GutexoError


def library(name: str) -> Any:
    """A module of SALib.

    Args:
        name: Such as `SALib.sample.morris`.

    Raises:
        GutexoError: It is not installed.
    """
    try:
        return import_module(name)
    except ImportError:
        raise GutexoError("sensitivity needs SALib: pip install 'gutexo[analysis]'") from None


def seed_of(seed: int, *parts: object) -> int:
    """Seed of a part of the analysis, 1 or more: SALib takes 0 for no seed at all."""
    text = " ".join(str(part) for part in (seed, *parts))
    return 1 + int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest(), "big") // 2
