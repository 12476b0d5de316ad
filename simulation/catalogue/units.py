"""Units: pint where text arrives, and the conversions of the field (`docs/units.md`)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from pydantic import BeforeValidator

from gutexo.catalogue.quantity import USUAL, Parts, read, shown, told, unit_parts
from gutexo.errors import GutexoError, suggest

GLUCOSE_G_PER_MOL = 180.156
# 1 uU/mL is 6.0 pmol/L of human insulin; mouse insulin is assumed alike.
INSULIN_NMOL_PER_U = 6.0
# Both insulins of the mouse have 5.80 kDa.
INSULIN_G_PER_MOL = 5800.0
_OWN = (
    "EU = [endotoxin]",
    "U = [insulin_activity]",
    "IU = [international_activity]",
    "packet = [packets]",
    "vesicle = [particles]",
    "mouse = [mice] = mice",
    "unit = [cargo]",
    "year = 365 day = yr",
    f"month = {365 / 12!r} day = mo",
)
# pint's own particle is a share of a mole.
_ALSO = {"particle": "vesicle", "particles": "vesicle", "wk": "week", "wks": "week", "%": "percent"}
# What a mole, a mass or an IU of a substance is worth: one of these, to a whole power, is what a
# quantity may be short of.
_WORTH = {
    "glucose": (f"{GLUCOSE_G_PER_MOL} g/mol",),
    "insulin": (
        f"{INSULIN_NMOL_PER_U} nmol/U",
        f"{INSULIN_NMOL_PER_U * INSULIN_G_PER_MOL} ng/U",
        "1 IU/U",
    ),
    "LPS": ("1 IU/EU",),
}


@cache
def registry() -> Any:
    """The registry of units, with the field's own (EU of LPS, U of insulin, packets, particles)."""
    import pint

    units = pint.UnitRegistry(on_redefinition="ignore")
    for line in _OWN:
        units.define(line)
    return units


def convert(text: str, unit: str, name: str = "value") -> float:
    """Text with a unit as a number in another unit.

    Args:
        text: Such as "12 min"; text without a unit is taken in `unit`.
        unit: Unit wanted, "1" for none. Of glucose and insulin, and of IU of LPS, it says by itself
            which substance is meant: the catalogue counts nothing else in mg/dL, U or EU.
        name: What it is for, for the message.

    Returns:
        The number in `unit`.

    Raises:
        GutexoError: It is not one number and one unit, or its unit is another kind of quantity.
    """
    found = read(text, unit, name)
    if not found.unit:
        return found.number
    if unit == "1":
        if found.unit == (("%", 1),) or found.unit == (("percent", 1),):
            return found.number / 100.0
        raise GutexoError(f"{name} is a number without a unit; got '{shown(text)}'".lstrip())
    given, wanted = _unit(found.unit, text, name), _wanted(unit)
    quantity = registry().Quantity(found.number, given)
    if given.dimensionality == wanted.dimensionality:
        return float(quantity.m_as(wanted))
    short = given.dimensionality / wanted.dimensionality
    for worth in _worth(_substance(unit)):
        for power in (1, -1, 2, -2):
            if short == worth.dimensionality**power:
                return float((quantity / worth**power).m_as(wanted))
    raise GutexoError(f"{told(name, text)} cannot be given in {unit}{_why_not(unit, short)}")


def convert_to_one_of(text: str, units: Sequence[str], name: str = "value") -> tuple[float, str]:
    """Text with a unit as a number in the first of some units that is of its kind.

    Args:
        text: Such as "20 ug"; text without a unit is taken in the first.
        units: Units wanted.
        name: What it is for, for the message.

    Returns:
        The number and its unit.

    Raises:
        GutexoError: It is not one number and one unit, or of no such kind.
    """
    found = read(text, units[0], name)
    if not found.unit:
        return found.number, units[0]
    given = _unit(found.unit, text, name)
    for unit in units:
        if given.dimensionality == _wanted(unit).dimensionality:
            return float(registry().Quantity(found.number, given).m_as(_wanted(unit))), unit
    raise GutexoError(f"{told(name, text)} cannot be given in {', '.join(units)}")


def taken_in(unit: str) -> BeforeValidator:
    """What makes a field of a number take text with a unit too.

    Args:
        unit: Unit of the field.
    """

    def converted(value: Any) -> Any:
        return convert(value, unit, "") if isinstance(value, str) else value

    return BeforeValidator(converted)


def _unit(parts: Parts, text: str, name: str) -> Any:
    """A unit of pint from names and powers, each name looked up and nothing evaluated."""
    units = registry()
    powers: dict[str, int] = {}
    for part, power in parts:
        known = _known(part)
        if not known:
            raise GutexoError(
                f"{told(name, text)}: unit '{part}' is not known{suggest(part, USUAL)}"
            )
        powers[known] = powers.get(known, 0) + power
    return units.Unit(units.UnitsContainer(powers))


@cache
def _known(part: str) -> str:
    """Full name of a unit; empty where there is none, or where it counts nothing."""
    import pint

    units = registry()
    try:
        full = units.get_name(_ALSO.get(part, part))
    except pint.UndefinedUnitError:
        return ""
    return full if full and not units.Unit(full).dimensionless else ""


@cache
def _wanted(unit: str) -> Any:
    """A unit of the catalogue."""
    parts = unit_parts(unit)
    if not parts:
        raise ValueError(f"'{unit}' is not a unit")
    return _unit(parts, unit, "unit")


def _substance(unit: str) -> str:
    """What a unit of the catalogue counts."""
    names = {name for name, _ in unit_parts(unit) or ()}
    if names & {"U", "uU"}:
        return "insulin"
    if "EU" in names:
        return "LPS"
    return "glucose" if names == {"g", "kg"} or {"mg", "dL"} <= names else ""


@cache
def _worth(substance: str) -> tuple[Any, ...]:
    units = registry()
    found = []
    for text in _WORTH.get(substance, ()):
        number, _, unit = text.partition(" ")
        found.append(units.Quantity(float(number), _wanted(unit)))
    return tuple(found)


def _why_not(unit: str, short: Any) -> str:
    """What somebody may have meant who gave another kind of quantity."""
    if _substance(unit) == "LPS" and short == registry().UnitsContainer(
        {"[mass]": 1, "[endotoxin]": -1}
    ):
        return ": how many EU a ng of LPS has differs by preparation; its certificate says"
    return ""
