"""A quantity as text: one number in Python's float form, then one unit; nothing is computed."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from gutexo.errors import GutexoError
from gutexo.printable import printable

LONGEST = 60
LARGEST_POWER = 3
USUAL = (
    "s min h d week month year g mg ug ng pg kg L dL mL uL mol mmol umol nmol pmol U mU uU IU EU "
    "ohm cm cm2 particles packets units"
).split()
"""Units that people write, for suggestions."""
Parts = tuple[tuple[str, int], ...]
"""A unit as names and powers: mg/dL is (("mg", 1), ("dL", -1)); none for no unit."""

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_BLANK = r"[^\S\r\n\v\f\x1c-\x1f\x85\u2028\u2029]"  # blanks of any width, not the end of a line
_TOKEN = re.compile(
    rf"{_BLANK}*(?:(?P<name>[A-Za-zµμΩΩ]+|%)"
    rf"(?P<power>{_BLANK}*(?:\^|\*\*){_BLANK}*[+-]?[0-9]+|[+-]?[0-9]+|[⁺⁻]?[¹²³])?"
    r"|(?P<sign>[*·⋅×/()]))"
)
_SUPERSCRIPTS = str.maketrans("⁺⁻¹²³", "+-123")
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)\b", re.I)
# What looks like one number to somebody, with the marks of other countries.
_MARKED = re.compile(
    r"([+\-−]?)([0-9](?:[0-9.,'’_]|\s+(?=[0-9]{3}(?![0-9])))*)((?:[eE][+-]?[0-9]+)?)(.*)", re.S
)
_THOUSANDS = (" ", "'", "_", ",", ".")


class Quantity(NamedTuple):
    """What a text says.

    Attributes:
        number: The number.
        unit: Names and powers of its unit; empty where there is none.
    """

    number: float
    unit: Parts


def parsed(text: str) -> Quantity | None:
    """Number and unit of a text, None where it is not one number and at most one unit."""
    text = text.strip()
    if len(text) > LONGEST:
        return None
    found = _NUMBER.match(text)
    if found is None:
        return None
    unit = unit_parts(text[found.end() :])
    return None if unit is None else Quantity(float(found[0]), unit)


def unit_parts(text: str) -> Parts | None:
    """A unit as names and powers, read from left to right; None where it is not one.

    Args:
        text: Such as "mg/dL", "ohm cm2", "1/h", "ug/(kg min)"; empty for no unit.
    """
    text = text.strip()
    if not text:
        return ()
    if re.match(r"1\s*/", text):
        text = text[1:].lstrip()
    reader = _Reader(text)
    powers = reader.product(nested=False)
    if powers is None or reader.place != len(text):
        return None
    if any(abs(power) > LARGEST_POWER for power in powers.values()):
        return None
    return tuple((name, power) for name, power in powers.items() if power)


class _Reader:
    """Reads a unit sign by sign."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0

    def product(self, nested: bool) -> dict[str, int] | None:
        """Names and powers up to the end, or up to a closing bracket."""
        powers: dict[str, int] = {}
        direction, wanted = 1, False  # wanted: a sign stands there that needs a name behind it
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
                if wanted or (sign != "/" and not powers):
                    return None
                direction, wanted = (-1 if sign == "/" else 1), True
                continue
            else:
                power = (token["power"] or "1").translate(_SUPERSCRIPTS).lstrip("^* \t\u00a0")
                if len(power) > 3:
                    return None
                factors = {token["name"]: int(power)}
            for name, power in factors.items():
                powers[name] = powers.get(name, 0) + direction * power
            direction, wanted = 1, False
        return None if wanted else powers


def readings(text: str) -> list[str]:
    """How a text that is no quantity may be meant: "1,5" as 1.5, "1,500" as 1.500 or 1500."""
    found = _MARKED.fullmatch(text.strip())
    if found is None or len(text) > LONGEST:
        return []
    sign, body, exponent, rest = found.groups()
    body = re.sub(r"\s+", " ", body).replace("’", "'")
    numbers: list[str] = []
    for decimal in ",.":
        whole, mark, fraction = body.partition(decimal)
        if mark and fraction.isdigit() and _whole(whole, decimal) is not None:
            numbers.append(f"{_whole(whole, decimal)}.{fraction}")
    if _whole(body, "") is not None:
        numbers.append(f"{_whole(body, '')}")
    told = [f"{sign.replace('−', '-')}{number}{exponent}{rest}" for number in numbers]
    return [one for one in dict.fromkeys(told) if one != text.strip() and parsed(one)]


def _whole(text: str, decimal: str) -> str | None:
    """Digits of a whole number that may have one kind of mark every three; else None."""
    if text.isdigit():
        return text
    for mark in _THOUSANDS:
        if mark != decimal and re.fullmatch(rf"[0-9]{{1,3}}(?:{re.escape(mark)}[0-9]{{3}})+", text):
            return text.replace(mark, "")
    return None


def shown(value: object, most: int = LONGEST) -> str:
    """Anything a user gave, short, in one line, without signs that move the cursor."""
    try:
        text = str(value)
    except ValueError:  # a whole number of thousands of digits
        return "a number too long to print"
    text = printable(text[: most + 1])
    return text if len(text) <= most else f"{text[: most // 2]}..."


def read(text: str, unit: str, name: str = "value") -> Quantity:
    """Number and unit of a text.

    Args:
        text: Such as "12 min".
        unit: Unit that is wanted, for the message; "1" for none.
        name: What it is for, for the message; empty where the message begins elsewhere.

    Raises:
        GutexoError: It is not one number and at most one unit; the line says the nearest form.
    """
    found = parsed(text)
    if found is not None:
        if math.isfinite(found.number):
            return found
    if found is not None or _NOT_FINITE.match(text.strip()):
        raise GutexoError(f"{name} must be finite; got '{shown(text)}'".lstrip())
    wanted = "a number" if unit == "1" else f"a quantity in {unit}"
    raise GutexoError(f"{told(name, text)} cannot be read as {wanted}: {_advice(text, unit)}")


def told(name: str, text: str) -> str:
    """Begin of a line about a text that was given for something of a name."""
    return f"{name}: '{shown(text)}'" if name else f"'{shown(text)}'"


def _advice(text: str, unit: str) -> str:
    meant = readings(text)
    if meant:
        return "write " + " or ".join(meant)
    unit_alone = unit_parts(text) if len(text) <= LONGEST else None
    if unit_alone and {name for name, _ in unit_alone} <= {*USUAL, *(f"{u}s" for u in USUAL)}:
        return f"it has no number; write 1 {text.strip()} if one is meant"
    return "write one number" + ("" if unit == "1" else f", then its unit, such as 1.5 {unit}")
