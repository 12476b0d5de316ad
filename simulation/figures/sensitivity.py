"""Figures of a sensitivity analysis: a heat map of effects, and shares of variance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from gutexo.analysis.sensitivity import (
    OTHERS,
    describe_range,
    label_question,
    largest_move,
    lost_share,
)
from gutexo.errors import GutexoError
from gutexo.figures.cells import add_colour_bar, draw_heat_map
from gutexo.figures.intervals import list_rows
from gutexo.figures.style import BLACK, ORANGE, SKY, VERMILLION, make_sheet, styled

if TYPE_CHECKING:
    from gutexo.analysis.sensitivity import Sensitivity
    from gutexo.analysis.sensitivity.morris import MorrisIndex
    from gutexo.analysis.sensitivity.sobol import SobolIndex

MOST_PARAMETERS = 25  # parameters of the heat map
MOST_BARS = 7  # parameters of a panel, besides the bar of all others
HATCH = "////"
NEGLIGIBLE = 0.005  # a smaller change is drawn as a dot


def _describe_range(found: Sensitivity) -> str:
    return (
        f"{len(found.space.names)} uncertain parameters, each moved through "
        f"{describe_range(found.range)}."
    )


def _describe_winsorised(found: Sensitivity) -> str:
    most = max((row.far for row in found.answers if not math.isnan(row.far)), default=0.0)
    return (
        "Answers more than three interquartile ranges beyond the quartiles are winsorised"
        f" ({100 * most:.1f} % of sets at most)."
    )


def _describe_emulator_error(found: Sensitivity) -> str:
    """Return text for a caption: the error of the emulator against mice."""
    rows = [row for row in found.emulator if not math.isnan(row.rms)]
    if not rows:
        return "All answers are of the mean-field model, which was not compared with mice here."
    rms, most = (max(rows, key=key) for key in (lambda r: r.rms, lambda r: r.largest))
    return (
        "All answers are of the mean-field model. Compared with small mice, at their resolution"
        f" and {rows[0].points} parameter sets, its log answers differ by {rms.rms:.2f} root mean"
        f" square at most ({label_question(rms.question)}) and by {most.largest:.2f} at one set"
        f" ({label_question(most.question)})."
    )


def sensitivity_morris(found: Sensitivity) -> Figure:
    """Draw how far each parameter, changed alone, changes each answer.

    Args:
        found: Result of `gutexo.analysis.sensitivity.measure_sensitivity`.

    Returns:
        The figure: the parameters that matter most, one column per question.

    Raises:
        GutexoError: No parameter changes any answer.
    """
    names = [name for name, share in found.importance.items() if share > 0][:MOST_PARAMETERS]
    if not names:
        raise GutexoError("no parameter moves any answer; there is nothing to draw")
    table = {(row.parameter, row.question): row for row in found.morris}
    values = np.array([[table[n, q].mu_star for q in found.questions] for n in names])
    most = float(np.nanmax(values))
    left = 1 - sum(found.importance[name] for name in names)
    with styled():
        page = make_sheet(
            1,
            title="Change of each answer by each uncertain parameter alone",
            caption=(
                "Number: mean absolute change of the log answer over the whole range of the"
                " parameter (mu*); 0.69 is a factor of 2. Below it: 95 % bootstrap interval over"
                f" {found.plan.trajectories} walks; a dot: less than {NEGLIGIBLE:g}. Sorted by "
                f"the mean"
                f" share of squared mu*; parameters that are not drawn have {100 * left:.0f} % of"
                f" it. {_describe_range(found)} Effects lost: "
                f"{100 * lost_share(found.morris):.1f} %."
                f" {_describe_winsorised(found)} {_describe_emulator_error(found)}"
            ),
            columns=1,
            panel_size=(3.2 + 0.72 * len(found.questions), 1.7 + 0.31 * len(names)),
        )
        (axes,) = page.panels
        norm = PowerNorm(0.5, vmin=0.0, vmax=max(most, NEGLIGIBLE))
        rows = [[table[name, question] for question in found.questions] for name in names]
        image = draw_heat_map(
            axes,
            values,
            [[_format_change(one) for one in row] for row in rows],
            colours="cividis",
            norm=norm,
            below=[[_format_change_interval(one) for one in row] for row in rows],
        )
        labels = [
            label_question(question)
            .replace(", ", "\n", 1)
            .replace(" exosomes to ", "\nexosomes\nto ")
            for question in found.questions
        ]
        axes.set_xticks(range(len(labels)), labels=labels, fontsize=6.5)
        axes.xaxis.tick_top()
        # A star marks a parameter that nothing published gives.
        unknown = {d.name for d in found.space.dimensions if d.assumed}
        axes.set_yticks(
            range(len(names)), labels=[f"{n} *" if n in unknown else n for n in names], fontsize=7.5
        )
        label = "mu*: mean change of the log answer (* nothing published gives the number)"
        add_colour_bar(image, label, pad=0.01, aspect=40, fraction=0.03)
        return page.figure


def _format_change(row: MorrisIndex) -> str:
    if math.isnan(row.mu_star):
        return "none"
    return "·" if row.mu_star < NEGLIGIBLE else f"{row.mu_star:.2f}"


def _format_change_interval(row: MorrisIndex) -> str:
    if not row.mu_star >= NEGLIGIBLE:
        return ""
    return f"{row.mu_star_low:.2f} to {row.mu_star_high:.2f}"


def _draw_bars(axes: Axes, rows: list[tuple[str, SobolIndex]], title: str) -> None:
    """Draw total indices as bars and first-order indices as diamonds, both with intervals."""
    for place, (_, row) in enumerate(rows):
        if math.isnan(row.st):
            axes.text(0.02, place, "does not vary", va="center", fontsize=7)
            continue
        grey = row.name == OTHERS
        look: dict[str, Any] = {"facecolor": SKY}
        if grey:
            look = {"facecolor": "#BBBBBB", "hatch": HATCH, "edgecolor": "#777777"}
        axes.barh(place, row.st, height=0.62, linewidth=0, zorder=2, **look)
        axes.plot([row.st_low, row.st_high], [place - 0.14] * 2, color=BLACK, lw=1.1, zorder=3)
        axes.plot([row.s1_low, row.s1_high], [place + 0.16] * 2, color=VERMILLION, lw=1.1, zorder=3)
        axes.plot(
            row.s1, place + 0.16, "D", ms=4, color=VERMILLION, markerfacecolor="white", zorder=4
        )
    ends = [x for _, r in rows for x in (r.s1_low, r.s1_high, r.st_high) if not math.isnan(x)]
    axes.set_xlim(min([-0.05, *ends]) - 0.02, max([0.3, *ends]) + 0.02)
    axes.axvline(0.0, color=BLACK, lw=0.8, zorder=1)
    list_rows(axes, [name for name, _ in rows], fontsize=7)
    axes.set_xlabel("share of the variance of the log answer", fontsize=7.5)
    axes.set_title(title, fontsize=8.5)


def sensitivity_tornado(found: Sensitivity) -> Figure:
    """Draw the shares of parameters in the variance of each answer, one panel per question.

    A last panel shows the share of all assumed parameters together.

    Args:
        found: Result of `gutexo.analysis.sensitivity.measure_sensitivity`.

    Returns:
        The figure.

    Raises:
        GutexoError: There are no indices.
    """
    if not found.sobol:
        raise GutexoError("a tornado needs indices; there are none")
    bars = min(MOST_BARS, len(found.picked)) + 1
    legend: list[Any] = [
        Patch(facecolor=SKY, label="total index ST, bar"),
        Line2D([], [], color=BLACK, lw=1.1, label="its 95 % interval"),
        Line2D([], [], color=VERMILLION, lw=1.1, marker="D", ms=4, markerfacecolor="white",
               label="first-order index S1 and its 95 % interval"),
        Patch(facecolor="#BBBBBB", hatch=HATCH, edgecolor="#777777", linewidth=0,
              label=f"{OTHERS}: without an index of their own"),
        Line2D([], [], color=ORANGE, marker="^", ls="none", ms=5, markeredgecolor=BLACK,
               label="last panel: error of the emulator, share of variance"),
    ]  # fmt: skip
    rows = math.ceil((len(found.questions) + 1) / 3)
    with styled():
        page = make_sheet(
            len(found.questions) + 1,
            title="Shares of parameters in the variance of each answer",
            caption=(
                f"{_describe_range(found)} All vary together; the {len(found.picked)} that move "
                f"most when"
                " moved alone have an index of their own. ST: what would be left if all else were"
                " known; S1: what knowing it alone would take away. An index below 0 is an estimate"
                f" of a small one. N = {found.plan.points}; from half of the rows to all, total"
                f" indices move by {largest_move(found.sobol):.2f} at most. "
                f"{_describe_winsorised(found)}"
                f" {_describe_emulator_error(found)}"
                " Error of the emulator: variance of its difference to mice around its mean, the"
                " noise of mice included, over the variance of the answer."
            ),
            legend=legend,
            columns=3,
            panel_size=(4.4, 0.0),
            row_heights=[0.85 + 0.2 * bars] * (rows - 1) + [0.85 + 0.2 * max(bars, 14)],
        )
        for axes, question in zip(page.panels, found.questions, strict=False):
            own = [r for r in found.sobol if r.question == question and r.name != OTHERS]
            own.sort(key=lambda row: -1.0 if math.isnan(row.st) else row.st, reverse=True)
            rest = [r for r in found.sobol if r.question == question and r.name == OTHERS]
            bars_of_panel = [(row.name, row) for row in own[:MOST_BARS]]
            number = len(found.space.names) - len(found.picked)
            bars_of_panel += [(f"{OTHERS} ({number})", row) for row in rest]
            _draw_bars(axes, bars_of_panel, label_question(question))
        _draw_assumed_shares(page.panels[-1], found)
        return page.figure


def _draw_assumed_shares(axes: Axes, found: Sensitivity) -> None:
    """Draw the share of assumed parameters, and the emulator's error beside it."""
    of_assumed = {row.question: row for row in found.groups if row.name == "assumed"}
    if not of_assumed:
        axes.set_axis_off()
        return
    rows = [(label_question(question), of_assumed[question]) for question in found.questions]
    count = sum(one.assumed for one in found.space.dimensions)
    _draw_bars(axes, rows, f"All assumed parameters ({count})")
    errors = {row.question: row.share for row in found.emulator}
    low, high = axes.get_xlim()
    high = max(high, 1.08)
    for place, question in enumerate(found.questions):
        error = errors.get(question, math.nan)
        if math.isnan(error):
            continue
        beyond = error > high
        axes.plot(
            min(error, high - 0.03), place, ">" if beyond else "^", ms=5, color=ORANGE,
            markeredgecolor=BLACK, markeredgewidth=0.6, zorder=5, clip_on=False,
        )  # fmt: skip
    axes.set_xlim(low, high)
