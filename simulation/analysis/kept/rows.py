"""Rows of a kept table, and rows made into what an analysis found."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from gutexo.analysis.tables import Column
from gutexo.errors import GutexoError

Row = dict[str, str]


def rows_of(path: Path, *columns: str) -> list[Row]:
    """Rows of a table that has these columns.

    Args:
        path: A CSV file.
        columns: Columns it must have.

    Raises:
        GutexoError: It cannot be read, or is not such a table.
    """
    try:
        with open(path, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise GutexoError(f"{path} cannot be read: {type(error).__name__}") from None
    missing = [name for name in columns if not rows or rows[0].get(name) is None]
    if missing:
        raise GutexoError(f"{path} has no rows with a column '{missing[0]}'")
    return rows


def number(text: str) -> float:
    """A number, NaN for an empty cell."""
    return float(text) if text else math.nan


def yes(text: str) -> bool:
    """Whether a cell says yes.

    Raises:
        ValueError: It says neither yes nor no.
    """
    if text not in ("yes", "no"):
        raise ValueError(text)
    return text == "yes"


# By the type of a field, as its module writes it.
FROM_TEXT: dict[str, Callable[[str], Any]] = {
    "str": str,
    "float": number,
    "int": int,
    "bool": yes,
    "int | None": lambda text: int(text) if text else None,
    "bool | None": lambda text: yes(text) if text else None,
}


def read_as[Made](
    kind: Callable[..., Made], columns: Mapping[str, Column], path: Path
) -> list[Made]:
    """What a table holds, by the columns it was written with.

    Args:
        kind: Dataclass of a row.
        columns: Name of its field by column.
        path: The table.

    Returns:
        An object a row.

    Raises:
        GutexoError: It is not such a table.
    """
    types = {one.name: str(one.type) for one in fields(kind)}  # type: ignore[arg-type]
    found = []
    for row in rows_of(path, *columns):
        values = {}
        for column, name in columns.items():
            assert isinstance(name, str)
            try:
                values[name] = FROM_TEXT[types[name]](row[column])
            except (ValueError, TypeError):
                raise GutexoError(f"{path}: '{row[column]}' is no value of {column}") from None
        found.append(kind(**values))
    return found
