"""Rows that a calibration may fit: windows, the part of each that a search aims at, and misses.

A row of several numbers has a key for each. Besides the rows there are known answers and bounds
that every accepted set must keep: the law of burden, the published lives, stability.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from gutexo.analysis.calibration.row_windows import RowWindows
from gutexo.analysis.windows import is_inside
from gutexo.catalogue.patterns import pattern, patterns

MISSING = 5.0  # residual of a row without a number
USUAL_EFFECT, SMALLEST_EFFECT = 0.2, 0.005  # cross-age effect, in logs
INF = math.inf

# Part of each window that the search aims at (margins for other mice), the scale of a miss, and
# whether it is one in logs. A key is the id of a row, or id:part of a row of several numbers.
TARGETS: dict[str, tuple[float, float, float, bool]] = {
    "old-permeability": (1.6, 2.05, 0.1, True),
    "old-ter": (0.85, 0.97, 0.04, True),
    "old-endotoxin": (1.42, 2.5, 0.12, True),
    "old-tnf": (1.8, 3.2, 0.12, True),
    "old-il6": (1.8, 3.2, 0.15, True),
    "old-homa-ir": (1.4, 2.1, 0.08, True),
    "old-to-young-permeability": (1.17, 3.0, 0.05, True),
    "old-to-young-inflammation": (1.17, 3.0, 0.05, True),
    "old-to-young-insulin-resistance": (1.14, 3.0, 0.05, True),
    "young-to-old-insulin-resistance": (0.4, 0.9, 0.03, True),
    "same-age-young:FITC-dextran": (0.97, 1.03, 0.015, True),
    "same-age-young:plasma TNF": (0.97, 1.03, 0.015, True),
    "same-age-young:HOMA-IR": (0.97, 1.03, 0.015, True),
    "same-age-young:quarter FITC-dextran": (0.0, 0.19, 0.07, False),
    "same-age-young:quarter plasma TNF": (0.0, 0.19, 0.07, False),
    "same-age-young:quarter HOMA-IR": (0.0, 0.19, 0.07, False),
    "washout-28d": (0.42, 0.88, 0.1, False),
    "washout-56d": (0.03, 0.23, 0.08, False),
    "germ-free-tnf": (0.86, 1.14, 0.05, True),
    "germ-free-permeability": (0.86, 1.14, 0.05, True),
    "protective-oral-vesicles": (0.3, 0.91, 0.03, True),
    "transfer-fraction-permeability": (0.35, 0.6, 0.08, False),
    "transfer-fraction-inflammation": (0.35, 0.6, 0.08, False),
    "transfer-fraction-insulin-resistance": (0.35, 0.6, 0.08, False),
    "rescue-share": (0.28, 0.52, 0.06, False),
    "induced-senescence:female gut": (1.055, 2.0, 0.012, True),
    "induced-senescence:female organs": (1.05, 2.0, 0.012, True),
    "induced-senescence:male gut": (1.05, 2.0, 0.012, True),
    "induced-senescence:male organs": (1.05, 2.0, 0.012, True),
    "own-cargo": (1.055, 2.5, 0.012, True),
    "dose-monotone": (1.03, 3.0, 0.04, True),
    "tnf-knockout-permeability": (0.38, 0.83, 0.06, True),
    "lps-infusion-liver": (0.0, 0.4, 0.08, False),
    "lps-infusion-liver:fall": (0.065, INF, 0.012, False),
    "lesion-two-hit": (1.4, 14.0, 0.2, True),
    "wander:young": (0.0, 0.32, 0.06, False),
    "wander:old": (0.0, 0.34, 0.06, False),
    "tnf-ter-3h": (0.765, 1.0, 0.02, True),
    "tnf-ter-24h": (0.515, 0.585, 0.03, True),
    "tnf-ter-7d": (0.48, 0.62, 0.05, True),
}
# Known answers and bounds of the plan that a search has to watch; they are no rows.
WATCHED: dict[str, tuple[float, float, float, float, float, bool]] = {
    # key: window (low, high), target (low, high), scale, in logs
    "life:3 months": (0.9, 1.1, 0.95, 1.05, 0.04, True),
    "life:24 months": (0.9, 1.1, 0.96, 1.04, 0.04, True),
    "life:median life": (0.9, 1.1, 0.96, 1.04, 0.04, True),
    "male life:3 months": (0.85, 1.15, 0.92, 1.08, 0.06, True),
    "male life:24 months": (0.85, 1.15, 0.92, 1.08, 0.06, True),
    "male life:median life": (0.85, 1.15, 0.92, 1.08, 0.06, True),
    "stability": (0.0, 0.35, 0.0, 0.25, 0.05, False),
    "same-age-old:FITC-dextran": (0.9, 1.1, 0.94, 1.06, 0.03, True),
    "same-age-old:plasma TNF": (0.9, 1.1, 0.94, 1.06, 0.03, True),
    "same-age-old:HOMA-IR": (0.9, 1.1, 0.94, 1.06, 0.03, True),
    "load of a cell": (0.0, 50.0, 0.0, 45.0, 6.0, False),
    "lesion harm": (0.004, INF, 0.01, INF, 0.005, False),
}


def windows() -> dict[str, tuple[float, float]]:
    """Return the window of every number that is scored; parts of a row have its own."""
    known = {one.id: one for use in ("calibrate", "constrain") for one in patterns(use)}
    found = {}
    for key in TARGETS:
        low, high = known[key.split(":")[0]].window
        found[key] = (float(low), float(high))
        if "quarter" in key:
            found[key] = (0.0, 0.25)
        if key.endswith(":fall"):
            found[key] = (0.05, INF)
    return found | {key: spec[:2] for key, spec in WATCHED.items()}


@lru_cache(maxsize=1)
def _plan() -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    """Keys; window and target of each (low, least, most, high) and scale, in logs where so."""
    bounds = windows()
    specs = {key: (*bounds[key], *spec) for key, spec in TARGETS.items()} | WATCHED
    logs = np.array([spec[5] for spec in specs.values()])
    edges = np.array([(s[0], s[2], s[3], s[1]) for s in specs.values()])
    edges = np.where(logs[:, None], np.log(np.maximum(edges, 1e-3)), edges)
    scales = np.array([spec[4] for spec in specs.values()])
    return tuple(specs), np.column_stack([edges, scales]), logs


def measure_rows(rows: Mapping[str, float]) -> np.ndarray:
    """Return what misses are computed from: the numbers, in logs where the miss is one in logs.

    Args:
        rows: As returned by `score_point`.
    """
    keys, _, logs = _plan()
    values = np.array([rows.get(key, math.nan) for key in keys])
    return np.where(logs, np.log(np.maximum(values, 1e-3)), values)


def misses(measured: np.ndarray) -> np.ndarray:
    """Return how far each number lies from its target, in scales; twice so beyond its window.

    Args:
        measured: As returned by `measure_rows`.
    """
    low, least, most, high, scale = _plan()[1].T
    under = np.maximum(0.0, least - measured) + np.maximum(0.0, low - measured)
    over = np.maximum(0.0, measured - most) + np.maximum(0.0, measured - high)
    miss = (under + over) / scale
    # Far rows pull in proportion to their logs.
    miss = np.where(miss > 4.0, 4.0 + 2.0 * np.log(np.maximum(miss, 4.0) / 4.0), miss)
    return np.where(np.isfinite(measured), np.where(under > 0, -miss, miss), MISSING)


def failing_rows(rows: Mapping[str, float]) -> list[str]:
    """Return the numbers that lie outside their window or are missing."""
    known = windows().items()
    return [key for key, window in known if not is_inside(rows.get(key, math.nan), window)]


def row_windows() -> RowWindows:
    """Return the window of every number and the softness of its edges, see `take_differences`."""
    low, _, _, high, scale = (column.copy() for column in _plan()[1].T)
    for quarter, _, _ in _quarters():
        low[quarter], high[quarter] = -INF, 0.0
        scale[quarter] *= USUAL_EFFECT
    return RowWindows(low, high, scale)


def take_differences(measured: np.ndarray) -> np.ndarray:
    """Replace each same-age effect over the cross-age one by its excess over a quarter of it.

    Wherever the cross-age effect is a harm the same sets lie inside, and a surrogate can follow the
    excess: where that effect is small, the share is anything.

    Args:
        measured: float64[..., target], as returned by `measure_rows`.
    """
    found = measured.copy()
    for quarter, same, cross in _quarters():
        share = windows()[target_names()[quarter]][1]
        known = np.isfinite(measured[..., quarter])
        excess = np.abs(measured[..., same]) - share * measured[..., cross]
        found[..., quarter] = np.where(known, excess, math.nan)
    return found


@lru_cache(maxsize=1)
def _quarters() -> tuple[tuple[int, ...], ...]:
    """Places of each share, and of the same-age and the cross-age effect behind it."""
    place = {key: number for number, key in enumerate(target_names())}
    return tuple(
        (
            place[f"same-age-young:quarter {readout}"],
            place[f"same-age-young:{readout}"],
            place[sign],
        )
        for readout, sign in (
            ("FITC-dextran", "old-to-young-permeability"),
            ("plasma TNF", "old-to-young-inflammation"),
            ("HOMA-IR", "old-to-young-insulin-resistance"),
        )
    )


def target_names() -> tuple[str, ...]:
    """Return the key of every number that is scored, in the order of `measure_rows`."""
    return _plan()[0]


def use_of(key: str) -> str:
    """Return the use of a number: that of its row, or "bound" of what is no row."""
    row = key.split(":")[0]
    return pattern(row).use if key in TARGETS else "bound"


def in_windows(measured: np.ndarray) -> np.ndarray:
    """Check for each set and number whether it lies inside its window, bool[..., target]."""
    return row_windows().distances(measured) == 0.0


def values_of(measured: np.ndarray) -> np.ndarray:
    """Return the numbers themselves from measured ones, float64[..., target].

    Args:
        measured: float64[..., target], as returned by `take_differences`.
    """
    values = np.where(_plan()[2], np.exp(measured), measured)
    for quarter, same, cross in _quarters():
        whole = np.maximum(measured[..., cross], SMALLEST_EFFECT)
        values[..., quarter] = np.abs(measured[..., same]) / whole
    return values
