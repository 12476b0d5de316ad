"""Figure of ablations: which effects remain under which ablation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib import colormaps
from matplotlib.figure import Figure

from gutexo.errors import GutexoError
from gutexo.figures.ratios import RATIO_COLOURMAP
from gutexo.figures.style import make_sheet, styled

if TYPE_CHECKING:
    from gutexo.analysis.ablations import AblatedEffect

LARGEST = math.log(2.0)  # colour saturates at half and at twice
SURVIVAL_LABELS = {True: "", False: "lost", None: "not there"}


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
    cuts = list(dict.fromkeys(row.cut for row in rows))
    wheres = list(dict.fromkeys((row.readout, row.arm, row.comparator) for row in rows))
    table = {(row.cut, (row.readout, row.arm, row.comparator)): row for row in rows}
    colours = colormaps[RATIO_COLOURMAP]
    with styled():
        page = make_sheet(
            1,
            title="Which effects survive which cut",
            caption=(
                "Number: ratio to the comparator, geometric mean over mice. Lost: with nothing cut"
                " the 95 % interval over mice lies on one side of 1, with this cut it does not."
                " Not there: it does not lie on one side with nothing cut either. Colour: log"
                " ratio, orange above 1, purple below, deepest at 2 and 0.5; none: nothing is"
                " left to compare. Cuts are made in donors too."
            ),
            columns=1,
            panel_size=(2.6 + 1.25 * len(wheres), 1.5 + 0.42 * len(cuts)),
        )
        (axes,) = page.panels
        shown = np.array([[math.log(table[cut, w].ratio) for w in wheres] for cut in cuts])
        axes.imshow(shown, cmap=colours, vmin=-LARGEST, vmax=LARGEST, aspect="auto")
        for r, cut in enumerate(cuts):
            for c, where in enumerate(wheres):
                row = table[cut, where]
                mark = SURVIVAL_LABELS[row.survives]
                number = "none" if math.isnan(row.ratio) else f"{row.ratio:.2f}"
                dark = abs(shown[r, c]) > 0.75 * LARGEST
                axes.text(
                    c,
                    r,
                    f"{number}\n{mark}" if mark else number,
                    ha="center",
                    va="center",
                    fontsize=8,
                    color="white" if dark else "black",
                )
        labels = [f"{readout}\n{arm}\n/ {comparator}" for readout, arm, comparator in wheres]
        axes.set_xticks(range(len(wheres)), labels=labels, fontsize=7)
        axes.xaxis.tick_top()
        axes.set_yticks(range(len(cuts)), labels=cuts)
        axes.tick_params(length=0)
        axes.grid(visible=False)
        axes.spines[:].set_visible(False)
        return page.figure
