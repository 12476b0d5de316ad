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
from gutexo.catalogue.signals import CYTOKINES, NICHES, SIGNALS, Signal
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
from gutexo.scene.signals import NEIGHBOURS, OrganSignals

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
    NEIGHBOURS: (BLACK, _CHAIN),
    "glucose": (BLACK, _TWO_DOTS),
    "insulin": (BLACK, "solid"),
}
_SCALE = (0, (0.7, 0.35))
_INK = {SKY: "#1F6F9F", PURPLE: "#9A4A7A", ORANGE: "#8A5A00"}  # darker colours for small letters
_IN_BLOOD = [signal for signal in CYTOKINES if signal.in_blood]
_AT_WALL = {
    place: [s for s in CYTOKINES if place in [listener.place for listener in s.at_wall]]
    for place in ("epithelium", NICHES)
}
_ORGANS = tuple(organ.name for organ in ORGANS)
_HIGH = 0.9
_LUMEN, _WALL, _NICHE, _BLOOD, _FOOT = 12.0, 9.2, 6.9, 4.1, 1.1  # feet of the boxes
_TOP = _LUMEN + _HIGH + 0.2
# Name: left, bottom, width, height, colour. The panel is 10 wide and as high as `_TOP`.
_BOXES: dict[str, tuple[float, float, float, float, str]] = {
    "lumen: exosomes and bacteria": (0.2, _LUMEN, 9.6, _HIGH, "#FBF3DC"),
    "epithelium": (0.2, _WALL, 3.0, _HIGH, "#E1ECF5"),
    NICHES: (0.2, _NICHE, 3.0, _HIGH, "#E4EFE6"),
    "macrophages": (4.9, _WALL, 2.6, _HIGH, "#F1E3EB"),
    "blood": (0.2, _BLOOD, 9.6, _HIGH, "#F5DEDA"),
    "pancreas": (8.3, _FOOT, 1.5, _HIGH, "#EEE8DE"),
}
# Target: who takes the cargo up that acts there, and the axes that do harm.
_HARM: dict[str, tuple[str, tuple[int, ...]]] = {
    "epithelium": ("epithelium", (BARRIER,)),
    NICHES: ("epithelium", (INFLAMMATORY,)),
    "macrophages": ("macrophages", (INFLAMMATORY,)),
    **{organ: (organ, (INFLAMMATORY, INSULIN_RESISTANCE)) for organ in _ORGANS},
}
# Target: horizontal positions of its two arrows, of harmful and of protective cargo.
_CARGO_AT = {
    "epithelium": (0.8, 2.4),
    NICHES: (0.8, 2.4),
    "macrophages": (5.3, 6.2),
    "blood": (8.75, 9.5),
}
# Target: top and foot of the arrows of its cargo.
_CARGO_SPAN = {
    "epithelium": (_LUMEN, _WALL + _HIGH),
    NICHES: (_WALL, _NICHE + _HIGH),
    "macrophages": (_LUMEN, _WALL + _HIGH),
    "blood": (_LUMEN, _BLOOD + _HIGH),
    **{organ: (_BLOOD, _FOOT + _HIGH) for organ in _ORGANS},
}
# Organ: horizontal position of the arrow of each signal that it senses in blood.
_SIGNALS_AT: dict[str, dict[str, float]] = {}


def _sensed_in_blood(organ: str) -> list[str]:
    """Names of the signals that an organ senses in blood."""
    return [s.name for s in SIGNALS if organ in [listener.place for listener in s.in_blood]]


def _place_organs(left: float = 0.2, right: float = 8.15, gap: float = 0.15) -> None:
    """Set the boxes of organs side by side, each as wide as its arrows need."""
    arrows = {organ: 2 + len(_sensed_in_blood(organ)) for organ in _ORGANS}
    unit = (right - left - gap * (len(_ORGANS) - 1)) / sum(arrows.values())
    for organ, count in arrows.items():
        _BOXES[organ] = (left, _FOOT, unit * count, _HIGH, "#EEE8DE")
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

    Exosomes carry cargo from the lumen to the wall and, if they cross it, to organs; macrophages,
    senescent cells and bacteria send soluble signals. What reaches crypt niches and organs also
    turns well ones among them senescent.

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
        " it), harmful being the axes that do harm there: barrier cargo in the epithelium,"
        " inflammatory in macrophages and crypt niches (held by the enterocytes above),"
        " inflammatory and lipid in organs. Width of soluble signals: level against"
        f" the {names[0]} (× beside it), at most {MOST / AS_YOUNG:.1f} times; of loops: what"
        " senescent cells secrete (number below; 1 in an old place with full licence). TNF comes"
        " from macrophages and senescent cells. Inflammatory cargo, TNF and senescent neighbours"
        " induce senescence in crypt niches and organs; protective cargo counters it; LPS licenses"
        " senescent cells to secrete."
    )
    with styled():
        page = make_sheet(
            2, title=title, caption=caption, legend=_legend(most), panel_size=(6.0, 7.4)
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
    for target, (taker, harm) in _HARM.items():
        found[target, "harmful cargo"] = sum(units.get((taker, axis), 0.0) for axis in harm)
        found[target, "protective cargo"] = units.get((taker, PROTECTIVE), 0.0)
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
    axes.set_ylim(0, _TOP)
    axes.set_axis_off()


def _draw_arrow(
    axes: Axes,
    kind: str,
    start: tuple[float, float],
    end: tuple[float, float],
    width: float,
    shaft: bool = True,
) -> None:
    colour, line = _SIGNAL_STYLES[kind]
    long = 6.0 + 0.5 * width
    # Shaft and head are drawn separately, because a dashed head looks ragged.
    line_look = {"arrowstyle": "-", "linestyle": line, "linewidth": width, "shrinkB": 0.9 * long}
    head = {
        "arrowstyle": f"-|>,head_width={2.6 + 0.6 * width:.2f},head_length={long:.2f}",
        "mutation_scale": 1, "linewidth": 0.5, "joinstyle": "miter", "shrinkB": 0,
    }  # fmt: skip
    near = (end[0] - 0.01 * (end[0] - start[0]), end[1] - 0.01 * (end[1] - start[1]))
    for origin, look in ((start, line_look), (near, head)) if shaft else ((near, head),):
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
        top, foot = _CARGO_SPAN[target]
        width = max(0.4, WIDEST * math.sqrt(units / most))
        _draw_arrow(axes, kind, (x, top), (x, foot + 0.05), width)
        middle = _NICHE if target == "blood" else top - 0.38 * (top - foot)
        _write_label(axes, x, middle, _format_units(units), _SIGNAL_STYLES[kind][0])


def _draw_loop(axes: Axes, kind: str, box: str, width: float) -> float:
    """Draw an arrow from the foot of a box back to it; return its middle."""
    left, foot, wide, _, _ = _BOXES[box]
    middle, half = left + 0.5 * wide, 0.32 * wide
    colour, line = _SIGNAL_STYLES[kind]
    start, end = (middle + half, foot), (middle - half, foot)
    # The bend is a share of the distance between the ends, so that all loops are equally deep.
    look = {
        "arrowstyle": "-", "linestyle": line, "connectionstyle": f"arc3,rad={-0.55 / half:.3f}",
        "linewidth": width, "color": colour, "shrinkA": 0, "shrinkB": 4, "capstyle": "butt",
    }  # fmt: skip
    axes.annotate("", end, start, arrowprops=look)
    _draw_arrow(axes, kind, (end[0] - 0.02, foot - 0.1), end, width, shaft=False)
    return middle


def _draw_soluble(axes: Axes, mouse: OrganSignals, young: OrganSignals) -> None:
    def draw(
        kind: str,
        listener: str,
        signal: str,
        start: tuple[float, float],
        end: tuple[float, float],
        at: float = 0.42,
    ) -> None:
        if kind == "insulin":
            now, then = mouse.insulin, young.insulin
        else:
            now, then = mouse.level(listener, signal), young.level(listener, signal)
        ratio = now / then if then > 0 else math.nan
        width = AS_YOUNG if math.isnan(ratio) else min(MOST, max(0.4, AS_YOUNG * ratio))
        label = "none" if math.isnan(ratio) else f"× {ratio:.2f}"
        _draw_arrow(axes, kind, start, end, width)
        x = start[0] + at * (end[0] - start[0])
        y = start[1] + at * (end[1] - start[1])
        if start[1] == end[1]:
            y = start[1] + 0.62
        colour = _SIGNAL_STYLES[kind][0]
        _write_label(axes, x, y, f"{kind}\n{label}", _INK.get(colour, colour))

    wall, niche, blood, organs = (foot + _HIGH + 0.05 for foot in (_WALL, _NICHE, _BLOOD, _FOOT))
    draw("LPS", "macrophages", "LPS", (7.1, _LUMEN), (7.1, wall))
    draw("LPS", NICHES, "LPS", (4.05, _LUMEN), (3.25, niche - 0.2), 0.25)
    draw("LPS", _ORGANS[0], "LPS", (7.95, _LUMEN), (7.95, blood), 0.55)
    for number, signal in enumerate(_AT_WALL["epithelium"]):
        y = _WALL + 0.3 + 0.4 * number
        draw(signal.name, "epithelium", signal.name, (4.9, y), (3.25, y))
    for number, signal in enumerate(_AT_WALL[NICHES]):
        y = _NICHE + 0.3 - 0.2 * number
        draw(signal.name, NICHES, signal.name, (5.2 + 0.5 * number, _WALL), (3.25, y), 0.5)
    for number, signal in enumerate(_IN_BLOOD):
        x = 6.0 + 1.2 * number / max(1, len(_IN_BLOOD) - 1)
        draw(signal.name, signal.in_blood[0].place, signal.name, (x, _WALL), (x, blood))
    for organ, places in _SIGNALS_AT.items():
        for number, (name, x) in enumerate(places.items()):
            draw(name, organ, name, (x, _BLOOD), (x, organs), 0.25 + 0.3 * (number % 2))
    for place in (NICHES, *_ORGANS):
        # Not against the young mouse, in which hardly a cell may be mature.
        level = mouse.level(place, NEIGHBOURS)
        width = min(MOST, max(0.4, MOST * level))
        middle = _draw_loop(axes, NEIGHBOURS, place, width)
        _write_label(axes, middle, _BOXES[place][1] - 0.72, f"{level:.2f}", BLACK)
    draw("glucose", "pancreas", "fasting glucose", (8.65, _BLOOD), (8.65, organs))
    draw("insulin", "pancreas", "", (9.45, organs - 0.05), (9.45, _BLOOD - 0.05))


def _is_drawn(signal: Signal) -> bool:
    return bool(signal.in_blood) or any(signal in there for there in _AT_WALL.values())


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
        NEIGHBOURS: "secretion of senescent neighbours",
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
