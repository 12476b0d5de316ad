"""Step 6: which set becomes the defaults. The one nearest to the centre that mice confirm.

A set is confirmed if, with mice of the default resolution, the mean of every `constrain` row lies
in its window, and enough of all scored rows pass as the scorecard judges them. If none is, the set
with most rows passed is taken among those whose four signs pass, and the result says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gutexo.analysis.calibration.feasible_point import POINT, PointRow
from gutexo.analysis.calibration.importance_sampling import Cloud
from gutexo.analysis.mean_field_arms import MALE_PART
from gutexo.analysis.posterior import POSTERIOR_FILE, read_draws
from gutexo.analysis.scorecard import Score, score_patterns
from gutexo.analysis.tables import read_table, write_table
from gutexo.catalogue import Parameters
from gutexo.catalogue.adopted import ADOPTED_FILE
from gutexo.catalogue.patterns import SIGN_IDS, patterns
from gutexo.errors import GutexoError

ENOUGH_PASSED = 36  # of the scored rows
SCORED = ("calibrate", "constrain", "verify")
CANDIDATES, CHECKED = "candidates", "checked_sets"
"""Names of the tables."""


@dataclass(frozen=True)
class Candidate:
    """One evaluated set that may become the defaults.

    Attributes:
        rank: 1 for the nearest to the centre of the posterior.
        away: Its distance from the centre, in standard deviations of the posterior.
        misfit: Summed squared distances of its rows outside their windows, by the mean field.
        number: Its place among the draws of the posterior, from 0 on.
    """

    rank: int
    away: float
    misfit: float
    number: int


@dataclass(frozen=True)
class CheckedSet:
    """A candidate and the scores of its mice.

    Attributes:
        candidate: Which set.
        values: Value by parameter name.
        scores: Scores of all rows that were run.
    """

    candidate: Candidate
    values: dict[str, float]
    scores: tuple[Score, ...]

    @property
    def passed(self) -> int:
        """Number of scored rows that pass."""
        return sum(one.verdict == "pass" for one in self.scores if one.use in SCORED)

    @property
    def outside(self) -> tuple[str, ...]:
        """`constrain` rows whose number does not lie in the window."""
        held = ("pass", "partial")
        return tuple(
            one.id for one in self.scores if one.use == "constrain" and one.verdict not in held
        )

    @property
    def signs_pass(self) -> bool:
        """Whether all four reported signs pass."""
        verdicts = {one.id: one.verdict for one in self.scores}
        return all(verdicts.get(sign) == "pass" for sign in SIGN_IDS)

    @property
    def confirmed(self) -> bool:
        """Whether mice confirm the set."""
        return not self.outside and self.passed >= ENOUGH_PASSED


def order_from_centre(
    points: np.ndarray, weights: np.ndarray, misfits: np.ndarray
) -> list[Candidate]:
    """Order the sets inside every window of the mean field, the nearest to the centre first.

    The centre itself need not be a set that was evaluated, nor one inside the windows. Distances
    are those of the posterior's covariance. Where no set is inside every window, the nearest to
    the windows come first.

    Args:
        points: float64[set, parameter], probits of the free parameters.
        weights: float64[set], which sum to one.
        misfits: float64[set], 0 inside every window.
    """
    away = np.linalg.norm(Cloud.fit(points, weights).round(points), axis=1)
    inside = misfits == 0.0
    if inside.any():
        order = [int(n) for n in np.argsort(away, kind="stable") if inside[n]]
    else:
        order = [int(n) for n in np.lexsort((away, np.round(misfits, 1)))]
    return [
        Candidate(rank, float(away[n]), float(misfits[n]), n)
        for rank, n in enumerate(order, start=1)
    ]


def check_candidates(
    candidates: Sequence[Candidate],
    values: Callable[[int], dict[str, float]],
    score: Callable[[Candidate, Mapping[str, float]], Sequence[Score]],
    *,
    most: int,
    report: Callable[[str], None] = lambda line: None,
) -> list[CheckedSet]:
    """Score candidates with mice, from the centre outwards, until one is confirmed.

    Args:
        candidates: In order, see `order_from_centre`.
        values: Values of a set by its number.
        score: Mice that score a set with these values.
        most: Largest number of candidates to score.
        report: Called with a line of text for the user.
    """
    checked: list[CheckedSet] = []
    for one in candidates[:most]:
        found = CheckedSet(one, values(one.number), tuple(score(one, values(one.number))))
        checked.append(found)
        if found.confirmed:
            report(f"set {one.rank} from the centre: confirmed, {found.passed} rows pass")
            break
        outside = f"; outside are {', '.join(found.outside)}" if found.outside else ""
        report(f"set {one.rank} from the centre: {found.passed} rows pass{outside}")
    return checked


def choose_adopted(checked: Sequence[CheckedSet]) -> CheckedSet | None:
    """Choose the set that becomes the defaults, or None where the four signs pass in none."""
    confirmed = [one for one in checked if one.confirmed]
    if confirmed:
        return confirmed[0]
    able = [one for one in checked if one.signs_pass]
    return max(able, key=lambda one: one.passed) if able else None


@dataclass(frozen=True)
class CheckedRow:
    """One row of one set that mice have scored.

    Attributes:
        rank: 1 for the set nearest to the centre.
        seed: Seed of the mice.
        replicates: Mice of an arm.
        id: Row.
        use: Its use.
        value: Number of the mice.
        low: Lower end of its interval; NaN where it is exact.
        high: Upper end.
        verdict: As in the scorecard.
        mice: Mice or pairs behind the number.
        note: Further information.
    """

    rank: int
    seed: int
    replicates: int
    id: str
    use: str
    value: float
    low: float
    high: float
    verdict: str
    mice: int
    note: str


@dataclass(frozen=True)
class AdoptedValue:
    """One value that becomes a default.

    Attributes:
        parameter: Name; with "(males)" behind it where it belongs to males alone.
        value: Value, in the unit of the parameter.
    """

    parameter: str
    value: float


@dataclass(frozen=True)
class AdoptionFolder:
    """Folder of a finished calibration, with the sets that it has scored with mice.

    Attributes:
        folder: The folder.
        candidates: Sets that may be adopted, in order.
        draws: Values of the draws of the posterior.
        males: What belongs to males alone, by name.
    """

    folder: Path
    candidates: tuple[Candidate, ...]
    draws: tuple[dict[str, float], ...]
    males: dict[str, float]

    @classmethod
    def read(cls, folder: Path) -> AdoptionFolder:
        """Read a folder.

        Raises:
            GutexoError: It does not hold a finished calibration.
        """
        if not (folder / f"{CANDIDATES}.csv").is_file():
            raise GutexoError(
                f"{folder} holds no finished calibration; make one with gutexo analyse calibrate"
            )
        point = {row.parameter: row.value for row in read_table(PointRow, folder / f"{POINT}.csv")}
        return cls(
            folder,
            tuple(read_table(Candidate, folder / f"{CANDIDATES}.csv")),
            tuple(read_draws(folder / POSTERIOR_FILE)[0]),
            {name: value for name, value in point.items() if name == MALE_PART},
        )

    def values(self, number: int) -> dict[str, float]:
        """Return the values of a draw that differ from the defaults."""
        defaults = Parameters().flat()
        return {k: v for k, v in self.draws[number].items() if v != defaults[k]}

    def score(
        self,
        one: Candidate,
        values: Mapping[str, float],
        *,
        replicates: int,
        seed: int,
        workers: int,
        report: Callable[[str], None],
    ) -> list[Score]:
        """Score a set with mice, unless this folder has its scores already.

        Args:
            one: Which set.
            values: Values by parameter name.
            replicates: Mice of an arm.
            seed: Seed of everything.
            workers: Processes.
            report: Called with a line of text for the user.
        """
        path = self.folder / f"{CHECKED}.csv"
        saved = read_table(CheckedRow, path, may_be_empty=True) if path.is_file() else []
        known = [
            row
            for row in saved
            if (row.rank, row.seed, row.replicates) == (one.rank, seed, replicates)
        ]
        if known:
            return _scores_of(known)
        only = [row.id for use in SCORED for row in patterns(use)]
        scores = score_patterns(
            replicates=replicates, seed=seed, workers=workers, changes=dict(values), only=only,
            report=report,
        )  # fmt: skip
        rows = [
            CheckedRow(
                one.rank, seed, replicates, score.id, score.use, score.value, score.low,
                score.high, score.verdict, score.mice, score.note,
            )
            for score in scores
        ]  # fmt: skip
        write_table(CheckedRow, [*saved, *rows], path, force=True)
        return scores

    def write_adopted(self, adopted: CheckedSet) -> Path:
        """Write `adopted.csv`, which replaces declared values where it lies in the catalogue."""
        values = adopted.values | self.males
        rows = [AdoptedValue(name, value) for name, value in values.items()]
        return write_table(AdoptedValue, rows, self.folder / ADOPTED_FILE, force=True)


def _scores_of(rows: Iterable[CheckedRow]) -> list[Score]:
    windows = {row.id: row for row in patterns()}
    return [
        Score(
            row.id, row.use, row.value, row.low, row.high, windows[row.id].window,
            windows[row.id].unit, row.verdict, row.mice, note=row.note,
        )
        for row in rows
    ]  # fmt: skip
