"""Figure of the verification: simulated points on known curves, and departures with bounds."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import NullLocator

from gutexo.errors import GutexoError
from gutexo.figures.intervals import draw_interval, list_rows
from gutexo.figures.ratios import choose_ratio_ticks
from gutexo.figures.style import BLACK, BLUE, VERMILLION, make_sheet, styled

if TYPE_CHECKING:
    from gutexo.analysis.verification_checks import VerificationCheck, VerificationCurve

WIDEST_TITLE = 36  # characters that fit over a panel
FURTHEST = 2.0  # multiples of the bound; what is further out is an arrow at the edge


def verification(
    checks: Sequence[VerificationCheck], curves: Sequence[VerificationCurve]
) -> Figure:
    """Draw simulated points on known curves, and every departure as a share of its bound.

    Args:
        checks: Departures and bounds.
        curves: Comparisons with a known curve.

    Returns:
        The figure; a check that holds is between the dashed lines.

    Raises:
        GutexoError: There are no checks.
    """
    if not checks:
        raise GutexoError("a figure of verification needs at least one check")
    legend = [
        Line2D([], [], color=BLACK, label="known answer"),
        Line2D([], [], color=BLUE, marker="o", linestyle="none", label="simulated, or it holds"),
        Line2D([], [], color=VERMILLION, marker="s", linestyle="none", label="beyond its bound"),
    ]
    rows = -(-len(curves) // 2)
    with styled():
        page = make_sheet(
            2 * rows + 2,
            title="Verification: does the software solve its own equations?",
            caption=(
                "Above: simulated points and the line of an independently known answer. Below:"
                " each departure as a share of its bound (dashed), with two standard errors"
                " where it has noise; arrow: further out."
            ),
            legend=legend,
            columns=2,
            panel_size=(5.2, 2.4),
            row_heights=[2.4] * rows + [0.7 + 0.25 * len(checks)],
        )
        whole = page.panels[-1].get_gridspec()
        assert whole is not None
        for spare in page.panels[len(curves) :]:
            spare.remove()
        for axes, curve in zip(page.panels, curves, strict=False):
            axes.plot(curve.x, curve.known, color=BLACK, linewidth=1.2)
            every = max(1, len(curve.x) // 30)
            axes.plot(
                curve.x[::every],
                curve.simulated[::every],
                color=BLUE,
                marker="o",
                markersize=3.5,
                linestyle="none",
            )
            if curve.logarithmic:
                axes.set_xscale("log")
                axes.set_yscale("log")
                axes.set_xticks(curve.x, labels=[f"{x:g}" for x in curve.x], minor=False)
                axes.xaxis.set_minor_locator(NullLocator())
                low, high = axes.get_ylim()
                ticks = choose_ratio_ticks(low, high)
                axes.set_yticks(ticks, labels=[f"{y:g}" for y in ticks], minor=False)
                axes.yaxis.set_minor_locator(NullLocator())
            axes.set_title(textwrap.fill(curve.name, WIDEST_TITLE), loc="left")
            axes.set_xlabel(curve.x_label)
            axes.set_ylabel(curve.y_label)
        axes = page.figure.add_subplot(whole[-1, :])
        for row, one in enumerate(checks):
            share = one.value / one.bound
            error = 2 * one.standard_error / one.bound
            colour, marker = (BLUE, "o") if one.holds else (VERMILLION, "s")
            draw_interval(
                axes, row, share, share - error, share + error, colour=colour, marker=marker,
                markersize=5, limits=(-FURTHEST, FURTHEST),
            )  # fmt: skip
        for bound in (-1, 1):
            axes.axvline(bound, color=BLACK, linestyle="--", linewidth=1)
        axes.set_xlim(-FURTHEST - 0.2, FURTHEST + 0.2)
        list_rows(axes, [one.id for one in checks])
        axes.set_xlabel("departure as a share of its bound")
        axes.set_title("Departures", loc="left")
        return page.figure
