"""Pictures and readings of one mouse of an arm at several moments, for an animation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from gutexo.body.mouse import DAY, Mouse
from gutexo.body.observables import OBSERVABLES
from gutexo.cohort.lives import working_folder
from gutexo.cohort.tasks import ArmTask
from gutexo.errors import GutexoError
from gutexo.protocol.study import Scenario
from gutexo.scene.picture import Picture, take_picture


@dataclass(frozen=True)
class Film:
    """A mouse at several moments.

    Attributes:
        arm: Name of the arm.
        pictures: Pictures, one per moment.
        readings: Value by readout, float64[moments]; units in `OBSERVABLES`.
    """

    arm: str
    pictures: tuple[Picture, ...]
    readings: dict[str, np.ndarray]


def prepare_study_mouse(scenario: Scenario, seed: int = 1, replicate: int = 0) -> Mouse:
    """Prepare the same mouse that a study follows in an arm, on day 0 before its doses.

    Args:
        scenario: The arm.
        seed: Seed of the study.
        replicate: Number of the mouse, from 0.

    Returns:
        The mouse; lives that were raised before are read from the cache.

    Raises:
        GutexoError: No mouse reaches the age of recipient or donors.
    """
    return ArmTask(scenario, seed, replicate).prepare_mouse(working_folder()).mouse


def record_film(
    scenario: Scenario,
    hours: Sequence[float],
    *,
    seed: int = 1,
    replicate: int = 0,
    most: int = 2000,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Film:
    """Follow one mouse of an arm and take pictures and readings; this does not change the mouse.

    Args:
        scenario: The arm.
        hours: Moments of the pictures (h since day 0), in order; 0 is before the first dose.
        seed: Seed of the study.
        replicate: Number of the mouse, from 0.
        most: Approximate largest number of exosomes in a picture.
        progress: Called with the number of moments done and of all moments.

    Returns:
        Pictures and readings; those after the death of the mouse are missing.

    Raises:
        GutexoError: The hours are not in order, or the mouse cannot be raised.
    """
    moments = [float(hour) for hour in hours]
    if not moments or moments[0] < 0 or sorted(set(moments)) != moments:
        raise GutexoError("a film needs hours that rise from 0 or more")
    mouse = prepare_study_mouse(scenario, seed, replicate)
    pictures, readings, now = [], [], 0.0
    for done, hour in enumerate(moments, start=1):
        if hour > now:
            mouse.run_for(hour - now)
            now = hour
        if not mouse.alive:
            break
        pictures.append(take_picture(mouse, most))
        readings.append(mouse.measure())
        progress(done, len(moments))
    series = {name: np.array([r[name] for r in readings]) for name in OBSERVABLES}
    return Film(scenario.name, tuple(pictures), series)


def list_film_hours(days: float, every: float = 12.0, first: float = 4.0) -> list[float]:
    """List the moments of an animation (h): before the first dose, then at a fixed interval.

    Args:
        days: Length of the course (d).
        every: Hours between two moments.
        first: Hours from the first dose to the first moment after it.
    """
    return [0.0, *np.arange(first, days * DAY, every).tolist()]
