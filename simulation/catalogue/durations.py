"""Times as a number or as text ("3 h", "28 d", "24 months"), and the type of fields for them.

A month is 365/12 d. Ages and durations in months or years are rounded to the whole day, so that 24
months are 730 d.
"""

from __future__ import annotations

import math
from fractions import Fraction
from numbers import Real
from typing import Annotated, Any

import numpy as np
from pydantic import BeforeValidator

from gutexo.catalogue.quantity import quote_input, read_quantity, short_text
from gutexo.errors import GutexoError, issue_note

STUDY_MONTHS, STUDY_DAYS = 3, 90
_SECONDS = {
    "s sec secs second seconds": 1,
    "min mins minute minutes": 60,
    "h hr hrs hour hours": 3600,
    "d day days": 86400,
    "wk wks week weeks": 7 * 86400,
}
_MONTHS = {"mo month months": 1, "yr yrs year years": 12}
SECONDS = {name: seconds for names, seconds in _SECONDS.items() for name in names.split()}
MONTHS = {name: months for names, months in _MONTHS.items() for name in names.split()}


def to_days(value: Any, name: str = "duration") -> Any:
    """Convert text to days; a number is days already and is returned.

    Raises:
        GutexoError: The text is no time, or the value is True or False.
    """
    return _convert_time(value, "d", name)


def to_hours(value: Any, name: str = "duration") -> Any:
    """Convert text to hours; a number is hours already and is returned.

    Raises:
        GutexoError: The text is no time, or the value is True or False.
    """
    return _convert_time(value, "h", name)


def _field_to_days(value: Any) -> Any:
    return to_days(value, "")


Days = Annotated[float, BeforeValidator(_field_to_days)]
"""Type of a field in days that also accepts text with a unit."""


def duration_hours(value: float | str, name: str = "duration") -> float:
    """Return a duration in hours; a number is hours already.

    Raises:
        GutexoError: It is no time, not finite, or negative.
    """
    return _check_duration(to_hours(value, name), value, name, "h")


def duration_days(value: float | str, name: str = "duration") -> float:
    """Return a duration in days; a number is days already.

    Raises:
        GutexoError: It is no time, not finite, or negative.
    """
    return _check_duration(to_days(value, name), value, name, "d")


def _check_duration(number: Any, given: Any, name: str, unit: str) -> float:
    if not isinstance(number, (Real, np.number)):
        raise GutexoError(
            f"{name} must be a number ({unit}) or text such as '28 d'; got {short_text(given)}"
        )
    try:
        hours = float(number)
    except (OverflowError, TypeError):
        hours = math.inf
    if not math.isfinite(hours) or hours < 0:
        raise GutexoError(f"{name} must be finite and not negative; got {short_text(given)}")
    return hours


def _convert_time(value: Any, unit: str, name: str) -> Any:
    if isinstance(value, (bool, np.bool_)):
        raise GutexoError(
            f"{name} must be a number ({unit}) or text such as '28 d'; got {value}".lstrip()
        )
    if not isinstance(value, str):
        return value
    found = read_quantity(value, unit, name)
    if not found.unit:
        return found.number
    (time, power), *more = found.unit
    if more or power != 1 or time not in SECONDS | MONTHS:
        raise GutexoError(
            f"{quote_input(name, value)} cannot be given in {unit}; times are s, min, h, d, weeks, "
            "months or years"
        )
    if time in MONTHS:
        return _whole_days(found.number, MONTHS[time], value, name) * SECONDS["d"] / SECONDS[unit]
    return found.number * SECONDS[time] / SECONDS[unit]


def _whole_days(number: float, months: int, text: str, name: str) -> float:
    """Convert a number of times so many months to days, rounded to the whole day."""
    count = Fraction(number) * months
    days = math.floor(count * 365 / 12 + Fraction(1, 2))
    if days == 0 and number != 0:
        raise GutexoError(
            f"{quote_input(name, text)} is less than a day; write it in days or hours"
        )
    if count == STUDY_MONTHS:
        issue_note(
            f"'{short_text(text)}' is {days} d (a month is 365/12 d, rounded to the day); "
            f"the study means {STUDY_DAYS} d by 3 months: write '{STUDY_DAYS} d' for its young mice"
        )
    return float(days)
