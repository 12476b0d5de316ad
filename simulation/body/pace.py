"""Pace: a tick is refused where a rate is too fast for it."""

from __future__ import annotations

import numpy as np

from gutexo.errors import GutexoError

# Every process is solved exactly within a tick, but what it hears stands still for that long. Where
# it closes more than this share of its way, a feedback through it would answer too late.
LARGEST_STEP = 0.5
# Events a packet's chain may be expected to go through in a tick.
MOST_EVENTS = 200.0
# Packets a site may be expected to release in a tick: counts are drawn from the chance of none,
# which is no number any more at a mean of 745.
MOST_RELEASED = 500.0
_SLOW = (
    "tight_junction.repair",
    "tight_junction.loss",
    "tight_junction.cargo_disruption",
    "tight_junction.cytokine_disruption",
    "tight_junction.senescent_disruption",
    "epithelium.migration",
    "epithelium.injury",
    "epithelium.restitution",
    "macrophage.relaxation",
    "senescence.removal",
)
_CHAIN = (
    "exosome.mucus_entry",
    "exosome.mucus_return",
    "exosome.epithelial_entry",
    "exosome.enterocyte_uptake",
    "exosome.transcytosis",
    "exosome.macrophage_uptake",
    "exosome.portal_entry",
    "exosome.tissue_entry",
    "exosome.tissue_return",
    "exosome.hepatocyte_uptake",
    "exosome.myocyte_uptake",
    "exosome.adipocyte_uptake",
    "exosome.other_clearance",
)

_OTHER_WAYS = {
    "cargo.decay": " (or resolution.thinning less)",
    "exosome.release": " (or resolution.packets less, or resolution.enterocytes more)",
}


def check_pace(records: np.ndarray, hours: float, thinning: int) -> None:
    """Refuse rates that a tick cannot follow.

    Args:
        records: Rates as they stand, modifiers included.
        hours: Length of a tick (h).
        thinning: Ticks between two thinnings of held cargo.

    Raises:
        GutexoError: One is too fast; says which, and the tick that would do.
    """
    limits = [(name, 1.0, LARGEST_STEP) for name in _SLOW]
    limits += [(name, 1.0, MOST_EVENTS) for name in _CHAIN]
    limits.append(("exosome.release", 1.0, MOST_RELEASED))
    limits.append(("cargo.decay", float(thinning), LARGEST_STEP))
    for name, ticks, limit in limits:
        fastest = float(records[name.replace(".", "_")].max())
        if not fastest * ticks * hours <= limit:
            raise GutexoError(
                f"{name} of {fastest:.3g}/h is too fast for a tick of {hours:g} h; "
                f"resolution.tick may be {0.99 * limit / (fastest * ticks):.3g} h at most"
                + ("" if name == "cargo.decay" and thinning == 1 else _OTHER_WAYS.get(name, ""))
            )
