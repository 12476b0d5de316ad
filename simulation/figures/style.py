"""Style and layout of figures.

Colours can be distinguished by colour-blind readers, and markers repeat the meaning of colours.
Figures are built from :class:`matplotlib.figure.Figure` itself, never through pyplot, so nothing
is kept in a global list and no window is opened. But matplotlib's settings are global:
:func:`styled` applies the settings of this package over matplotlib's defaults under a lock, and
restores the old settings afterwards.
"""

from __future__ import annotations

import io
import math
import os
import textwrap
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter

from gutexo.analysis.tables import write_atomically
from gutexo.errors import GutexoError
from gutexo.support.paths import local_path
from gutexo.support.printable import make_printable

FOOTNOTE = "Simulated mice; not people."
DPI = 150
SCREEN_DPI = 90
STYLE_FILE = Path(__file__).with_name("gutexo.mplstyle")

# Okabe and Ito, Color Universal Design (2008): distinct in every common type of colour vision.
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILLION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"

_KNOWN_DOSES = {
    "vehicle": (BLACK, "o"),
    "young exosomes": (BLUE, "^"),
    "old exosomes": (VERMILLION, "s"),
}
# Yellow is left out: it cannot be read as a thin line on white.
_OTHER_DOSES = ((GREEN, "D"), (PURPLE, "v"), (ORANGE, "P"), (SKY, "X"))
_SOLID, _DASHED = "solid", (0, (5, 1.6))
_SPARE_LINES: tuple[Any, ...] = (_SOLID, (0, (1.2, 1.2)), (0, (5, 1.5, 1, 1.5)))

_PRETTY_UNITS = {
    "1": "dimensionless",
    "ug/mL": "µg/mL",
    "uU/mL": "µU/mL",
    "ohm cm2": "Ω cm²",
    "mg/dL min": "mg/dL · min",
}

_lock = threading.RLock()


class NotebookFigure(Figure):
    """A figure that a notebook displays by itself, whether or not pyplot was imported there.

    All text is drawn literally; characters that no font has, or no SVG may contain, are escaped.
    """

    def draw(self, renderer: Any) -> None:
        """Draw the figure; matplotlib calls this method."""
        for text in self.findobj(Text):
            assert isinstance(text, Text)
            text.set_text(make_printable(text.get_text(), keep="\n"))
        for axes in self.axes:
            for axis in (axes.xaxis, axes.yaxis):
                formatter = axis.get_major_formatter()
                # Labels of ticks are made again each time they are drawn.
                if isinstance(formatter, FuncFormatter):
                    write = formatter.func
                    if not (isinstance(write, partial) and write.func is _tick_as_text):
                        formatter.func = partial(_tick_as_text, write)
        super().draw(renderer)

    def _repr_png_(self) -> bytes:
        content = io.BytesIO()
        with styled():
            self.savefig(content, format="png", dpi=SCREEN_DPI)
        return content.getvalue()


def _tick_as_text(write: Callable[..., str], value: float, place: int | None = None) -> str:
    return make_printable(write(value, place), keep="\n")


@contextmanager
def styled() -> Iterator[None]:
    """Apply this package's settings of matplotlib for a block of code, and restore the user's."""
    with _lock, matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(
            matplotlib.rc_params_from_file(STYLE_FILE, use_default_template=False)
        )
        yield


@dataclass(frozen=True, slots=True)
class ArmStyle:
    """Style of one arm: colour and marker show the dose, line and filling the recipient."""

    color: str
    marker: str
    line: Any
    filled: bool

    @property
    def face(self) -> str:
        """Colour inside the marker."""
        return self.color if self.filled else "white"


def split_arm_name(arm: str) -> tuple[str, str]:
    """Split an arm's name at its first " + " into recipient and dose.

    The recipient is empty if the name has no " + ".
    """
    recipient, plus, dose = arm.partition(" + ")
    return (recipient, dose) if plus else ("", arm)


def arm_styles(arms: Sequence[str]) -> dict[str, ArmStyle]:
    """Choose a style for each arm, always the same for the same arms in the same order.

    Args:
        arms: Names such as ``young + old exosomes``; other names take the next free colour.

    Returns:
        Style by name. Old recipients have dashed lines and hollow markers, all others solid lines.
    """
    styles: dict[str, ArmStyle] = {}
    doses = dict.fromkeys(split_arm_name(arm)[1] for arm in arms)
    others = [dose for dose in doses if dose not in _KNOWN_DOSES]
    for arm in arms:
        recipient, dose = split_arm_name(arm)
        line: Any = _SOLID
        if dose in _KNOWN_DOSES:
            color, marker = _KNOWN_DOSES[dose]
        else:
            turn, place = divmod(others.index(dose), len(_OTHER_DOSES))
            color, marker = _OTHER_DOSES[place]
            line = _SPARE_LINES[turn % len(_SPARE_LINES)]
        old = recipient == "old"
        styles[arm] = ArmStyle(color, marker, _DASHED if old else line, not old)
    return styles


def label(readout: str, unit: str, width: int = 30) -> str:
    """Return a readout with its unit in brackets, on two lines if it is long."""
    text = f"{readout} ({_PRETTY_UNITS.get(unit, unit)})"
    return text if len(text) <= width else f"{readout}\n({_PRETTY_UNITS.get(unit, unit)})"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A figure and its panels, row by row."""

    figure: Figure
    panels: list[Axes]


def make_sheet(
    panels: int,
    *,
    title: str,
    caption: str,
    legend: Sequence[Line2D] = (),
    columns: int = 2,
    panel_size: tuple[float, float] = (5.0, 2.6),
    row_heights: Sequence[float] | None = None,
) -> Sheet:
    """Make an empty figure: title above, panels, then legend and caption below, without overlap.

    Args:
        panels: Number of panels.
        title: Title above all panels.
        caption: What is shown and how; the footnote on mice is added.
        legend: One handle per entry, drawn outside the panels; may be empty.
        columns: Largest number of panels side by side.
        panel_size: Width and height of a panel in inches.
        row_heights: Height of each row in inches, if rows differ.

    Returns:
        The figure and its panels.
    """
    columns = max(1, min(columns, panels))
    rows = math.ceil(panels / columns)
    width = max(6.0, columns * panel_size[0])
    heights = list(row_heights) if row_heights is not None else [panel_size[1]] * rows
    body = sum(heights)
    wrapped_title = textwrap.wrap(title, int(width * 9.5)) or [""]
    text = textwrap.wrap(f"{caption} {FOOTNOTE}".strip(), int(width * 15.5))
    longest = max((len(str(handle.get_label())) for handle in legend), default=1)
    # Up to 5 entries: one row. More: at most 3 per row, as arms come in threes. Rows are balanced.
    most = len(legend) if len(legend) <= 5 else 3
    across = max(1, min(most, int((width - 0.3) / (0.075 * longest + 0.75))))
    legend_rows = math.ceil(len(legend) / across) if legend else 0
    across = math.ceil(len(legend) / legend_rows) if legend else 1
    header = 0.14 + 0.21 * len(wrapped_title)
    caption_height = 0.10 + 0.155 * len(text)
    footer = caption_height + (0.12 + 0.19 * legend_rows if legend else 0.05)
    height = header + body + footer

    figure = NotebookFigure(figsize=(width, height), layout="constrained", dpi=DPI)
    engine = figure.get_layout_engine()
    assert engine is not None
    engine.set(  # type: ignore[call-arg]
        rect=(0.004, footer / height, 0.992, body / height), w_pad=0.07, h_pad=0.07
    )
    axes = list(figure.subplots(rows, columns, squeeze=False, height_ratios=heights).ravel())
    for spare in axes[panels:]:
        spare.remove()
    figure.text(
        0.1 / width,
        1 - 0.09 / height,
        "\n".join(wrapped_title),
        fontsize=12,
        fontweight="bold",
        va="top",
    ).set_in_layout(False)
    figure.text(
        0.1 / width, 0.06 / height, "\n".join(text), fontsize=8, color="#444444", va="bottom"
    ).set_in_layout(False)
    if legend:
        # matplotlib fills a legend column by column; arms are easier to read row by row.
        ordered = [handle for c in range(across) for handle in legend[c::across]]
        legend_box = figure.legend(
            handles=ordered,
            loc="lower center",
            bbox_to_anchor=(0.5, caption_height / height),
            ncols=across,
            borderaxespad=0.2,
            handlelength=3.0,
        )
        legend_box.set_in_layout(False)
    return Sheet(figure, axes[:panels])


def legend_handle(name: str, style: ArmStyle, *, line: bool = True) -> Line2D:
    """Make the legend entry of an arm."""
    return Line2D(
        [],
        [],
        label=name,
        color=style.color,
        linestyle=style.line if line else "none",
        marker=style.marker,
        markerfacecolor=style.face,
    )


def mean_and_spread(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Compute the mean over the living mice of each day, their standard deviation and number.

    Args:
        values: float64[mouse, day], NaN where a mouse is dead or an assay was not run.

    Returns:
        float64[day] mean (NaN without a mouse), float64[day] standard deviation (zero with one
        mouse), int64[day] number of mice.
    """
    living = ~np.isnan(values)
    count = living.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(living, values, 0.0).sum(axis=0) / count
        squares = np.where(living, (values - mean) ** 2, 0.0).sum(axis=0)
        spread = np.sqrt(squares / np.maximum(count - 1, 1))
    return mean, spread, count


def _fix_layout(figure: Figure) -> None:
    """Compute the layout of the panels once and fix it, with positions rounded to four decimals.

    The solver of the constrained layout orders its unknowns by their address in memory. So the
    last bit of a position differs from run to run, and with it the names inside an SVG.
    """
    if figure.get_layout_engine() is None:
        return
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for axes in figure.axes:
        bounds = axes.get_position(original=True).bounds
        axes.set_position((*(round(number, 4) for number in bounds),))


_METADATA: dict[str, dict[str, Any]] = {"png": {"Software": None}, "svg": {"Date": None}}


def render(figure: Figure, ending: str) -> bytes:
    """Render a figure as PNG (150 dots per inch) or SVG; the bytes of an SVG are reproducible.

    Args:
        figure: The figure.
        ending: "png" or "svg".
    """
    content = io.BytesIO()
    with styled():
        _fix_layout(figure)
        figure.savefig(content, format=ending, dpi=DPI, metadata=_METADATA[ending])
    return content.getvalue()


def save(figure: Figure, path: Path | str, *, force: bool = False) -> tuple[Path, Path]:
    """Write a figure as PNG (150 dots per inch) and as SVG, whose bytes are reproducible.

    Args:
        figure: The figure.
        path: File name without its ending.
        force: Replace existing files.

    Returns:
        Paths of the PNG and the SVG.

    Raises:
        GutexoError: A file exists and ``force`` is False.
    """
    files = [local_path(f"{os.fspath(path)}.{ending}", "figure") for ending in _METADATA]
    present = [file for file in files if os.path.lexists(file)]
    if present and not force:
        raise GutexoError(
            f"'{present[0]}' exists and is not replaced; pass force=True (--force) to replace it"
        )
    contents = [render(figure, ending) for ending in _METADATA]
    png, svg = (
        write_atomically(file, content, force=force)
        for file, content in zip(files, contents, strict=True)
    )
    return png, svg
