"""The decorator of the twin's laws: compiled, and kept by the content of each law."""

from __future__ import annotations

from collections.abc import Callable

from gutexo import compiled


def law[F: Callable](function: F) -> F:
    """Compile a law of the twin; plain Python where compilation is off."""
    return compiled.compiled(function)
