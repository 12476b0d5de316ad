"""What `--set` says: one value of a parameter, or several for a sweep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gutexo.catalogue.quantity import parsed, readings, shown
from gutexo.errors import GutexoError


def typed_values(texts: Iterable[str]) -> dict[str, list[Any]]:
    """Values by parameter name, in the order in which they were typed.

    Several values are several `--set` of one name, or one with commas: three parts and more, or two
    that cannot be one number as other countries write it.

    Args:
        texts: Each as it was typed, ``group.name=value``.

    Returns:
        Numbers, and texts where there is a unit.

    Raises:
        GutexoError: One is not of that form, or may be a number with a decimal comma.
    """
    found: dict[str, list[Any]] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        value = value.strip("\"'").strip()
        if not equals or not name or not value:
            raise GutexoError(f"--set must be group.name=value; got '{shown(text)}'")
        values = found.setdefault(name, [])
        values += [one for one in _several(name, value) if one not in values or "," in value]
    return found


def refuse_several(typed: Mapping[str, Sequence[Any]]) -> None:
    """Refuse several values of one parameter, which only a sweep goes through.

    Raises:
        GutexoError: A parameter has several.
    """
    for name, values in typed.items():
        if len(values) > 1:
            given = ", ".join(shown(value) for value in values[:3])
            more = ", ..." if len(values) > 3 else ""
            raise GutexoError(
                f"{shown(name)} has several values ({given}{more}): "
                "gutexo run sweep goes through them"
            )


def _several(name: str, text: str) -> list[Any]:
    """The values of one text; a single one is not looked into."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 1:
        return [_value(text)]
    meant = readings(text)
    if len(parts) == 2 and meant:
        one = " or ".join(meant)
        apart = " ".join(f"--set {name}=" + (f'"{p}"' if " " in p else p) for p in parts)
        raise GutexoError(
            f"--set {shown(name)}={shown(text)} may be one number or two: write {one}, or for "
            f"gutexo run sweep {apart}"
        )
    if not all(parts):
        raise GutexoError(f"--set {shown(name)}={shown(text)}: a value is missing at a comma")
    return [_value(part) for part in parts]


def _value(text: str) -> Any:
    """A number where there is no unit; other text is read where its unit is known."""
    found = parsed(text)
    return text if found is None or found.unit else found.number
