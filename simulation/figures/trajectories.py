"""Figures of trajectories: the mean of every arm, the spread between mice, and days of dosing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gutexo.analysis.effects import DIMENSIONS, list_arms, trajectories_of, unit_of
from gutexo.analysis.effects import list_readouts as all_readouts
from gutexo.errors import GutexoError, suggest
from gutexo.figures.style import (
    ArmStyle,
    arm_styles,
    label,
    legend_handle,
    make_sheet,
    mean_and_spread,
    styled,
)

if TYPE_CHECKING:
    import xarray

INFLAMMATION = ("plasma TNF", "plasma IL-6", "plasma LPS", "macrophage activation")
INSULIN_RESISTANCE = (
    "HOMA-IR",
    "fasting insulin",
    "liver insulin sensitivity",
    "muscle insulin sensitivity",
)
BARRIER = ("FITC-dextran", "TER", "junction integrity", "plasma LPS")
BAND_CAPTION = "Line: mean over mice; shaded: mean ± 1 standard deviation between mice."


def read_dose_days(data: xarray.Dataset) -> list[float]:
    """Read the days on which any arm was dosed from the dataset's attribute ``dose_days``.

    Args:
        data: Result whose attribute is a list of days or the same as JSON.

    Returns:
        Days since the start of the scenario, in order; empty if the result has none.

    Raises:
        GutexoError: The attribute is not a list of numbers.
    """
    value = data.attrs.get("dose_days", [])
    try:
        if isinstance(value, str):
            value = json.loads(value) if value else []
        return sorted({float(day) for day in np.atleast_1d(value).tolist()})
    except (TypeError, ValueError) as error:
        raise GutexoError(f"dose_days is a list of days, not {value!r}") from error


def trajectories(
    data: xarray.Dataset, readouts: Sequence[str] | None = None, title: str = "Trajectories"
) -> Figure:
    """Draw one panel per readout, with every arm in it.

    Args:
        data: Result with dims scenario, replicate and time (days).
        readouts: Names of observables; None for all of them.
        title: Title above the panels.

    Returns:
        The figure: a line is the mean over living mice, a band one standard deviation between mice.

    Raises:
        GutexoError: A readout is not in the dataset.
    """
    known = all_readouts(data)
    names = list(readouts) if readouts is not None else known
    for name in names:
        if name not in known:
            raise GutexoError(f"no readout '{name}' in this result{suggest(name, known)}")
    if not names:
        raise GutexoError("a figure of trajectories needs at least one readout")
    arms = list_arms(data)
    styles = arm_styles(arms)
    doses = read_dose_days(data)
    with styled():
        handles = [legend_handle(arm, styles[arm]) for arm in arms]
        page = make_sheet(len(names), title=title, caption=_caption(data, doses), legend=handles)
        for axes, name in zip(page.panels, names, strict=True):
            draw_readout(axes, data, name, styles, doses)
            axes.set_xlabel("day")
        return page.figure


def inflammation(data: xarray.Dataset) -> Figure:
    """Draw plasma cytokines, endotoxin and the activation of gut macrophages."""
    return trajectories(data, INFLAMMATION, "Inflammation")


def insulin_resistance(data: xarray.Dataset) -> Figure:
    """Draw HOMA-IR, fasting insulin, and the insulin sensitivity of liver and muscle."""
    return trajectories(data, INSULIN_RESISTANCE, "Insulin resistance")


def barrier(data: xarray.Dataset) -> Figure:
    """Draw the gut barrier: macromolecule flux, resistance, junctions, and endotoxin in plasma."""
    return trajectories(data, BARRIER, "Gut barrier")


def draw_readout(
    axes: Axes,
    data: xarray.Dataset,
    readout: str,
    styles: dict[str, ArmStyle],
    doses: Sequence[float] = (),
) -> None:
    """Draw every arm of one readout into a panel.

    Args:
        axes: Panel.
        data: Result with dims scenario, replicate and time (days).
        readout: Name of the observable.
        styles: Style of each arm to draw.
        doses: Days to mark at the bottom of the panel.
    """
    days = np.asarray(data["time"].values, dtype=np.float64)
    faint = min(0.12, 0.36 / max(1, len(styles)))  # bands of many arms overlap
    for order, (arm, style) in enumerate(styles.items()):
        mean, spread, count = mean_and_spread(trajectories_of(data, readout, arm))
        measured = count > 0
        day, mean, spread, count = days[measured], mean[measured], spread[measured], count[measured]
        if not day.size:
            continue
        # Markers of arms have different days, so that coinciding arms can still be distinguished.
        every = max(1, day.size // 5)
        start = (order * every) // max(1, len(styles))
        axes.plot(
            day,
            mean,
            color=style.color,
            linestyle=style.line,
            marker=style.marker,
            markerfacecolor=style.face,
            markevery=(start, every),
            zorder=3,
        )
        if (count > 1).any():
            axes.fill_between(
                day, mean - spread, mean + spread, color=style.color, alpha=faint, linewidth=0
            )
    inside = [day for day in doses if days[0] <= day <= days[-1]]
    if inside:
        axes.plot(
            inside,
            np.full(len(inside), 0.015),
            linestyle="none",
            marker="|",
            markersize=6,
            markeredgewidth=0.9,
            color="#666666",
            transform=axes.get_xaxis_transform(),
            zorder=4,
        )
    axes.set_ylabel(label(readout, unit_of(data, readout)))
    axes.margins(x=0.02, y=0.1)


def describe_mice(data: xarray.Dataset) -> str:
    """Return text for a caption: the number of mice, and that of parameter draws if several."""
    mice = int(data.sizes["replicate"])
    if mice < 2:
        return ""
    draws = int(data.attrs.get("draws", 0))
    more = f", each by one of {draws} parameter draws" if draws > 1 else ""
    return f"{mice} mice an arm{more}."


def _caption(data: xarray.Dataset, doses: Sequence[float]) -> str:
    mice = int(data.sizes["replicate"])
    parts = [
        BAND_CAPTION if mice > 1 else "Line: one mouse an arm, so no band.",
        describe_mice(data),
        "Ticks at the foot: days of dosing." if doses else "",
    ]
    # A single assay may be missing on a day; a mouse is dead if no readout is measured any more.
    measured = np.zeros((data.sizes["scenario"], mice, data.sizes["time"]), dtype=bool)
    for name in all_readouts(data):
        measured |= ~np.isnan(data[name].transpose(*DIMENSIONS).values)
    started, left = measured.any(axis=2), measured[:, :, -1]
    dead = int((started & ~left).sum())
    if dead:
        parts.append(f"{dead} of {int(started.sum())} mice died and are left out from then on.")
    return " ".join(part for part in parts if part)
