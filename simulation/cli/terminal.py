"""All that a command prints: names and reasons of others are shown as text, never acted upon."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from gutexo.printable import as_line, printable

if TYPE_CHECKING:
    from rich.text import Text


def prepare() -> None:
    """Let a character that the console's code page lacks be written out, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        # A closed stream is None, one of a test has no such method.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def show(text: Any = "") -> None:
    """Print text, of several lines maybe, at once."""
    print(printable(text, keep="\n"), flush=True)


def show_json(content: Any) -> None:
    """Print content as strict JSON; see `gutexo.json_text`."""
    from gutexo.json_text import json_text

    print(json_text(content), flush=True)


def show_facts(facts: dict[str, Any], width: int) -> None:
    """Print a fact a line: its name, then its value or values.

    Args:
        facts: Value, or list of values, by name.
        width: Characters of a name.
    """
    for name, value in facts.items():
        shown = ", ".join(map(str, value)) if isinstance(value, list) else value
        show(f"{name:{width}s} {printable(shown)}")


def complain(message: Any) -> None:
    """Print a line about what went wrong to standard error, behind the name of the command."""
    print(f"gutexo: {as_line(message)}", file=sys.stderr, flush=True)


def text(content: Any, style: str = "") -> Text:
    """Text for rich: square brackets are square brackets."""
    from rich.text import Text

    return Text(printable(content), style=style)


def show_table(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    right: Collection[str] = (),
) -> None:
    """Print a table; in a pipe, which has no width, lines stay whole for grep and less.

    Args:
        title: Above it.
        columns: Names of its columns.
        rows: Cells, as many as there are columns.
        right: Columns whose cells stand at the right.
    """
    from rich.console import Console
    from rich.table import Table

    made = Table(title=text(title, "table.title"), title_justify="left", header_style="bold")
    for name in columns:
        justify: Any = "right" if name in right else "left"
        made.add_column(text(name), justify=justify, overflow="fold", no_wrap=name == "name")
    for row in rows:
        made.add_row(*map(text, row))
    Console(width=None if sys.stdout.isatty() else 200, markup=False, highlight=False).print(made)
