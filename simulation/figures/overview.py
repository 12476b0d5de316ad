"""Overview of a study: every effect with its interval, and trajectories of two readouts."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import ScaledTranslation

from gutexo.analysis.effects import (
    Effect,
    estimate_effect,
    find_recorded_day,
    list_arms,
    list_readouts,
)
from gutexo.errors import GutexoError
from gutexo.figures.intervals import draw_interval, list_rows
from gutexo.figures.ratios import set_ratio_axis
from gutexo.figures.style import (
    ArmStyle,
    arm_styles,
    legend_handle,
    make_sheet,
    split_arm_name,
    styled,
)
from gutexo.figures.trajectories import BAND_CAPTION, describe_mice, draw_readout, read_dose_days

if TYPE_CHECKING:
    import xarray

KEY_READOUTS = (
    "FITC-dextran",
    "TER",
    "plasma LPS",
    "plasma TNF",
    "plasma IL-6",
    "HOMA-IR",
    "liver insulin sensitivity",
    "muscle insulin sensitivity",
)
SMALL_MULTIPLES = ("HOMA-IR", "plasma TNF")
# Characters of a legend line that still fit under the panel of a forest plot.
_LABEL_WIDTH = 56


def read_comparisons(data: xarray.Dataset) -> list[tuple[str, str]]:
    """Read the pairs of (arm, comparator) of the study from the dataset's attributes.

    Args:
        data: Result whose attribute ``comparisons`` is a list of pairs or the same as JSON.

    Returns:
        The pairs; empty where the result has none.

    Raises:
        GutexoError: The attribute is not a list of pairs.
    """
    value = data.attrs.get("comparisons", [])
    try:
        pairs = json.loads(value) if isinstance(value, str) and value else value or []
        return [(str(arm), str(comparator)) for arm, comparator in pairs]
    except (TypeError, ValueError) as error:
        raise GutexoError(f"comparisons is a list of pairs of arms, not {value!r}") from error


def overview(
    data: xarray.Dataset,
    comparisons: Iterable[Sequence[str]] | None = None,
    day: float | None = None,
    title: str = "Overview",
) -> Figure:
    """Draw the effects of every comparison, and HOMA-IR and TNF over time.

    Args:
        data: Result with dims scenario, replicate and time (days).
        comparisons: Pairs of (arm, comparator); None for those of the study.
        day: Day of the effects; None for the last recorded day.
        title: Title above the panels.

    Returns:
        The figure: ratios to the comparator with 95 % paired t intervals, one panel per kind of
        recipient, above small trajectories.

    Raises:
        GutexoError: An arm or the day is not in the dataset, or there is nothing to compare.
    """
    pairs = [(c[0], c[1]) for c in (read_comparisons(data) if comparisons is None else comparisons)]
    if not pairs:
        raise GutexoError("an overview needs at least one comparison (arm, comparator)")
    known = list_readouts(data)
    keys = [name for name in KEY_READOUTS if name in known] or known
    small = [name for name in SMALL_MULTIPLES if name in known]
    groups: dict[str, list[tuple[str, str]]] = {}
    for arm, comparator in pairs:
        groups.setdefault(split_arm_name(arm)[0], []).append((arm, comparator))
    _, effect_day = find_recorded_day(data, day)
    arms = list_arms(data)
    styles = arm_styles(arms)
    doses = read_dose_days(data)
    columns = 2
    forest_rows = -(-len(groups) // columns)
    most = max(len(group) for group in groups.values())
    lines = max(
        sum(_comparison_label(*pair).count("\n") + 1 for pair in group) for group in groups.values()
    )
    forest_height = 0.9 + 0.22 * lines + len(keys) * (0.15 + 0.11 * most)
    forest_cells = forest_rows * columns
    small_rows = -(-len(small) // columns)
    with styled():
        page = make_sheet(
            forest_cells + small_rows * columns,
            title=f"{title}: effects on day {effect_day:g}",
            caption=_caption(data, bool(doses)),
            legend=[legend_handle(arm, styles[arm]) for arm in arms],
            columns=columns,
            panel_size=(5.4, 2.3),
            row_heights=[forest_height] * forest_rows + [2.3] * small_rows,
        )
        forests, below = page.panels[:forest_cells], page.panels[forest_cells:]
        for axes, (recipient, group) in zip(forests, groups.items(), strict=False):
            found = {
                pair: [estimate_effect(data, readout, *pair, day) for readout in keys]
                for pair in group
            }
            _draw_forest(axes, keys, found, styles)
            axes.set_title(f"{recipient} recipients" if recipient else "arms")
        for axes, readout in zip(below, small, strict=False):
            draw_readout(axes, data, readout, styles, doses)
            axes.set_xlabel("day")
        for spare in [*forests[len(groups) :], *below[len(small) :]]:
            spare.remove()
        return page.figure


def _draw_forest(
    axes: Axes,
    keys: Sequence[str],
    found: dict[tuple[str, str], list[Effect]],
    styles: dict[str, ArmStyle],
) -> None:
    step = 0.8 / len(found)
    handles: list[Line2D] = []
    for order, ((arm, comparator), row) in enumerate(found.items()):
        style = styles[arm]
        # Markers of the first comparison of an arm are filled, those of others hollow.
        first = all(earlier[0] != arm for earlier in list(found)[:order])
        look = ArmStyle(style.color, style.marker, style.line, first)
        shift = (order - (len(found) - 1) / 2) * step
        for place, item in enumerate(row):
            if not np.isfinite(item.ratio):
                continue
            draw_interval(
                axes, place + shift, item.ratio, item.ratio_low, item.ratio_high,
                colour=look.color, marker=look.marker, filled=look.filled, width=1.3,
            )  # fmt: skip
        handles.append(legend_handle(_comparison_label(arm, comparator), look, line=False))
    axes.axvline(1.0, color="#666666", linewidth=0.9, zorder=1)
    for edge in range(1, len(keys)):
        axes.axhline(edge - 0.5, color="#EFEFEF", linewidth=0.8, zorder=0)
    list_rows(axes, keys, half=0.5)
    set_ratio_axis(axes, [item for row in found.values() for item in row])
    axes.set_xlabel("ratio to the comparator")
    # Half an inch below the panel, whatever its height, so that ticks and label stay free.
    below = ScaledTranslation(0, -0.5, axes.figure.dpi_scale_trans)
    axes.legend(
        handles=handles, loc="upper center", bbox_to_anchor=(0.4, 0.0),
        bbox_transform=axes.transAxes + below, borderaxespad=0,
    )  # fmt: skip


def _comparison_label(arm: str, comparator: str) -> str:
    """Return "arm / comparator", broken into lines that fit the width of a panel."""
    text = f"{arm}  /  {comparator}"
    if len(text) <= _LABEL_WIDTH:
        return text
    return "\n".join(
        textwrap.wrap(arm, _LABEL_WIDTH) + textwrap.wrap(f"/  {comparator}", _LABEL_WIDTH)
    )


def _caption(data: xarray.Dataset, dosed: bool) -> str:
    mice = int(data.sizes["replicate"])
    return " ".join(
        part
        for part in (
            "Above: geometric mean of the ratios of pairs with the same seed,",
            "95 % paired t interval of that mean over mice; intervals far outside end at"
            " the edge of the panel."
            if mice > 1
            else "one pair, so no interval.",
            f"Below: {BAND_CAPTION[0].lower()}{BAND_CAPTION[1:]}"
            if mice > 1
            else "Below: one mouse an arm.",
            describe_mice(data),
            "Ticks at the foot: days of dosing." if dosed else "",
        )
        if part
    )
