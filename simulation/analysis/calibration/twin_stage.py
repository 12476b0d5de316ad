"""First stage of a calibration: ABC-SMC on the mean-field twin, which answers in a fraction of a
second, narrows the priors before any mouse is run."""

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

from gutexo.analysis.calibration.answers import Asker
from gutexo.analysis.calibration.distance import Row, distance
from gutexo.analysis.calibration.recycle import Tries
from gutexo.analysis.calibration.space import Space
from gutexo.errors import GutexoError
from gutexo.paths import PART

MISSING = "calibration needs pyabc: install the extra 'analysis' (gutexo[analysis])"
_NORMAL = NormalDist()


@dataclass(frozen=True)
class Population:
    """A weighted sample of one threshold.

    Attributes:
        number: 0 for the first.
        tolerance: Distance up to which sets were accepted.
        tried: Candidates, accepted ones included.
        shares: float64[particle, parameter], shares of the prior.
        weights: float64[particle], summing to one.
    """

    number: int
    tolerance: float
    tried: int
    shares: np.ndarray
    weights: np.ndarray

    @property
    def effective(self) -> float:
        """Number of equally weighted particles that would be worth as much."""
        return 1.0 / float(self.weights @ self.weights)


@dataclass(frozen=True)
class Narrowed:
    """What the first stage leaves.

    Attributes:
        table: float64[set, parameter], draws of the prior, in shares.
        distances: float64[set], their distances.
        populations: One after the other, ever closer to the windows, as pyABC keeps them.
        posterior: All sets within the last threshold, whichever population tried them.
        finished: Whether the last one reached the threshold asked for.
    """

    table: np.ndarray
    distances: np.ndarray
    populations: tuple[Population, ...]
    posterior: Population
    finished: bool


def needed() -> None:
    """Refuse a calibration without its library, before minutes are spent.

    Raises:
        GutexoError: pyABC is not installed.
    """
    try:
        import pyabc  # noqa: F401
    except ImportError:
        raise GutexoError(MISSING) from None


@contextmanager
def _quiet() -> Iterator[None]:
    """pyABC tells its progress on the error stream; ours is told by the command."""
    loggers = [logging.getLogger(name) for name in ("ABC", "ABC.History", "ABC.Epsilon")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def prior_points(space: Space, seed: int, count: int) -> np.ndarray:
    """Draws of the prior: the candidates of the first population, in order.

    Args:
        space: Free parameters and their priors.
        seed: Of all candidates.
        count: Draws.

    Returns:
        float64[draw, parameter], shares of the prior.

    Raises:
        GutexoError: pyABC is missing.
    """
    needed()
    from gutexo.analysis.calibration.smc import candidates

    return _cdf(candidates(None, len(space.names), seed, 0, count))


def narrow(
    space: Space,
    rows: Sequence[Row],
    asker: Asker,
    database: Path,
    *,
    seed: int = 1,
    size: int = 400,
    table: int = 2000,
    tolerance: float = 0.0,
    most: int = 20,
    until: Callable[[], bool] | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> Narrowed:
    """Narrow the priors to where the twin answers within its windows.

    Args:
        space: Free parameters and their priors.
        rows: What may be fitted, as the twin answers it.
        asker: The twin, with its memory.
        database: SQLite file of the populations; one that is there is gone on with.
        seed: Of all candidates.
        size: Particles of a population.
        table: Draws of the prior that are tried before; the best `size` of them are the first
            population.
        tolerance: Distance at which to stop; 0 is inside every window.
        most: Populations at most.
        until: Asked before each set; once it says yes, nothing more is begun.
        say: Called with a line for people.

    Returns:
        The prior draws, all populations and the posterior. The same for the same seed, whatever
        the number of workers or interruptions, unless `until` ends it early.

    Raises:
        GutexoError: pyABC is missing, the database is no such file, or the budget or the prior
            does not give one population.
    """
    needed()
    shares = prior_points(space, seed, table)
    found = asker.ask([space.values(point) for point in shares], until=until)
    if len(found) < table:
        raise GutexoError(
            "the budget was spent before the prior was tried: a larger --budget goes on"
        )
    distances = np.array([distance(one.answers, rows) for one in found])
    first = _first(distances, size)
    say(
        f"{table} sets of the prior tried; the best {size} miss their windows by"
        f" {first:.2f} scales at most"
    )
    search = _Search(space, tuple(rows), asker, database, seed, size, until)
    with _quiet():
        populations, tries = search.run(distances, first, tolerance, most, say)
    if not populations:
        raise GutexoError("the budget was spent before the first population: a larger one goes on")
    last = populations[-1]
    points, weights, _ = tries.within(last.tolerance)
    tried = sum(len(one) for one in tries.points)
    posterior = Population(last.number, last.tolerance, tried, _cdf(points), weights)
    say(f"all of {tried} sets used: {len(points)} within, worth {posterior.effective:.0f} draws")
    return Narrowed(shares, distances, populations, posterior, last.tolerance <= tolerance)


def _cdf(probits: np.ndarray) -> np.ndarray:
    return np.vectorize(_NORMAL.cdf, otypes=[float])(probits)


@dataclass(frozen=True)
class _Search:
    """Populations of one run, each begun as if there had been an interruption before."""

    space: Space
    rows: tuple[Row, ...]
    asker: Asker
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
        say: Callable[[str], None],
    ) -> tuple[tuple[Population, ...], Tries]:
        """Population after population, each told once it is on disk."""
        from gutexo.analysis.calibration.smc import candidates

        ways = len(self.space.names)
        tries = Tries([candidates(None, ways, self.seed, 0, len(distances))], [distances])
        tries.thresholds.append(first)
        history = _history(self._abc(tries), self.database)
        kept = history.max_t + 1
        found: list[Population] = []
        while len(found) < most and not (found and found[-1].tolerance <= tolerance):
            number = len(found)
            if number > 0:
                tries.advance()
            if number >= kept:
                if self.until is not None and self.until():
                    break
                abc = self._abc(tries)
                _history(abc, self.database)
                history = abc.run(minimum_epsilon=tolerance, max_nr_populations=1)
                if history.max_t < number:  # the budget ended it
                    break
            last = _read(history, self.space.names, number)
            found.append(last)
            if number > 0:
                points = candidates(tries.proposals[-1], ways, self.seed, number, last.tried)
                tries.points.append(points)
                tries.distances.append(np.array([self._distance(point) for point in points]))
            if number >= kept:
                say(
                    f"population {number}: within {last.tolerance:.3f} scales of every window;"
                    f" {last.tried} sets tried, worth {last.effective:.0f} particles"
                )
        del tries.proposals[len(tries.points) :]
        return tuple(found), tries

    def _values(self, point: np.ndarray) -> dict[str, float]:
        return self.space.values(_cdf(point))

    def _distance(self, point: np.ndarray) -> float:
        answer = self.asker.known(self._values(point))
        assert answer is not None
        return distance(answer.answers, self.rows)

    def _abc(self, tries: Tries) -> Any:
        """pyABC's part of the next population."""
        from pyabc import ABCSMC

        from gutexo.analysis.calibration import smc

        names = self.space.names

        def probits(point: Mapping[str, float]) -> np.ndarray:
            return np.array([point[name] for name in names])

        def model(point: Mapping[str, float]) -> dict[str, float]:
            if self.asker.known(self._values(probits(point))) is None:
                raise smc.Wanted(point)
            return {"distance": self._distance(probits(point))}

        def answer_all(points: list[dict[str, float]]) -> int:
            asked = [self._values(probits(point)) for point in points]
            return len(self.asker.ask(asked, until=self.until))

        return ABCSMC(
            model,
            smc.Prior(names),
            lambda x, _: x["distance"],
            population_size=self.size,
            model_prior=smc.OneModel(),
            transitions=smc.Proposed(names, tries.proposals[-1]),
            eps=smc.Given(tries.thresholds),
            sampler=smc.OrderedSampler(self.seed, answer_all),
        )


def _first(distances: np.ndarray, size: int) -> float:
    """Threshold that leaves a population of the table."""
    if len(distances) < size:
        raise GutexoError(f"a population of {size} needs a table of as many sets at least")
    best = float(np.sort(distances)[size - 1])
    if not np.isfinite(best):
        answered = int(np.isfinite(distances).sum())
        raise GutexoError(f"{answered} of {len(distances)} sets of the prior answer; {size} needed")
    return best


def _history(abc: Any, database: Path) -> Any:
    """The history of this run: one that is there, or a new one."""
    from sqlalchemy.exc import DatabaseError

    try:
        if database.exists():
            address = _address(database)
            history = abc.load(address, 1, {})
            return history if history.all_runs() else abc.new(address, {})
        database.parent.mkdir(parents=True, exist_ok=True)
        return abc.new(_address(database), {})
    except (DatabaseError, AssertionError, ValueError):
        raise GutexoError(f"{database} is no database of populations") from None


def _address(database: Path) -> str:
    """The address of a database; one that reads as another file goes through a link to it."""
    if any(mark in str(database) for mark in "?%#;"):
        link = Path(tempfile.mkdtemp(prefix=PART)) / "calibration"
        link.symlink_to(database.parent.resolve(), target_is_directory=True)
        atexit.register(shutil.rmtree, link.parent, ignore_errors=True)
        database = link / database.name
    return f"sqlite:///{database}"


def _read(history: Any, names: Sequence[str], number: int) -> Population:
    frame, weights = history.get_distribution(0, number)
    shares = _cdf(frame[list(names)].to_numpy(float))
    facts = history.get_all_populations().set_index("t").loc[number]
    return Population(number, float(facts.epsilon), int(facts.samples), shares, np.asarray(weights))
