"""Strict JSON, which every program can read: NaN and infinite numbers are null."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from typing import Any


def format_json(content: Any, indent: int | None = 2) -> str:
    """Format content as strict JSON.

    Args:
        content: Text, numbers, flags, None, dataclasses, mappings and sequences of them; NumPy
            numbers and arrays too.
        indent: Blanks per level; None for one line.

    Returns:
        ASCII text; NaN and infinite numbers are null, because JSON has neither.

    Raises:
        TypeError: The content contains another type.
    """
    return json.dumps(to_json_types(content), indent=indent, allow_nan=False)


def to_json_types(content: Any) -> Any:
    """Convert content to types of JSON, with null for NaN and infinite numbers."""
    if isinstance(content, float):
        return float(content) if math.isfinite(content) else None
    if content is None or isinstance(content, (str, bool, int)):
        return content
    if is_dataclass(content) and not isinstance(content, type):
        return to_json_types(asdict(content))
    if isinstance(content, Mapping):
        return {str(key): to_json_types(value) for key, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [to_json_types(value) for value in content]
    if hasattr(content, "tolist"):  # NumPy's numbers and arrays
        return to_json_types(content.tolist())
    raise TypeError(f"{type(content).__name__} is nothing that JSON can hold")
