"""Tables as CSV files: the fields of a row type are the columns, for writing and for reading.

Numbers are written with ten significant digits (``%.10g``), flags as yes and no, missing values as
an empty cell, and lines end in a line feed: the same rows give the same bytes. Columns are
separated by commas and numbers have a decimal point, unless another style is requested.
"""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

import numpy as np
from pydantic import TypeAdapter, ValidationError

from gutexo.analysis.csv_style import STANDARD, CsvStyle
from gutexo.errors import GutexoError
from gutexo.support.paths import local_path, open_atomically
from gutexo.support.printable import short_repr


def in_columns(*names: str, missing: float = math.nan) -> dict[str, Any]:
    """Make the metadata of a field of a row type whose columns are not just its name.

    Args:
        names: Columns of a tuple, one for each of its values; one name for a single value; none
            for a field that is not in the table, which needs a default.
        missing: Number that an empty cell means.
    """
    return {"columns": names, "missing": missing}


@dataclass(frozen=True)
class _Field:
    """A field of a row type: its name, its columns, and what an empty cell of it means."""

    name: str
    columns: tuple[str, ...]
    several: bool
    missing: Any
    read: bool


def _list_fields(kind: Any) -> tuple[_Field, ...]:
    hints = get_type_hints(kind)
    found = []
    for one in fields(kind):
        hint = hints[one.name]
        columns = one.metadata.get("columns", (one.name,))
        several = getattr(hint, "__origin__", None) is tuple
        missing: Any = ""
        if type(None) in get_args(hint):
            missing = None
        elif hint is float or get_args(hint)[:1] == (float,):
            missing = one.metadata.get("missing", math.nan)
        if columns:
            found.append(_Field(one.name, columns, several, missing, one.init))
    return tuple(found)


_fields_of: Callable[[Any], tuple[_Field, ...]] = cache(_list_fields)
_reader_of: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)


def columns_of(kind: type) -> tuple[str, ...]:
    """Return the columns of a table.

    Args:
        kind: Dataclass of its rows.
    """
    return tuple(name for one in _fields_of(kind) for name in one.columns)


def format_number(value: float) -> str:
    """Format a number as in the tables; empty where it is missing.

    Args:
        value: Any finite number, or NaN.

    Returns:
        Ten significant digits, or an empty string for NaN.

    Raises:
        GutexoError: The number is infinite.
    """
    value = float(value)
    if math.isnan(value):
        return ""
    if math.isinf(value):
        raise GutexoError("a table holds finite numbers only, not an infinite one")
    # Adding zero turns -0.0 into 0.0; otherwise one value would have two spellings.
    return f"{value + 0.0:.10g}"


def format_cell(value: Any, style: CsvStyle = STANDARD) -> str:
    """Format a value as in the tables: text unchanged, yes or no, ten digits, empty if missing."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    return str(value) if isinstance(value, int) else style.number(format_number(value))


def write_atomically(path: Path | str, content: bytes, *, force: bool = False) -> Path:
    """Write a whole file or nothing.

    Args:
        path: Path of the file; missing folders are created.
        content: Every byte of the file.
        force: Replace an existing file.

    Returns:
        Path of the written file.

    Raises:
        GutexoError: The file exists and ``force`` is off, or it cannot be written.
    """
    path = local_path(path)
    if os.path.lexists(path) and not force:
        raise GutexoError(
            f"'{path}' exists and is not replaced; pass force=True (--force) to replace it"
        )
    with open_atomically(path) as file:
        file.write(content)
    return path


def csv_text(lines: Iterable[Iterable[Any]], style: CsvStyle = STANDARD) -> str:
    """Format lines of cells as CSV; see :func:`format_cell`."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", delimiter=style.sep)
    writer.writerows([format_cell(cell, style) for cell in line] for line in lines)
    return text.getvalue()


def row_values(row: Any) -> list[Any]:
    """Return the values of a row, one per column of its type."""
    values: list[Any] = []
    for one in _fields_of(type(row)):
        value = getattr(row, one.name)
        those = value if one.several else (value,)
        if len(those) != len(one.columns):
            raise ValueError(f"{one.name} has {len(those)} values and {len(one.columns)} columns")
        values += [None if isinstance(v, float) and v == one.missing else v for v in those]
    return values


def write_table(
    kind: type,
    rows: Iterable[Any],
    path: Path | str,
    *,
    force: bool = False,
    style: CsvStyle = STANDARD,
) -> Path:
    """Write a table as CSV: its columns, and one line per row.

    Args:
        kind: Dataclass of the rows, whose fields are the columns.
        rows: Objects of it.
        path: The file to write.
        force: Replace an existing file.
        style: Separator and decimal mark.

    Returns:
        Path of the written file.

    Raises:
        GutexoError: The file exists and ``force`` is off, or a number is infinite.
    """
    text = csv_text([columns_of(kind), *map(row_values, rows)], style)
    return write_atomically(path, text.encode(), force=force)


def read_table[Row](kind: type[Row], path: Path | str, *, may_be_empty: bool = False) -> list[Row]:
    """Read a table that `write_table` wrote in the standard style.

    Args:
        kind: Dataclass of the rows, whose fields are the columns. Other columns are ignored.
        path: A CSV file.
        may_be_empty: Accept a table without rows.

    Returns:
        One object per row.

    Raises:
        GutexoError: The file cannot be read, has no rows, lacks a column, or has a cell that is no
            value of its column.
    """
    wanted = [one for one in _fields_of(kind) if one.read]
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            header = reader.fieldnames or ()
            missing = [name for one in wanted for name in one.columns if name not in header]
            if missing:
                raise GutexoError(f"{path} has no column '{missing[0]}'")
            rows = [_read_row(kind, wanted, row, path, reader.line_num) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise GutexoError(f"{path} cannot be read: {type(error).__name__}") from None
    if not rows and not may_be_empty:
        raise GutexoError(f"{path} has no rows")
    return rows


def _read_row(
    kind: type, wanted: list[_Field], row: Mapping[str, str | None], path: Path | str, line: int
) -> Any:
    def cells_of(one: _Field) -> Iterator[Any]:
        for name in one.columns:
            if row[name] is None:
                raise GutexoError(f"{path}, line {line}: no value of {name}")
            yield one.missing if row[name] == "" else row[name]

    given = {one.name: tuple(cells_of(one)) for one in wanted}
    values = {one.name: given[one.name] if one.several else given[one.name][0] for one in wanted}
    try:
        return _reader_of(kind).validate_python(values)
    except ValidationError as error:
        where = error.errors()[0]["loc"]
        one = next(one for one in wanted if one.name == where[0])
        name = one.columns[int(where[1]) if one.several and len(where) > 1 else 0]
        cell = short_repr(row[name])
        raise GutexoError(f"{path}, line {line}: {cell} is no value of {name}") from None
