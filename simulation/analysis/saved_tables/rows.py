"""Rows of a saved table, and their conversion to the records of an analysis."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from gutexo.analysis.tables import Column
from gutexo.errors import GutexoError

TableRow = dict[str, str]


def read_table(path: Path, *columns: str) -> list[TableRow]:
    """Read the rows of a table that has these columns.

    Args:
        path: A CSV file.
        columns: Columns it must have.

    Raises:
        GutexoError: The file cannot be read, or is not such a table.
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


def parse_number(text: str) -> float:
    """Parse a number; NaN for an empty cell."""
    return float(text) if text else math.nan


def parse_yes(text: str) -> bool:
    """Parse yes or no.

    Raises:
        ValueError: The cell is neither yes nor no.
    """
    if text not in ("yes", "no"):
        raise ValueError(text)
    return text == "yes"


# Parser by the type of a field, as written in its module.
PARSERS: dict[str, Callable[[str], Any]] = {
    "str": str,
    "float": parse_number,
    "int": int,
    "bool": parse_yes,
    "int | None": lambda text: int(text) if text else None,
    "bool | None": lambda text: parse_yes(text) if text else None,
}


def read_records[Made](
    kind: Callable[..., Made], columns: Mapping[str, Column], path: Path
) -> list[Made]:
    """Read the records of a table with the columns it was written with.

    Args:
        kind: Dataclass of a row.
        columns: Name of its field by column.
        path: The table.

    Returns:
        One object per row.

    Raises:
        GutexoError: The file is not such a table.
    """
    types = {one.name: str(one.type) for one in fields(kind)}  # type: ignore[arg-type]
    found = []
    for row in read_table(path, *columns):
        values = {}
        for column, name in columns.items():
            assert isinstance(name, str)
            try:
                values[name] = PARSERS[types[name]](row[column])
            except (ValueError, TypeError):
                raise GutexoError(f"{path}: '{row[column]}' is no value of {column}") from None
        found.append(kind(**values))
    return found
