"""Axis and colours of ratios to a comparator."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, NullFormatter, NullLocator

from gutexo.analysis.effects import Effect

# These colours differ from those of young and old exosomes, which show the dose.
ABOVE, BELOW = "#B35806", "#542788"
RATIO_COLOURMAP = "PuOr_r"
"""Colour map of matplotlib for log ratios: purple below 1, white at 1, orange above."""

# An interval is cut where it reaches this factor beyond the outermost point.
_REACH = 2.5
_CLOSEST = 0.11  # smallest distance of two ticks of a log axis, as a share of the axis
_ROUND = (1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0)
_SERIES = (
    tuple(np.round(np.arange(1.0, 10.0, 0.01), 2)),
    tuple(np.round(np.arange(1.0, 10.0, 0.02), 2)),
    tuple(np.round(np.arange(1.0, 10.0, 0.05), 2)),
    tuple(np.round(np.arange(1.0, 10.0, 0.1), 1)),
    _ROUND,
    (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0),
    (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0),
    (1.0, 1.5, 2.0, 3.0, 5.0, 7.0),
    (1.0, 2.0, 3.0, 5.0),
    (1.0, 2.0, 5.0),
    (1.0, 3.0),
)


def choose_ratio_ticks(low: float, high: float) -> list[float]:
    """Choose round ratios between two ends, 1 included, as many as fit on a log axis."""
    decades = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    width = np.log(high / low)
    for series in _SERIES:
        # Fine steps are the same below 1 and above it (0.95, 1.05); they are used near 1 only.
        finest = min(b - a for a, b in zip(series, series[1:], strict=False))
        if finest < 0.15 and low < 0.5:
            continue
        ticks = [
            value * 10.0**decade
            for decade in decades
            for value in series
            if low <= value * 10.0**decade <= high
            and (decade >= 0 or finest >= 0.15 or _is_whole(value * 10.0**decade / finest))
        ]
        if all(np.log(b / a) >= _CLOSEST * width for a, b in zip(ticks, ticks[1:], strict=False)):
            return ticks
    first, last = decades[0], decades[-1]
    step = max(1, (last - first) // 6)
    return [10.0**n for n in range(first, last + 1) if n % step == 0 and low <= 10.0**n <= high]


def _is_whole(value: float) -> bool:
    return abs(value - round(value)) < 1e-6


def set_ratio_axis(axes: Axes, items: Sequence[Effect]) -> None:
    """Set up a log axis with plain numbers; very wide intervals do not determine its limits."""
    points = np.array([item.ratio for item in items if np.isfinite(item.ratio)] + [1.0])
    lows = np.array([item.ratio_low for item in items if np.isfinite(item.ratio_low)] + [1.0])
    highs = np.array([item.ratio_high for item in items if np.isfinite(item.ratio_high)] + [1.0])
    low = max(lows.min(), points.min() / _REACH)
    high = min(highs.max(), points.max() * _REACH)
    low, high = min(low, points.min(), 0.98) / 1.04, max(high, points.max(), 1.02) * 1.04
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    axes.xaxis.set_major_locator(FixedLocator(choose_ratio_ticks(low, high)))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.4g}")
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_minor_formatter(NullFormatter())
