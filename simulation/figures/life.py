"""Figure of ageing over a life: readouts of every mouse and their means against age."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from gutexo.analysis.effects import list_arms, trajectories_of, unit_of
from gutexo.analysis.effects import list_readouts as all_readouts
from gutexo.errors import GutexoError, suggest
from gutexo.figures.style import (
    arm_styles,
    label,
    legend_handle,
    make_sheet,
    mean_and_spread,
    styled,
)

if TYPE_CHECKING:
    import xarray

READOUTS = ("total burden", "FITC-dextran", "plasma TNF", "HOMA-IR")
DAYS_A_MONTH = 365.25 / 12
YOUNG_ADULT = 90.0


def life(
    data: xarray.Dataset,
    readouts: Sequence[str] | None = None,
    start_age: float = YOUNG_ADULT,
    title: str = "Ageing over a life",
) -> Figure:
    """Draw readouts against age: each mouse, the mean of living mice, and each death.

    Args:
        data: Result with dims scenario, replicate and time (days).
        readouts: Names of observables; None for burden, leak, TNF and HOMA-IR.
        start_age: Age at time zero (d).
        title: Title above the panels.

    Returns:
        The figure, with age in months.

    Raises:
        GutexoError: A readout is not in the dataset.
    """
    known = all_readouts(data)
    names = list(readouts) if readouts is not None else [n for n in READOUTS if n in known]
    for name in names:
        if name not in known:
            raise GutexoError(f"no readout '{name}' in this result{suggest(name, known)}")
    if not names:
        raise GutexoError(f"a life needs at least one readout of {', '.join(READOUTS)}")
    age = (np.asarray(data["time"].values, dtype=np.float64) + start_age) / DAYS_A_MONTH
    arms = list_arms(data)
    styles = arm_styles(arms)
    caption = (
        "Thin: each mouse; cross: its death. Thick: mean over living mice, drawn while at least"
        f" half of them live. {int(data.sizes['replicate'])} mice a scenario."
    )
    with styled():
        page = make_sheet(
            len(names),
            title=title,
            caption=caption,
            legend=[legend_handle(arm, styles[arm]) for arm in arms],
        )
        for axes, name in zip(page.panels, names, strict=True):
            for arm, style in styles.items():
                values = trajectories_of(data, name, arm)
                for mouse in values:
                    lived = np.flatnonzero(~np.isnan(mouse))
                    if not lived.size:
                        continue
                    axes.plot(age[lived], mouse[lived], color=style.color, alpha=0.3, linewidth=0.6)
                    if lived[-1] < age.size - 1:
                        axes.plot(
                            age[lived[-1]],
                            mouse[lived[-1]],
                            color=style.color,
                            marker="x",
                            markersize=5,
                        )
                mean, _, count = mean_and_spread(values)
                enough = count * 2 >= max(1, int(count.max(initial=0)))
                enough &= count > 0
                axes.plot(
                    age[enough],
                    mean[enough],
                    color=style.color,
                    linestyle=style.line,
                    linewidth=2.2,
                    marker=style.marker,
                    markerfacecolor=style.face,
                    markevery=max(1, int(enough.sum()) // 6),
                    zorder=3,
                )
            axes.set_xlabel("age (months)")
            axes.set_ylabel(label(name, unit_of(data, name)))
            axes.margins(x=0.02, y=0.08)
        return page.figure
