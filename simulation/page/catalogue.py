"""What the controls of the page are built from: arms, and parameters with unit, range and grade."""

from __future__ import annotations

from typing import Any

from simulation.catalogue import Parameters
from simulation.page.lesson import lesson
from simulation.page.wish import arms
from simulation.protocol.studies import study

SLIDERS = (
    "exosome.transcytosis",
    "exosome.macrophage_uptake",
    "barrier.repair",
    "barrier.cargo_disruption",
    "immune.cargo_gate",
    "immune.tnf_by_activation",
    "insulin.cargo_block",
    "insulin.cargo_protection",
    "senescence.production",
    "microbiota.density",
)
"""Parameters a visitor finds as sliders; any other can be set by a link."""


def catalogue() -> dict[str, Any]:
    """Arms, sliders and the lesson as JSON types."""
    entries = {entry.name: entry for entry in Parameters().entries()}
    return {
        "arms": [
            {"name": name, "study": of, "question": study(of).question}
            for name, (of, _) in arms().items()
        ],
        "sliders": [
            {
                "name": name,
                "meaning": entries[name].meaning,
                "unit": entries[name].unit,
                "low": max(entries[name].low, entries[name].value / 5.0),
                "high": min(entries[name].high, entries[name].value * 5.0),
                "default": entries[name].value,
                "grade": entries[name].grade,
                "source": entries[name].source,
            }
            for name in SLIDERS
        ],
        "lesson": lesson(),
    }
