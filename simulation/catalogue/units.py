"""Units of text input, read with pint, and conversions usual in the field (`docs/units.md`)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from pydantic import BeforeValidator

from gutexo.catalogue.quantity import (
    COMMON_UNITS,
    UnitParts,
    quote_input,
    read_quantity,
    short_text,
    unit_parts,
)
from gutexo.errors import GutexoError, suggest

GLUCOSE_G_PER_MOL = 180.156
# 1 uU/mL is 6.0 pmol/L of human insulin; mouse insulin is assumed to be the same.
INSULIN_NMOL_PER_U = 6.0
# The mass of both insulins of the mouse is 5.80 kDa.
INSULIN_G_PER_MOL = 5800.0
_OWN_UNITS = (
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
# The particle of pint is a fraction of a mole.
_UNIT_ALIASES = {
    "particle": "vesicle",
    "particles": "vesicle",
    "wk": "week",
    "wks": "week",
    "%": "percent",
}
# Conversion factors of a substance between moles, mass, IU and activity. A quantity is converted if
# its unit differs from the expected one by a whole power of one of these.
_EQUIVALENTS = {
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
    """Build the registry of units, with EU of LPS, U of insulin, packets and particles added."""
    import pint

    units = pint.UnitRegistry(on_redefinition="ignore")
    for line in _OWN_UNITS:
        units.define(line)
    return units


def convert(text: str, unit: str, name: str = "value") -> float:
    """Convert text with a unit to a number in another unit.

    Args:
        text: Text such as "12 min"; text without a unit is taken in `unit`.
        unit: Unit of the result, "1" for none. It also determines the substance (glucose, insulin
            or LPS): the catalogue uses mg/dL, U or EU for nothing else.
        name: Name of the value, for the message.

    Returns:
        The number in `unit`.

    Raises:
        GutexoError: It is not one number and one unit, or its unit is another kind of quantity.
    """
    found = read_quantity(text, unit, name)
    if not found.unit:
        return found.number
    if unit == "1":
        if found.unit == (("%", 1),) or found.unit == (("percent", 1),):
            return found.number / 100.0
        raise GutexoError(f"{name} is a number without a unit; got '{short_text(text)}'".lstrip())
    given, expected = _build_unit(found.unit, text, name), _catalogue_unit(unit)
    quantity = registry().Quantity(found.number, given)
    if given.dimensionality == expected.dimensionality:
        return float(quantity.m_as(expected))
    short = given.dimensionality / expected.dimensionality
    for worth in _equivalent_quantities(_substance(unit)):
        for power in (1, -1, 2, -2):
            if short == worth.dimensionality**power:
                return float((quantity / worth**power).m_as(expected))
    raise GutexoError(
        f"{quote_input(name, text)} cannot be given in {unit}{_explain_mismatch(unit, short)}"
    )


def convert_to_one_of(text: str, units: Sequence[str], name: str = "value") -> tuple[float, str]:
    """Convert text with a unit to a number in the first of several units that has its dimension.

    Args:
        text: Text such as "20 ug"; text without a unit is taken in the first unit.
        units: Possible units of the result.
        name: Name of the value, for the message.

    Returns:
        The number and its unit.

    Raises:
        GutexoError: It is not one number and one unit, or no unit has its dimension.
    """
    found = read_quantity(text, units[0], name)
    if not found.unit:
        return found.number, units[0]
    given = _build_unit(found.unit, text, name)
    for unit in units:
        if given.dimensionality == _catalogue_unit(unit).dimensionality:
            return float(registry().Quantity(found.number, given).m_as(_catalogue_unit(unit))), unit
    raise GutexoError(f"{quote_input(name, text)} cannot be given in {', '.join(units)}")


def accept_unit(unit: str) -> BeforeValidator:
    """Make a validator with which a number field also accepts text with a unit.

    Args:
        unit: Unit of the field.
    """

    def converted(value: Any) -> Any:
        return convert(value, unit, "") if isinstance(value, str) else value

    return BeforeValidator(converted)


def _build_unit(parts: UnitParts, text: str, name: str) -> Any:
    """Build a unit of pint from names and powers; names are looked up and nothing is evaluated."""
    units = registry()
    powers: dict[str, int] = {}
    for part, power in parts:
        known = _full_unit_name(part)
        if not known:
            raise GutexoError(
                f"{quote_input(name, text)}: unit '{part}' "
                f"is not known{suggest(part, COMMON_UNITS)}"
            )
        powers[known] = powers.get(known, 0) + power
    return units.Unit(units.UnitsContainer(powers))


@cache
def _full_unit_name(part: str) -> str:
    """Return the full name of a unit; empty if it is unknown or dimensionless."""
    import pint

    units = registry()
    try:
        full = units.get_name(_UNIT_ALIASES.get(part, part))
    except pint.UndefinedUnitError:
        return ""
    return full if full and not units.Unit(full).dimensionless else ""


@cache
def _catalogue_unit(unit: str) -> Any:
    """Return a unit of the catalogue as a unit of pint."""
    parts = unit_parts(unit)
    if not parts:
        raise ValueError(f"'{unit}' is not a unit")
    return _build_unit(parts, unit, "unit")


def _substance(unit: str) -> str:
    """Return the substance that a unit of the catalogue measures; empty if there is none."""
    names = {name for name, _ in unit_parts(unit) or ()}
    if names & {"U", "uU"}:
        return "insulin"
    if "EU" in names:
        return "LPS"
    return "glucose" if names == {"g", "kg"} or {"mg", "dL"} <= names else ""


@cache
def _equivalent_quantities(substance: str) -> tuple[Any, ...]:
    units = registry()
    found = []
    for text in _EQUIVALENTS.get(substance, ()):
        number, _, unit = text.partition(" ")
        found.append(units.Quantity(float(number), _catalogue_unit(unit)))
    return tuple(found)


def _explain_mismatch(unit: str, short: Any) -> str:
    """Return a hint for the message about a quantity of another kind; empty if there is none."""
    if _substance(unit) == "LPS" and short == registry().UnitsContainer(
        {"[mass]": 1, "[endotoxin]": -1}
    ):
        return ": how many EU a ng of LPS has differs by preparation; its certificate says"
    return ""
