"""Figure of a sweep: effects along one parameter, or over a grid of several."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter, ScalarFormatter

from gutexo.analysis.sweeps import SweepPoint
from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError, suggest
from gutexo.figures.cells import add_colour_bar, draw_heat_map
from gutexo.figures.ratios import RATIO_COLOURMAP
from gutexo.figures.style import BLUE, label, make_sheet, styled
from gutexo.protocol.sweep import point_name

DEFAULT_READOUTS = ("FITC-dextran", "plasma TNF", "HOMA-IR")
MOST_PAIRS, MOST_TICKS = 3, 8
LEAST_RATIO = 1.02  # a colour scale reaches at least this ratio
GridCells = dict[tuple[float, ...], SweepPoint]


def sweep(
    points: Sequence[SweepPoint],
    readouts: Sequence[str] = DEFAULT_READOUTS,
    title: str = "Sweep: the effect on the last day",
) -> Figure:
    """Draw the ratio of each comparison: a line if one parameter varies, else a heat map.

    Args:
        points: Effects of a sweep, see `gutexo.analysis.sweeps.build_sweep_points`.
        readouts: Names of readouts, one row of panels each.
        title: Title above the panels.

    Returns:
        The figure; it shows the first three comparisons if there are more.

    Raises:
        GutexoError: There is no effect, or none in a readout.
    """
    if not points:
        raise GutexoError("a figure of a sweep needs at least one effect")
    known = {one.effect.readout for one in points}
    for name in readouts:
        if name not in known:
            raise GutexoError(f"the sweep has no readout '{name}'{suggest(name, known)}")
    pairs = list(dict.fromkeys((p.effect.arm, p.effect.comparator) for p in points))
    drawn_pairs = pairs[:MOST_PAIRS]
    names = list(points[0].values)
    panels = [(readout, pair) for readout in readouts for pair in drawn_pairs]
    grid = {n: list(dict.fromkeys(p.values[n] for p in points)) for n in names}
    rows = list(product(*(grid[n] for n in names[1:])))
    line = len(names) == 1
    reach = {
        readout: max(
            abs(math.log(p.effect.ratio)) if p.effect.ratio > 0 else math.log(LEAST_RATIO)
            for p in points
            if p.effect.readout == readout and (p.effect.arm, p.effect.comparator) in drawn_pairs
        )
        for readout in readouts
    }
    mice = max(p.effect.replicates for p in points)
    caption = _caption(line, mice, len(pairs) - len(drawn_pairs))
    size = (4.6, 2.4) if line else _map_size(len(grid[names[0]]), names[1:], rows, drawn_pairs)
    with styled():
        page = make_sheet(
            len(panels),
            title=title,
            caption=caption,
            columns=len(drawn_pairs),
            panel_size=size,
        )
        for axes, (readout, pair) in zip(page.panels, panels, strict=True):
            cells: GridCells = {
                tuple(p.values.values()): p
                for p in points
                if p.effect.readout == readout and (p.effect.arm, p.effect.comparator) == pair
            }
            if line:
                _draw_line(axes, cells)
            else:
                _draw_map(
                    axes,
                    cells,
                    grid[names[0]],
                    rows,
                    max(reach[readout], math.log(LEAST_RATIO)),
                )
            axes.set_title(f"{readout}\n{pair[0]} / {pair[1]}", fontsize=9)
            axes.set_xlabel(_with_unit(names[0]))
            if not line:
                axes.set_yticks(range(len(rows)), labels=_labels(names[1:], rows))
        return page.figure


def _labels(names: Sequence[str], rows: Sequence[tuple[float, ...]]) -> list[str]:
    """Return the labels of the rows of a map: the values of all parameters except the first."""
    return [point_name(dict(zip(names, row, strict=True))).replace(", ", "\n") for row in rows]


def _map_size(
    columns: int,
    names: Sequence[str],
    rows: Sequence[tuple[float, ...]],
    pairs: Sequence[tuple[str, str]],
) -> tuple[float, float]:
    """Estimate the size of a map's panel (inches): labels, cells or title, and colour bar."""
    labels = _labels(names, rows)
    widest = max(len(part) for label in labels for part in label.split("\n"))
    title = max(len(f"{arm} / {comparator}") for arm, comparator in pairs)
    height = max(0.42, 0.2 + 0.17 * len(names))
    return 0.08 * widest + max(0.75 * columns, 0.085 * title - 0.5) + 1.0, 1.2 + height * len(rows)


def _caption(line: bool, mice: int, left: int) -> str:
    parts = ["Geometric mean of the ratios of pairs with the same seed"]
    if line:
        parts[0] += ", 95 % paired t interval." if mice > 1 else "; one pair, so no interval."
    else:
        parts[0] += "; an asterisk: the 95 % interval leaves out 1." if mice > 1 else "."
        parts.append("One scale of colours a readout.")
    parts.append(f"{mice} pairs a point." if mice > 1 else "")
    more = "1 more comparison is" if left == 1 else f"{left} more comparisons are"
    parts.append(f"{more} in sweep.csv." if left > 0 else "")
    return " ".join(part for part in parts if part)


def _with_unit(name: str) -> str:
    unit = next(entry.unit for entry in Parameters().entries() if entry.name == name)
    return label(name, unit, width=60)


def _draw_line(axes: Axes, cells: GridCells) -> None:
    """Draw the ratio along the one parameter that varies."""
    x = np.array([values[0] for values in cells])
    effects = [point.effect for point in cells.values()]
    order = np.argsort(x)
    middle = np.array([one.ratio for one in effects])
    low = np.array([one.ratio_low for one in effects])
    high = np.array([one.ratio_high for one in effects])
    axes.axhline(1.0, color="#444444", linewidth=0.9, zorder=1)
    reach = np.nan_to_num(np.abs(np.array([middle - low, high - middle])))
    axes.errorbar(
        x[order], middle[order], yerr=reach[:, order], color=BLUE, marker="o", capsize=2.5
    )
    if (x > 0).all() and x.max() / x.min() >= 8:
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(ScalarFormatter())  # the default one writes formulas
        axes.xaxis.set_minor_formatter(NullFormatter())
    if len(x) <= MOST_TICKS:
        axes.set_xticks(x, labels=[f"{value:g}" for value in x])
        axes.minorticks_off()
    axes.set_ylabel("ratio to the comparator")
    axes.margins(x=0.06, y=0.12)


def _draw_map(
    axes: Axes,
    cells: GridCells,
    columns: Sequence[float],
    rows: Sequence[tuple],
    reach: float,
) -> None:
    """Draw the ratio over the grid, purple below 1 and orange above.

    The colour scale ends at the log ratio `reach`.
    """
    ratio = np.full((len(rows), len(columns)), np.nan)
    sure = np.zeros(ratio.shape, dtype=bool)
    for (r, row), (c, column) in product(enumerate(rows), enumerate(columns)):
        point = cells.get((column, *row))
        if point is not None:
            ratio[r, c] = point.effect.ratio
            sure[r, c] = point.effect.direction in ("up", "down")
    logs = np.log(ratio)
    texts = [
        ["no pair" if np.isnan(one) else f"{one:.2f}{'*' * int(star)}" for one, star in row]
        for row in np.stack([ratio, sure], axis=-1)
    ]
    image = draw_heat_map(
        axes, logs, texts, colours=RATIO_COLOURMAP, norm=Normalize(-reach, reach), upwards=True
    )
    axes.set_xticks(range(len(columns)), labels=[f"{value:g}" for value in columns])
    add_colour_bar(image, "ratio", {end: f"{math.exp(end):.2f}" for end in (-reach, 0.0, reach)})
