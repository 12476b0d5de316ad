"""Heat map: a coloured table whose cells have text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colorbar import Colorbar
from matplotlib.colors import Normalize
from matplotlib.image import AxesImage

_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])  # of linear red, green, blue (ITU-R BT.709)
_AS_DARK_AS_LIGHT = 0.179  # black and white have the same contrast on this luminance (WCAG 2)
_HATCH: dict[str, Any] = {
    "facecolor": "white",
    "edgecolor": "#999999",
    "hatch": "///",
    "linewidth": 0,
}


def draw_heat_map(
    axes: Axes,
    values: np.ndarray,
    texts: Sequence[Sequence[str]],
    *,
    colours: str,
    norm: Normalize,
    below: Sequence[Sequence[str]] | None = None,
    upwards: bool = False,
    fontsize: float = 7.5,
) -> AxesImage:
    """Draw a heat map with a text in each cell; its ticks are for the caller to label.

    Args:
        axes: Panel to draw in.
        values: float64[row, column]; NaN has no colour, and a hatch where it has no text either.
        texts: Text of each cell, by row and column.
        colours: Name of a colour map.
        norm: Scale of the colours.
        below: Smaller text below that of a cell; empty for none.
        upwards: Draw the first row at the foot.
        fontsize: Size of the texts (points).

    Returns:
        The image, for a colour bar.
    """
    image = axes.imshow(
        values,
        cmap=colormaps[colours],
        norm=norm,
        aspect="auto",
        origin="lower" if upwards else "upper",
    )
    for row, column in np.ndindex(values.shape):
        text, small = texts[row][column], below[row][column] if below is not None else ""
        if not text and np.isnan(values[row, column]):
            axes.fill_between([column - 0.5, column + 0.5], row - 0.5, row + 0.5, **_HATCH)
            continue
        colour = _text_colour(image, float(values[row, column]))
        centre = row - 0.16 if small else row
        for line, place, size in ((text, centre, fontsize), (small, row + 0.24, 5)):
            if line:
                axes.text(
                    column, place, line, ha="center", va="center", fontsize=size, color=colour
                )
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    return image


def _text_colour(image: AxesImage, value: float) -> str:
    """Choose black or white, whichever has more contrast on the colour of a value."""
    if np.isnan(value):
        return "black"
    red_green_blue = np.asarray(image.cmap(image.norm(np.array([value]))))[0, :3]
    linear = np.where(
        red_green_blue <= 0.04045, red_green_blue / 12.92, ((red_green_blue + 0.055) / 1.055) ** 2.4
    )
    return "black" if float(linear @ _LUMINANCE) > _AS_DARK_AS_LIGHT else "white"


def add_colour_bar(
    image: AxesImage,
    label: str,
    ticks: dict[float, str] | None = None,
    *,
    pad: float = 0.02,
    aspect: float = 14,
    fraction: float = 0.15,
) -> Colorbar:
    """Draw the colour bar of a heat map at its right.

    Args:
        image: Result of `draw_heat_map`.
        label: Label, with its unit.
        ticks: Text by value; chosen by matplotlib if None.
        pad, aspect, fraction: See `matplotlib.figure.Figure.colorbar`.
    """
    axes = image.axes
    bar = axes.figure.colorbar(image, ax=axes, pad=pad, aspect=aspect, fraction=fraction)
    if ticks is not None:
        bar.set_ticks(list(ticks), labels=list(ticks.values()))
    bar.outline.set_visible(False)
    bar.set_label(label)
    return bar
