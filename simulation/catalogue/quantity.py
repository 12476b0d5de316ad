"""Quantities as text: one number in Python's float form, then one unit; nothing is computed."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from gutexo.errors import GutexoError
from gutexo.support.printable import make_printable

LONGEST_TEXT = 60
LARGEST_POWER = 3
COMMON_UNITS = (
    "s min h d week month year g mg ug ng pg kg L dL mL uL mol mmol umol nmol pmol U mU uU IU EU "
    "ohm cm cm2 particles packets units"
).split()
"""Units that people write, for suggestions."""
UnitParts = tuple[tuple[str, int], ...]
"""A unit as names and powers: mg/dL is (("mg", 1), ("dL", -1)); empty for no unit."""

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_BLANK = r"[^\S\r\n\v\f\x1c-\x1f\x85\u2028\u2029]"  # blanks of any width, but not line ends
_TOKEN = re.compile(
    rf"{_BLANK}*(?:(?P<name>[A-Za-zµμΩΩ]+|%)"
    rf"(?P<power>{_BLANK}*(?:\^|\*\*){_BLANK}*[+-]?[0-9]+|[+-]?[0-9]+|[⁺⁻]?[¹²³])?"
    r"|(?P<sign>[*·⋅×/()]))"
)
_SUPERSCRIPTS = str.maketrans("⁺⁻¹²³", "+-123")
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)\b", re.I)
# Text that may be meant as one number, with the separators of any country.
_WITH_SEPARATORS = re.compile(
    r"([+\-−]?)([0-9](?:[0-9.,'’_]|\s+(?=[0-9]{3}(?![0-9])))*)((?:[eE][+-]?[0-9]+)?)(.*)", re.S
)
_THOUSANDS_SEPARATORS = (" ", "'", "_", ",", ".")


class Quantity(NamedTuple):
    """Number and unit of a text.

    Attributes:
        number: The number.
        unit: Names and powers of its unit; empty if there is none.
    """

    number: float
    unit: UnitParts


def parse_quantity(text: str) -> Quantity | None:
    """Parse a text as one number and at most one unit; None if it is anything else."""
    text = text.strip()
    if len(text) > LONGEST_TEXT:
        return None
    found = _NUMBER.match(text)
    if found is None:
        return None
    unit = unit_parts(text[found.end() :])
    return None if unit is None else Quantity(float(found[0]), unit)


def unit_parts(text: str) -> UnitParts | None:
    """Parse a unit from left to right into names and powers; None if it is not a unit.

    Args:
        text: Text such as "mg/dL", "ohm cm2", "1/h", "ug/(kg min)"; empty for no unit.
    """
    text = text.strip()
    if not text:
        return ()
    if re.match(r"1\s*/", text):
        text = text[1:].lstrip()
    reader = _UnitReader(text)
    powers = reader.product(nested=False)
    if powers is None or reader.place != len(text):
        return None
    if any(abs(power) > LARGEST_POWER for power in powers.values()):
        return None
    return tuple((name, power) for name, power in powers.items() if power)


class _UnitReader:
    """Parser of a unit that reads it token by token."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0

    def product(self, nested: bool) -> dict[str, int] | None:
        """Read names and powers up to the end, or up to a closing bracket; None if it is wrong."""
        powers: dict[str, int] = {}
        direction, expected = 1, False  # wanted: the last sign needs a name after it
        while self.place < len(self.text):
            token = _TOKEN.match(self.text, self.place)
            if token is None:
                return None
            sign = token["sign"]
            if sign == ")":
                break
            self.place = token.end()
            if sign == "(":
                inner = None if nested else self.product(nested=True)
                if not inner or self.text[self.place : self.place + 1] != ")":
                    return None
                self.place += 1
                factors = inner
            elif sign:
                if expected or (sign != "/" and not powers):
                    return None
                direction, expected = (-1 if sign == "/" else 1), True
                continue
            else:
                power = (token["power"] or "1").translate(_SUPERSCRIPTS).lstrip("^* \t\u00a0")
                if len(power) > 3:
                    return None
                factors = {token["name"]: int(power)}
            for name, power in factors.items():
                powers[name] = powers.get(name, 0) + direction * power
            direction, expected = 1, False
        return None if expected else powers


def possible_meanings(text: str) -> list[str]:
    """List possible meanings of a text that is no quantity: "1,500" may be 1.500 or 1500."""
    found = _WITH_SEPARATORS.fullmatch(text.strip())
    if found is None or len(text) > LONGEST_TEXT:
        return []
    sign, body, exponent, rest = found.groups()
    body = re.sub(r"\s+", " ", body).replace("’", "'")
    numbers: list[str] = []
    for decimal in ",.":
        whole, mark, fraction = body.partition(decimal)
        if mark and fraction.isdigit() and _strip_separators(whole, decimal) is not None:
            numbers.append(f"{_strip_separators(whole, decimal)}.{fraction}")
    if _strip_separators(body, "") is not None:
        numbers.append(f"{_strip_separators(body, '')}")
    spellings = [f"{sign.replace('−', '-')}{number}{exponent}{rest}" for number in numbers]
    return [one for one in dict.fromkeys(spellings) if one != text.strip() and parse_quantity(one)]


def _strip_separators(text: str, decimal: str) -> str | None:
    """Remove separators of thousands, of one kind, from a whole number; None if it is none."""
    if text.isdigit():
        return text
    for mark in _THOUSANDS_SEPARATORS:
        if mark != decimal and re.fullmatch(rf"[0-9]{{1,3}}(?:{re.escape(mark)}[0-9]{{3}})+", text):
            return text.replace(mark, "")
    return None


def short_text(value: object, most: int = LONGEST_TEXT) -> str:
    """Return any input of a user as short text of one line, with control characters escaped."""
    try:
        text = str(value)
    except ValueError:  # a whole number with thousands of digits
        return "a number too long to print"
    text = make_printable(text[: most + 1])
    return text if len(text) <= most else f"{text[: most // 2]}..."


def read_quantity(text: str, unit: str, name: str = "value") -> Quantity:
    """Read the number and unit of a text.

    Args:
        text: Text such as "12 min".
        unit: Unit that is expected, for the message; "1" for none.
        name: Name of the value, for the message; empty if the caller adds the name.

    Raises:
        GutexoError: It is not one number and at most one unit; the message gives the nearest form.
    """
    found = parse_quantity(text)
    if found is not None:
        if math.isfinite(found.number):
            return found
    if found is not None or _NOT_FINITE.match(text.strip()):
        raise GutexoError(f"{name} must be finite; got '{short_text(text)}'".lstrip())
    expected = "a number" if unit == "1" else f"a quantity in {unit}"
    raise GutexoError(
        f"{quote_input(name, text)} cannot be read as {expected}: {_advice(text, unit)}"
    )


def quote_input(name: str, text: str) -> str:
    """Return the start of a message about a wrong text: the name, if any, and the text."""
    return f"{name}: '{short_text(text)}'" if name else f"'{short_text(text)}'"


def _advice(text: str, unit: str) -> str:
    meant = possible_meanings(text)
    if meant:
        return "write " + " or ".join(meant)
    unit_alone = unit_parts(text) if len(text) <= LONGEST_TEXT else None
    if unit_alone and {name for name, _ in unit_alone} <= {
        *COMMON_UNITS,
        *(f"{u}s" for u in COMMON_UNITS),
    }:
        return f"it has no number; write 1 {text.strip()} if one is meant"
    return "write one number" + ("" if unit == "1" else f", then its unit, such as 1.5 {unit}")
