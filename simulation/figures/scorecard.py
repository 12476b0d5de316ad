"""Figure of the scorecard: the place of the simulated mice in the window of every pattern."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from gutexo.errors import GutexoError
from gutexo.figures.intervals import draw_interval, list_rows
from gutexo.figures.style import BLACK, BLUE, ORANGE, PURPLE, VERMILLION, make_sheet, styled

if TYPE_CHECKING:
    from gutexo.analysis.scorecard import Score

VERDICT_STYLES = {
    "pass": (BLUE, "o"),
    "partial": (ORANGE, "^"),
    "fail": (VERMILLION, "s"),
    "reported": (BLACK, "D"),
    "unscored": (PURPLE, "x"),
}
USE_TITLES = {
    "calibrate": "calibrate: may be fitted",
    "constrain": "constrain: built for, never predictions",
    "validate": "validate: never fitted",
    "verify": "verify: known answers",
    "report": "report: printed, not scored",
}
EDGE = 1.6  # window widths; a value further outside is drawn at the edge as an arrow


def place_in_window(value: float, window: tuple[float, float]) -> float:
    """Compute the place of a value in a window: 0 at its lower end, 1 at its upper end.

    The scale is logarithmic if the whole window is above zero.
    """
    low, high = window
    if low > 0 and value > 0:
        return math.log(value / low) / math.log(high / low)
    if low > 0:
        return -math.inf
    return (value - low) / (high - low)


def scorecard(scores: Sequence[Score]) -> Figure:
    """Draw a scorecard, one panel for each use and one line for each pattern.

    Args:
        scores: Scores from `gutexo.analysis.scorecard.score_patterns`.

    Returns:
        The figure: grey is the window, a marker the number over mice, a line its 90 % interval.

    Raises:
        GutexoError: There are no scores.
    """
    if not scores:
        raise GutexoError("a scorecard needs at least one score")
    uses = [use for use in USE_TITLES if any(score.use == use for score in scores)]
    groups = [[score for score in scores if score.use == use] for use in uses]
    caption = (
        "Grey: the window that was fixed beforehand, drawn to one width (logarithmic where it lies"
        " above zero). Marker: number over mice; line: its 90 % bootstrap interval; arrow: further"
        " out."
        " Numbers: simulated value (window), and its unit where it has one. The five"
        " uses are never pooled."
    )
    legend = [
        Line2D([], [], color=colour, marker=marker, linestyle="none", label=verdict)
        for verdict, (colour, marker) in VERDICT_STYLES.items()
        if any(score.verdict == verdict for score in scores)
    ]
    with styled():
        page = make_sheet(
            len(groups),
            title="Scorecard: the simulated mice against what is published",
            caption=caption,
            legend=legend,
            columns=1,
            panel_size=(9.4, 1.0),
            row_heights=[
                0.5 + 0.24 * len(group) + 0.35 * (group is groups[-1]) for group in groups
            ],
        )
        for axes, use, group in zip(page.panels, uses, groups, strict=True):
            _draw_panel(axes, USE_TITLES[use], group)
        page.panels[-1].set_xticks([0, 1], labels=["lower end", "upper end"])
        page.panels[-1].set_xlabel("place in the window, every window drawn to one width")
        return page.figure


def _draw_panel(axes: Axes, title: str, group: Sequence[Score]) -> None:
    axes.axvspan(0, 1, color="#DDDDDD", zorder=0)
    for row, score in enumerate(group):
        colour, marker = VERDICT_STYLES[score.verdict]
        if math.isnan(score.value):
            continue
        low, high = (
            place_in_window(end, score.window) if math.isfinite(end) else math.nan
            for end in (score.low, score.high)
        )
        draw_interval(
            axes, row, place_in_window(score.value, score.window), low, high, colour=colour,
            marker=marker, width=1.4, markersize=6, limits=(-EDGE, 1 + EDGE),
        )  # fmt: skip
    axes.set_xlim(-EDGE - 0.15, 1 + EDGE + 0.15)
    list_rows(axes, [score.id for score in group], [_format_score(score) for score in group])
    axes.set_xticks([0, 1], labels=[])
    axes.tick_params(length=0)
    axes.grid(visible=False)
    axes.set_title(title, loc="left")


def _format_score(score: Score) -> str:
    low, high = score.window
    unit = "" if score.unit == "1" else f" {score.unit}"
    if math.isnan(score.value):
        return f"no value ({low:g} to {high:g}){unit}"
    # Digits of a value that is far smaller than the window have no meaning.
    small = abs(score.value) < 1e-3 * (high - low)
    value = "about 0" if small else f"{score.value:.3g}"
    return f"{value} ({low:g} to {high:g}){unit}"
