"""Third stage of a calibration: the draw in the middle, run with mice of the default resolution."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from gutexo.analysis.calibration.answers import Asker
from gutexo.analysis.calibration.distance import Row, misses
from gutexo.analysis.calibration.mice_stage import Tried


@dataclass(frozen=True)
class Confirmation:
    """One draw and what default mice say to it.

    Attributes:
        place: 1 for the draw nearest to the centre.
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
        """Whether every row lies in its window."""
        return not self.failing


def from_centre(kept: Sequence[Tried]) -> list[tuple[float, Tried]]:
    """Draws from the weighted centre outwards.

    A mean of draws need not be a draw: it may answer outside the windows. So the centre only says
    which draw is nearest. Draws whose small mice lie inside every window come before those that
    were accepted a little outside.

    Args:
        kept: Accepted sets.

    Returns:
        Root mean square distance in shares of the prior, and the set, in the order to be tried.
    """
    if not kept:
        return []
    points = np.array([one.shares for one in kept])
    counts = np.array([one.count for one in kept], dtype=float)
    centre = counts @ points / counts.sum()
    away = np.sqrt(((points - centre) ** 2).mean(axis=1))
    order = np.lexsort((away, [one.distance > 0 for one in kept]))
    return [(float(away[place]), kept[place]) for place in order]


def confirm(
    rows: Sequence[Row],
    asker: Asker,
    kept: Sequence[Tried],
    *,
    most: int = 4,
    until: Callable[[], bool] | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> list[Confirmation]:
    """Run draws with default mice, from the centre outwards, until all rows of one hold.

    Args:
        rows: What may be fitted.
        asker: Mice of the default resolution, with their memory.
        kept: Accepted sets.
        most: Draws at most.
        until: Asked before each draw but the first.
        say: Called with a line for people.

    Returns:
        Draws that were run; the last one holds, or none does.
    """
    found: list[Confirmation] = []
    for place, (away, one) in enumerate(from_centre(kept)[:most], start=1):
        if found and until is not None and asker.known(one.values) is None and until():
            break
        answer = asker.ask([one.values])[0]
        outside = misses(answer.answers, rows)
        failing = tuple(name for name, miss in outside.items() if miss > 0)
        found.append(Confirmation(place, away, one.values, answer.answers, failing))
        if not failing:
            say(f"draw {place} from the centre: default mice hold every row")
            break
        say(f"draw {place} from the centre: outside are {', '.join(failing)}")
    return found
