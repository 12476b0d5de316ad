"""Figures of a calibration: posteriors, posterior predictions, and ranks of truths."""

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
from gutexo.figures.style import BLACK, BLUE, ORANGE, VERMILLION, make_sheet, styled

if TYPE_CHECKING:
    from gutexo.analysis.calibration.marginals import MarginalSummary
    from gutexo.analysis.calibration.predictive_check import PredictiveSummary
    from gutexo.analysis.calibration.rank_check import RankCheck

GREY = "#C8C8C8"
FURTHEST = 3.0  # half-widths; an answer further out is drawn at this limit
MODELS = {"prior": (GREY, "s"), "posterior": (BLUE, "o")}
RATIOS = (0.5, 0.7, 1.0, 1.5, 2.0, 3.0)


def calibration_posterior(rows: Sequence[MarginalSummary]) -> Figure:
    """Draw prior against posterior for each free parameter, narrowest first.

    Args:
        rows: Summaries from `gutexo.analysis.calibration.marginals.summarise_marginals`.

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
                " of truths are uniform. On the right: posterior median and 90 % interval. All"
                " other parameters were held at the feasible point, so these intervals do not hold"
                " their uncertainty."
            ),
            legend=legend,
            columns=1,
            panel_size=(9.4, 0.8 + 0.27 * len(ordered)),
        )
        (axes,) = page.panels
        for place, row in enumerate(ordered):
            axes.barh(place, 0.9, left=0.05, height=0.62, color=GREY, linewidth=0)
            low, middle, high = row.share_low, row.share_median, row.share_high
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
    """Draw the answers of prior and posterior to each row, with the row's window.

    Args:
        rows: Summaries from
            `gutexo.analysis.calibration.predictive_check.summarise_predictive`. Bounds that are no
            rows, and windows with one end, are left out.

    Returns:
        The figure: reported signs as ratios, all others in half-widths of their windows.

    Raises:
        GutexoError: There are no rows.
    """
    from gutexo.catalogue.patterns import SIGN_IDS

    shown = [row for row in rows if row.use != "bound" and math.isfinite(row.window_high)]
    if not shown:
        raise GutexoError("a figure of predictions needs at least one row")
    names = list(dict.fromkeys(row.id for row in shown))
    signs = [name for name in names if name in SIGN_IDS]
    panels = [group for group in ([n for n in names if n not in SIGN_IDS], signs) if group]
    present = [name for name in MODELS if any(row.model == name for row in shown)]
    legend: list[Any] = [
        Line2D([], [], color=MODELS[name][0], marker=MODELS[name][1], linewidth=3,
               markeredgecolor=BLACK, markeredgewidth=0.5,
               markerfacecolor=MODELS[name][0] if _is_filled(name) else "white",
               label=f"{name}, {max(row.draws for row in shown if row.model == name)} sets")
        for name in present
    ]  # fmt: skip
    legend.append(Patch(facecolor="#DDEFE6", label="window"))
    with styled():
        page = make_sheet(
            len(panels),
            title="Posterior predictive: what accepted parameters answer",
            caption=(
                "Marks are medians, bars 90 % of the sets that the mean field has evaluated. These"
                " rows were fitted, so that they lie in their windows is no evidence for the"
                " model. Above in half-widths of the window, on a log scale where the window lies"
                f" above zero, to {FURTHEST:g}; reported signs are ratios to the comparator."
            ),
            legend=legend,
            columns=1,
            panel_size=(8.4, 2.0),
            row_heights=[0.8 + 0.3 * len(group) for group in panels],
        )
        for axes, group in zip(page.panels, panels, strict=True):
            for place, name in enumerate(group):
                answers = [row for row in shown if row.id == name]
                _draw_row(axes, place, answers, present, group is signs)
            list_rows(axes, group)
            if group is signs:
                _draw_ratio_windows(axes, shown, group)
            else:
                axes.axvspan(-1, 1, color="#DDEFE6", zorder=0)
                axes.set_xlim(-FURTHEST - 0.15, FURTHEST + 0.15)
                axes.set_xlabel("distance from the middle of the window (half-widths of it)")
        return page.figure


def _is_filled(model: str) -> bool:
    """Whether markers of a model are filled: beyond the limits all are arrows."""
    return model == "posterior"


def _draw_row(
    axes: Any, place: int, rows: Sequence[PredictiveSummary], models: Sequence[str], ratios: bool
) -> None:
    """Draw the bars of one row, one per model, side by side."""
    step = 0.62 / len(models)
    limits = (math.log(RATIOS[0]), math.log(RATIOS[-1])) if ratios else (-FURTHEST, FURTHEST)
    for row in rows:
        logs = ratios or row.window_low > 0
        if not row.draws or (logs and any(not value > 0 for value in row.quantiles)):
            continue
        values, low, high = list(row.quantiles), row.window_low, row.window_high
        if logs:
            values, low, high = [math.log(v) for v in values], math.log(low), math.log(high)
        if not ratios:
            values = [(v - 0.5 * (low + high)) / (0.5 * (high - low)) for v in values]
        at = place + (models.index(row.model) - 0.5 * (len(models) - 1)) * step
        colour, marker = MODELS[row.model]
        draw_interval(
            axes, at, values[2], values[0], values[-1], colour=colour, marker=marker, width=3,
            filled=_is_filled(row.model), limits=limits,
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


def calibration_ranks(rows: Sequence[RankCheck]) -> Figure:
    """Draw the ranks of truths in their posteriors against uniform ones.

    Args:
        rows: Checks from `gutexo.analysis.calibration.rank_check.check_ranks`.

    Returns:
        The figure: the departure of the cumulated ranks from uniform ones, with the band.

    Raises:
        GutexoError: There are no rows.
    """
    from gutexo.analysis.calibration.rank_check import ecdf_band, ecdf_places

    if not rows:
        raise GutexoError("a figure of ranks needs at least one parameter")
    truths = rows[0].truths
    odd = [row.parameter for row in rows if not row.inside]
    legend: list[Any] = [
        Line2D([], [], color=BLUE, label="inside the band"),
        Line2D([], [], color=VERMILLION, linestyle="dashed", label="outside"),
        Patch(facecolor=GREY, label="95 % band of a whole line, if ranks are uniform"),
    ]
    with styled():
        page = make_sheet(
            1,
            title="Simulation-based calibration: ranks of known truths in their posteriors",
            caption=(
                f"{truths} truths drawn from the posterior, each with made-up data; each truth is"
                f" ranked in its own posterior (median {rows[0].draws:.0f} draws of equal weight)."
                f" A line a parameter, {len(rows)} in all"
                + (f"; outside: {', '.join(odd)}." if odd else "; none is outside.")
            ),
            legend=legend,
            columns=1,
            panel_size=(8.4, 3.4),
        )
        (axes,) = page.panels
        at = ecdf_places()
        low, high = ecdf_band(truths)
        axes.fill_between(at, low - at, high - at, color=GREY, linewidth=0)
        for row in rows:
            away = (np.array(row.ranks)[:, None] <= at).mean(axis=0) - at
            axes.plot(
                at, away, linewidth=1, color=BLUE if row.inside else VERMILLION,
                linestyle="solid" if row.inside else "dashed",
            )  # fmt: skip
        axes.set_xlim(0, 1)
        axes.set_xlabel("rank of the truth (share of draws below it)")
        axes.set_ylabel("share below,\nless uniform")
        return page.figure
