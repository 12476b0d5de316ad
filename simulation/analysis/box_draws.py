"""The box of dose and duration over posterior draws: where each reported sign holds.

Dose, interval, duration and route of the published study are unknown, and so are most parameters.
Each draw of the calibration's posterior is put through the whole box by the mean-field twin
(`gutexo.analysis.twin`); default mice would take days.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import xarray

from gutexo.analysis.facts import OBSERVABLE
from gutexo.analysis.twin import Harvest, Twin, donors_of, old_animals, young_animals
from gutexo.catalogue import Parameters
from gutexo.catalogue.patterns import Pattern, box, patterns
from gutexo.cohort.workers import run_tasks
from gutexo.protocol.box import DOSES, READ_DAYS
from gutexo.protocol.life import OLD

MICE = 3  # animals of each age a draw; the least of whom none is its own donor
Progress = Callable[[str, int, int], None]


def _facts() -> tuple[Pattern, ...]:
    return patterns("constrain")


def _readout(row: Pattern) -> str:
    return OBSERVABLE.get(row.readout, row.readout)


def label(row: Pattern) -> str:
    """A sign in words, as the map of one study calls it too."""
    return f"{row.arm}: {_readout(row)}"


def _unanswered() -> np.ndarray:
    """Room for one draw: float64[fact, dose, duration, every, route], all NaN."""
    edges = box()
    sizes = (len(_facts()), len(DOSES), len(READ_DAYS), len(edges["every"]), len(edges["route"]))
    return np.full(sizes, math.nan)


@dataclass(frozen=True)
class BoxTask:
    """One draw of the posterior, put through the whole box.

    Attributes:
        changes: Value by parameter name.
        mice: Animals of each age.
        seed: Of who they are.
    """

    changes: dict[str, float]
    mice: int
    seed: int

    def run(self, folder: Path) -> np.ndarray:
        """Whether each sign holds: float64[fact, dose, duration, every, route], NaN: no answer."""
        edges = box()
        longest = int(max(READ_DAYS))
        parameters = Parameters().change(self.changes)
        animals = {
            "young": young_animals(parameters, longest + 1, self.mice, self.seed),
            "old": old_animals(parameters, OLD, longest + 1, self.mice, self.seed),
        }
        shape = (
            len(_facts()),
            len(DOSES),
            len(READ_DAYS),
            len(edges["every"]),
            len(edges["route"]),
        )
        found = np.full(shape, math.nan)
        if not (animals["young"] and animals["old"]):
            return found
        with np.errstate(all="ignore"):
            controls = {age: _followed(mice, None, 1, "gavage") for age, mice in animals.items()}
            lumens = {age: [mouse.harvest() for mouse in mice] for age, mice in animals.items()}
            for recipient, donors in (("young", "old"), ("old", "young")):
                vials = [
                    Harvest.pooled([lumens[donors][n] for n in donors_of(k, self.mice)])
                    for k in range(self.mice)
                ]
                for (d, dose), (e, every), (r, route) in product(
                    enumerate(DOSES), enumerate(edges["every"]), enumerate(edges["route"])
                ):
                    treated = _followed(animals[recipient], vials, every, route, dose)
                    for f, row in enumerate(_facts()):
                        if str(row.arm).startswith(f"{recipient} + {donors}"):
                            found[f, d, :, e, r] = _holds(row, treated, controls, recipient)
        return found


def _followed(
    mice: Sequence[Twin],
    vials: Sequence[Harvest] | None,
    every: int,
    route: str,
    dose: float = 1.0,
) -> dict[str, np.ndarray]:
    """Readings of copies of some mice on the days of the box: float64[mouse, day] by readout."""
    readouts = {_readout(row) for row in _facts()}
    read = {name: np.full((len(mice), len(READ_DAYS)), math.nan) for name in readouts}
    for k, mouse in enumerate(mice):
        living = mouse.copy()
        for day in range(max(READ_DAYS)):
            if vials is not None and day % every == 0:
                living.give(vials[k], dose, route)
            living.live(1.0)
            if day + 1 in READ_DAYS:
                now = living.measure()
                for name in readouts:
                    read[name][k, READ_DAYS.index(day + 1)] = now[name]
    return read


def _holds(
    row: Pattern,
    treated: Mapping[str, np.ndarray],
    controls: Mapping[str, Mapping[str, np.ndarray]],
    recipient: str,
) -> np.ndarray:
    """Whether the geometric mean of the pairs lies in the window, day by day: float64[day]."""
    readout = _readout(row)
    ratio = np.exp(np.log(treated[readout] / controls[recipient][readout]).mean(axis=0))
    inside = (ratio >= row.window[0]) & (ratio <= row.window[1])
    if row.window[1] < 1:  # a rescue stays partial: no better than the young control
        inside &= treated[readout].mean(axis=0) >= controls["young"][readout].mean(axis=0)
    return np.where(np.isfinite(ratio), inside.astype(float), math.nan)


def box_over_draws(
    draws: Sequence[Mapping[str, float]],
    *,
    mice: int = MICE,
    seed: int = 1,
    workers: int = 1,
    progress: Progress = lambda phase, done, total: None,
) -> xarray.DataArray:
    """Where each reported sign holds, draw by draw.

    Args:
        draws: Parameter values by name, one mapping a draw of the posterior.
        mice: Animals of each age a draw.
        seed: Of who they are; every draw asks the same.
        workers: Processes.
        progress: Called with phase, done, total.

    Returns:
        1, 0 or NaN (no answer) with dims fact, dose, duration, every, route, draw.
    """
    tasks = [BoxTask(dict(draw), mice, seed) for draw in draws]
    edges = box()
    found: list[np.ndarray | None] = [None] * len(tasks)
    progress("draws", 0, len(tasks))
    for done, (index, outcome) in enumerate(run_tasks(tasks, Path(), workers), start=1):
        found[index] = outcome.value
        progress("draws", done, len(tasks))
    return xarray.DataArray(
        np.stack([_unanswered() if one is None else one for one in found], axis=-1),
        dims=("fact", "dose", "duration", "every", "route", "draw"),
        coords={
            "fact": [label(row) for row in _facts()],
            "dose": list(DOSES),
            "duration": list(READ_DAYS),
            "every": edges["every"],
            "route": edges["route"],
        },
    )


@dataclass(frozen=True)
class BoxShare:
    """Share of draws in which a sign holds at one place of the box.

    Attributes:
        fact: The sign.
        dose: Donor equivalents a dose.
        duration: Days of the course, at whose end it is read.
        every: Days between doses.
        route: gavage or intravenous.
        share: Draws in which it holds, of those that answered; NaN where none did.
        draws: Draws that answered.
    """

    fact: str
    dose: float
    duration: float
    every: float
    route: str
    share: float
    draws: int


COLUMNS = {name: name for name in BoxShare.__dataclass_fields__}


def box_rows(holds: xarray.DataArray) -> list[BoxShare]:
    """One row a place of the box, from what `box_over_draws` found."""
    found = []
    dims = [dim for dim in holds.dims if dim != "draw"]
    for place in product(*(range(holds.sizes[dim]) for dim in dims)):
        one = holds.isel(dict(zip(dims, place, strict=True)))
        values = one.values[~np.isnan(one.values)]
        share = float(values.mean()) if values.size else math.nan
        where = {str(dim): one[dim].item() for dim in dims}
        found.append(BoxShare(**where, share=share, draws=int(values.size)))
    return found
