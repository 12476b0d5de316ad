"""Drawings of the sheets for a class: axes to sketch into, and the same with what mice did."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from gutexo.analysis.effects import trajectories_of, unit_of
from gutexo.figures.style import arm_styles
from gutexo.protocol.study import Study

if TYPE_CHECKING:
    import xarray

_DASH = {False: "", True: ' stroke-dasharray="6 3"'}
_WIDE, _HIGH, _LEFT, _FOOT, _TOP, _RIGHT = 620, 230, 60, 40, 12, 170


def axes(plan: Study, data: xarray.Dataset, readouts: Iterable[str], filled: bool) -> str:
    """Axes of every readout: empty for students, with the means of all groups for teachers.

    Args:
        plan: The study, for its arms.
        data: Its result, dims scenario, replicate and time (days).
        readouts: Names of readouts.
        filled: Whether the means are drawn.

    Returns:
        HTML with a drawing a readout.
    """
    days = np.asarray(data["time"].values, dtype=float)
    told = (
        "Mean over living mice; dashed: old mice."
        if filled
        else "Sketch a line for each group and write its name beside it. Mark where you expect the"
        " untreated mice first."
    )
    parts = [f"<h2>Over time</h2>\n<p>{told}</p>"]
    arms = [arm.name for arm in plan.arms]
    for readout in readouts:
        parts.append(f'<figure tabindex="0">{_chart(data, readout, arms, days, filled)}</figure>')
    return "\n".join(parts)


def _chart(
    data: xarray.Dataset, readout: str, arms: Sequence[str], days: np.ndarray, filled: bool
) -> str:
    name = escape(f"{readout} ({unit_told(data, readout)})")
    right, foot = _WIDE - _RIGHT, _HIGH - _FOOT
    last = float(days[-1]) or 1.0
    x = _LEFT + days / last * (right - _LEFT)
    lines = [
        f'<svg viewBox="0 0 {_WIDE} {_HIGH}" role="img" aria-label="{name} over days">',
        f'<path d="M{_LEFT} {_TOP}V{foot}H{right}" fill="none" stroke="#111" />',
        f'<text x="{0.5 * (_LEFT + right):.0f}" y="{_HIGH - 6}" text-anchor="middle">day</text>',
        f'<text transform="translate(14 {0.5 * (_TOP + foot):.0f}) rotate(-90)"'
        f' text-anchor="middle">{name}</text>',
    ]
    for n in range(5):
        at = _LEFT + n / 4 * (right - _LEFT)
        lines.append(f'<path d="M{at:.1f} {foot}v5" stroke="#111" />')
        lines.append(
            f'<text x="{at:.1f}" y="{foot + 18}" text-anchor="middle">{n / 4 * last:g}</text>'
        )
    if filled:
        lines += _curves(data, readout, arms, x, foot)
    lines.append("</svg>")
    return "\n".join(lines)


def _curves(
    data: xarray.Dataset, readout: str, arms: Sequence[str], x: np.ndarray, foot: int
) -> list[str]:
    """Mean of each group, its name at the end, and round numbers at the axis."""
    means = {}
    for arm in arms:
        values = trajectories_of(data, readout, arm)
        alive = ~np.isnan(values)
        total = np.where(alive, values, 0.0).sum(axis=0)
        means[arm] = np.where(alive.any(axis=0), total / np.maximum(alive.sum(axis=0), 1), np.nan)
    step = _step(float(np.nanmax(list(means.values()))))
    marks = math.ceil(float(np.nanmax(list(means.values()))) / step - 1e-9)
    high = marks * step
    scale = (foot - _TOP) / high
    styles = arm_styles(arms)
    lines = []
    for value in step * np.arange(marks + 1):
        y = foot - value * scale
        lines.append(f'<path d="M{_LEFT - 5} {y:.1f}h5" stroke="#111" />')
        lines.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>')
    ends = []
    for arm, mean in means.items():
        seen = ~np.isnan(mean)
        points = " ".join(
            f"{a:.1f},{foot - m * scale:.1f}" for a, m in zip(x[seen], mean[seen], strict=True)
        )
        dash = _DASH[arm.startswith("old")]
        lines.append(
            f'<polyline points="{points}" fill="none" stroke="{styles[arm].color}"'
            f' stroke-width="1.8"{dash} />'
        )
        ends.append((foot - float(mean[seen][-1]) * scale, arm))
    lowest = -math.inf
    for y, arm in sorted(ends):
        lowest = max(y + 4, lowest + 12)  # names keep clear of one another
        lines.append(
            f'<text x="{_WIDE - _RIGHT + 6}" y="{lowest:.1f}" fill="{styles[arm].color}">'
            f"{escape(arm)}</text>"
        )
    return lines


def _step(high: float) -> float:
    """A round step that goes three to six times into an axis."""
    power = 10.0 ** math.floor(math.log10(high)) if high > 0 else 1.0
    steps = [round(share * power, 12) for share in (0.2, 0.25, 0.5, 1.0, 2.0)]
    return next(step for step in steps if high <= 6 * step)


def unit_told(data: xarray.Dataset, readout: str) -> str:
    """Unit as people write it."""
    unit = unit_of(data, readout)
    return "no unit" if unit == "1" else unit.replace("ug", "µg")
