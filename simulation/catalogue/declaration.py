"""Declaration of a parameter: value, unit, range, prior, source, grade, meaning, in one place."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from gutexo.catalogue.quantity import short_text
from gutexo.errors import GutexoError

GRADES = ("A", "B", "C", "D", "assumed")
"""Grades of evidence. A: abstract, table or legend of the paper itself. B: a secondary page.
C: files of the authors or of a model. D: computed from such. assumed: nothing published gives the
number."""
PRIORS = ("loguniform", "uniform", "fixed")
"""Shapes of a prior; fixed is a setting or a definition, which is never sampled."""


# Every process is solved exactly within a tick, but its inputs are constant during the tick. Where
# it covers more than this share of the way to its target, a feedback through it would be too late.
MAX_SHARE = 0.5
# Expected moves of an exosome in a tick.
MAX_MOVES = 200.0


class ParameterGroup(BaseModel):
    """Group of parameters; frozen, and unknown names are refused.

    Attributes:
        in_record: Whether rules read the numbers of this group in the record of their segment.
    """

    in_record: ClassVar[bool] = True

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
    derived: str = "",
    also: tuple[str, ...] = (),
    prior: str = "loguniform",
    prior_low: float | None = None,
    prior_high: float | None = None,
    prior_factor: float | None = None,
    rate: str = "",
    max_step: float | None = None,
    varies: bool = False,
    in_record: bool = True,
) -> Any:
    """Declare a parameter, and the named rate that it is the base of.

    Args:
        value: Default.
        unit: Unit, "1" for none.
        low: Smallest value that is accepted.
        high: Largest value that is accepted.
        grade: Grade of evidence (A best, D weakest), or "assumed".
        source: Key of a reference record, or "assumed".
        meaning: What it is, in a few words.
        derived: How the value was derived from what was read; empty if it is what was read.
        also: Keys of further records that are relevant but do not give the value.
        prior: Shape of the prior, one of `PRIORS`.
        prior_low: Lower end of the prior; `low` if None.
        prior_high: Upper end of the prior; `high` if None.
        prior_factor: Replaces `prior_low` and `prior_high`: the prior extends from the default
            divided by this factor to the default times this factor, within the range.
        rate: Named rate that interventions may multiply and whose base is this value; the unit
            says how: 1/d and 1/h become 1/h, of a time its inverse is taken, "1" stays.
        max_step: Largest value of the rate times the length of a tick, None for no limit.
        varies: Whether the rate differs between animals.
        in_record: Whether rules read this number itself, in its own unit; False where they read
            what is derived from it. A number with a rate is read as the rate.

    Returns:
        A pydantic field that contains all of it.
    """
    if prior_factor is not None:
        prior_low, prior_high = value / prior_factor, min(high, value * prior_factor)
    return Field(
        default=value,
        description=meaning,
        json_schema_extra={
            "unit": unit,
            "low": low,
            "high": high,
            "prior": prior,
            "prior_low": low if prior_low is None else max(low, prior_low),
            "prior_high": high if prior_high is None else prior_high,
            "grade": grade,
            "source": source,
            "also": list(also),
            "derived": derived,
            "rate": rate,
            "max_step": max_step,
            "varies": varies,
            "in_record": in_record and not rate,
        },
    )


def check_value(name: str, value: Any, kind: type, facts: dict[str, Any]) -> float | int:
    """Check a value of a parameter and return it; text with a unit is converted.

    Args:
        name: Full name, for the message.
        value: What the user gave.
        kind: int or float.
        facts: Unit and range of the declaration.

    Raises:
        GutexoError: It is no number, has a wrong unit, or is out of range.
    """
    unit = facts["unit"]
    expected = "a number" if unit == "1" else f"a number in {unit}"
    if isinstance(value, str):
        from gutexo.catalogue.units import convert

        value = convert(value, unit, name)
    if not isinstance(value, bool) and hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
        value = value.item()  # NumPy scalars are accepted, arrays and similar objects are not
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise GutexoError(f"{name} must be {expected}; got {short_text(value)}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise GutexoError(f"{name} must be finite; got {short_text(value)}")
    low, high = facts["low"], facts["high"]
    if not low <= number <= high:
        with_unit = "" if unit == "1" else f" {unit}"
        raise GutexoError(f"{name} must be {low:g} to {high:g}{with_unit}; got {number:g}")
    if kind is int:
        if number != int(number):
            raise GutexoError(f"{name} must be a whole number; got {number:g}")
        return int(number)
    return number
