"""Limits of a tick: rates that are too fast for the length of a tick are refused."""

from __future__ import annotations

import numpy as np

from gutexo.errors import GutexoError

# Every process is solved exactly within a tick, but its inputs are constant during the tick. Where
# it covers more than this share of the way to its target, a feedback through it would be too late.
MAX_STEP_SHARE = 0.5
# Expected events of a packet's chain in a tick.
MAX_CHAIN_EVENTS = 200.0
# Expected packets that a site releases in a tick: counts are drawn from the probability of 0, which
# underflows to 0 at a mean of 745.
MAX_RELEASED = 500.0
_RELAXATION_RATES = (
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
_CHAIN_RATES = (
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

_ALTERNATIVES = {
    "cargo.decay": " (or resolution.thinning less)",
    "exosome.release": " (or resolution.packets less, or resolution.enterocytes more)",
}


def check_step_limit(records: np.ndarray, hours: float, thinning: int) -> None:
    """Refuse rates that a tick cannot follow.

    Args:
        records: Current rates, modifiers included.
        hours: Length of a tick (h).
        thinning: Ticks between two thinnings of held cargo.

    Raises:
        GutexoError: A rate is too fast; the message names it and a sufficient tick.
    """
    limits = [(name, 1.0, MAX_STEP_SHARE) for name in _RELAXATION_RATES]
    limits += [(name, 1.0, MAX_CHAIN_EVENTS) for name in _CHAIN_RATES]
    limits.append(("exosome.release", 1.0, MAX_RELEASED))
    limits.append(("cargo.decay", float(thinning), MAX_STEP_SHARE))
    for name, ticks, limit in limits:
        fastest = float(records[name.replace(".", "_")].max())
        if not fastest * ticks * hours <= limit:
            raise GutexoError(
                f"{name} of {fastest:.3g}/h is too fast for a tick of {hours:g} h; "
                f"resolution.tick may be {0.99 * limit / (fastest * ticks):.3g} h at most"
                + ("" if name == "cargo.decay" and thinning == 1 else _ALTERNATIVES.get(name, ""))
            )
