"""Interval plot: a line and a marker per item, one below the other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes


def draw_interval(
    axes: Axes,
    place: float,
    value: float,
    low: float,
    high: float,
    *,
    colour: str,
    marker: str,
    filled: bool = True,
    width: float = 1.6,
    limits: tuple[float, float] | None = None,
    **look: Any,
) -> None:
    """Draw an interval as a line and its middle as a marker.

    Args:
        axes: Panel to draw in.
        place: Place on the vertical axis.
        value: Middle; nothing is drawn where it is NaN.
        low, high: Ends of the interval; no line where one is NaN.
        colour: Colour of both.
        marker: Marker of matplotlib.
        filled: Fill the marker.
        width: Width of the line (points).
        limits: Ends of what can be shown: the line ends there, and a value beyond is an arrow.
        **look: Properties of the marker, see `matplotlib.lines.Line2D`.
    """
    if math.isnan(value):
        return
    left, right = limits if limits is not None else (-math.inf, math.inf)
    if not (math.isnan(low) or math.isnan(high)):
        ends = [min(max(end, left), right) for end in (low, high)]
        axes.plot(ends, [place] * 2, color=colour, linewidth=width, solid_capstyle="butt")
    if value < left or value > right:
        marker = "<" if value < left else ">"
    face = colour if filled else "white"
    look = {"color": colour, "marker": marker, "markerfacecolor": face, **look}
    axes.plot([min(max(value, left), right)], [place], linestyle="none", **look)


def list_rows(
    axes: Axes,
    labels: Sequence[str],
    right: Sequence[str] | None = None,
    *,
    half: float = 0.6,
    **look: Any,
) -> None:
    """Label the rows of an interval plot, the first at the top.

    Args:
        axes: Panel that they are drawn in, at places 0, 1, 2 and so on.
        labels: Label of each row, at the left.
        right: Text of each row at the right, such as its numbers.
        half: Free height above the first row, in rows.
        **look: Properties of the labels at the left, such as `fontsize`.
    """
    axes.set_yticks(range(len(labels)), labels=list(labels), **look)
    axes.set_ylim(len(labels) - 1 + half, -half)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    if right is not None:
        numbers = axes.secondary_yaxis("right")
        numbers.set_yticks(range(len(right)), labels=list(right))
        numbers.tick_params(length=0)
        numbers.spines[:].set_visible(False)
