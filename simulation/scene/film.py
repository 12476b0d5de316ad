"""One mouse of an arm, looked at as it lives: the pictures and readings of an animation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from gutexo.body.mouse import DAY, Mouse
from gutexo.body.observables import OBSERVABLES
from gutexo.cohort.lives import working_folder
from gutexo.cohort.plan import ArmTask
from gutexo.errors import GutexoError
from gutexo.protocol.study import Scenario
from gutexo.scene.picture import Picture, picture


@dataclass(frozen=True)
class Film:
    """A mouse at several moments.

    Attributes:
        arm: Name of the arm.
        pictures: What is seen, moment by moment.
        readings: Value by readout, float64[moments]; units in `OBSERVABLES`.
    """

    arm: str
    pictures: tuple[Picture, ...]
    readings: dict[str, np.ndarray]


def mouse_of(scenario: Scenario, seed: int = 1, replicate: int = 0) -> Mouse:
    """The very mouse a study follows in an arm, on its day 0, its doses still to come.

    Args:
        scenario: The arm.
        seed: Seed of the study.
        replicate: Which mouse, from 0.

    Returns:
        The mouse; lives that were raised before are found in the cache.

    Raises:
        GutexoError: No mouse reaches the age of recipient or donors.
    """
    return ArmTask(scenario, seed, replicate).begin(working_folder()).mouse


def film(
    scenario: Scenario,
    hours: Sequence[float],
    *,
    seed: int = 1,
    replicate: int = 0,
    most: int = 2000,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Film:
    """Follow one mouse of an arm and look at it now and then; looking changes nothing.

    Args:
        scenario: The arm.
        hours: When it is looked at (h since day 0), in order; 0 is before the first dose.
        seed: Seed of the study.
        replicate: Which mouse, from 0.
        most: About how many exosomes a picture shows.
        progress: Called with moments done and all moments.

    Returns:
        Pictures and readings; those after its death are missing.

    Raises:
        GutexoError: The hours are not in order, or the mouse cannot be raised.
    """
    moments = [float(hour) for hour in hours]
    if not moments or moments[0] < 0 or sorted(set(moments)) != moments:
        raise GutexoError("a film needs hours that rise from 0 or more")
    mouse = mouse_of(scenario, seed, replicate)
    pictures, readings, now = [], [], 0.0
    for done, hour in enumerate(moments, start=1):
        if hour > now:
            mouse.run_for(hour - now)
            now = hour
        if not mouse.alive:
            break
        pictures.append(picture(mouse, most))
        readings.append(mouse.measure())
        progress(done, len(moments))
    series = {name: np.array([r[name] for r in readings]) for name in OBSERVABLES}
    return Film(scenario.name, tuple(pictures), series)


def hours_of_course(days: float, every: float = 12.0, first: float = 4.0) -> list[float]:
    """Moments of an animation: before the first dose, then at fixed hours after each.

    Args:
        days: Length of the course (d).
        every: Hours from one moment to the next.
        first: Hours after the first dose of the first moment.
    """
    return [0.0, *np.arange(first, days * DAY, every).tolist()]
