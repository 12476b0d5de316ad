"""What the controls of the page are built from: arms, and parameters with unit, range and grade."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gutexo.catalogue import Parameters
from gutexo.catalogue.parameters import ParameterEntry
from gutexo.errors import GutexoError, suggest
from gutexo.page.lesson import lesson
from gutexo.page.wish import Arms, arms

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
    "senescence.induction_gut",
    "senescence.induction_organs",
    "senescence.licence_half",
    "microbiota.density",
)
"""Parameters a visitor finds as sliders; any other can be set by a link."""


def catalogue(among: Arms | None = None, sliders: Sequence[str] = SLIDERS) -> dict[str, Any]:
    """Arms, sliders and the lesson as JSON types.

    Args:
        among: What can be watched; the arms of the studies if None.
        sliders: Full names of the parameters that get one.

    Raises:
        GutexoError: A parameter does not exist, or is a setting.
    """
    entries = {entry.name: entry for entry in Parameters().entries()}
    for name in sliders:
        if name not in entries or name.startswith("resolution."):
            raise GutexoError(f"parameter '{name}' has no slider{suggest(name, entries)}")
    return {
        "arms": [{"name": name, "study": of} for name, (of, _) in (among or arms()).items()],
        "sliders": [_slider(entries[name]) for name in sliders],
        "lesson": lesson(),
    }


def _slider(entry: ParameterEntry) -> dict[str, Any]:
    """A slider spans five times less to five times more, where that is possible."""
    return {
        "name": entry.name,
        "meaning": entry.meaning,
        "unit": entry.unit,
        "low": max(entry.low, entry.value / 5.0),
        "high": min(entry.high, entry.value * 5.0),
        "default": entry.value,
        "grade": entry.grade,
        "source": entry.source,
    }
