"""Dose grid over posterior draws: where each reported sign holds.

Dose, interval, duration and route of the published study are unknown, and so are most parameters.
Each draw of the calibration's posterior is simulated at every point of the dose grid with the
mean-field model (`gutexo.mean_field`); default mice would take days.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import xarray

from gutexo.analysis.facts import OBSERVABLE_BY_READOUT
from gutexo.analysis.windows import sign_holds
from gutexo.catalogue import Parameters
from gutexo.catalogue.patterns import Pattern, dose_grid, reported_signs
from gutexo.cohort.workers import run_tasks
from gutexo.mean_field import Harvest, MeanFieldMouse, choose_donors, old_animals, young_animals
from gutexo.protocol.dose_studies import DOSES, READ_DAYS
from gutexo.protocol.life import OLD

MICE = 3  # animals of each age per draw; the smallest number at which none is its own donor
Progress = Callable[[str, int, int], None]


def _observable_of(row: Pattern) -> str:
    return OBSERVABLE_BY_READOUT.get(row.readout, row.readout)


def sign_label(row: Pattern) -> str:
    """Describe a sign in words, as the map of one study also does."""
    return f"{row.arm}: {_observable_of(row)}"


def _empty_grid() -> np.ndarray:
    """Make an array for one draw: float64[fact, dose, duration, every, route], all NaN."""
    edges = dose_grid()
    sizes = (
        len(reported_signs()),
        len(DOSES),
        len(READ_DAYS),
        len(edges["every"]),
        len(edges["route"]),
    )
    return np.full(sizes, math.nan)


@dataclass(frozen=True)
class DoseGridTask:
    """One draw of the posterior, to be simulated at every point of the dose grid.

    Attributes:
        changes: Value by parameter name.
        mice: Animals of each age.
        seed: Seed of the animals.
    """

    changes: dict[str, float]
    mice: int
    seed: int

    def run(self, folder: Path) -> np.ndarray:
        """Simulate the dose grid and find where each sign holds.

        Returns:
            float64[fact, dose, duration, every, route]: 1, 0, or NaN for no answer.
        """
        edges = dose_grid()
        longest = int(max(READ_DAYS))
        parameters = Parameters().change(self.changes)
        animals = {
            "young": young_animals(parameters, longest + 1, self.mice, self.seed),
            "old": old_animals(parameters, OLD, longest + 1, self.mice, self.seed),
        }
        shape = (
            len(reported_signs()),
            len(DOSES),
            len(READ_DAYS),
            len(edges["every"]),
            len(edges["route"]),
        )
        found = np.full(shape, math.nan)
        if not (animals["young"] and animals["old"]):
            return found
        with np.errstate(all="ignore"):
            controls = {
                age: _simulate_course(mice, None, 1, "gavage") for age, mice in animals.items()
            }
            lumens = {
                age: [mouse.harvest() if mouse.alive else None for mouse in mice]
                for age, mice in animals.items()
            }
            for recipient, donors in (("young", "old"), ("old", "young")):
                vials = [
                    _pool_living([lumens[donors][n] for n in choose_donors(k, self.mice)])
                    for k in range(self.mice)
                ]
                for (d, dose), (e, every), (r, route) in product(
                    enumerate(DOSES), enumerate(edges["every"]), enumerate(edges["route"])
                ):
                    treated = _simulate_course(animals[recipient], vials, every, route, dose)
                    for f, row in enumerate(reported_signs()):
                        if str(row.arm).startswith(f"{recipient} + {donors}"):
                            found[f, d, :, e, r] = _holds_by_day(row, treated, controls, recipient)
        return found


def _pool_living(harvests: Sequence[Harvest | None]) -> Harvest | None:
    """Pool the harvests of donors that live; None where none does."""
    living = [one for one in harvests if one is not None]
    return Harvest.pooled(living) if living else None


def _simulate_course(
    mice: Sequence[MeanFieldMouse],
    vials: Sequence[Harvest | None] | None,
    every: int,
    route: str,
    dose: float = 1.0,
) -> dict[str, np.ndarray]:
    """Simulate a course of doses in copies of some mice.

    Returns:
        Values on the read days of the dose grid, float64[mouse, day] by readout.
    """
    readouts = {_observable_of(row) for row in reported_signs()}
    read = {name: np.full((len(mice), len(READ_DAYS)), math.nan) for name in readouts}
    for k, mouse in enumerate(mice):
        living = mouse.copy()
        vial = None if vials is None else vials[k]
        if vials is not None and vial is None:
            living.kill()
        for day in range(max(READ_DAYS)):
            if vial is not None and day % every == 0:
                living.give(vial, dose, route)
            living.live(1.0)
            if day + 1 in READ_DAYS:
                now = living.measure()
                for name in readouts:
                    read[name][k, READ_DAYS.index(day + 1)] = now[name]
    return read


def _holds_by_day(
    row: Pattern,
    treated: Mapping[str, np.ndarray],
    controls: Mapping[str, Mapping[str, np.ndarray]],
    recipient: str,
) -> np.ndarray:
    """Check per day whether the geometric mean of living pairs lies in the window: float64[day]."""
    readout = _observable_of(row)
    ratio = np.exp(_mean_of_living(np.log(treated[readout] / controls[recipient][readout])))
    young = _mean_of_living(controls["young"][readout])
    return sign_holds(ratio, row.window, _mean_of_living(treated[readout]), young)


def _mean_of_living(values: np.ndarray) -> np.ndarray:
    """Mean over mice of the days on which they give a number, float64[day]."""
    known = np.isfinite(values)
    total = np.where(known, values, 0.0).sum(axis=0)
    return np.where(known.any(axis=0), total / np.maximum(known.sum(axis=0), 1), math.nan)


def simulate_dose_grid(
    draws: Sequence[Mapping[str, float]],
    *,
    mice: int = MICE,
    seed: int = 1,
    workers: int = 1,
    progress: Progress = lambda phase, done, total: None,
) -> xarray.DataArray:
    """Simulate the dose grid for every draw and find where each reported sign holds.

    Args:
        draws: Parameter values by name, one mapping per draw of the posterior.
        mice: Animals of each age per draw.
        seed: Seed of the animals, the same for every draw.
        workers: Processes.
        progress: Called with phase, done, total.

    Returns:
        1, 0 or NaN (no answer) with dims fact, dose, duration, every, route, draw.
    """
    tasks = [DoseGridTask(dict(draw), mice, seed) for draw in draws]
    edges = dose_grid()
    found: list[np.ndarray | None] = [None] * len(tasks)
    progress("draws", 0, len(tasks))
    for done, (index, outcome) in enumerate(run_tasks(tasks, Path(), workers), start=1):
        found[index] = outcome.value
        progress("draws", done, len(tasks))
    return xarray.DataArray(
        np.stack([_empty_grid() if one is None else one for one in found], axis=-1),
        dims=("fact", "dose", "duration", "every", "route", "draw"),
        coords={
            "fact": [sign_label(row) for row in reported_signs()],
            "dose": list(DOSES),
            "duration": list(READ_DAYS),
            "every": edges["every"],
            "route": edges["route"],
        },
    )


@dataclass(frozen=True)
class DoseGridShare:
    """Share of draws in which a sign holds at one point of the dose grid.

    Attributes:
        fact: The sign.
        dose: Donor equivalents per dose.
        duration: Days of the course, at whose end the sign is scored.
        every: Days between doses.
        route: gavage or intravenous.
        share: Share of the draws that gave an answer in which it holds; NaN where none did.
        draws: Draws that gave an answer.
    """

    fact: str
    dose: float
    duration: float
    every: float
    route: str
    share: float
    draws: int


def dose_grid_rows(holds: xarray.DataArray) -> list[DoseGridShare]:
    """Make one row per point of the dose grid from the result of `simulate_dose_grid`."""
    found = []
    dims = [dim for dim in holds.dims if dim != "draw"]
    for place in product(*(range(holds.sizes[dim]) for dim in dims)):
        one = holds.isel(dict(zip(dims, place, strict=True)))
        values = one.values[~np.isnan(one.values)]
        share = float(values.mean()) if values.size else math.nan
        where = {str(dim): one[dim].item() for dim in dims}
        found.append(DoseGridShare(**where, share=share, draws=int(values.size)))
    return found
