"""Figures of numbers of mice: groups that agree, and animals that a laboratory needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import NullFormatter, ScalarFormatter

from gutexo.errors import GutexoError
from gutexo.figures.style import (
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    SKY,
    VERMILLION,
    make_sheet,
    styled,
)

if TYPE_CHECKING:
    from gutexo.analysis.consistency import Consistency
    from gutexo.analysis.sample_size import SampleSize

COLOURS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, BLACK)
MARKERS = "os^DvPX"
LINES: tuple[Any, ...] = ("-", (0, (5, 1.6)), (0, (5, 1.5, 1, 1.5)), (0, (1.2, 1.2)), (0, (8, 2)))
TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500)


def _curve_style(number: int) -> dict[str, Any]:
    """Return the colour, marker and line of a curve; 35 different styles exist."""
    return {
        "color": COLOURS[number % len(COLOURS)],
        "marker": MARKERS[number % len(MARKERS)],
        "linestyle": LINES[number % len(LINES)],
    }


def _count_axis(axes: Any, low: float, high: float) -> None:
    """Set up a logarithmic axis of animals with whole numbers as labels."""
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    axes.set_xticks([tick for tick in TICKS if low <= tick <= high])
    axes.xaxis.set_major_formatter(ScalarFormatter())
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.minorticks_off()


def _format_animals(animals: int | None, most: int) -> str:
    return f"more than {most}" if animals is None else f"{animals}"


def design(needs: Sequence[SampleSize]) -> Figure:
    """Draw power against animals per group, one curve per readout, with the chosen number marked.

    Args:
        needs: Sample sizes from `gutexo.analysis.design.plan_experiment`.

    Returns:
        The figure; bands contain the middle 80 % of parameter draws, or of resampled mice.

    Raises:
        GutexoError: There are no sample sizes.
    """
    if not needs:
        raise GutexoError("a figure of power needs at least one readout")
    first = needs[0]
    over = (
        f"{first.draws} parameter draws, line: their mean (assurance)"
        if first.draws > 1
        else "resampled simulated mice; parameters are fixed"
    )
    legend = []
    most = max((one.sizes[-1] for one in needs if one.sizes), default=2)
    right = 10.0
    for number, one in enumerate(needs):
        text = one.note or f"{_format_animals(one.animals, most)} a group"
        if one.animals is not None:
            ends = (_format_animals(one.animals_low, most), _format_animals(one.animals_high, most))
            text += f" ({ends[0]} to {ends[1]})"
        legend.append(Line2D([], [], label=f"{one.readout}: {text}", **_curve_style(number)))
        if one.sizes:
            right = max(right, 1.5 * (one.animals_high or one.animals or most))
    right = min(right, float(most)) if most > 10 else right
    with styled():
        page = make_sheet(
            1,
            title=f"Animals a group that show {first.arm} against {first.comparator}",
            caption=(
                f"Power of a two-sided Welch t test on logarithms, alpha {first.alpha:g}, of two"
                f" groups of different animals on day {first.day:g}; error of the assay"
                f" {100 * first.noise:g} % (assumed) on top of the spread between simulated mice."
                f" Dashed: power {first.wanted:g}; large marker: the number that reaches it (in"
                f" brackets on the edges of the band). Band: middle 80 % over {over}."
            ),
            legend=legend,
            columns=1,
            panel_size=(8.4, 4.0),
        )
        (axes,) = page.panels
        for number, one in enumerate(needs):
            if not one.sizes:
                continue
            look = _curve_style(number)
            n = np.array(one.sizes)
            axes.fill_between(
                n, one.power_low, one.power_high, color=look["color"], alpha=0.13, linewidth=0
            )
            marked = [i for i, size in enumerate(n) if size in TICKS]
            axes.plot(n, one.power, markevery=marked, **look)
            if one.animals is not None:
                reached = one.power[one.sizes.index(one.animals)]
                axes.plot(
                    [one.animals],
                    [reached],
                    marker=look["marker"],
                    color=look["color"],
                    markersize=10,
                    markeredgecolor="white",
                    linestyle="none",
                    zorder=4,
                )
        axes.axhline(first.wanted, color=BLACK, linestyle="--", linewidth=0.9)
        axes.set_ylim(0.0, 1.02)
        _count_axis(axes, 1.9, 1.06 * right)
        axes.set_xlabel("animals a group")
        axes.set_ylabel("power (share of experiments)")
        return page.figure


def consistency(measured: Sequence[Consistency]) -> Figure:
    """Draw how far twenty groups of mice differ from the first group, against the size of groups.

    Args:
        measured: Rows from `gutexo.analysis.consistency.measure_consistency`.

    Returns:
        The figure, one panel per readout; grey is the departure by chance.

    Raises:
        GutexoError: There are no rows.
    """
    from gutexo.analysis.consistency import LARGE, MEDIUM, SMALL, chance_departures

    if not measured:
        raise GutexoError("a figure of consistency needs at least one readout")
    readouts = list(dict.fromkeys(row.readout for row in measured))
    series = list(dict.fromkeys((row.arm, row.comparator, row.day) for row in measured))
    sizes = tuple(size.animals for size in measured[0].sizes)
    low, middle, high = chance_departures(sizes)
    legend: list[Any] = [
        Line2D(
            [],
            [],
            label=f"{arm}{' / ' + comparator if comparator else ''}, day {day:g}",
            **_curve_style(number),
        )
        for number, (arm, comparator, day) in enumerate(series)
    ]
    legend.append(Patch(color="#CCCCCC", label="one grouping by chance (90 %)"))
    with styled():
        page = make_sheet(
            len(readouts),
            title="How many mice until groups of them agree",
            caption=(
                "Twenty groups of one size, each against the first: the largest departure, as the A"
                " of Vargha and Delaney (0.5: alike; 1: every mouse of one group above every mouse"
                " of the other), median over twenty groupings. Lines: small, medium and large"
                " effects (0.56, 0.64, 0.71). Large"
                " marker: the size chosen, from which on no departure exceeds a small effect;"
                " hollow: groups share mice, drawn with replacement. Grey: what chance gives of"
                " independent mice, whatever the readout, and its median."
            ),
            legend=legend,
            panel_size=(4.4, 2.7),
        )
        for axes, readout in zip(page.panels, readouts, strict=True):
            axes.fill_between(sizes, low, high, color="#CCCCCC", linewidth=0)
            axes.plot(sizes, middle, color="#888888", linewidth=1.0)
            for band in (SMALL, MEDIUM, LARGE):
                axes.axhline(band, color=BLACK, linestyle=":", linewidth=0.9)
            for row in measured:
                if row.readout == readout:
                    _draw_curve(
                        axes, row, _curve_style(series.index((row.arm, row.comparator, row.day)))
                    )
            axes.set_ylim(0.5, 1.02)
            axes.set_yticks([0.5, SMALL, MEDIUM, LARGE, 0.8, 0.9, 1.0])
            _count_axis(axes, 0.9 * sizes[0], 1.15 * sizes[-1] if len(sizes) > 1 else 10.0)
            axes.set_title(readout, loc="left")
            axes.set_xlabel("mice a group")
            axes.set_ylabel("largest A (dimensionless)")
        return page.figure


def _draw_curve(axes: Any, row: Consistency, look: dict[str, Any]) -> None:
    """Draw one curve: markers are filled where groups are disjoint, large at the chosen size."""
    n = [size.animals for size in row.sizes]
    values = [size.largest for size in row.sizes]
    axes.plot(n, values, color=look["color"], linestyle=look["linestyle"])
    for size in row.sizes:
        axes.plot(
            [size.animals],
            [size.largest],
            marker=look["marker"],
            color=look["color"],
            markerfacecolor=look["color"] if size.disjoint else "white",
            markersize=9 if size.animals == row.chosen else 4.5,
            linestyle="none",
            zorder=3,
        )
