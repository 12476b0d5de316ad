"""Figure of ablations: which effects remain under which ablation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from gutexo.errors import GutexoError
from gutexo.figures.cells import draw_heat_map
from gutexo.figures.ratios import RATIO_COLOURMAP
from gutexo.figures.style import make_sheet, styled

if TYPE_CHECKING:
    from gutexo.analysis.ablations import AblatedEffect

LARGEST = math.log(2.0)  # colour saturates at half and at twice
SURVIVAL_LABELS = {True: "", False: "lost", None: "no effect"}


def ablations(rows: Sequence[AblatedEffect]) -> Figure:
    """Draw a table of effects under ablations: the ratio, and whether the effect remains.

    Args:
        rows: Effects from `gutexo.analysis.ablations.simulate_ablations`.

    Returns:
        The figure; colour is the log ratio, and a word marks an effect that is lost.

    Raises:
        GutexoError: There are no rows.
    """
    if not rows:
        raise GutexoError("a table of ablations needs at least one row")
    names = list(dict.fromkeys(row.cut for row in rows))
    effects = list(dict.fromkeys((row.readout, row.arm, row.comparator) for row in rows))
    table = {(row.cut, (row.readout, row.arm, row.comparator)): row for row in rows}
    with styled():
        page = make_sheet(
            1,
            title="Which effects survive which ablation",
            caption=(
                "Number: ratio to the comparator, geometric mean over mice. Lost: without an"
                ' ablation ("nothing cut") the 95 % interval over mice lies on one side of 1, with'
                " this ablation it does not. No effect: it contains 1 without an ablation too."
                " Colour: log ratio, orange above 1, purple below, deepest at 2 and 0.5; none:"
                " nothing is left to compare. Ablations are made in donors too."
            ),
            columns=1,
            panel_size=(2.6 + 1.25 * len(effects), 1.5 + 0.42 * len(names)),
        )
        (axes,) = page.panels
        logs = np.array([[math.log(table[name, w].ratio) for w in effects] for name in names])
        texts = [[_describe(table[name, effect]) for effect in effects] for name in names]
        norm = Normalize(-LARGEST, LARGEST)
        draw_heat_map(axes, logs, texts, colours=RATIO_COLOURMAP, norm=norm, fontsize=8)
        labels = [f"{readout}\n{arm}\n/ {comparator}" for readout, arm, comparator in effects]
        axes.set_xticks(range(len(effects)), labels=labels, fontsize=7)
        axes.xaxis.tick_top()
        axes.set_yticks(range(len(names)), labels=names)
        return page.figure


def _describe(row: AblatedEffect) -> str:
    number = "none" if math.isnan(row.ratio) else f"{row.ratio:.2f}"
    mark = SURVIVAL_LABELS[row.survives]
    return f"{number}\n{mark}" if mark else number
