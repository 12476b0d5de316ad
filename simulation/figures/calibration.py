"""Figures of a calibration: posteriors, posterior predictions, and ranks on synthetic truth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, NullFormatter

from gutexo.errors import GutexoError
from gutexo.figures.intervals import draw_interval, list_rows
from gutexo.figures.style import BLACK, BLUE, ORANGE, SKY, VERMILLION, make_sheet, styled

if TYPE_CHECKING:
    from gutexo.analysis.calibration.diagnostics import MarginalSummary
    from gutexo.analysis.calibration.posterior_predictive import PredictiveSummary
    from gutexo.analysis.calibration.simulation_based_calibration import RankHistogram

GREY = "#C8C8C8"
FURTHEST = 3.0  # half-widths; an answer further out is drawn at this limit
MODELS = {"prior": (GREY, "s"), "twin": (SKY, "^"), "mice": (BLUE, "o")}
MODEL_LABELS = {
    "prior": "prior (mean-field model)",
    "twin": "posterior (mean-field model)",
    "mice": "posterior (small mice)",
}
RATIOS = (0.5, 0.7, 1.0, 1.5, 2.0, 3.0)


def calibration_posterior(rows: Sequence[MarginalSummary]) -> Figure:
    """Draw prior against posterior for each free parameter, narrowest first.

    Args:
        rows: Summaries from `gutexo.analysis.calibration.diagnostics.summarise_marginals`.

    Returns:
        The figure; intervals are drawn as shares of the prior and written as numbers at the right.

    Raises:
        GutexoError: There are no rows.
    """
    if not rows:
        raise GutexoError("a figure of a posterior needs at least one parameter")
    ordered = sorted(rows, key=lambda row: row.width)
    legend: list[Any] = [
        Patch(facecolor=GREY, label="prior, 90 %"),
        Line2D([], [], color=BLUE, marker="o", linewidth=3, label="posterior, 90 %: identifiable"),
        Line2D(
            [],
            [],
            color=ORANGE,
            marker="o",
            markerfacecolor="white",
            linewidth=1.6,
            label="posterior, 90 %: not identifiable",
        ),
    ]
    with styled():
        page = make_sheet(
            1,
            title="Prior and posterior of each parameter",
            caption=(
                "Places are shares of the prior below (0.5: its median). Identifiable: the 90 %"
                " interval is narrower than half of the prior's, from 40 draws or more, and ranks"
                " on synthetic truth are uniform. On the right: posterior median and 90 % interval."
                " All other parameters were held at their defaults, so these intervals do not hold"
                " their uncertainty."
            ),
            legend=legend,
            columns=1,
            panel_size=(9.4, 0.8 + 0.27 * len(ordered)),
        )
        (axes,) = page.panels
        for place, row in enumerate(ordered):
            axes.barh(place, 0.9, left=0.05, height=0.62, color=GREY, linewidth=0)
            low, middle, high = row.shares
            colour = BLUE if row.identifiable else ORANGE
            draw_interval(
                axes, place, middle, low, high, colour=colour,
                marker="o", markersize=6, filled=row.identifiable,
                width=3 if row.identifiable else 1.6,
            )  # fmt: skip
        list_rows(axes, [row.parameter for row in ordered], [_numbers(row) for row in ordered])
        axes.set_xlim(0, 1)
        axes.set_xlabel("share of the prior below")
        return page.figure


def _numbers(row: MarginalSummary) -> str:
    unit = "" if row.unit == "1" else f" {row.unit}"
    return f"{row.median:.3g} ({row.low:.3g} to {row.high:.3g}){unit}"


def calibration_predictive(rows: Sequence[PredictiveSummary]) -> Figure:
    """Draw the predictions of prior and posterior for each row, with the row's window.

    Args:
        rows: Summaries from
            `gutexo.analysis.calibration.posterior_predictive.summarise_predictive`.

    Returns:
        The figure: rows of known size in half-widths of their windows, reported signs as ratios.

    Raises:
        GutexoError: There are no rows.
    """
    if not rows:
        raise GutexoError("a figure of predictions needs at least one row")
    sized = _ids(rows, lambda row: row.use != "constrain")
    signs = _ids(rows, lambda row: row.use == "constrain")
    panels = [group for group in (sized, signs) if group]
    present = [name for name in MODELS if any(row.model == name for row in rows)]
    legend: list[Any] = [
        Line2D(
            [],
            [],
            color=MODELS[name][0],
            marker=MODELS[name][1],
            linewidth=3,
            markeredgecolor=BLACK,
            markeredgewidth=0.5,
            label=_legend_label(rows, name),
        )  # fmt: skip
        for name in present
    ]
    legend.append(Patch(facecolor="#DDEFE6", label="window"))
    with styled():
        page = make_sheet(
            len(panels),
            title="Posterior predictive: what accepted parameters answer",
            caption=(
                "Marks are medians, bars 90 % of draws. These rows were fitted, so that they lie in"
                " their windows is no evidence for the model; rows that were never fitted are"
                " named as predictions. Above in half-widths of the window on a log scale, to"
                f" {FURTHEST:g}; of reported signs only the sign is known, they are ratios to the"
                " comparator."
            ),
            legend=legend,
            columns=1,
            panel_size=(8.4, 2.0),
            row_heights=[0.8 + 0.42 * len(group) for group in panels],
        )
        for axes, group in zip(page.panels, panels, strict=True):
            ratios = group is signs
            for place, name in enumerate(group):
                _draw_row(axes, place, [row for row in rows if row.id == name], present, ratios)
            labels = [
                f"{name} (prediction)" if _is_prediction(rows, name) else name for name in group
            ]
            list_rows(axes, labels)
            if ratios:
                _draw_ratio_windows(axes, rows, group)
            else:
                axes.axvspan(-1, 1, color="#DDEFE6", zorder=0)
                axes.set_xlim(-FURTHEST - 0.15, FURTHEST + 0.15)
                axes.set_xlabel("distance from the middle of the window (half-widths of it)")
        return page.figure


def _legend_label(rows: Sequence[PredictiveSummary], model: str) -> str:
    return f"{MODEL_LABELS[model]}, {max(row.draws for row in rows if row.model == model)} sets"


def _ids(rows: Sequence[PredictiveSummary], matches: Any) -> list[str]:
    return list(dict.fromkeys(row.id for row in rows if matches(row)))


def _is_prediction(rows: Sequence[PredictiveSummary], name: str) -> bool:
    return any(row.id == name and row.use not in ("calibrate", "constrain") for row in rows)


def _draw_row(
    axes: Any, place: int, rows: Sequence[PredictiveSummary], models: Sequence[str], ratios: bool
) -> None:
    """Draw the bars of one row, one per model, side by side."""
    step = 0.62 / len(models)
    for row in rows:
        if not row.draws or any(not value > 0 for value in row.quantiles):
            continue
        values = [math.log(value) for value in row.quantiles]
        if not ratios:
            middle = 0.5 * math.log(row.window_high * row.window_low)
            half = 0.5 * math.log(row.window_high / row.window_low)
            values = [max(-FURTHEST, min(FURTHEST, (v - middle) / half)) for v in values]
        at = place + (models.index(row.model) - 0.5 * (len(models) - 1)) * step
        colour, marker = MODELS[row.model]
        draw_interval(
            axes, at, values[2], values[0], values[-1], colour=colour, marker=marker, width=3,
            markersize=4.5, markeredgecolor=BLACK, markeredgewidth=0.5, zorder=3,
        )  # fmt: skip


def _draw_ratio_windows(axes: Any, rows: Sequence[PredictiveSummary], group: Sequence[str]) -> None:
    """Draw the windows of reported signs on an axis of ratios, one per row."""
    left, right = math.log(RATIOS[0]), math.log(RATIOS[-1])
    for place, name in enumerate(group):
        row = next(row for row in rows if row.id == name)
        low, high = max(left, math.log(row.window_low)), min(right, math.log(row.window_high))
        axes.barh(place, high - low, left=low, height=0.9, color="#DDEFE6", zorder=0)
    axes.axvline(0.0, color=BLACK, linewidth=0.8)
    axes.set_xlim(left, right)
    axes.set_xticks([math.log(ratio) for ratio in RATIOS])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{math.exp(value):.2g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("ratio to the comparator")


def calibration_ranks(rows: Sequence[RankHistogram]) -> Figure:
    """Draw the ranks of synthetic truths in their posteriors against uniform ones.

    Args:
        rows: Histograms from
            `gutexo.analysis.calibration.simulation_based_calibration.rank_truths`.

    Returns:
        The figure: the departure of the cumulated ranks, and that of each parameter's counts.

    Raises:
        GutexoError: There are no rows.
    """
    from gutexo.analysis.calibration.simulation_based_calibration import LARGEST_Z

    if not rows:
        raise GutexoError("a figure of ranks needs at least one parameter")
    truths = rows[0].truths
    legend: list[Any] = [
        Line2D([], [], color=BLUE, marker="o", label="uniform"),
        Line2D([], [], color=VERMILLION, marker="s", linestyle="dashed", label="not uniform"),
        Patch(facecolor=GREY, label="what chance gives (99.9 %)"),
    ]
    with styled():
        page = make_sheet(
            2,
            title="Simulation-based calibration: ranks of known truths in their posteriors",
            caption=(
                f"The mean-field model answers at {truths} truths from the prior, with errors as"
                " wide as the windows; each truth is ranked in its posterior (median"
                f" {rows[0].draws:.0f} draws). Above: cumulated ranks less uniform ones, a line a"
                " parameter. Below: departure of the counts of tenths (chi-square) in standard"
                " errors, which must not pass the dashed line."
            ),
            legend=legend,
            columns=1,
            panel_size=(8.4, 2.4),
            row_heights=[2.4, 0.8 + 0.22 * len(rows)],
        )
        above, below = page.panels
        bins = len(rows[0].counts)
        at = np.arange(bins + 1) / bins
        band = 3.3 * np.sqrt(at * (1 - at) / truths)
        above.fill_between(at, -band, band, color=GREY, linewidth=0)
        for row in rows:
            away = np.concatenate([[0.0], np.cumsum(row.counts) / row.truths]) - at
            above.plot(
                at, away, linewidth=1, color=BLUE if row.uniform else VERMILLION,
                linestyle="solid" if row.uniform else "dashed",
            )  # fmt: skip
        above.set_xlim(0, 1)
        above.set_xlabel("rank of the truth (share of draws below it)")
        above.set_ylabel("share below,\nless uniform")
        for place, row in enumerate(rows):
            colour, marker = (BLUE, "o") if row.uniform else (VERMILLION, "s")
            below.plot([row.z], [place], color=colour, marker=marker, linestyle="none")
        below.axvline(LARGEST_Z, color=BLACK, linestyle="--", linewidth=1)
        list_rows(below, [row.parameter for row in rows])
        below.set_xlim(min(-LARGEST_Z, *(row.z for row in rows)) - 0.3,
                       max(LARGEST_Z, *(row.z for row in rows)) + 0.3)  # fmt: skip
        below.set_xlabel("departure from uniform ranks (standard errors)")
        return page.figure
