"""Changes of parameters by `--set`: one value each, or several for a sweep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gutexo.catalogue.quantity import parse_quantity, possible_meanings, short_text
from gutexo.errors import GutexoError


def parse_changes(texts: Iterable[str]) -> dict[str, list[Any]]:
    """Parse the texts of `--set` into values by parameter name, in the order of typing.

    A parameter has several values if its name is given several times, or if its text has commas:
    with three or more parts, or with two parts that cannot be one number with a decimal or
    thousands comma.

    Args:
        texts: Each as it was typed, ``group.name=value``.

    Returns:
        Lists of values by name: numbers, and texts where there is a unit.

    Raises:
        GutexoError: A text is not of that form, or may be a number with a decimal comma.
    """
    found: dict[str, list[Any]] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        value = value.strip("\"'").strip()
        if not equals or not name or not value:
            raise GutexoError(f"--set must be group.name=value; got '{short_text(text)}'")
        values = found.setdefault(name, [])
        values += [one for one in _split_values(name, value) if one not in values or "," in value]
    return found


def refuse_several(typed: Mapping[str, Sequence[Any]]) -> None:
    """Refuse several values of one parameter, which only a sweep can use.

    Raises:
        GutexoError: A parameter has several values.
    """
    for name, values in typed.items():
        if len(values) > 1:
            listed = ", ".join(short_text(value) for value in values[:3])
            more = ", ..." if len(values) > 3 else ""
            raise GutexoError(
                f"{short_text(name)} has several values ({listed}{more}): "
                "gutexo run sweep goes through them"
            )


def _split_values(name: str, text: str) -> list[Any]:
    """Split one text at its commas into values."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 1:
        return [_parse_value(text)]
    meanings = possible_meanings(text)
    if len(parts) == 2 and meanings:
        one = " or ".join(meanings)
        apart = " ".join(f"--set {name}=" + (f'"{p}"' if " " in p else p) for p in parts)
        raise GutexoError(
            f"--set {short_text(name)}={short_text(text)} may be one number or two: write {one}, "
            f"or for gutexo run sweep {apart}"
        )
    if not all(parts):
        raise GutexoError(
            f"--set {short_text(name)}={short_text(text)}: a value is missing at a comma"
        )
    return [_parse_value(part) for part in parts]


def _parse_value(text: str) -> Any:
    """Return a number if the text has no unit, else the text, which is converted later.

    The unit of the parameter is not known here.
    """
    found = parse_quantity(text)
    return text if found is None or found.unit else found.number
