"""Rules of a readable figure; each function lists what breaks one, so an empty list is good news.

Extents are those of what a renderer really drew: texts of hidden ticks, or of panels that were
taken away, do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import same_color, to_rgb
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from gutexo.figures.style import styled

_CAPS = ("_", "|")  # ends of an interval
SLACK = 1.0  # pixels; at 150 dots an inch less than a hair
# A label tells its unit in brackets, or says by its words that it is a share, a ratio or a count.
TELLS_ITS_UNIT = re.compile(
    r"\(.+\)|\bdays?\b|\bminutes\b|\bratio\b|\bshare\b|^animals a group$|^mice a group$",
    re.DOTALL,
)


@dataclass(frozen=True)
class Drawn:
    """A text as it was drawn, and where (pixels)."""

    text: Text
    extent: Bbox

    @property
    def said(self) -> str:
        """The text on one line, cut."""
        return " ".join(self.text.get_text().split())[:40]


@dataclass(frozen=True)
class Page:
    """A figure after it was drawn: its texts, and its panels, legends and other blocks."""

    figure: Figure
    texts: list[Drawn]
    blocks: dict[str, Bbox]


@contextmanager
def _watched(found: list[Drawn]) -> Iterator[None]:
    original = Text.draw

    def draw(self: Text, renderer: Any, *args: Any, **more: Any) -> None:
        if self.get_visible() and self.get_text().strip():
            # Of the text alone: an annotation's own extent would hold its arrow too.
            found.append(Drawn(self, Text.get_window_extent(self, renderer)))
        original(self, renderer, *args, **more)

    Text.draw = draw  # type: ignore[method-assign]
    try:
        yield
    finally:
        Text.draw = original  # type: ignore[method-assign]


def looked_at(figure: Figure) -> Page:
    """Draw a figure and note where everything lies."""
    canvas = FigureCanvasAgg(figure)
    texts: list[Drawn] = []
    with styled():
        with _watched(texts):
            canvas.draw()
        renderer = canvas.get_renderer()
        blocks = {f"panel {n}": axes.get_tightbbox(renderer) for n, axes in enumerate(figure.axes)}
        for number, box in enumerate(figure.legends):
            blocks[f"legend {number}"] = box.get_window_extent(renderer)
        for text in figure.texts:
            blocks[text.get_text()[:30]] = text.get_window_extent(renderer)
    present = {name: extent for name, extent in blocks.items() if extent is not None}
    return Page(figure, texts, present)


def _leaves(extent: Bbox, frame: Bbox) -> bool:
    return (
        extent.x0 < frame.x0 - SLACK
        or extent.y0 < frame.y0 - SLACK
        or extent.x1 > frame.x1 + SLACK
        or extent.y1 > frame.y1 + SLACK
    )


def _meet(a: Bbox, b: Bbox) -> bool:
    width = min(a.x1, b.x1) - max(a.x0, b.x0)
    height = min(a.y1, b.y1) - max(a.y0, b.y0)
    return width > SLACK and height > SLACK


def texts_outside(page: Page) -> list[str]:
    """Texts that leave the page, or the axes into which they were written."""
    paper = page.figure.bbox
    found = [f"'{one.said}' leaves the page" for one in page.texts if _leaves(one.extent, paper)]
    inside = {id(text): axes for axes in page.figure.axes for text in axes.texts}
    return found + [
        f"'{one.said}' leaves its axes"
        for one in page.texts
        if id(one.text) in inside and _leaves(one.extent, inside[id(one.text)].bbox)
    ]


def texts_overlapping(page: Page) -> list[str]:
    """Pairs of texts that lie on one another."""
    return [
        f"'{one.said}' lies on '{other.said}'"
        for one, other in combinations(page.texts, 2)
        if _meet(one.extent, other.extent)
    ]


def blocks_clipped_or_overlapping(page: Page) -> list[str]:
    """Panels, legends and texts of the page that are clipped, or lie on one another."""
    paper = page.figure.bbox
    return [f"{name} is clipped" for name, at in page.blocks.items() if _leaves(at, paper)] + [
        f"{one} overlaps {two}"
        for (one, a), (two, b) in combinations(page.blocks.items(), 2)
        if _meet(a, b)
    ]


def _is_number(text: str) -> bool:
    plain = re.sub(r"\$|\\mathdefault|\\times|[{}%\s]", "", text).replace("−", "-")
    return bool(re.fullmatch(r"[-+]?[\d.,^eE+-]+", plain))


def _numbers_along(axis: Any, texts: set[int]) -> bool:
    """Whether numbers are drawn at the ticks of an axis."""
    labels = [label for tick in axis.get_major_ticks() for label in (tick.label1, tick.label2)]
    said = [label.get_text() for label in labels if id(label) in texts]
    return bool(said) and all(_is_number(text) for text in said)


def axes_without_unit(page: Page) -> list[str]:
    """Axes with numbers at their ticks whose label has no unit, although it needs one.

    A title may stand in for the label of the vertical axis: "HOMA-IR (dimensionless)".
    """
    present = {id(one.text) for one in page.texts}
    found = []
    for number, axes in enumerate(page.figure.axes):
        for letter, axis in (("x", axes.xaxis), ("y", axes.yaxis)):
            if not _numbers_along(axis, present):
                continue
            said = axis.get_label_text() or (axes.get_title("left") if letter == "y" else "")
            if not TELLS_ITS_UNIT.search(said.replace("\n", " ")):
                found.append(f"{letter} of panel {number} is labelled '{said}'")
    return found


def _handles(legend: Legend) -> Iterator[tuple[str, Artist]]:
    names = [text.get_text() for text in legend.get_texts()]
    yield from zip(names, legend.legend_handles, strict=True)


def _shape(artist: Artist) -> tuple[Any, ...]:
    """What is left of how something is drawn when all colours are taken away."""
    if isinstance(artist, Line2D):
        marker = artist.get_marker()
        filled = to_rgb(artist.get_markerfacecolor()) != to_rgb("white")
        edge = artist.get_markeredgecolor()
        edged = edge != "none" and not same_color(artist.get_markerfacecolor(), edge)
        dashes = artist._dash_pattern if artist.get_linestyle() != "None" else "no line"  # type: ignore[attr-defined]
        width = artist.get_linewidth() if dashes != "no line" else 0.0
        marked = marker not in ("None", None, "", " ")
        return ("line", marker, filled and marked, edged and marked, str(dashes), width)
    hatch = artist.get_hatch() if hasattr(artist, "get_hatch") else None
    return (type(artist).__name__, hatch)


def entries_alike(page: Page) -> list[str]:
    """Entries of one legend that differ in their colour only."""
    inner = [axes.get_legend() for axes in page.figure.axes]
    legends = [*page.figure.legends, *(legend for legend in inner if legend is not None)]
    return [
        f"'{one}' and '{two}' differ in colour only"
        for legend in legends
        for (one, a), (two, b) in combinations(_handles(legend), 2)
        if _shape(a) == _shape(b)
    ]


def lines_alike(page: Page) -> list[str]:
    """Lines of one panel in different colours with the same marker, filling and dashes.

    A line without a marker is excused where it goes with marked ones of its colour, as the
    interval of a point does.
    """
    return [complaint for axes in page.figure.axes for complaint in _lines_alike(axes)]


def _lines_alike(axes: Axes) -> list[str]:
    looks: dict[tuple[Any, ...], set[tuple[float, ...]]] = {}
    marked = {to_rgb(line.get_color()) for line in axes.lines if line.get_marker() != "None"}
    for line in axes.lines:
        colour = to_rgb(line.get_color())
        if line.get_marker() in _CAPS or (line.get_marker() == "None" and colour in marked):
            continue
        if line.get_marker() == "None" and len(set(colour)) == 1:
            continue  # a black or grey ruling
        looks.setdefault(_shape(line)[:5], set()).add(colour)
    return [
        f"{len(colours)} colours share {shape}"
        for shape, colours in looks.items()
        if len(colours) > 1
    ]


RULES = (
    texts_outside,
    texts_overlapping,
    blocks_clipped_or_overlapping,
    axes_without_unit,
    entries_alike,
    lines_alike,
)


def complaints(figure: Figure) -> list[str]:
    """Everything that is wrong with a figure."""
    page = looked_at(figure)
    return [mistake for rule in RULES for mistake in rule(page)]
