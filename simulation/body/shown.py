"""What a notebook shows of a mouse; nothing here is read by a rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from gutexo.biology.places import KIND_NAMES, PLACE_NAMES
from gutexo.body.observables import OBSERVABLES

if TYPE_CHECKING:
    from gutexo.body.mouse import Mouse

MICE_ONLY = "Simulated mice; nothing here speaks for people."
READ = ("FITC-dextran", "TER", "plasma TNF", "HOMA-IR", "senescent burden")


def html_table(
    title: str, rows: Sequence[Sequence[object]], head: Sequence[str] = (), notes: str = ""
) -> str:
    """A small table for a notebook; whatever stands in it is shown as text, never as HTML.

    Args:
        title: Above the table.
        rows: Cells, row by row; the first of a row names it.
        head: Names of columns; none if empty.
        notes: Below the table, before the line that says these are mice.
    """
    lines = [f"<table><caption><b>{escape(title)}</b></caption>"]
    if head:
        cells = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
        lines.append(f"<thead><tr>{cells}</tr></thead>")
    lines.append("<tbody>")
    for first, *rest in rows:
        cells = "".join(f"<td>{escape(str(cell))}</td>" for cell in rest)
        lines.append(f'<tr><th scope="row">{escape(str(first))}</th>{cells}</tr>')
    told = " ".join(part for part in (notes, MICE_ONLY) if part)
    return "\n".join([*lines, f"</tbody></table><p><small>{escape(told)}</small></p>"])


def mouse_html(mouse: Mouse) -> str:
    """A mouse in a notebook: who it is, what it is made of, what it shows.

    Args:
        mouse: It is measured, not disturbed.
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
        *((name, f"{read[name]:.4g} {_unit(name)}".rstrip()) for name in READ),
    ]
    return html_table(f"Mouse, seed {mouse._seed_of_life}", rows)


def _unit(name: str) -> str:
    unit = OBSERVABLES[name].unit
    return "" if unit == "1" else unit
