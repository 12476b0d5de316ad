"""One declaration of a number, many readers: value, unit, range, source, grade, meaning."""

from __future__ import annotations

import math
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from simulation.errors import GutexoError


class Group(BaseModel):
    """Parameters that belong together; frozen, and nothing unknown gets in."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def parameter(
    value: float,
    unit: str,
    low: float,
    high: float,
    *,
    grade: str,
    source: str,
    meaning: str,
    prior: str = "loguniform",
) -> Any:
    """Declare a parameter.

    Args:
        value: Default.
        unit: Unit, "1" for none.
        low: Smallest plausible value.
        high: Largest plausible value.
        grade: How well it is known (A best, D least), or "assumed".
        source: Key of a reference record, or "assumed".
        meaning: What it is, in a few words.
        prior: Shape of the prior between low and high.

    Returns:
        A pydantic field that carries all of it.
    """
    return Field(
        default=value,
        description=meaning,
        json_schema_extra={
            "unit": unit,
            "low": low,
            "high": high,
            "grade": grade,
            "source": source,
            "prior": prior,
        },
    )


def checked(name: str, value: Any, kind: type, facts: dict[str, Any]) -> float | int:
    """A value that may stand for a parameter, converted where it is text with a unit.

    Args:
        name: Full name, for the message.
        value: What the user gave.
        kind: int or float.
        facts: Unit and range of the declaration.

    Raises:
        GutexoError: It is no number, of a wrong unit, or out of range.
    """
    unit = facts["unit"]
    if isinstance(value, str):
        from simulation.catalogue.units import convert

        value = convert(value, unit, name)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        # NumPy scalars are welcome, arrays and the like are not.
        if not hasattr(value, "item") or getattr(value, "ndim", 1) != 0:
            raise GutexoError(f"{name} must be a number in {unit}; got {str(value)[:60]!r}")
        value = value.item()  # type: ignore[union-attr]
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise GutexoError(f"{name} must be a number in {unit}; got {str(value)[:60]!r}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise GutexoError(f"{name} must be finite; got {str(value)[:40]}")
    low, high = facts["low"], facts["high"]
    if not low <= number <= high:
        raise GutexoError(f"{name} must be {low:g} to {high:g} {unit}; got {number:g}")
    if kind is int:
        if number != int(number):
            raise GutexoError(f"{name} must be a whole number; got {number:g}")
        return int(number)
    return number
