"""Heat map of dose and duration: the share of runs in which a reported sign holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from gutexo.errors import GutexoError
from gutexo.figures.cells import add_colour_bar, draw_heat_map
from gutexo.figures.style import make_sheet, styled

if TYPE_CHECKING:
    import xarray


def dose_and_duration(
    holds: xarray.DataArray,
    title: str = "Dose and duration: where the reported signs hold",
    note: str = "",
) -> Figure:
    """Draw the share of runs in which a sign holds, over the grid of dose and duration.

    Args:
        holds: 1 where a run shows the sign, 0 where it does not, NaN where there is no run or
            the row does not apply; dims ``dose`` (donor equivalents per dose) and ``duration``
            (days), one panel for each entry of a dim ``fact`` if there is one. Every other dim
            (draw, every, route, replicate) is pooled and counted.
        title: Title above the panels.
        note: Additional sentence for the caption, such as what was pooled.

    Returns:
        The figure; each cell shows the share and, below it, runs with the sign / runs counted.

    Raises:
        GutexoError: A dim is missing, or a value is neither 0, 1 nor NaN.
    """
    dims = [str(dim) for dim in holds.dims]
    for name in ("dose", "duration"):
        if name not in dims:
            raise GutexoError(f"the map needs a dim '{name}'; it has {', '.join(dims)}")
    if "fact" not in holds.dims:
        holds = holds.expand_dims("fact")
    values = holds.astype(float)
    wrong = ~(np.isnan(values.values) | (values.values == 0) | (values.values == 1))
    if wrong.any():
        raise GutexoError(
            f"a sign holds (1), does not (0) or was not run (NaN); got {values.values[wrong][0]:g}"
        )
    pooled = [dim for dim in holds.dims if dim not in ("fact", "dose", "duration")]
    order = ("fact", "dose", "duration")
    counts = values.notnull().sum(pooled).transpose(*order).values.astype(int)
    holding = values.fillna(0).sum(pooled).transpose(*order).values.astype(int)
    facts = [str(f) for f in holds["fact"].values] if "fact" in holds.coords else [""]
    doses = [f"{float(d):g}" for d in holds["dose"].values]
    durations = [f"{float(d):g}" for d in holds["duration"].values]
    total, overall = int(counts.sum()), int(holding.sum())
    caption = (
        "Colour and upper number: share of runs in which the sign holds; lower: runs in which it"
        f" holds / runs counted ({overall} of {total} in all). Hatched: no run, or the row does not"
        f" apply. {note}"
    )
    width = max(4.6, 1.5 + 0.72 * len(durations))
    with styled():
        page = make_sheet(
            len(facts),
            title=title,
            caption=caption.strip(),
            panel_size=(width, 1.25 + 0.5 * len(doses)),
        )
        for f, (axes, fact) in enumerate(zip(page.panels, facts, strict=True)):
            with np.errstate(invalid="ignore", divide="ignore"):
                share = np.where(counts[f] > 0, holding[f] / counts[f], np.nan)
            texts = [
                [f"{100 * held / of:.0f} %\n{held}/{of}" if of else "" for held, of in row]
                for row in np.stack([holding[f], counts[f]], axis=-1)
            ]
            image = draw_heat_map(
                axes, share, texts, colours="cividis", norm=Normalize(0, 1), upwards=True
            )
            axes.set_xticks(range(len(durations)), labels=durations)
            axes.set_yticks(range(len(doses)), labels=doses)
            axes.set_xlabel("duration (days)")
            axes.set_ylabel("dose (donor equivalents)")
            axes.set_title(fact)
            add_colour_bar(image, "share of runs", {0.0: "0 %", 0.5: "50 %", 1.0: "100 %"})
        return page.figure


def box(holds: xarray.DataArray) -> Figure:
    """Draw the dose grid over draws of a posterior, as `dose_and_duration` does.

    Args:
        holds: Result of `gutexo.analysis.dose_grid_draws.simulate_dose_grid`.

    Returns:
        The figure; its caption names the number of draws.
    """
    draws = holds.sizes["draw"]
    note = f"Pooled: intervals, routes and {draws} draws of the posterior (mean-field model)."
    return dose_and_duration(holds, note=note)
