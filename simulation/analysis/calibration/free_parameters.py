"""Step 2: which numbers are freed. Morris's screening around the feasible point chooses them.

A number that changes no row cannot be learned from the rows. The others stay at the feasible point
and are listed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from gutexo.analysis.calibration.targets import row_windows, target_names
from gutexo.analysis.evaluated_sets import EvaluatedSets
from gutexo.analysis.parameter_space import Dimension, ParameterSpace
from gutexo.analysis.sensitivity.morris import (
    elementary_effects,
    importance,
    screen_parameters,
    trajectories,
)

FACTOR = 1.5  # factor around the feasible point within which a number is changed
ENOUGH = 0.95  # share of all importance at which no further number is freed
LARGEST_EFFECT = 20.0  # scales over the whole range; a row that breaks down counts no more


@dataclass(frozen=True)
class ScreenedParameter:
    """Importance of one number for the rows.

    Attributes:
        parameter: Full name.
        unit: Its unit.
        value: Value at the feasible point.
        importance: Mean share over rows of its squared effects.
        row: Row that it changes most.
        effect: Mean absolute effect on that row over the range, in scales of the row.
        free: Whether it is freed.
    """

    parameter: str
    unit: str
    value: float
    importance: float
    row: str
    effect: float
    free: bool


def choose_free_parameters(
    space: ParameterSpace,
    mean_field: EvaluatedSets,
    point: Mapping[str, float],
    *,
    walks: int,
    most: int,
    seed: int = 1,
    report: Callable[[str], None] = lambda line: None,
) -> list[ScreenedParameter]:
    """Screen numbers by Morris's method and choose those to free.

    Args:
        space: Numbers that may be freed, over their priors.
        mean_field: The mean field's answers, whose names are those of `targets.target_names`.
        point: The feasible point, value by name.
        walks: Walks of the design; each evaluates one set more than there are numbers.
        most: Largest number of freed ones.
        seed: Seed of the design.
        report: Called with a line of text for the user.

    Returns:
        One entry per number, the most important first.
    """
    near = ParameterSpace(
        tuple(_near(one, point[one.name]) for one in space.dimensions), space.base, space.digits
    )
    points = trajectories(len(near.names), walks, seed)
    sets = [near.changes(one) for one in points.reshape(-1, len(near.names))]
    measured = mean_field.evaluate(sets, "screening") / row_windows().scale
    effects = elementary_effects(points, measured.reshape(*points.shape[:2], -1))
    effects = np.clip(effects, -LARGEST_EFFECT, LARGEST_EFFECT)
    rows = screen_parameters(near.names, target_names(), effects, seed)
    share = importance(rows)
    strongest = {
        name: max(
            (row for row in rows if row.parameter == name),
            key=lambda row: np.nan_to_num(row.mu_star),
        )
        for name in near.names
    }
    free: list[str] = []
    total = 0.0
    for name, size in share.items():
        if size <= 0 or len(free) == most or total >= ENOUGH:
            continue
        free.append(name)
        total += size
    report(f"{len(free)} of {len(share)} numbers freed: {total:.0%} of all importance")
    units = {entry.name: entry.unit for entry in space.entries}
    return [
        ScreenedParameter(
            name, units[name], point[name], size, strongest[name].question,
            strongest[name].mu_star, name in free,
        )
        for name, size in share.items()
    ]  # fmt: skip


def _near(one: Dimension, value: float) -> Dimension:
    """Limit a dimension to a factor around a value, within its prior."""
    low, high = one.entry.cdf(value / FACTOR), one.entry.cdf(value * FACTOR)
    return Dimension(one.entry, low, high) if high - low > 1e-6 else one
