"""What a notebook shows of a mouse; no rule reads anything here."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from gutexo.biology.codes import KIND_NAMES, PLACE_NAMES
from gutexo.body.observables import OBSERVABLES

if TYPE_CHECKING:
    from gutexo.body.living_mouse import LivingMouse

SUMMARY_OBSERVABLES = ("FITC-dextran", "TER", "plasma TNF", "HOMA-IR", "senescent burden")


def summarise(mouse: LivingMouse) -> list[tuple[str, str]]:
    """Describe a mouse in a few rows: its age, its composition and some readings.

    Args:
        mouse: The mouse; measuring it does not change it.

    Returns:
        Pairs of a name and a text.
    """
    s = mouse.state
    kinds = Counter(s.cells.kind[: s.anatomy.cells].tolist())
    places = Counter(s.packets.place[: s.count].tolist())
    read = mouse.measure()
    under_way = [type(course.intervention).__name__ for course in mouse.regimen.courses]
    stands = f"{mouse.age:.4g} d old, day {mouse.day:.4g} of its record"
    if not mouse.alive:
        stands = f"died at {mouse.died:.4g} d"
    return [
        ("life", stands),
        ("gut", f"{s.anatomy.segments} segments"),
        ("cells", ", ".join(f"{kinds[i]} {name}s" for i, name in enumerate(KIND_NAMES))),
        (
            "exosome packets",
            ", ".join(f"{places[i]} in {name}" for i, name in enumerate(PLACE_NAMES) if places[i])
            or "none",
        ),
        ("done to it", ", ".join(under_way) or "nothing"),
        *((name, f"{read[name]:.4g} {_unit(name)}".rstrip()) for name in SUMMARY_OBSERVABLES),
    ]


def _unit(name: str) -> str:
    unit = OBSERVABLES[name].unit
    return "" if unit == "1" else unit
