"""Figure of numbers of mice: animals that a laboratory needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
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
