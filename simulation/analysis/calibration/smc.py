"""The parts of ABC-SMC that are ours, on pyABC's own hooks. Imported only where pyABC is wanted.

pyABC keeps the populations, their weights and the order of things. Three of its parts are replaced:

- its samplers, since on several processes they draw from streams nobody seeded. Here a candidate
  is drawn from its own seed (seed of the run, number of the population, number of the candidate),
  and candidates count in that order: the same populations on any number of workers, and after any
  interruption;
- its kernel, see `gutexo.analysis.calibration.recycle`;
- its thresholds, which go with that. The first costs no sample of its own: it is that of the best
  of a table of prior draws, which are the candidates of the first population.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from pyabc import Parameter
from pyabc.epsilon import Epsilon
from pyabc.random_variables import DistributionBase
from pyabc.sampler import Sampler
from pyabc.transition import Transition

from gutexo.analysis.calibration.recycle import Proposal, log_prior

BATCH = 32  # candidates that are put to the workers at once; of no influence on the result


class Wanted(Exception):
    """Thrown by the model in place of an answer: these are the parameters of the candidate."""


def stream(*path: int) -> int:
    """A seed of 32 bits for one place in a run."""
    text = "/".join(str(int(step)) for step in path)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "little")


@contextmanager
def seeded(*path: int) -> Iterator[None]:
    """NumPy's global stream, which pyABC draws from, from a seed; afterwards as it was."""
    state = np.random.get_state()
    np.random.seed(stream(*path))
    try:
        yield
    finally:
        np.random.set_state(state)


def candidates(proposal: Proposal | None, ways: int, seed: int, t: int, count: int) -> np.ndarray:
    """The candidates of a population, drawn as pyABC draws them.

    Args:
        proposal: What they are drawn from; the prior if None.
        ways: Parameters.
        seed: Of the run.
        t: Number of the population.
        count: How many.

    Returns:
        float64[candidate, parameter], probits.
    """
    found = np.empty((count, ways))
    for number in range(count):
        with seeded(seed, t, number):
            if proposal is None:
                # pyABC draws the number of the model before its parameters; there is one model.
                np.random.random()
                found[number] = np.random.standard_normal(ways)
            else:
                found[number] = proposal.draw()
    return found


class OneModel:
    """Prior of the number of the model, which is zero."""

    def rvs(self) -> int:
        """A draw; it takes one number of the stream, as pyABC's own would."""
        np.random.random()
        return 0

    def pmf(self, number: int) -> float:
        """Probability of a model."""
        return float(number == 0)


class Prior(DistributionBase):
    """Independent standard normals: the probits of shares of the prior."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)

    def rvs(self, *_: Any, **__: Any) -> Parameter:
        """A draw."""
        return _parameter(self.names, np.random.standard_normal(len(self.names)))

    def pdf(self, x: Any) -> float:
        """Density at a point."""
        return float(np.exp(log_prior(_point(x, self.names)))[0])


def _parameter(names: Sequence[str], point: np.ndarray) -> Parameter:
    return Parameter({name: float(value) for name, value in zip(names, point, strict=True)})


def _point(x: Any, names: Sequence[str]) -> np.ndarray:
    return np.array([[float(x[name]) for name in names]])


class Proposed(Transition):
    """A proposal that was fitted to all tries, whatever population pyABC would fit it to."""

    def __init__(self, names: Sequence[str] = (), proposal: Proposal | None = None) -> None:
        self.names = names
        self.proposal = proposal

    def fit(self, X: Any, w: np.ndarray) -> None:
        """Nothing: it is fitted."""

    def rvs_single(self) -> Parameter:
        """A candidate."""
        assert self.proposal is not None
        return _parameter(self.names, self.proposal.draw())

    def pdf(self, x: Any) -> float:
        """Density of candidates at a point."""
        assert self.proposal is not None
        return float(np.exp(self.proposal.log_density(_point(x, self.names)))[0])


class Given(Epsilon):
    """Thresholds that are known."""

    def __init__(self, thresholds: Sequence[float]) -> None:
        self.thresholds = list(thresholds)

    def __call__(self, t: int) -> float:
        return self.thresholds[t]


class OrderedSampler(Sampler):
    """Candidates by number, each from its own seed, answered on all workers, counted in order.

    pyABC hands a sampler one function that draws a candidate, asks the model and weighs the answer.
    It is called twice from the same seed: at first the model does not answer and throws `Wanted`,
    which tells the parameters; once the workers have answered, the second call finds the answer.
    """

    def __init__(self, seed: int, answer: Callable[[list[dict[str, float]]], int]) -> None:
        super().__init__()
        self.seed = seed
        self.answer = answer

    def wanted(self, simulate_one: Callable[[], Any], t: int, number: int) -> Any:
        """The candidate's particle where its answer is known, else its parameters."""
        with seeded(self.seed, t, number):
            try:
                return simulate_one()
            except Wanted as asked:
                return asked.args[0]

    def sample_until_n_accepted(
        self,
        n: int,
        simulate_one: Callable[[], Any],
        t: int,
        *,
        max_eval: float = np.inf,
        all_accepted: bool = False,
        ana_vars: Any = None,
    ) -> Any:
        """A population, of the first candidates that are accepted; not ok where a budget ends."""
        sample = self._create_empty_sample()
        first = 0
        while sample.n_accepted < n:
            batch = range(first, first + BATCH)
            found = [self.wanted(simulate_one, t, number) for number in batch]
            asked = [dict(one) for one in found if isinstance(one, dict)]
            whole = self.answer(asked) == len(asked)
            for number in batch:
                particle = self.wanted(simulate_one, t, number)
                if isinstance(particle, dict):  # the budget was spent before it was answered
                    break
                sample.append(particle)
                self.nr_evaluations_ = number + 1
                if sample.n_accepted == n:
                    break
            if not whole and sample.n_accepted < n:
                sample.ok = False
                return sample
            first += BATCH
        return sample
