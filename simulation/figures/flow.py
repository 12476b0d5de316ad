"""Figure of signals between organs: cargo in exosomes and soluble signals, in two mice."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch

from gutexo.biology.codes import BARRIER, INFLAMMATORY, INSULIN_RESISTANCE, PROTECTIVE
from gutexo.catalogue.organs import ORGANS
from gutexo.catalogue.signals import CYTOKINES, Signal
from gutexo.errors import GutexoError
from gutexo.figures.style import (
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    SKY,
    VERMILLION,
    make_sheet,
    styled,
)
from gutexo.scene.signals import OrganSignals

WIDEST, AS_YOUNG, MOST = 8.0, 2.2, 7.0  # points
_DASHED, _DOTTED, _CHAIN = (0, (2.2, 1.1)), (0, (1, 0.7)), (0, (3, 0.8, 0.8, 0.8))
_LONG, _TWO_DOTS = (0, (4.5, 0.9)), (0, (2.4, 0.7, 0.7, 0.7, 0.7, 0.7))
# Colours and dashes of cytokines, in the order of their table.
_BLOOD_STYLES: tuple[tuple[str, Any], ...] = (
    (BLUE, _DOTTED),
    (SKY, _CHAIN),
    (ORANGE, _LONG),
    (BLUE, _LONG),
    (SKY, _TWO_DOTS),
    (ORANGE, _DOTTED),
)
_SIGNAL_STYLES: dict[str, tuple[str, Any]] = {
    "harmful cargo": (VERMILLION, "solid"),
    "protective cargo": (GREEN, _DASHED),
    **{
        signal.name: _BLOOD_STYLES[number % len(_BLOOD_STYLES)]
        for number, signal in enumerate(CYTOKINES)
    },
    "LPS": (PURPLE, _LONG),
    "glucose": (BLACK, _TWO_DOTS),
    "insulin": (BLACK, "solid"),
}
_SCALE = (0, (0.7, 0.35))
_INK = {SKY: "#1F6F9F", PURPLE: "#9A4A7A", ORANGE: "#8A5A00"}  # darker colours for small letters
_IN_BLOOD = [signal for signal in CYTOKINES if signal.in_blood]
_ORGANS = tuple(organ.name for organ in ORGANS)
# Name: left, bottom, width, height, colour. The panel is 10 wide and 10 high.
_BOXES: dict[str, tuple[float, float, float, float, str]] = {
    "lumen: exosomes and bacteria": (0.2, 8.9, 9.6, 0.9, "#FBF3DC"),
    "epithelium": (0.2, 6.0, 3.4, 0.9, "#E1ECF5"),
    "macrophages": (4.6, 6.0, 3.2, 0.9, "#F1E3EB"),
    "blood": (0.2, 3.1, 9.6, 0.9, "#F5DEDA"),
    "pancreas": (8.2, 0.2, 1.6, 0.9, "#EEE8DE"),
}
_HARM = {
    "epithelium": BARRIER,
    "macrophages": INFLAMMATORY,
    **{organ: INSULIN_RESISTANCE for organ in _ORGANS},
}
# Target: horizontal positions of its two arrows, of harmful and of protective cargo.
_CARGO_AT = {"epithelium": (0.9, 2.6), "macrophages": (5.1, 6.1), "blood": (8.5, 9.4)}
# Organ: horizontal position of the arrow of each signal that it senses in blood.
_SIGNALS_AT: dict[str, dict[str, float]] = {}


def _sensed_in_blood(organ: str) -> list[str]:
    """Names of the signals that an organ senses in blood."""
    return [s.name for s in _IN_BLOOD if organ in [listener.place for listener in s.in_blood]]


def _place_organs(left: float = 0.2, right: float = 8.05, gap: float = 0.15) -> None:
    """Set the boxes of organs side by side, each as wide as its arrows need."""
    arrows = {organ: 2 + len(_sensed_in_blood(organ)) for organ in _ORGANS}
    unit = (right - left - gap * (len(_ORGANS) - 1)) / sum(arrows.values())
    for organ, count in arrows.items():
        _BOXES[organ] = (left, 0.2, unit * count, 0.9, "#EEE8DE")
        at = [left + unit * (number + 0.5) for number in range(count)]
        _CARGO_AT[organ] = (at[0], at[1])
        _SIGNALS_AT[organ] = dict(zip(_sensed_in_blood(organ), at[2:], strict=True))
        left += unit * count + gap


_place_organs()


def signal_flow(
    young: OrganSignals,
    old: OrganSignals,
    names: Sequence[str] = ("young mouse", "old mouse"),
    title: str = "Signals between organs",
) -> Figure:
    """Draw cargo and soluble signals between the places of the body, two mice side by side.

    Exosomes carry cargo from the lumen to the wall and, if they cross it, to organs; macrophages
    and bacteria send soluble signals.

    Args:
        young: Signals of the mouse to which soluble signals are relative.
        old: Signals of the other mouse.
        names: Titles of the panels.
        title: Title above the panels.

    Returns:
        The figure.

    Raises:
        GutexoError: No exosome carries any cargo to a cell.
    """
    most = max(max(_cargo(mouse).values(), default=0.0) for mouse in (young, old))
    if not most > 0:
        raise GutexoError("no exosome brings any cargo: there is nothing to draw")
    caption = (
        "One mouse each. Width of cargo: square root of the units taken up a day (number beside"
        " it), harmful being the axis that does harm there: barrier cargo in the epithelium,"
        " inflammatory in macrophages, lipid in organs. Width of soluble signals: level against"
        f" the {names[0]} (× beside it), at most {MOST / AS_YOUNG:.1f} times."
    )
    with styled():
        page = make_sheet(
            2, title=title, caption=caption, legend=_legend(most), panel_size=(5.6, 6.0)
        )
        for axes, mouse, name in zip(page.panels, (young, old), names, strict=True):
            axes.set_title(f"{name}, {mouse.age:.0f} days old")
            _draw_boxes(axes)
            _draw_cargo(axes, mouse, most)
            _draw_soluble(axes, mouse, young)
        return page.figure


def _cargo(mouse: OrganSignals) -> dict[tuple[str, str], float]:
    """Return units per day by target and kind; the units of blood are those of all organs."""
    units = {(f.target, f.axis): f.units for f in mouse.flows}
    found = {}
    for target, harm in _HARM.items():
        found[target, "harmful cargo"] = units.get((target, harm), 0.0)
        found[target, "protective cargo"] = units.get((target, PROTECTIVE), 0.0)
    for kind in ("harmful cargo", "protective cargo"):
        found["blood", kind] = sum(found[organ, kind] for organ in _ORGANS)
    return found


def _draw_boxes(axes: Axes) -> None:
    for name, (left, foot, width, height, colour) in _BOXES.items():
        look: dict[str, Any] = {"boxstyle": "round,pad=0,rounding_size=0.18", "linewidth": 0.8}
        axes.add_patch(
            FancyBboxPatch(
                (left, foot), width, height, facecolor=colour, edgecolor="#777777", **look
            )
        )
        size = min(9.0, 60.0 * width / len(name))
        axes.text(
            left + width / 2, foot + height / 2, name, ha="center", va="center", fontsize=size
        )
    axes.set_xlim(0, 10)
    axes.set_ylim(0, 10)
    axes.set_axis_off()


def _draw_arrow(
    axes: Axes, kind: str, start: tuple[float, float], end: tuple[float, float], width: float
) -> None:
    colour, line = _SIGNAL_STYLES[kind]
    long = 6.0 + 0.5 * width
    # Shaft and head are drawn separately, because a dashed head looks ragged.
    shaft = {"arrowstyle": "-", "linestyle": line, "linewidth": width, "shrinkB": 0.9 * long}
    head = {
        "arrowstyle": f"-|>,head_width={2.6 + 0.6 * width:.2f},head_length={long:.2f}",
        "mutation_scale": 1, "linewidth": 0.5, "joinstyle": "miter", "shrinkB": 0,
    }  # fmt: skip
    near = (end[0] - 0.01 * (end[0] - start[0]), end[1] - 0.01 * (end[1] - start[1]))
    for origin, look in ((start, shaft), (near, head)):
        axes.annotate(
            "", end, origin, arrowprops={"color": colour, "shrinkA": 0, "capstyle": "butt", **look}
        )


def _write_label(axes: Axes, x: float, y: float, text: str, colour: str) -> None:
    axes.text(
        x, y, text, fontsize=7, color=colour, ha="center", va="center", linespacing=1.1,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.92},
    )  # fmt: skip


def _format_units(units: float) -> str:
    if units >= 9950:
        return f"{units / 1000:.0f}k"
    return (
        f"{units / 1000:.1f}k"
        if units >= 1000
        else f"{units:.2g}"
        if units < 10
        else f"{units:.0f}"
    )


def _draw_cargo(axes: Axes, mouse: OrganSignals, most: float) -> None:
    for (target, kind), units in _cargo(mouse).items():
        x = _CARGO_AT[target][0 if kind == "harmful cargo" else 1]
        top = 3.1 if target in _ORGANS else 8.9
        foot = 1.15 if target in _ORGANS else 4.05 if target == "blood" else 6.95
        width = max(0.4, WIDEST * math.sqrt(units / most))
        _draw_arrow(axes, kind, (x, top), (x, foot), width)
        middle = 5.6 if target == "blood" else top - 0.42 * (top - foot)
        _write_label(axes, x, middle, _format_units(units), _SIGNAL_STYLES[kind][0])


def _draw_soluble(axes: Axes, mouse: OrganSignals, young: OrganSignals) -> None:
    def draw(
        kind: str, listener: str, signal: str, start: tuple[float, float], end: tuple[float, float]
    ) -> None:
        if kind == "insulin":
            now, then = mouse.insulin, young.insulin
        else:
            now, then = mouse.level(listener, signal), young.level(listener, signal)
        ratio = now / then if then > 0 else math.nan
        width = AS_YOUNG if math.isnan(ratio) else min(MOST, max(0.4, AS_YOUNG * ratio))
        _draw_arrow(axes, kind, start, end, width)
        x = 0.5 * (start[0] + end[0])
        y = 0.42 * end[1] + 0.58 * start[1]
        if start[1] == end[1]:
            y = start[1] + 0.62
        text = f"{kind}\n" + ("none" if math.isnan(ratio) else f"× {ratio:.2f}")
        _write_label(axes, x, y, text, _INK.get(_SIGNAL_STYLES[kind][0], _SIGNAL_STYLES[kind][0]))

    draw("LPS", "macrophages", "LPS", (7.15, 8.9), (7.15, 6.95))
    at_epithelium = [s for s in CYTOKINES if "epithelium" in [one.place for one in s.at_wall]]
    for number, signal in enumerate(at_epithelium):
        y = 6.3 + 0.4 * number
        draw(signal.name, "epithelium", signal.name, (4.6, y), (3.65, y))
    for number, signal in enumerate(_IN_BLOOD):
        x = 5.4 + 1.5 * number / max(1, len(_IN_BLOOD) - 1)
        draw(signal.name, signal.in_blood[0].place, signal.name, (x, 6.0), (x, 4.05))
    for organ, places in _SIGNALS_AT.items():
        for name, x in places.items():
            draw(name, organ, name, (x, 3.1), (x, 1.15))
    draw("glucose", "pancreas", "fasting glucose", (8.6, 3.1), (8.6, 1.15))
    draw("insulin", "pancreas", "", (9.4, 1.1), (9.4, 3.05))


def _is_drawn(signal: Signal) -> bool:
    return bool(signal.in_blood) or "epithelium" in [one.place for one in signal.at_wall]


def _name_and_targets(signal: Signal) -> str:
    """Name of a signal, with the organs that it acts on if it acts on few."""
    organs = [listener.place for listener in signal.in_blood]
    if signal.at_wall or len(organs) == len(ORGANS):
        return signal.name
    return f"{signal.name} (acts on the {', '.join(organs)})"


def _legend(most: float) -> list[Line2D]:
    def line(text: str, colour: str, style: Any, width: float) -> Line2D:
        return Line2D([], [], color=colour, linestyle=style, linewidth=width, label=text)

    names = {
        "harmful cargo": "harmful cargo in exosomes",
        "protective cargo": "protective cargo in exosomes",
        **{signal.name: _name_and_targets(signal) for signal in CYTOKINES if _is_drawn(signal)},
        "LPS": "LPS of bacteria",
        "glucose": "glucose, insulin (solid)",
    }
    kinds = [line(text, *_SIGNAL_STYLES[kind], AS_YOUNG) for kind, text in names.items()]
    # These entries show widths only; their pattern belongs to no signal.
    grey = "#777777"
    return [
        *kinds,
        line(f"cargo: {_format_units(most)} units a day", grey, "solid", WIDEST),
        line(f"cargo: {_format_units(most / 16)} units a day", grey, "solid", WIDEST / 4),
        line("soluble: as in the young mouse", grey, _SCALE, AS_YOUNG),
        line("soluble: twice as much", grey, _SCALE, 2 * AS_YOUNG),
    ]
