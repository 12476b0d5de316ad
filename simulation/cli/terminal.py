"""Output of commands; text from outside is printed as text, and its control characters escaped."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from gutexo.support.printable import make_line, make_printable

if TYPE_CHECKING:
    from rich.text import Text

LEAST_FACT_WIDTH = 15  # characters


def prepare_streams() -> None:
    """Make the streams escape characters that the console cannot print, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        # A closed stream is None; a stream of a test has no such method.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def show(text: Any = "") -> None:
    """Print text of one or several lines and flush it."""
    print(make_printable(text, keep="\n"), flush=True)


def show_json(content: Any) -> None:
    """Print content as strict JSON; see `gutexo.support.json_text`."""
    from gutexo.support.json_text import format_json

    print(format_json(content), flush=True)


def format_facts(facts: dict[str, Any], width: int = 0) -> list[str]:
    """Format one fact per line: its name, then its value or values.

    Args:
        facts: Value, or list of values, by name.
        width: Width of the column of names (characters); that of the longest name if less.
    """
    width = max([width, *map(len, facts)])
    lines = []
    for name, value in facts.items():
        text = ", ".join(map(str, value)) if isinstance(value, list) else value
        lines.append(f"{name:{width}s} {make_printable(text)}")
    return lines


def show_facts(facts: dict[str, Any], width: int = 0) -> None:
    """Print one fact per line; see `format_facts`."""
    for line in format_facts(facts, width):
        show(line)


def show_dry_run(facts: dict[str, Any], as_json: bool) -> None:
    """Print what would be run and how long it takes: one fact per line, or JSON.

    Args:
        facts: Value, or list of values, by name.
        as_json: Print JSON with the same names.
    """
    if as_json:
        show_json(facts)
    else:
        show_facts(facts, LEAST_FACT_WIDTH)


def print_error(message: Any) -> None:
    """Print an error message to standard error as one line that starts with the command's name."""
    print(f"gutexo: {make_line(message)}", file=sys.stderr, flush=True)


def rich_text(content: Any, style: str = "") -> Text:
    """Return text for rich in which square brackets are not markup."""
    from rich.text import Text

    return Text(make_printable(content), style=style)


def show_table(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    right: Collection[str] = (),
) -> None:
    """Print a table.

    In a pipe, which has no width, lines have up to 200 characters, so that they stay whole for
    ``grep`` and ``less``.

    Args:
        title: Title above the table.
        columns: Names of its columns.
        rows: Cells of each row, one per column.
        right: Columns whose cells are aligned at the right.
    """
    from rich.console import Console
    from rich.table import Table

    table = Table(title=rich_text(title, "table.title"), title_justify="left", header_style="bold")
    for name in columns:
        justify: Any = "right" if name in right else "left"
        table.add_column(rich_text(name), justify=justify, overflow="fold", no_wrap=name == "name")
    for row in rows:
        table.add_row(*map(rich_text, row))
    Console(width=None if sys.stdout.isatty() else 200, markup=False, highlight=False).print(table)
