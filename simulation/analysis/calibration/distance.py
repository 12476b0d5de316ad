"""Distance of the answers of a set of parameters from the windows that may be fitted.

The distance is that of the worst row. So a set that is accepted at a tolerance answers *every* row
within its window, widened on both sides by that many of the row's scales; a good row cannot
compensate for a bad one. Progress is gradual, since the worst row improves gradually, and at 0 the
accepted sets are those inside all windows: the posterior is the prior, restricted to them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gutexo.analysis.outcomes import RESCUE_QUESTION, read_windows
from gutexo.catalogue.patterns import pattern
from gutexo.errors import GutexoError

FITTED = ("calibrate", "constrain")
"""Uses of the rows that may be fitted; every other row is refused."""
RESCUE = "young-to-old-insulin-resistance"


@dataclass(frozen=True)
class FittedRow:
    """One row that may be fitted.

    Attributes:
        id: Name of the question, see `gutexo.analysis.outcomes`.
        use: calibrate or constrain.
        low, high: Its window; `high` may be infinite.
        scale: Log of the factor by which an answer outside the window has distance 1. It is half
            the window's width in logs where a size is known. Of a reported sign only the sign is
            known: there it is the smallest effect that counts, so that no effect has distance 1.
    """

    id: str
    use: str
    low: float
    high: float
    scale: float

    def __post_init__(self) -> None:
        if self.use not in FITTED:
            raise GutexoError(f"row '{self.id}' is under '{self.use}' and is never fitted")
        if not (0 < self.low < self.high and self.scale > 0):
            raise GutexoError(f"row '{self.id}' needs a window above zero: it is read in logs")

    def miss(self, answer: float) -> float:
        """Distance of an answer from the window, in scales; 0 inside, infinite if it is missing.

        Args:
            answer: A ratio above zero; NaN where no mouse gives an answer.
        """
        if not answer > 0 or math.isinf(answer):
            return math.inf
        place = math.log(answer)
        return max(math.log(self.low) - place, place - math.log(self.high), 0.0) / self.scale


def make_fitted_row(name: str) -> FittedRow:
    """Make the fitted row of a pattern of `patterns.toml`.

    Args:
        name: Its id.

    Raises:
        GutexoError: There is no such row, it may not be fitted, or mice do not answer it.
    """
    found = pattern(name)
    if found.use not in FITTED:
        raise GutexoError(f"row '{name}' is under '{found.use}' and is never fitted")
    if name not in read_windows():
        raise GutexoError(f"row '{name}' is no question of a calibration")
    low, high = found.window
    if not 0 < low < high:
        raise GutexoError(f"row '{name}' needs a window above zero: it is read in logs")
    if found.use == "constrain":
        scale = min(abs(math.log(low)), abs(math.log(high)))
    else:
        scale = 0.5 * math.log(high / low)
    return FittedRow(name, found.use, low, high, scale)


def fitted_rows(names: Iterable[str] | None = None) -> tuple[FittedRow, ...]:
    """Make the rows of a calibration.

    A rescue after which old mice are better than young controls also violates its row; that bound
    is a separate row here.

    Args:
        names: Their ids; all that may be fitted if None.

    Raises:
        GutexoError: A row does not exist or may not be fitted.
    """
    rows = [make_fitted_row(name) for name in (read_windows() if names is None else names)]
    for one in list(rows):
        if one.id == RESCUE:
            rows.append(FittedRow(RESCUE_QUESTION, one.use, 1.0, math.inf, one.scale))
    return tuple(rows)


def row_distances(answers: Mapping[str, float], rows: Iterable[FittedRow]) -> dict[str, float]:
    """Compute the distance of each row; infinite where the answer is missing."""
    return {one.id: one.miss(answers.get(one.id, math.nan)) for one in rows}


def worst_distance(answers: Mapping[str, float], rows: Iterable[FittedRow]) -> float:
    """Distance of the worst row.

    Args:
        answers: Number by question.
        rows: Rows that may be fitted.

    Returns:
        0 where all answers lie in their windows; infinite where one is missing.
    """
    return max(row_distances(answers, rows).values(), default=0.0)
