"""How a table writes numbers and parts columns: 1.5 and a comma, or as other countries do."""

from __future__ import annotations

from dataclasses import dataclass

from gutexo.errors import GutexoError
from gutexo.printable import brief

SEPARATORS = (",", ";", "\t")
DECIMALS = (".", ",")


@dataclass(frozen=True)
class CsvStyle:
    """Marks of a table.

    Attributes:
        sep: Between columns.
        decimal: Of numbers.
    """

    sep: str = ","
    decimal: str = "."

    def number(self, text: str) -> str:
        """A number, written with a decimal point, in this style."""
        return text if self.decimal == "." else text.replace(".", self.decimal)


STANDARD = CsvStyle()
DECIMAL_COMMA = CsvStyle(";", ",")


def csv_style(sep: str | None = None, decimal: str = ".") -> CsvStyle:
    """A style by its marks, named as pandas names them.

    Args:
        sep: Between columns; None for a comma, or a semicolon where the decimal mark is a comma.
        decimal: Of numbers, a point or a comma.

    Raises:
        GutexoError: A mark is none of these, or both are the same.
    """
    if decimal not in DECIMALS:
        raise GutexoError(f"decimal must be '.' or ','; got {brief(decimal)}")
    if sep is None:
        return DECIMAL_COMMA if decimal == "," else STANDARD
    if sep not in SEPARATORS:
        raise GutexoError(f"sep must be ',', ';' or a tab; got {brief(sep)}")
    if sep == decimal:
        raise GutexoError("sep and decimal are both ','; with a decimal comma, sep is ';' or a tab")
    return CsvStyle(sep, decimal)
