"""Sweeps: the arms of a study, repeated for every point of a grid of parameters."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence, Sized
from itertools import islice, product
from typing import Any

from gutexo.catalogue import Parameters
from gutexo.catalogue.quantity import short_text
from gutexo.errors import GutexoError
from gutexo.protocol.study import Scenario, Study

MOST_POINTS = 10_000


def sweep(study: Study, grid: Mapping[str, Sequence[Any]]) -> Study:
    """Build one study of all points of a grid, so that all points share a run, a store and a seed.

    Mice of a replicate have the same seeds at every point, so that points differ only in
    parameters.

    Args:
        study: Arms and comparisons at each point.
        grid: Values by parameter name; text may have a unit ("12 min").

    Returns:
        A study with this `grid`; the names of its arms contain the original name and the point.

    Raises:
        GutexoError: A name, unit or value is wrong, a value is given twice, or there are too many
            points.
    """
    if not grid:
        raise GutexoError("a sweep needs values: --set group.name=1,2,4")
    count = math.prod(len(listed) for listed in grid.values() if isinstance(listed, Sized))
    if count > MOST_POINTS:
        raise GutexoError(f"a sweep may have {MOST_POINTS} points; got {count}")
    values = {name: _convert_values(name, listed) for name, listed in grid.items()}
    arms: list[Scenario] = []
    comparisons: list[tuple[str, str]] = []
    for point in product(*values.values()):
        changes = dict(zip(values, point, strict=True))
        where = point_name(changes)
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


def point_name(point: Mapping[str, float]) -> str:
    """Return the name of a point of a grid, as in the names of its arms."""
    return ", ".join(f"{name}={value:g}" for name, value in point.items())


def _convert_values(name: str, given: Sequence[Any]) -> tuple[float, ...]:
    """Convert the values of one parameter to its own unit.

    Raises:
        GutexoError: They are no list, or a value is wrong or given twice.
    """
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise GutexoError(f"a sweep of {name} needs a list of values; got {short_text(given)}")
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
