"""Import of SALib, which is installed with an extra, and seeds of parts from one seed."""

from __future__ import annotations

import hashlib
from importlib import import_module
from typing import Any

from gutexo.errors import GutexoError


def import_salib(name: str) -> Any:
    """Import a module of SALib.

    Args:
        name: Name of the module, such as `SALib.sample.morris`.

    Raises:
        GutexoError: SALib is not installed.
    """
    try:
        return import_module(name)
    except ImportError:
        raise GutexoError("sensitivity needs SALib: pip install 'gutexo[analysis]'") from None


def derive_seed(seed: int, *parts: object) -> int:
    """Derive the seed of a part of the analysis, 1 or more, since SALib treats 0 as no seed."""
    text = " ".join(str(part) for part in (seed, *parts))
    return 1 + int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest(), "big") // 2
