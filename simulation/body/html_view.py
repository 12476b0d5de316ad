"""HTML tables that notebooks show; no rule reads anything here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from gutexo.biology.codes import KIND_NAMES, PLACE_NAMES
from gutexo.body.observables import OBSERVABLES

if TYPE_CHECKING:
    from gutexo.body.living_mouse import LivingMouse

MICE_ONLY_NOTE = "Simulated mice; nothing here speaks for people."
HTML_OBSERVABLES = ("FITC-dextran", "TER", "plasma TNF", "HOMA-IR", "senescent burden")


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


def mouse_html(mouse: LivingMouse) -> str:
    """Describe a mouse as an HTML table: its identity, its composition and some readings.

    Args:
        mouse: The mouse; measuring it does not change it.
    """
    s = mouse.state
    kinds = Counter(s.cells.kind[: s.anatomy.cells].tolist())
    places = Counter(s.packets.place[: s.count].tolist())
    read = mouse.measure()
    under_way = [type(course.intervention).__name__ for course in mouse.regimen.courses]
    stands = f"{mouse.age:.4g} d old, day {mouse.day:.4g} of its record"
    if not mouse.alive:
        stands = f"died at {mouse.died:.4g} d"
    rows: list[tuple[str, str]] = [
        ("life", stands),
        ("gut", f"{s.anatomy.segments} segments"),
        ("cells", ", ".join(f"{kinds[i]} {name}s" for i, name in enumerate(KIND_NAMES))),
        (
            "exosome packets",
            ", ".join(f"{places[i]} in {name}" for i, name in enumerate(PLACE_NAMES) if places[i])
            or "none",
        ),
        ("done to it", ", ".join(under_way) or "nothing"),
        *((name, f"{read[name]:.4g} {_unit(name)}".rstrip()) for name in HTML_OBSERVABLES),
    ]
    return html_table(f"Mouse, seed {mouse._seed_of_life}", rows)


def _unit(name: str) -> str:
    unit = OBSERVABLES[name].unit
    return "" if unit == "1" else unit
