"""Drawing of the gut unrolled: layers as bands, segments, cells and exosomes in their places.

The colour of a segment shows its junctions. Colour and shape of a mark have the same meaning, so
that no information depends on colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from gutexo.biology.codes import ENTEROCYTE, INDUCED, MACROPHAGE, PLASMA, WELL
from gutexo.errors import GutexoError
from gutexo.figures.style import (
    BLACK,
    GREEN,
    ORANGE,
    PURPLE,
    VERMILLION,
    YELLOW,
    make_sheet,
    styled,
)
from gutexo.scene.picture import CARGO_CLASSES, Picture

BANDS = {
    "lumen": (0.56, 1.0, "#FBF8EE"),
    "mucus": (0.46, 0.56, "#E4EEF3"),
    "epithelium": (0.31, 0.46, "#FFFFFF"),
    "lamina propria": (0.10, 0.31, "#F6EDF1"),
    "blood": (0.0, 0.10, "#F3DEDA"),
}
_MUCUS_TOP, _MUCUS_FOOT = 0.56, 0.46
CARGO = {
    "barrier": ("barrier cargo", VERMILLION, "s"),
    "inflammatory": ("inflammatory cargo", ORANGE, "^"),
    "insulin_resistance": ("lipid cargo", PURPLE, "D"),
    "protective": ("protective cargo", GREEN, "o"),
    "empty": ("no cargo", "#4D4D4D", "x"),
}
"""Label, colour and marker of each class of cargo."""
SENESCENT = {
    "intrinsic": ("intrinsic senescence", BLACK, "white", "P"),
    "induced": ("induced senescence", YELLOW, BLACK, "X"),
}
"""Label, colour, colour of the edge and marker of the two ways to be senescent."""
# White where junctions are open, blue where they are closed; light enough for marks on top.
JUNCTIONS = LinearSegmentedColormap.from_list("junctions", ["#FFFFFF", "#7FB2D9"])
_CELL = LinearSegmentedColormap.from_list("cell", ["#FFFFFF", "#4A4A4A"])
# An enterocyte is darkest at this many young levels of barrier cargo, a macrophage at this
# activation.
_DARKEST_AT = {ENTEROCYTE: 4.0, MACROPHAGE: 0.3}
_GOLDEN = 0.6180339887498949


def junction_scale(pictures: Sequence[Picture]) -> Normalize:
    """Make one scale of junction integrity for several moments, never narrower than 0.1."""
    low = min(float(p.junction.min()) for p in pictures)
    high = max(float(p.junction.max()) for p in pictures)
    middle, half = 0.5 * (low + high), max(0.05, 0.5 * (high - low))
    return Normalize(max(0.0, middle - half), min(1.0, middle + half))


def _height(numbers: np.ndarray, low: float, high: float) -> np.ndarray:
    """Return a height in a band for each identity: spread evenly, always the same for the same."""
    return low + (high - low) * (0.06 + 0.88 * np.mod(numbers * _GOLDEN, 1.0))


def draw_gut(
    axes: Axes, picture: Picture, scale: Normalize, size: float = 9.0, every_cell: bool = True
) -> None:
    """Draw a mouse's gut into a panel.

    Args:
        axes: Panel.
        picture: The mouse at one moment.
        scale: Scale of junction integrity, see `junction_scale`.
        size: Area of an exosome's mark (points squared).
        every_cell: Draw all cells; False for senescent ones only, which costs fewer bytes.
    """
    for low, high, colour in BANDS.values():
        axes.axhspan(low, high, color=colour, linewidth=0, zorder=0)
    _segments(axes, picture, scale)
    _cells(axes, picture, size, every_cell)
    _exosomes(axes, picture, size)
    for _, end in picture.regions[:-1]:
        axes.axvline(end, color="#666666", linewidth=0.6, linestyle=(0, (4, 3)), zorder=2)
    starts = [0.0, *(end for _, end in picture.regions)]
    middles = [0.5 * (a + b) for a, b in zip(starts, starts[1:], strict=False)]
    axes.set_xticks(middles, labels=[name for name, _ in picture.regions])
    heights = [0.5 * (low + high) for low, high, _ in BANDS.values()]
    axes.set_yticks(heights, labels=list(BANDS))
    axes.tick_params(length=0)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.grid(visible=False)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)


def _segments(axes: Axes, picture: Picture, scale: Normalize) -> None:
    n = len(picture.junction)
    foot, top, _ = BANDS["epithelium"]
    rectangles = [Rectangle((g / n, foot), 1 / n, top - foot) for g in range(n)]
    colours = JUNCTIONS(scale(picture.junction))
    axes.add_collection(
        PatchCollection(rectangles, facecolors=colours, edgecolors="none", zorder=1)
    )
    bare = [
        Rectangle((g / n, foot), 1 / n, (top - foot) * float(share))
        for g, share in enumerate(picture.bare)
        if share > 0.02
    ]
    if bare:
        look = {"facecolor": "white", "edgecolor": "#555555", "hatch": "//////", "linewidth": 0}
        axes.add_collection(PatchCollection(bare, match_original=False, zorder=1.5, **look))
    # Mucus is a line whose height is its thickness; in a young gut it reaches three quarters of the
    # band.
    edges = np.repeat(np.arange(n + 1) / n, 2)[1:-1]
    height = np.clip(0.75 * np.repeat(picture.mucus, 2), 0.0, 1.0)
    line = _MUCUS_FOOT + height * (_MUCUS_TOP - _MUCUS_FOOT)
    axes.plot(edges, line, color="#5B8CA5", linewidth=0.7, zorder=2)


def _cells(axes: Axes, picture: Picture, size: float, every_cell: bool) -> None:
    cells = picture.cells
    for kind, band, marker in (
        (ENTEROCYTE, "epithelium", "o"),
        (MACROPHAGE, "lamina propria", "h"),
    ):
        low, high, _ = BANDS[band]
        rows = np.flatnonzero(cells.kind == kind)
        y = _height(np.arange(len(rows)), low, high)
        crowded = 220.0 / max(len(rows), 1)
        area = float(np.clip(2.2 * size * crowded, 0.28 * size, 1.8 * size))
        fill = np.clip(cells.level[rows] / _DARKEST_AT[kind], 0.0, 1.0)
        codes = cells.senescence[rows]
        if every_cell:
            axes.scatter(
                cells.along[rows], y, s=area, c=_CELL(fill), marker=marker, edgecolors="#8A8A8A",
                linewidths=0.3, zorder=3,
            )  # fmt: skip
        induced = codes >= INDUCED
        # Induced ones are fewer; their colour needs a larger mark to be seen.
        marked = (
            ("intrinsic", (codes != WELL) & ~induced, 1.8 * area + 6),
            ("induced", induced, 3.2 * area + 9),
        )
        for how, shown, mark_area in marked:
            _, colour, edge, mark = SENESCENT[how]
            axes.scatter(
                cells.along[rows][shown], y[shown], s=mark_area, c=colour, marker=mark,
                edgecolors=edge, linewidths=0.5, zorder=4 + 0.1 * (how == "induced"),
            )  # fmt: skip


def _exosomes(axes: Axes, picture: Picture, size: float) -> None:
    exosomes = picture.exosomes
    y = np.full(len(exosomes.id), np.nan)
    for place, name in enumerate(("lumen", "mucus", "epithelium", "lamina propria")):
        low, high, _ = BANDS[name]
        rows = exosomes.place == place
        y[rows] = _height(exosomes.id[rows] % 1_000_003, low, high)
    low, high, _ = BANDS["blood"]
    beyond = exosomes.place >= PLASMA
    y[beyond] = _height(exosomes.id[beyond] % 1_000_003, low, high)
    for number, name in enumerate(CARGO_CLASSES):
        _, colour, marker = CARGO[name]
        for given in (False, True):
            rows = (exosomes.cargo_class == number) & (exosomes.given == given)
            look = (
                {"c": colour, "linewidths": 0.9}
                if marker == "x"
                else {
                    "facecolors": colour,
                    "edgecolors": "black" if given else "none",
                    "linewidths": 0.7,
                }
            )
            axes.scatter(
                exosomes.along[rows], y[rows], s=size * (1.5 if given else 1.0), marker=marker,
                zorder=6 if given else 5, **look,
            )  # fmt: skip


def gut_legend() -> list[Line2D]:
    """Return the legend of a gut: exosomes by cargo, those given with a dose, and cells."""

    def mark(text: str, marker: str, face: str, edge: str, size: float = 5.0) -> Line2D:
        return Line2D(
            [], [], linestyle="none", marker=marker, markerfacecolor=face, markeredgecolor=edge,
            markersize=size, label=text,
        )  # fmt: skip

    handles = [
        mark(text, marker, colour, colour if marker == "x" else "none")
        for text, colour, marker in CARGO.values()
    ]
    return [
        *handles,
        mark("given as a dose: black edge", "s", "#DDDDDD", "black", 5.5),
        mark("enterocyte, dark: much cargo", "o", "#BBBBBB", "#8A8A8A"),
        mark("macrophage, dark: active", "h", "#BBBBBB", "#8A8A8A", 6.0),
        *senescent_legend(),
    ]


def senescent_legend() -> list[Line2D]:
    """Return the legend of senescent niches, by how they became so."""
    return [
        Line2D(
            [], [], linestyle="none", marker=marker, markerfacecolor=colour, markeredgecolor=edge,
            markeredgewidth=0.6, markersize=7.0, label=text,
        )
        for text, colour, edge, marker in SENESCENT.values()
    ]  # fmt: skip


def format_shown_share(pictures: Sequence[Picture]) -> str:
    """Return the share of all exosomes that is drawn as text, such as "2.9 to 5.3 %"."""
    shares = sorted({round(100 * p.shown_share, 1) for p in pictures})
    return f"{shares[0]:g} %" if len(shares) == 1 else f"{shares[0]:g} to {shares[-1]:g} %"


def describe_bands(scale: Normalize) -> str:
    """Return text for a caption: the meaning of colour and heights in the bands."""
    return (
        f"Blue of the epithelium: share of closed tight junctions, {scale.vmin:.2f} (white) to"
        f" {scale.vmax:.2f}. Line in the mucus: its thickness. Hatched: epithelium laid bare,"
        " where more than 2 % is. Induced senescence: by signals or transplant. A mark of"
        " senescence is that of the niche beneath the cell, which stays when the cell is shed. An"
        " exosome's class is the cargo it carries most of, against what healthy cells load. A dose"
        " flows through the lumen as a plug: its exosomes stand close together."
    )


def barrier_snapshots(
    pictures: Sequence[Picture],
    beside: Sequence[Picture] | None = None,
    title: str = "The gut of one mouse",
    note: str = "",
) -> Figure:
    """Draw the gut unrolled, one row per moment.

    Exosomes drift along the lumen from duodenum to colon, and some cross mucus and epithelium.

    Args:
        pictures: The same mouse at several moments, in order.
        beside: The same mouse with vehicle at the same moments, of which only the share of closed
            junctions is written; None for none.
        title: Title above the panels.
        note: Additional sentence for the caption, such as how the mouse was chosen.

    Returns:
        The figure.

    Raises:
        GutexoError: There is no picture, or `beside` has other moments.
    """
    if not pictures:
        raise GutexoError("a figure of the gut needs at least one picture")
    if beside is not None and [p.day for p in beside] != [p.day for p in pictures]:
        raise GutexoError("the mouse beside must be seen at the same moments")
    scale = junction_scale(pictures)
    caption = (
        f"One mouse; {format_shown_share(pictures)} of its exosomes are drawn. {note} "
        f"{describe_bands(scale)}"
    )
    caption = caption.replace("  ", " ")
    with styled():
        page = make_sheet(
            len(pictures), title=title, caption=caption, legend=gut_legend(), columns=1,
            panel_size=(9.0, 2.0),
        )  # fmt: skip
        others = [None] * len(pictures) if beside is None else list(beside)
        for axes, picture, other in zip(page.panels, pictures, others, strict=True):
            draw_gut(axes, picture, scale)
            text = (
                f"{format_moment(picture.day)}: {_format_closed(picture)} of tight junctions closed"
            )
            if other is not None:
                text += f" (the same mouse with vehicle: {_format_closed(other)})"
            axes.set_title(text)
        return page.figure


def _format_closed(picture: Picture) -> str:
    return f"{100 * float(picture.junction.mean()):.1f} %"


def format_moment(day: float) -> str:
    """Return a moment as text: the day, and the hours since its start if there are any."""
    whole = int(day + 1e-6)
    hours = round(24 * (day - whole))
    return f"Day {whole}" + (f", hour {hours}" if hours else "")
