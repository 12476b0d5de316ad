"""First stage of a calibration: ABC-SMC on the mean-field model restricts the priors.

The model answers in a fraction of a second, and no mouse is run in this stage.
"""

from __future__ import annotations

import atexit
import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np

from gutexo.analysis.calibration.distance import FittedRow, worst_distance
from gutexo.analysis.calibration.evaluator import CalibrationEvaluator
from gutexo.analysis.calibration.importance_sampling import ImportanceSample
from gutexo.analysis.calibration.space import CalibrationSpace
from gutexo.errors import GutexoError
from gutexo.support.paths import UNFINISHED_PREFIX

MISSING = "calibration needs pyabc: install the extra 'analysis' (gutexo[analysis])"
_NORMAL = NormalDist()


@dataclass(frozen=True)
class Population:
    """A weighted sample of one threshold.

    Attributes:
        number: 0 for the first.
        tolerance: Distance up to which sets were accepted.
        evaluated: Number of candidates, accepted ones included.
        shares: float64[particle, parameter], shares of the prior.
        weights: float64[particle], summing to one.
    """

    number: int
    tolerance: float
    evaluated: int
    shares: np.ndarray
    weights: np.ndarray

    @property
    def effective(self) -> float:
        """Number of equally weighted particles that would be worth as much."""
        return 1.0 / float(self.weights @ self.weights)


@dataclass(frozen=True)
class AbcSmcResult:
    """Result of the first stage.

    Attributes:
        table: float64[set, parameter], draws of the prior, in shares.
        distances: float64[set], their distances.
        populations: Populations in order, each closer to the windows, as pyABC saves them.
        posterior: All sets within the last threshold, from all populations.
        finished: Whether the last population reached the requested threshold.
    """

    table: np.ndarray
    distances: np.ndarray
    populations: tuple[Population, ...]
    posterior: Population
    finished: bool


def require_pyabc() -> None:
    """Refuse a calibration whose library is missing, before computing time is used.

    Raises:
        GutexoError: pyABC is not installed.
    """
    try:
        import pyabc  # noqa: F401
    except ImportError:
        raise GutexoError(MISSING) from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence pyABC, which writes its progress to the error stream; the command reports ours."""
    loggers = [logging.getLogger(name) for name in ("ABC", "ABC.History", "ABC.Epsilon")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def draw_prior(space: CalibrationSpace, seed: int, count: int) -> np.ndarray:
    """Draw from the prior the candidates of the first population, in order.

    Args:
        space: Free parameters and their priors.
        seed: Seed of all candidates.
        count: Number of draws.

    Returns:
        float64[draw, parameter], shares of the prior.

    Raises:
        GutexoError: pyABC is missing.
    """
    require_pyabc()
    from gutexo.analysis.calibration.pyabc_parts import draw_candidates

    return _cdf(draw_candidates(None, len(space.names), seed, 0, count))


def run_abc_smc(
    space: CalibrationSpace,
    rows: Sequence[FittedRow],
    evaluator: CalibrationEvaluator,
    database: Path,
    *,
    seed: int = 1,
    size: int = 400,
    table: int = 2000,
    tolerance: float = 0.0,
    most: int = 20,
    until: Callable[[], bool] | None = None,
    report: Callable[[str], None] = lambda line: None,
) -> AbcSmcResult:
    """Restrict the priors to where the mean-field model answers within its windows.

    Args:
        space: Free parameters and their priors.
        rows: Rows that may be fitted, with the windows for the mean-field model.
        evaluator: Evaluator of the mean-field model.
        database: SQLite file of the populations; the run in an existing file is continued.
        seed: Seed of all candidates.
        size: Particles of a population.
        table: Draws of the prior that are evaluated before; the best `size` of them are the first
            population.
        tolerance: Distance at which to stop; 0 is inside every window.
        most: Largest number of populations.
        until: Called before each set; once it returns True, nothing more is started.
        report: Called with a line of text for the user.

    Returns:
        The prior draws, all populations and the posterior. They are the same for the same seed,
        whatever the number of workers or interruptions, unless `until` ends the run early.

    Raises:
        GutexoError: pyABC is missing, the database is not such a file, or the budget or the prior
            does not give one population.
    """
    require_pyabc()
    shares = draw_prior(space, seed, table)
    found = evaluator.evaluate([space.values(point) for point in shares], until=until)
    if len(found) < table:
        raise GutexoError(
            "the budget ended before the prior was evaluated: a larger --budget continues"
        )
    distances = np.array([worst_distance(one.answers, rows) for one in found])
    first = _first(distances, size)
    report(
        f"{table} sets of the prior evaluated; the best {size} are at most {first:.2f} scales"
        " outside their windows"
    )
    search = _Search(space, tuple(rows), evaluator, database, seed, size, until)
    with _quiet():
        populations, sample = search.run(distances, first, tolerance, most, report)
    if not populations:
        raise GutexoError("the budget ended before the first population: a larger one continues")
    last = populations[-1]
    points, weights, _ = sample.within(last.tolerance)
    evaluated = sum(len(one) for one in sample.points)
    posterior = Population(last.number, last.tolerance, evaluated, _cdf(points), weights)
    report(
        f"all {evaluated} sets reweighted: {len(points)} within the threshold, equivalent to"
        f" {posterior.effective:.0f} draws of equal weight"
    )
    return AbcSmcResult(shares, distances, populations, posterior, last.tolerance <= tolerance)


def _cdf(probits: np.ndarray) -> np.ndarray:
    return np.vectorize(_NORMAL.cdf, otypes=[float])(probits)


@dataclass(frozen=True)
class _Search:
    """Populations of one run, each started as after an interruption."""

    space: CalibrationSpace
    rows: tuple[FittedRow, ...]
    evaluator: CalibrationEvaluator
    database: Path
    seed: int
    size: int
    until: Callable[[], bool] | None

    def run(
        self,
        distances: np.ndarray,
        first: float,
        tolerance: float,
        most: int,
        report: Callable[[str], None],
    ) -> tuple[tuple[Population, ...], ImportanceSample]:
        """Run population after population and report each when it is on disk."""
        from gutexo.analysis.calibration.pyabc_parts import draw_candidates

        ways = len(self.space.names)
        sample = ImportanceSample(
            [draw_candidates(None, ways, self.seed, 0, len(distances))], [distances]
        )
        sample.thresholds.append(first)
        history = _history(self._abc(sample), self.database)
        saved = history.max_t + 1
        found: list[Population] = []
        while len(found) < most and not (found and found[-1].tolerance <= tolerance):
            number = len(found)
            if number > 0:
                sample.advance()
            if number >= saved:
                if self.until is not None and self.until():
                    break
                abc = self._abc(sample)
                _history(abc, self.database)
                history = abc.run(minimum_epsilon=tolerance, max_nr_populations=1)
                if history.max_t < number:  # the budget ended it
                    break
            last = _read(history, self.space.names, number)
            found.append(last)
            if number > 0:
                points = draw_candidates(
                    sample.proposals[-1], ways, self.seed, number, last.evaluated
                )
                sample.points.append(points)
                sample.distances.append(np.array([self._distance(point) for point in points]))
            if number >= saved:
                report(
                    f"population {number}: within {last.tolerance:.3f} scales of every window;"
                    f" {last.evaluated} sets evaluated, equivalent to {last.effective:.0f}"
                    " particles of equal weight"
                )
        del sample.proposals[len(sample.points) :]
        return tuple(found), sample

    def _values(self, point: np.ndarray) -> dict[str, float]:
        return self.space.values(_cdf(point))

    def _distance(self, point: np.ndarray) -> float:
        answer = self.evaluator.known(self._values(point))
        assert answer is not None
        return worst_distance(answer.answers, self.rows)

    def _abc(self, sample: ImportanceSample) -> Any:
        """Make the pyABC object that runs the next population."""
        from pyabc import ABCSMC

        from gutexo.analysis.calibration import pyabc_parts

        names = self.space.names

        def probits(point: Mapping[str, float]) -> np.ndarray:
            return np.array([point[name] for name in names])

        def model(point: Mapping[str, float]) -> dict[str, float]:
            if self.evaluator.known(self._values(probits(point))) is None:
                raise pyabc_parts.AnswerPending(point)
            return {"distance": self._distance(probits(point))}

        def evaluate_all(points: list[dict[str, float]]) -> int:
            requested = [self._values(probits(point)) for point in points]
            return len(self.evaluator.evaluate(requested, until=self.until))

        return ABCSMC(
            model,
            pyabc_parts.ProbitPrior(names),
            lambda x, _: x["distance"],
            population_size=self.size,
            model_prior=pyabc_parts.SingleModelPrior(),
            transitions=pyabc_parts.FittedTransition(names, sample.proposals[-1]),
            eps=pyabc_parts.FixedThresholds(sample.thresholds),
            sampler=pyabc_parts.OrderedSampler(self.seed, evaluate_all),
        )


def _first(distances: np.ndarray, size: int) -> float:
    """Threshold within which the table has one population."""
    if len(distances) < size:
        raise GutexoError(f"a population of {size} needs a table of at least as many sets")
    best = float(np.sort(distances)[size - 1])
    if not np.isfinite(best):
        answered = int(np.isfinite(distances).sum())
        raise GutexoError(f"{answered} of {len(distances)} sets of the prior answer; {size} needed")
    return best


def _history(abc: Any, database: Path) -> Any:
    """Open the history of this run: an existing one, or a new one."""
    from sqlalchemy.exc import DatabaseError

    try:
        if database.exists():
            address = _address(database)
            history = abc.load(address, 1, {})
            return history if history.all_runs() else abc.new(address, {})
        database.parent.mkdir(parents=True, exist_ok=True)
        return abc.new(_address(database), {})
    except (DatabaseError, AssertionError, ValueError):
        raise GutexoError(f"{database} is not a database of populations") from None


def _address(database: Path) -> str:
    """Make the address of a database; use a link if the path would be read as another file."""
    if any(mark in str(database) for mark in "?%#;"):
        link = Path(tempfile.mkdtemp(prefix=UNFINISHED_PREFIX)) / "calibration"
        link.symlink_to(database.parent.resolve(), target_is_directory=True)
        atexit.register(shutil.rmtree, link.parent, ignore_errors=True)
        database = link / database.name
    return f"sqlite:///{database}"


def _read(history: Any, names: Sequence[str], number: int) -> Population:
    frame, weights = history.get_distribution(0, number)
    shares = _cdf(frame[list(names)].to_numpy(float))
    facts = history.get_all_populations().set_index("t").loc[number]
    return Population(number, float(facts.epsilon), int(facts.samples), shares, np.asarray(weights))
