"""Animation of one mouse: its gut unrolled above, and below the curves of two readouts so far."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from PIL import Image

from gutexo.analysis.tables import write_atomically
from gutexo.body.observables import OBSERVABLES
from gutexo.errors import GutexoError
from gutexo.figures.gut import (
    BANDS,
    CARGO,
    JUNCTIONS,
    SENESCENT,
    draw_gut,
    format_moment,
    format_shown_share,
    junction_scale,
    senescent_legend,
)
from gutexo.figures.style import BLACK, FOOTNOTE, VERMILLION, label, styled
from gutexo.scene.picture import Picture

CURVES = ("FITC-dextran", "HOMA-IR")
BESIDE = "the same mouse with vehicle"
_SIZE = (8.0, 5.9)
_COLOURS = 24  # besides the colours that have a meaning
_MARK_SIZE = 11.0


def animate(
    pictures: Sequence[Picture],
    readings: Mapping[str, Sequence[float] | np.ndarray],
    path: Path | str,
    *,
    beside: Mapping[str, Sequence[float] | np.ndarray] | None = None,
    beside_is: str = BESIDE,
    curves: Sequence[str] = CURVES,
    title: str = "One mouse",
    caption: str = "",
    seconds: float = 12.0,
    dpi: int = 90,
    force: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Path:
    """Write an animation as GIF: exosomes move along the gut, and readouts change over time.

    Args:
        pictures: The mouse at successive moments, one per frame.
        readings: Values by readout, float64[frames], in the readout's unit.
        path: File to write.
        beside: Readings of another mouse, drawn dashed.
        beside_is: Description of the other mouse.
        curves: Two readouts that are drawn.
        title: Title above the gut; the moment is added.
        caption: Caption below; the share of exosomes drawn and the footnote on mice are added.
        seconds: Duration of the animation (s); the last frame is shown longer (2.5 s).
        dpi: Dots per inch of a page of 8 by 5.9 inches.
        force: Replace an existing file.
        progress: Called with the number of frames done and of all frames.

    Returns:
        The file; its bytes are the same for the same frames.

    Raises:
        GutexoError: There are fewer than two frames, a reading is missing or of another length,
            or the file exists.
    """
    _check_readings(pictures, readings, beside, curves)
    scale = junction_scale(pictures)
    frames: list[Any] = []
    with styled():
        other = beside_is if beside is not None else ""
        figure, gut, below = _lay_out(title, caption, pictures, other)
        palette = _make_palette(figure, gut, pictures, scale, dpi)
        for number in range(len(pictures)):
            _draw(gut, below, pictures, readings, beside, curves, title, number, scale)
            image = _render_image(figure, dpi)
            frames.append(image.quantize(palette=palette, dither=Image.Dither.NONE))
            progress(number + 1, len(pictures))
    each = max(20, int(1000 * seconds / len(frames)))
    content = io.BytesIO()
    frames[0].save(
        content, format="GIF", save_all=True, append_images=frames[1:], loop=0, optimize=False,
        duration=[each] * (len(frames) - 1) + [2500], disposal=1,
    )  # fmt: skip
    return write_atomically(Path(path), content.getvalue(), force=force)


def draw_frame(
    pictures: Sequence[Picture],
    readings: Mapping[str, Sequence[float] | np.ndarray],
    *,
    beside: Mapping[str, Sequence[float] | np.ndarray] | None = None,
    beside_is: str = BESIDE,
    curves: Sequence[str] = CURVES,
    title: str = "One mouse",
    caption: str = "",
    frame: int = -1,
) -> Figure:
    """Draw one frame of the animation as a figure.

    Args:
        pictures: The mouse at successive moments.
        readings: Values by readout, float64[frames], in the readout's unit.
        beside: Readings of another mouse, drawn dashed.
        beside_is: Description of the other mouse.
        curves: Two readouts that are drawn.
        title: Title above the gut; the moment is added.
        caption: Caption below; the share of exosomes drawn and the footnote on mice are added.
        frame: Index of the picture; the last by default.

    Returns:
        The figure.

    Raises:
        GutexoError: There are fewer than two pictures, or a reading is missing or of another
            length.
    """
    _check_readings(pictures, readings, beside, curves)
    number = range(len(pictures))[frame]
    with styled():
        other = beside_is if beside is not None else ""
        figure, gut, below = _lay_out(title, caption, pictures, other)
        scale = junction_scale(pictures)
        _draw(gut, below, pictures, readings, beside, curves, title, number, scale)
    return figure


def _check_readings(
    pictures: Sequence[Picture],
    readings: Mapping[str, Any],
    beside: Mapping[str, Any] | None,
    curves: Sequence[str],
) -> None:
    if len(pictures) < 2:
        raise GutexoError("an animation needs at least two pictures")
    for series in [readings, *([] if beside is None else [beside])]:
        for name in curves:
            if name not in series or len(series[name]) != len(pictures):
                raise GutexoError(f"an animation needs a reading of {name} for every picture")


def _draw(
    gut: Axes,
    below: Sequence[Axes],
    pictures: Sequence[Picture],
    readings: Mapping[str, Any],
    beside: Mapping[str, Any] | None,
    curves: Sequence[str],
    title: str,
    number: int,
    scale: Any,
) -> None:
    """Draw one frame in place of the previous one."""
    days = np.array([p.day for p in pictures])
    gut.clear()
    draw_gut(gut, pictures[number], scale, size=_MARK_SIZE, every_cell=False)
    gut.set_title(f"{title}: {format_moment(pictures[number].day).lower()}")
    for axes, name in zip(below, curves, strict=True):
        axes.clear()
        other = None if beside is None else beside[name]
        _draw_curve(axes, name, days, readings[name], other, number)


def _lay_out(
    title: str, caption: str, pictures: Sequence[Picture], other: str
) -> tuple[Figure, Axes, list[Axes]]:
    width = _SIZE[0]
    figure = Figure(figsize=_SIZE)
    FigureCanvasAgg(figure)
    gut = figure.add_axes((0.115, 0.505, 0.875, 0.44))
    below = [figure.add_axes((left, 0.165, 0.40, 0.192)) for left in (0.09, 0.585)]
    handles = [
        Line2D([], [], linestyle="none", marker=marker, color=colour, label=text)
        for text, colour, marker in CARGO.values()
        if text != "no cargo"
    ]
    handles.append(
        Line2D(
            [], [], linestyle="none", marker="s", markerfacecolor="#DDDDDD",
            markeredgecolor="black", label="given with a dose",
        )
    )  # fmt: skip
    handles += senescent_legend()
    figure.legend(
        handles=handles, loc="center", bbox_to_anchor=(0.5, 0.432), ncols=4, handletextpad=0.1,
        columnspacing=1.2,
    )  # fmt: skip
    parts = (
        caption,
        f"{format_shown_share(pictures)} of its exosomes are drawn, every"
        f" {24 * (pictures[-1].day - pictures[-2].day):g} hours; of cells only those above a"
        " senescent niche. Induced: by signals or transplant.",
        f"Solid: this mouse; dashed: {other}." if other else "",
        "Axes do not begin at 0. One mouse: others answer otherwise.",
        FOOTNOTE,
    )
    text = textwrap.fill(" ".join(part for part in parts if part), int(width * 15.5))
    figure.text(0.012, 0.015, text, fontsize=8, color="#444444", va="bottom")
    return figure, gut, below


def _draw_curve(axes: Axes, name: str, days: Any, values: Any, other: Any, number: int) -> None:
    until = slice(0, number + 1)
    everything = [np.asarray(values)] if other is None else [np.asarray(values), np.asarray(other)]
    if other is not None:
        axes.plot(days[until], other[until], color=BLACK, linestyle=(0, (4, 2)), linewidth=1.2)
    axes.plot(days[until], values[until], color=VERMILLION)
    axes.plot(days[number], values[number], color=VERMILLION, marker="s")
    low = min(float(v.min()) for v in everything)
    high = max(float(v.max()) for v in everything)
    room = 0.08 * max(high - low, 0.05 * high)
    axes.set_xlim(0, float(days[-1]) * 1.02)
    axes.set_ylim(low - room, high + room)
    axes.set_title(label(name, OBSERVABLES[name].unit, width=60), fontsize=9)
    axes.set_xlabel("day")


def _render_image(figure: Figure, dpi: int) -> Any:
    figure.set_dpi(dpi)
    canvas: Any = figure.canvas
    canvas.draw()
    return Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3].copy())


def _make_palette(
    figure: Figure, gut: Axes, pictures: Sequence[Picture], scale: Any, dpi: int
) -> Any:
    """Make one palette for all frames.

    Colours that have a meaning are kept exactly; the others are chosen from the last frame. If each
    frame had its own palette, colours would flicker, and orange would be mixed into vermillion.
    """
    gut.clear()
    draw_gut(gut, pictures[-1], scale, size=_MARK_SIZE, every_cell=False)
    usual = _render_image(figure, dpi).quantize(_COLOURS, method=Image.Quantize.MEDIANCUT)
    exact_colours = [colour for _, colour, _ in CARGO.values()]
    exact_colours += [colour for _, colour, _, _ in SENESCENT.values()]
    exact_colours += ["#FFFFFF", *(colour for _, _, colour in BANDS.values())]
    exact_colours += [to_hex(JUNCTIONS(n / 9)) for n in range(1, 10)]
    exact = [round(255 * part) for colour in exact_colours for part in to_rgb(colour)]
    palette = Image.new("P", (1, 1))
    palette.putpalette(exact + (usual.getpalette() or [])[: 3 * _COLOURS])
    return palette
