"""A sweep: the arms of a study, over again for every point of a grid of parameters."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence, Sized
from itertools import islice, product
from typing import Any

from gutexo.catalogue import Parameters
from gutexo.catalogue.quantity import shown
from gutexo.errors import GutexoError
from gutexo.protocol.study import Scenario, Study

MOST_POINTS = 10_000


def sweep(study: Study, grid: Mapping[str, Sequence[Any]]) -> Study:
    """A study of every point of a grid, so that one run, one store and one seed serve all.

    Mice of a replicate have the same seeds at every point: what differs between points is the
    parameters.

    Args:
        study: Arms and comparisons at each point.
        grid: Values by parameter name; text may carry a unit ("12 min").

    Returns:
        A study whose arms are named after theirs and the point, and whose `grid` is this one.

    Raises:
        GutexoError: A name, unit or value is wrong, or stands there twice, or there are too many.
    """
    if not grid:
        raise GutexoError("a sweep needs values to go through: --set group.name=1,2,4")
    count = math.prod(len(given) for given in grid.values() if isinstance(given, Sized))
    if count > MOST_POINTS:
        raise GutexoError(f"a sweep may have {MOST_POINTS} points; got {count}")
    values = {name: _values(name, given) for name, given in grid.items()}
    arms: list[Scenario] = []
    comparisons: list[tuple[str, str]] = []
    for point in product(*values.values()):
        changes = dict(zip(values, point, strict=True))
        where = named(changes)
        arms += [arm.change(changes).named(f"{arm.name} [{where}]") for arm in study.arms]
        comparisons += [(f"{a} [{where}]", f"{b} [{where}]") for a, b in study.comparisons]
    return Study(
        name="sweep",
        question=study.question,
        arms=tuple(arms),
        comparisons=tuple(comparisons),
        replicates=study.replicates,
        notes=study.notes,
        figures=("sweep",) if study.comparisons else (),
        of=study.name,
        grid=tuple(values.items()),
    )


def named(point: Mapping[str, float]) -> str:
    """Name of a point of a grid, as the names of its arms carry it."""
    return ", ".join(f"{name}={value:g}" for name, value in point.items())


def _values(name: str, given: Sequence[Any]) -> tuple[float, ...]:
    """Values of one parameter in its own unit."""
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise GutexoError(f"a sweep of {name} needs a list of values; got {shown(given)}")
    some = list(islice(given, MOST_POINTS + 1))
    if len(some) > MOST_POINTS:
        raise GutexoError(f"a sweep may have {MOST_POINTS} points; got more values of {name}")
    found = tuple(float(Parameters().change({name: value}).flat()[name]) for value in some)
    if not found:
        raise GutexoError(f"a sweep of {name} needs values")
    for value in found:
        if found.count(value) > 1:
            raise GutexoError(f"a sweep names {name}={value:g} twice")
    if len({f"{value:g}" for value in found}) < len(found):
        raise GutexoError(f"values of {name} must differ in six digits")
    return found
