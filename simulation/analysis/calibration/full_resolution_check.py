"""Third stage of a calibration: the central draw, run with mice of the default resolution."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from gutexo.analysis.calibration.distance import FittedRow, row_distances
from gutexo.analysis.calibration.evaluator import CalibrationEvaluator
from gutexo.analysis.calibration.mice_stage import EvaluatedSet


@dataclass(frozen=True)
class FullResolutionCheck:
    """One draw and the answers of default mice to it.

    Attributes:
        place: Rank by distance; 1 for the draw nearest to the centre.
        away: Its distance from the centre, in shares of the prior, root mean square.
        values: Value by parameter name.
        answers: Number by question.
        failing: Rows outside their windows.
    """

    place: int
    away: float
    values: dict[str, float]
    answers: dict[str, float]
    failing: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Check whether every row lies in its window."""
        return not self.failing


def order_from_centre(accepted: Sequence[EvaluatedSet]) -> list[tuple[float, EvaluatedSet]]:
    """Order the draws from the weighted centre outwards.

    A mean of draws need not be a draw: its answers may lie outside the windows. So the centre only
    determines which draw is nearest. Draws whose small mice lie inside every window come before
    those that were accepted slightly outside.

    Args:
        accepted: Accepted sets.

    Returns:
        Root mean square distance in shares of the prior, and the set, in the order of evaluation.
    """
    if not accepted:
        return []
    points = np.array([one.shares for one in accepted])
    counts = np.array([one.count for one in accepted], dtype=float)
    centre = counts @ points / counts.sum()
    away = np.sqrt(((points - centre) ** 2).mean(axis=1))
    order = np.lexsort((away, [one.distance > 0 for one in accepted]))
    return [(float(away[place]), accepted[place]) for place in order]


def check_full_resolution(
    rows: Sequence[FittedRow],
    evaluator: CalibrationEvaluator,
    accepted: Sequence[EvaluatedSet],
    *,
    most: int = 4,
    until: Callable[[], bool] | None = None,
    report: Callable[[str], None] = lambda line: None,
) -> list[FullResolutionCheck]:
    """Run draws with default mice, from the centre outwards, until all rows of one hold.

    Args:
        rows: Rows that may be fitted.
        evaluator: Evaluator of mice of the default resolution.
        accepted: Accepted sets.
        most: Largest number of draws.
        until: Called before each draw but the first; once it returns True no further draw is run.
        report: Called with a line of text for the user.

    Returns:
        Draws that were run; either the last one holds in every row, or none does.
    """
    found: list[FullResolutionCheck] = []
    for place, (away, one) in enumerate(order_from_centre(accepted)[:most], start=1):
        if found and until is not None and evaluator.known(one.values) is None and until():
            break
        answer = evaluator.evaluate([one.values])[0]
        outside = row_distances(answer.answers, rows)
        failing = tuple(name for name, miss in outside.items() if miss > 0)
        found.append(FullResolutionCheck(place, away, one.values, answer.answers, failing))
        if not failing:
            report(f"draw {place} from the centre: default mice hold every row")
            break
        report(f"draw {place} from the centre: outside are {', '.join(failing)}")
    return found
