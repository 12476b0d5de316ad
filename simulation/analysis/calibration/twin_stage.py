"""First stage of a calibration: ABC-SMC on the mean-field twin, which answers in a fraction of a
second, narrows the priors before any mouse is run."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np

from simulation.analysis.calibration.answers import Asker
from simulation.analysis.calibration.distance import Row, distance
from simulation.analysis.calibration.space import Space
from simulation.errors import GutexoError

MISSING = "calibration needs pyabc: install the extra 'analysis' (gut-exosome-ageing[analysis])"
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
        populations: One after the other, ever closer to the windows.
        finished: Whether the last one reached the threshold asked for.
    """

    table: np.ndarray
    distances: np.ndarray
    populations: tuple[Population, ...]
    finished: bool


def shares_of(point: Mapping[str, float], names: Sequence[str]) -> np.ndarray:
    """Shares of the prior of a point in probits."""
    return np.array([_NORMAL.cdf(float(point[name])) for name in names])


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
    from simulation.analysis.calibration import smc

    sampler = smc.OrderedSampler(seed, len)
    prior = smc.Prior(space.names)
    # pyABC draws the number of the model before its parameters; there is one model.
    points = [sampler.seeded(lambda: smc.drawn(prior), 0, number) for number in range(count)]
    return np.array([shares_of(point, space.names) for point in points])


def narrow(
    space: Space,
    rows: Sequence[Row],
    asker: Asker,
    database: Path,
    *,
    seed: int = 1,
    size: int = 200,
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
        The prior draws and all populations. The same for the same seed, whatever the number of
        workers or interruptions, unless `until` ends it early.

    Raises:
        GutexoError: pyABC is missing, the database is no such file, or the budget or the prior
            does not give one population.
    """
    needed()
    from pyabc import ABCSMC

    from simulation.analysis.calibration import smc

    names = space.names

    def values(point: Mapping[str, float]) -> dict[str, float]:
        return space.values(shares_of(point, names))

    def model(point: Mapping[str, float]) -> dict[str, float]:
        answer = asker.known(values(point))
        if answer is None:
            raise smc.Wanted(point)
        return {"distance": distance(answer.answers, rows)}

    def answer_all(points: list[dict[str, float]]) -> int:
        return len(asker.ask([values(point) for point in points], until=until))

    shares = prior_points(space, seed, table)
    found = asker.ask([space.values(point) for point in shares], until=until)
    if len(found) < table:
        raise GutexoError(
            "the budget was spent before the prior was tried: a larger --budget goes on"
        )
    distances = np.array([distance(one.answers, rows) for one in found])
    threshold = smc.Falling(_first(distances, size))
    say(
        f"{table} sets of the prior tried; the best {size} miss their windows by"
        f" {threshold.first:.2f} scales at most"
    )
    sampler = smc.OrderedSampler(seed, answer_all)

    def search() -> Any:
        # One for each population: every one is begun as if there had been an interruption before.
        return ABCSMC(
            model,
            smc.Prior(names),
            lambda x, _: x["distance"],
            population_size=size,
            transitions=smc.ShrunkNormals(),
            eps=threshold,
            sampler=sampler,
        )

    with _quiet():
        populations = _run(search, database, names, tolerance, most, until, say)
    if not populations:
        raise GutexoError("the budget was spent before the first population: a larger one goes on")
    return Narrowed(shares, distances, populations, populations[-1].tolerance <= tolerance)


def _first(distances: np.ndarray, size: int) -> float:
    """Threshold that leaves a population of the table."""
    if len(distances) < size:
        raise GutexoError(f"a population of {size} needs a table of as many sets at least")
    best = float(np.sort(distances)[size - 1])
    if not np.isfinite(best):
        answered = int(np.isfinite(distances).sum())
        raise GutexoError(f"{answered} of {len(distances)} sets of the prior answer; {size} needed")
    return best


def _run(
    search: Callable[[], Any],
    database: Path,
    names: Sequence[str],
    tolerance: float,
    most: int,
    until: Callable[[], bool] | None,
    say: Callable[[str], None],
) -> tuple[Population, ...]:
    """Population after population, each told once it is on disk."""
    history = _history(search(), database)
    found = [_read(history, names, number) for number in range(history.max_t + 1)]
    while not found or (found[-1].tolerance > tolerance and len(found) < most):
        if until is not None and until():
            break
        abc = search()
        _history(abc, database)
        history = abc.run(minimum_epsilon=tolerance, max_nr_populations=1)
        if history.max_t + 1 == len(found):  # the budget ended it
            break
        last = _read(history, names, len(found))
        found.append(last)
        say(
            f"population {last.number}: within {last.tolerance:.3f} scales of every window;"
            f" {last.tried} sets tried, worth {last.effective:.0f} particles"
        )
    return tuple(found)


def _history(abc: Any, database: Path) -> Any:
    """The history of this run: one that is there, or a new one."""
    from sqlalchemy.exc import DatabaseError

    address = f"sqlite:///{database}"
    try:
        if database.exists():
            history = abc.load(address, 1, {})
            return history if history.all_runs() else abc.new(address, {})
        database.parent.mkdir(parents=True, exist_ok=True)
        return abc.new(address, {})
    except (DatabaseError, AssertionError, ValueError):
        raise GutexoError(f"{database} is no database of populations") from None


def _read(history: Any, names: Sequence[str], number: int) -> Population:
    frame, weights = history.get_distribution(0, number)
    shares = np.vectorize(_NORMAL.cdf)(frame[list(names)].to_numpy(float))
    facts = history.get_all_populations().set_index("t").loc[number]
    return Population(number, float(facts.epsilon), int(facts.samples), shares, np.asarray(weights))
