"""JSON that every program reads: a number that is not there is null, never NaN."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from typing import Any


def json_text(content: Any, indent: int | None = 2) -> str:
    """Content as strict JSON.

    Args:
        content: Text, numbers, flags, None, dataclasses, mappings and sequences of them; NumPy
            numbers and arrays too.
        indent: Blanks a level; None for one line.

    Returns:
        ASCII text; NaN and infinite numbers are null, for JSON has neither.

    Raises:
        TypeError: Something of another type is in it.
    """
    return json.dumps(strict(content), indent=indent, allow_nan=False)


def strict(content: Any) -> Any:
    """Content made of what JSON can hold, with null for NaN and infinite numbers."""
    if isinstance(content, float):
        return float(content) if math.isfinite(content) else None
    if content is None or isinstance(content, (str, bool, int)):
        return content
    if is_dataclass(content) and not isinstance(content, type):
        return strict(asdict(content))
    if isinstance(content, Mapping):
        return {str(key): strict(value) for key, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [strict(value) for value in content]
    if hasattr(content, "tolist"):  # NumPy's numbers and arrays
        return strict(content.tolist())
    raise TypeError(f"{type(content).__name__} is nothing that JSON can hold")
