"""Limits of a tick: rates that are too fast for the length of a tick are refused."""

from __future__ import annotations

import numpy as np

from gutexo.catalogue.rates import NAMED_RATES
from gutexo.errors import GutexoError

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
    for name, rate in NAMED_RATES.items():
        if rate.max_step is None:
            continue
        # Held cargo decays at each thinning, which is several ticks.
        ticks, limit = float(thinning) if name == "cargo.decay" else 1.0, rate.max_step
        fastest = float(rate.column(records).max())
        if not fastest * ticks * hours <= limit:
            raise GutexoError(
                f"{name} of {fastest:.3g}/h is too fast for a tick of {hours:g} h; "
                f"resolution.tick may be {0.99 * limit / (fastest * ticks):.3g} h at most"
                + ("" if name == "cargo.decay" and thinning == 1 else _ALTERNATIVES.get(name, ""))
            )
