"""Dose grid over posterior draws: where each reported sign holds.

Dose, interval, duration and route of the published study are unknown, and so are most parameters.
Each draw of the calibration's posterior is simulated at every point of the dose grid with the
mean-field model (`gutexo.mean_field`); default mice would take days.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import xarray

from gutexo.analysis.evaluated_sets import EvaluatedSets
from gutexo.analysis.facts import OBSERVABLE_BY_READOUT
from gutexo.analysis.windows import sign_holds
from gutexo.catalogue import Parameters
from gutexo.catalogue.patterns import Pattern, dose_grid, reported_signs
from gutexo.cohort.study_run import Progress, ignore_messages
from gutexo.mean_field import Harvest, MeanFieldMouse, choose_donors, old_animals, young_animals
from gutexo.protocol.dose_studies import DOSES, READ_DAYS
from gutexo.protocol.life import OLD

MICE = 3  # animals of each age per draw; the smallest number at which none is its own donor
PARTS = ("mean_field", "analysis/dose_grid_draws.py", "analysis/windows.py")
"""Code of the answers below the package, besides the rules of the mouse."""


def _observable_of(row: Pattern) -> str:
    return OBSERVABLE_BY_READOUT.get(row.readout, row.readout)


def sign_label(row: Pattern) -> str:
    """Describe a sign in words, as the map of one study also does."""
    return f"{row.arm}: {_observable_of(row)}"


def _coordinates() -> dict[str, list[Any]]:
    """List the values along each axis of the grid."""
    edges = dose_grid()
    return {
        "fact": [sign_label(row) for row in reported_signs()],
        "dose": list(DOSES),
        "duration": list(READ_DAYS),
        "every": edges["every"],
        "route": edges["route"],
    }


def _answer_names() -> tuple[str, ...]:
    """Name every point of the grid, in the order of its axes."""
    return tuple(
        f"{fact}; dose {dose:g}, day {day:g}, every {every:g} d, {route}"
        for fact, dose, day, every, route in product(*_coordinates().values())
    )


def score_dose_grid(changes: Mapping[str, Any], *, mice: int, seed: int) -> dict[str, float]:
    """Simulate the dose grid with the mean field and find where each sign holds.

    Args:
        changes: Parameters that differ from the defaults.
        mice: Animals of each age.
        seed: Seed of the animals.

    Returns:
        1, 0, or NaN for no answer, by point of the grid.
    """
    axes = _coordinates()
    found = np.full([len(axis) for axis in axes.values()], math.nan)
    longest = int(max(READ_DAYS))
    parameters = Parameters().change(changes)
    animals = {
        "young": young_animals(parameters, longest + 1, mice, seed),
        "old": old_animals(parameters, OLD, longest + 1, mice, seed),
    }
    if animals["young"] and animals["old"]:
        with np.errstate(all="ignore"):
            _fill_grid(found, axes, animals)
    return dict(zip(_answer_names(), found.ravel().tolist(), strict=True))


def _fill_grid(
    found: np.ndarray,
    axes: Mapping[str, Sequence[Any]],
    animals: Mapping[str, Sequence[MeanFieldMouse]],
) -> None:
    """Score every point of the grid into float64[fact, dose, duration, every, route]."""
    controls = {age: _simulate_course(mice, None, 1, "gavage") for age, mice in animals.items()}
    lumens = {
        age: [mouse.harvest() if mouse.alive else None for mouse in mice]
        for age, mice in animals.items()
    }
    for recipient, donors in (("young", "old"), ("old", "young")):
        mice = animals[recipient]
        vials = [
            _pool_living([lumens[donors][n] for n in choose_donors(k, len(mice))])
            for k in range(len(mice))
        ]
        for (d, dose), (e, every), (r, route) in product(
            *(enumerate(axes[name]) for name in ("dose", "every", "route"))
        ):
            treated = _simulate_course(mice, vials, every, route, dose)
            for f, row in enumerate(reported_signs()):
                if str(row.arm).startswith(f"{recipient} + {donors}"):
                    found[f, d, :, e, r] = _holds_by_day(row, treated, controls, recipient)


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
    changes: Mapping[str, Any] | None = None,
    path: Path | None = None,
    workers: Any = 1,
    progress: Progress = ignore_messages,
) -> xarray.DataArray:
    """Simulate the dose grid for every draw and find where each reported sign holds.

    Args:
        draws: Parameter values by name, the same names in each draw of the posterior.
        mice: Animals of each age per draw.
        seed: Seed of the animals, the same for every draw.
        changes: Parameters that differ from the defaults in every draw that has no value for them.
        path: Table in which the answers to each draw are saved when they arrive; a run that was
            interrupted simulates only what is missing.
        workers: Processes.
        progress: Called with phase, done, total.

    Returns:
        1, 0 or NaN (no answer) with dims fact, dose, duration, every, route, draw.

    Raises:
        GutexoError: No draw has an answer.
    """
    axes = _coordinates()
    grid = EvaluatedSets(
        model=partial(score_dose_grid, mice=mice, seed=seed),
        label=f"dose grid, mean field, {mice} mice, seed {seed}",
        names=tuple(draws[0]),
        answers=_answer_names(),
        parts=PARTS,
        base=changes or {},
        path=path,
        workers=workers,
        progress=progress,
    )
    found = grid.evaluate(draws, "draws")
    shape = (len(draws), *(len(axis) for axis in axes.values()))
    holds = xarray.DataArray(found.reshape(shape), dims=("draw", *axes), coords=axes)
    return holds.transpose(*axes, "draw")


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
