"""The decorator of the laws of the mean-field model: it compiles and caches them by content."""

from __future__ import annotations

from collections.abc import Callable

from gutexo import compiled


def law[F: Callable](function: F) -> F:
    """Compile a law of the mean-field model; it stays plain Python where compilation is off."""
    return compiled.compile_function(function)
