"""Figure of dose and response: leak, inflammation and insulin resistance against the dose."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure

from gutexo.analysis.effects import (
    Effect,
    estimate_effect,
    find_recorded_day,
    list_arms,
    list_readouts,
)
from gutexo.errors import GutexoError, suggest
from gutexo.figures.style import ArmStyle, arm_styles, legend_handle, make_sheet, styled
from gutexo.protocol.dose_studies import describe_interval

if TYPE_CHECKING:
    import xarray

DEFAULT_READOUTS = ("FITC-dextran", "plasma TNF", "HOMA-IR")
_ARM = re.compile(r"(?P<who>.+ \+ .+ exosomes), (?P<dose>[0-9.e+-]+) (?P<how>every .+)")
_HOW = re.compile(r"every (?P<every>[0-9.e+-]+) d, (?P<route>.+)")
# Schedules and routes differ in shape, as colour shows whose exosomes they are.
_MARKERS = ("o", "D", "v", "P", "X", "h")
_LINES: tuple[Any, ...] = ("solid", (0, (5, 1.6)), (0, (1.2, 1.2)), (0, (5, 1.5, 1, 1.5)))


def dose_response(
    data: xarray.Dataset,
    day: float | None = None,
    readouts_: Sequence[str] = DEFAULT_READOUTS,
    title: str = "Dose and response",
    note: str = "",
) -> Figure:
    """Draw the ratio to vehicle against the dose, one row per readout, one column per recipient.

    Args:
        data: Result of the study "dose response" or "dose and duration".
        day: Day of the effects; None for the last recorded day.
        readouts_: Names of readouts, one row each.
        title: Title above the panels.
        note: Additional sentence for the caption, such as which mice these are.

    Returns:
        The figure; a line for each schedule and route, dose on a logarithmic axis.

    Raises:
        GutexoError: No arm names its dose, or a control or readout is missing.
    """
    known = list_readouts(data)
    for name in readouts_:
        if name not in known:
            raise GutexoError(f"no readout '{name}' in this result{suggest(name, known)}")
    found = [match for arm in list_arms(data) if (match := _ARM.fullmatch(arm))]
    if not found:
        raise GutexoError("no arm of this result names its dose: run the study 'dose response'")
    _, effect_day = find_recorded_day(data, day)
    who = list(dict.fromkeys(match["who"] for match in found))
    how = list(dict.fromkeys(match["how"] for match in found))
    several = len(how) > 1
    styles = arm_styles(who)
    doses = sorted({float(match["dose"]) for match in found})
    mice = int(data.sizes["replicate"])
    caption = (
        "Dose: luminal exosomes of so many donors each time. Ratio to vehicle: geometric mean over"
        " pairs with the same seed"
        + (f", 95 % paired t interval over {mice} mice" if mice > 1 else "; one pair, no interval")
        + (f". All doses {_describe_schedule(how[0])}" if not several else "")
        + f". {note} The dose of the published study is not known."
    )
    caption = caption.replace("  ", " ")
    handles = [
        legend_handle(_describe_schedule(name), _schedule_style("#444444", n))
        for n, name in enumerate(how)
    ]
    with styled():
        page = make_sheet(
            len(readouts_) * len(who), title=f"{title}: effects on day {effect_day:g}",
            caption=caption, legend=handles if several else (), columns=len(who),
            panel_size=(4.6, 2.3),
        )  # fmt: skip
        panels = iter(page.panels)
        for readout in readouts_:
            for recipient in who:
                axes = next(panels)
                control = f"{recipient.partition(' + ')[0]} + vehicle"
                style = styles[recipient]
                for number, name in enumerate(how):
                    look = _schedule_style(style.color, number) if several else style
                    row = [
                        (float(m["dose"]), estimate_effect(data, readout, m.string, control, day))
                        for m in found
                        if m["who"] == recipient and m["how"] == name
                    ]
                    shift = 1.04 ** (number - (len(how) - 1) / 2)
                    x, middle, reach = _points(row)
                    axes.errorbar(
                        x * shift, middle, yerr=reach, color=look.color, marker=look.marker,
                        markerfacecolor=look.face, linestyle=look.line, capsize=2.5, linewidth=1.2,
                    )  # fmt: skip
                axes.axhline(1.0, color="#444444", linewidth=0.9, zorder=1)
                axes.set_xscale("log")
                axes.set_xticks(doses, labels=[f"{dose:g}" for dose in doses])
                axes.minorticks_off()
                axes.set_title(f"{recipient}: {readout}")
                axes.set_ylabel("ratio to vehicle")
                axes.set_xlabel("dose (donor equivalents)")
                axes.margins(x=0.08, y=0.12)
        return page.figure


def _schedule_style(colour: str, number: int) -> ArmStyle:
    """Return the marker, line and filling of a schedule by its number; 24 styles are different."""
    return ArmStyle(
        colour,
        _MARKERS[number % len(_MARKERS)],
        _LINES[number % len(_LINES)],
        (number // len(_MARKERS)) % 2 == 0,
    )


def _describe_schedule(how: str) -> str:
    """Return a schedule such as "every 1 d, gavage" in plain words ("once a day, gavage")."""
    match = _HOW.fullmatch(how)
    return f"{describe_interval(float(match['every']))}, {match['route']}" if match else how


def _points(row: Sequence[tuple[float, Effect]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return sorted doses, their ratios, and distances to the interval's ends, float64[2, n]."""
    ordered = sorted((one for one in row if math.isfinite(one[1].ratio)), key=lambda one: one[0])
    x = np.array([dose for dose, _ in ordered])
    middle = np.array([e.ratio for _, e in ordered])
    low = np.array([e.ratio_low for _, e in ordered])
    high = np.array([e.ratio_high for _, e in ordered])
    return x, middle, np.nan_to_num(np.array([middle - low, high - middle]))
