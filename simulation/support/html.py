"""HTML tables that notebooks show."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

MICE_ONLY_NOTE = "Simulated mice; nothing here speaks for people."


def html_table(
    title: str, rows: Sequence[Sequence[object]], column_names: Sequence[str] = (), notes: str = ""
) -> str:
    """Make a small HTML table for a notebook; all content is escaped, so it is shown as text.

    Args:
        title: Text above the table.
        rows: Cells, row by row; the first cell of a row is its name.
        column_names: Names of columns; none if empty.
        notes: Text below the table, before the note that these are simulated mice.
    """
    lines = [f"<table><caption><b>{escape(title)}</b></caption>"]
    if column_names:
        cells = "".join(f'<th scope="col">{escape(name)}</th>' for name in column_names)
        lines.append(f"<thead><tr>{cells}</tr></thead>")
    lines.append("<tbody>")
    for first, *rest in rows:
        cells = "".join(f"<td>{escape(str(cell))}</td>" for cell in rest)
        lines.append(f'<tr><th scope="row">{escape(str(first))}</th>{cells}</tr>')
    told = " ".join(part for part in (notes, MICE_ONLY_NOTE) if part)
    return "\n".join([*lines, f"</tbody></table><p><small>{escape(told)}</small></p>"])
