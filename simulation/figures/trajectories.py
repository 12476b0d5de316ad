"""Trajectories of every arm: the mean over mice, how much mice differ, and when they were dosed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gutexo.analysis.effects import DIMENSIONS, scenarios, trajectories_of, unit_of
from gutexo.analysis.effects import readouts as all_readouts
from gutexo.errors import GutexoError, suggest
from gutexo.figures.style import (
    ArmStyle,
    arm_styles,
    label,
    legend_handle,
    mean_and_spread,
    sheet,
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
BAND = "Line: mean over mice; shaded: mean ± 1 standard deviation between mice."


def dose_days(data: xarray.Dataset) -> list[float]:
    """Days on which any arm was dosed, from the dataset's ``dose_days``.

    Args:
        data: Result whose attribute is a list of days or the same as JSON.

    Returns:
        Days since the scenario began, in order; empty where the result has none.

    Raises:
        GutexoError: The attribute is not a list of numbers.
    """
    given = data.attrs.get("dose_days", [])
    try:
        if isinstance(given, str):
            given = json.loads(given) if given else []
        return sorted({float(day) for day in np.atleast_1d(given).tolist()})
    except (TypeError, ValueError) as error:
        raise GutexoError(f"dose_days is a list of days, not {given!r}") from error


def trajectories(
    data: xarray.Dataset, readouts: Sequence[str] | None = None, title: str = "Trajectories"
) -> Figure:
    """Draw one panel a readout, with every arm in it.

    Args:
        data: Result with dims scenario, replicate and time (days).
        readouts: Names of observables; None for all of them.
        title: Above the panels.

    Returns:
        The figure: line the mean over living mice, band one standard deviation between mice.

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
    arms = scenarios(data)
    styles = arm_styles(arms)
    doses = dose_days(data)
    with styled():
        handles = [legend_handle(arm, styles[arm]) for arm in arms]
        page = sheet(len(names), title=title, caption=_caption(data, doses), legend=handles)
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
    """Draw the gut barrier: macromolecule flux, resistance, junctions and endotoxin behind it."""
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
        axes: Where to draw.
        data: Result with dims scenario, replicate and time (days).
        readout: Name of the observable.
        styles: Style of each arm to draw.
        doses: Days to mark at the foot of the panel.
    """
    days = np.asarray(data["time"].values, dtype=np.float64)
    faint = min(0.12, 0.36 / max(1, len(styles)))  # bands of many arms pile up
    for order, (arm, style) in enumerate(styles.items()):
        mean, spread, count = mean_and_spread(trajectories_of(data, readout, arm))
        seen = count > 0
        day, mean, spread, count = days[seen], mean[seen], spread[seen], count[seen]
        if not day.size:
            continue
        # Markers stand apart in time, so that arms which coincide can still be told apart.
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


def mice_an_arm(data: xarray.Dataset) -> str:
    """How many mice there are, and whether each lives by parameters of its own."""
    mice = int(data.sizes["replicate"])
    if mice < 2:
        return ""
    draws = int(data.attrs.get("draws", 0))
    more = f", each by one of {draws} parameter draws" if draws > 1 else ""
    return f"{mice} mice an arm{more}."


def _caption(data: xarray.Dataset, doses: Sequence[float]) -> str:
    mice = int(data.sizes["replicate"])
    parts = [
        BAND if mice > 1 else "Line: one mouse an arm, so no band.",
        mice_an_arm(data),
        "Ticks at the foot: days of dosing." if doses else "",
    ]
    # An assay may be missing on a day; a mouse of which nothing is measured any more is dead.
    measured = np.zeros((data.sizes["scenario"], mice, data.sizes["time"]), dtype=bool)
    for name in all_readouts(data):
        measured |= ~np.isnan(data[name].transpose(*DIMENSIONS).values)
    started, left = measured.any(axis=2), measured[:, :, -1]
    dead = int((started & ~left).sum())
    if dead:
        parts.append(f"{dead} of {int(started.sum())} mice died and are left out from then on.")
    return " ".join(part for part in parts if part)
