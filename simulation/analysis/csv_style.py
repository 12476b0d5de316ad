"""Decimal mark and separator of a table: a point and a comma, or as in other countries."""

from __future__ import annotations

from dataclasses import dataclass

from gutexo.errors import GutexoError
from gutexo.support.printable import short_repr

SEPARATORS = (",", ";", "\t")
DECIMALS = (".", ",")


@dataclass(frozen=True)
class CsvStyle:
    """Separator and decimal mark of a table.

    Attributes:
        sep: Separator between columns.
        decimal: Decimal mark of numbers.
    """

    sep: str = ","
    decimal: str = "."

    def number(self, text: str) -> str:
        """Write a number, given with a decimal point, in this style."""
        return text if self.decimal == "." else text.replace(".", self.decimal)


STANDARD = CsvStyle()
DECIMAL_COMMA = CsvStyle(";", ",")


def make_csv_style(sep: str | None = None, decimal: str = ".") -> CsvStyle:
    """Make a style from its marks, which are named as in pandas.

    Args:
        sep: Separator between columns; None for a comma, or for a semicolon where the decimal mark
            is a comma.
        decimal: Decimal mark of numbers, a point or a comma.

    Raises:
        GutexoError: A mark is not allowed, or both are the same.
    """
    if decimal not in DECIMALS:
        raise GutexoError(f"decimal must be '.' or ','; got {short_repr(decimal)}")
    if sep is None:
        return DECIMAL_COMMA if decimal == "," else STANDARD
    if sep not in SEPARATORS:
        raise GutexoError(f"sep must be ',', ';' or a tab; got {short_repr(sep)}")
    if sep == decimal:
        raise GutexoError("sep and decimal are both ','; with a decimal comma, sep is ';' or a tab")
    return CsvStyle(sep, decimal)
