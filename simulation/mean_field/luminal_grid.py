"""The lumen as cells along travel time (ODD 7.3), and how cargo ages in enterocytes (ODD 7.4)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

OWN_SUBSTEPS, DOSE_SUBSTEPS = 4, 16
"""Steps of the flow per tick, for what the gut releases and for doses (see `transport`)."""
MOST_CELLS = 4000


def luminal_grid(numbers: Mapping[str, Any], substeps: int) -> tuple[np.ndarray, np.ndarray]:
    """Divide the lumen into cells along travel time and compute their overlap with segments.

    Args:
        numbers: As returned by `compute_coefficients`.
        substeps: Steps of the flow per tick; a cell is the distance of one step.

    Returns:
        float64[4, pair]: cell, segment, share of the segment in the cell, share of the cell in the
        segment. float64[5]: the number of substeps, the cell of the valve, the part of it before
        the valve, the part of the last cell that is in the gut, and the number of cells.
    """
    span = numbers["resolution_tick"] / substeps
    segments, valve = int(numbers["resolution_segments"]), int(numbers["valve"])
    times = np.where(np.arange(segments) < valve, numbers["small_time"], numbers["colon_time"])
    # A gut with very slow flow is cut off where content does not arrive within a few days.
    edges = np.minimum(np.concatenate([[0.0], np.cumsum(times)]) / span, 1e5)
    cells = max(2, min(MOST_CELLS, math.ceil(edges[-1] - 1e-9)))
    edges *= min(1.0, cells / edges[-1])
    starts = np.clip(np.floor(edges[:-1]).astype(int), 0, cells - 1)
    ends = np.clip(np.ceil(edges[1:] - 1e-9).astype(int), 1, cells)
    rows = []
    for g, (low, high) in enumerate(zip(edges[:-1], edges[1:], strict=True)):
        for cell in range(starts[g], ends[g]):
            common = min(high, cell + 1.0) - max(low, float(cell))
            if common > 1e-12:
                inside = min(edges[-1], cell + 1.0) - cell
                rows.append((cell, g, common / (high - low), common / inside))
    at_valve = math.floor(edges[valve] + 1e-9)
    before = max(0.0, edges[valve] - at_valve)
    last = min(1.0, edges[-1] - (cells - 1))
    shape = np.array([substeps, at_valve, before, last, cells], dtype=np.float64)
    return np.array(rows, dtype=np.float64).T.copy(), shape


def cargo_age_weights(numbers: Mapping[str, Any]) -> np.ndarray:
    """Share of cargo opened some ticks ago that is left in the niche of a segment (ODD 7.4).

    Cargo arrives at the end of a tick and is sensed from the next tick on. After l ticks of its
    cell the share left is the probability that the cell was not shed, 1 - l h / transit, times the
    share left by the thinnings, one in every n ticks at a phase that differs between cells.

    Returns:
        float64[ticks]; entry 0 is the cargo of the last tick.
    """
    h, n = numbers["resolution_tick"], int(numbers["resolution_thinning"])
    ticks = min(4000, max(1, math.ceil(numbers["epithelium_transit"] / h)))
    turns = np.arange(ticks)
    once = math.exp(-n * h / numbers["cargo_decay_time"])
    phase = (turns % n) / n
    decayed = once ** (turns // n) * (1.0 - phase + phase * once)
    return np.maximum(0.0, decayed * (1.0 - turns * h / numbers["epithelium_transit"]))
