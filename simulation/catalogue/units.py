"""Units: pint where text arrives, and the conversions of the field."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

from simulation.errors import GutexoError

MONTH_DAYS = 30.4375
# Molar mass of glucose 180.156 g/mol: 1 mmol/L is 18.0156 mg/dL.
GLUCOSE_MG_DL_PER_MMOL_L = 18.0156
# 1 uU of human insulin is 6.0 pmol by the common convention (mouse insulin is assumed alike).
INSULIN_PMOL_L_PER_UU_ML = 6.0


@cache
def registry() -> Any:
    """The registry of units, with the field's own (EU of LPS, U of insulin)."""
    import pint

    units = pint.UnitRegistry()
    units.define("EU = [endotoxin]")
    units.define("U = [insulin_activity]")
    units.define("uU = 1e-6 U")
    units.define("packets = 1")
    units.define(f"month = {MONTH_DAYS} day = months")
    return units


def convert(text: str, unit: str, name: str = "value") -> float:
    """Text with a unit as a number in another unit.

    Args:
        text: Such as "12 min"; text without a unit is taken in `unit`.
        unit: Unit wanted.
        name: What it is for, for the message.

    Raises:
        GutexoError: It cannot be read, or is of another dimension.
    """
    try:
        return float(text)
    except ValueError:
        pass
    if len(text) > 60:
        raise GutexoError(f"{name}: '{text[:30]}...' cannot be read as a quantity in {unit}")
    try:
        units = registry()
        quantity = units.Quantity(text)
        if unit == "1":
            return float(quantity.to("").magnitude)
        return float(quantity.to(unit).magnitude)
    except RecursionError:
        raise GutexoError(f"{name}: '{text}' cannot be read as a quantity in {unit}") from None
    except Exception as error:  # pint raises a dozen kinds, tokenizer and arithmetic errors too
        reason = type(error).__name__
        if reason == "DimensionalityError":
            raise GutexoError(f"{name}: '{text}' cannot be given in {unit}") from None
        shown = text.replace("\n", " ")
        raise GutexoError(f"{name}: '{shown}' cannot be read as a quantity in {unit}") from None


def _duration(value: Any, unit: str) -> float:
    if isinstance(value, str):
        number = convert(value, unit, "duration")
    elif isinstance(value, bool) or not isinstance(value, (int, float)):
        raise GutexoError(
            f"duration must be a number ({unit}) or text such as '28 d'; got {value!r}"
        )
    else:
        number = float(value)
    if not math.isfinite(number) or number < 0:
        raise GutexoError(f"duration must be finite and not negative; got {value!r}")
    return number


def duration_hours(value: float | str) -> float:
    """A duration in hours; a number is hours already."""
    return _duration(value, "hour")


def duration_days(value: float | str) -> float:
    """A duration in days; a number is days already."""
    return _duration(value, "day")
