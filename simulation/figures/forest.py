"""Forest plot of every comparison of a study: log ratios of the main readouts with intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from gutexo.analysis.effects import PRINTED_READOUTS, Effect
from gutexo.errors import GutexoError, suggest
from gutexo.figures.intervals import draw_interval, list_rows
from gutexo.figures.ratios import ABOVE, BELOW, set_ratio_axis
from gutexo.figures.style import make_sheet, styled

_GREY = "#666666"
_SIDES = {
    "up": ("whole interval above 1", ABOVE, "^", True),
    "down": ("whole interval below 1", BELOW, "v", True),
    "open": ("interval holds 1", _GREY, "o", False),
}


def effect_forest(
    effects: Sequence[Effect],
    readouts: Sequence[str] = PRINTED_READOUTS,
    title: str = "All comparisons",
) -> Figure:
    """Draw the ratio of every comparison in the main readouts, one panel per readout.

    Args:
        effects: Effects of a result, from `Result.effects()`.
        readouts: Names of readouts; by default those main readouts that have effects.
        title: Title above the panels.

    Returns:
        The figure, on a logarithmic axis of ratios.

    Raises:
        GutexoError: There is no effect, or a requested readout has none.
    """
    if not effects:
        raise GutexoError("a forest needs at least one effect")
    known = list(dict.fromkeys(one.readout for one in effects))
    names = [n for n in readouts if n in known] if readouts is PRINTED_READOUTS else list(readouts)
    for name in names or [""]:
        if name not in known:
            raise GutexoError(f"no effect on '{name}'{suggest(name, known)}")
    pairs = list(dict.fromkeys((one.arm, one.comparator) for one in effects))
    labels = [f"{arm}\n/ {comparator}" for arm, comparator in pairs]
    widest = max(len(part) for label in labels for part in label.split("\n"))
    mice = max(one.replicates for one in effects)
    caption = (
        f"Day {effects[0].day:g}. Geometric mean of the ratios of pairs with the same seed, on a"
        " logarithmic axis"
        + (
            f", with its 95 % paired t interval over {mice} mice; intervals far outside end"
            " at the edge of the panel. Shape, filling and colour show where the interval lies. No"
            " correction is made for the number of comparisons."
            if mice > 1
            else "; one pair, so no interval."
        )
    )
    with styled():
        page = make_sheet(
            len(names), title=title, caption=caption, legend=_legend(),
            panel_size=(3.0 + 0.075 * widest, 0.85 + 0.37 * len(pairs)),
        )  # fmt: skip
        for axes, name in zip(page.panels, names, strict=True):
            row = {(e.arm, e.comparator): e for e in effects if e.readout == name}
            set_ratio_axis(axes, list(row.values()))
            low, high = axes.get_xlim()
            for place, pair in enumerate(pairs):
                one = row.get(pair)
                if one is None or not math.isfinite(one.ratio):
                    axes.text(1.0, place, "no pair", fontsize=7, va="center", color=_GREY)
                    continue
                _, colour, marker, filled = _SIDES[one.direction]
                draw_interval(
                    axes, place, one.ratio, one.ratio_low, one.ratio_high, colour=colour,
                    marker=marker, filled=filled, markersize=6, limits=(low, high),
                )  # fmt: skip
            axes.axvline(1.0, color="#444444", linewidth=0.9, zorder=1)
            list_rows(axes, labels, half=0.5)
            axes.set_title(name)
            axes.set_xlabel("ratio to the comparator")
        return page.figure


def _legend() -> list[Line2D]:
    return [
        Line2D(
            [], [], color=colour, marker=marker, markersize=6, label=text,
            markerfacecolor=colour if filled else "white",
        )
        for text, colour, marker, filled in _SIDES.values()
    ]  # fmt: skip
