"""Own parts of ABC-SMC, on the hooks of pyABC. The module is imported only where pyABC is used.

pyABC stores the populations and their weights and controls the order of steps. Three of its parts
are replaced:

- its samplers, since on several processes they draw from streams without a seed. Here a candidate
  is drawn from its own seed (seed of the run, number of the population, number of the candidate),
  and candidates count in that order: the populations are the same on any number of workers, and
  after any interruption;
- its kernel, see `gutexo.analysis.calibration.importance_sampling`;
- its thresholds, which belong to that kernel. The first needs no sample of its own: it is that of
  the best of a table of prior draws, which are the candidates of the first population.
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

from gutexo.analysis.calibration.importance_sampling import Proposal, log_prior

BATCH = 32  # candidates that the workers get at once; no influence on the result


class AnswerPending(Exception):
    """Exception that the model raises in place of an answer; it has the candidate's parameters."""


def seed_from_path(*path: int) -> int:
    """Derive a seed of 32 bits for one place in a run."""
    text = "/".join(str(int(step)) for step in path)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "little")


@contextmanager
def seeded(*path: int) -> Iterator[None]:
    """Seed NumPy's global stream, from which pyABC draws, and restore it afterwards."""
    state = np.random.get_state()
    np.random.seed(seed_from_path(*path))
    try:
        yield
    finally:
        np.random.set_state(state)


def draw_candidates(
    proposal: Proposal | None, ways: int, seed: int, t: int, count: int
) -> np.ndarray:
    """Draw the candidates of a population in the same way as pyABC.

    Args:
        proposal: Proposal they are drawn from; the prior if None.
        ways: Number of parameters.
        seed: Seed of the run.
        t: Number of the population.
        count: Number of candidates.

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


class SingleModelPrior:
    """Prior of the number of the model, which is zero."""

    def rvs(self) -> int:
        """Draw a model number; this uses one number of the stream, as in pyABC."""
        np.random.random()
        return 0

    def pmf(self, number: int) -> float:
        """Probability of a model."""
        return float(number == 0)


class ProbitPrior(DistributionBase):
    """Independent standard normals: the probits of shares of the prior."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)

    def rvs(self, *_: Any, **__: Any) -> Parameter:
        """Draw a point."""
        return _parameter(self.names, np.random.standard_normal(len(self.names)))

    def pdf(self, x: Any) -> float:
        """Density at a point."""
        return float(np.exp(log_prior(_point(x, self.names)))[0])


def _parameter(names: Sequence[str], point: np.ndarray) -> Parameter:
    return Parameter({name: float(value) for name, value in zip(names, point, strict=True)})


def _point(x: Any, names: Sequence[str]) -> np.ndarray:
    return np.array([[float(x[name]) for name in names]])


class FittedTransition(Transition):
    """Proposal that was fitted to all evaluated sets, and is not fitted again by pyABC."""

    def __init__(self, names: Sequence[str] = (), proposal: Proposal | None = None) -> None:
        self.names = names
        self.proposal = proposal

    def fit(self, X: Any, w: np.ndarray) -> None:
        """Do nothing: the proposal is already fitted."""

    def rvs_single(self) -> Parameter:
        """Draw a candidate."""
        assert self.proposal is not None
        return _parameter(self.names, self.proposal.draw())

    def pdf(self, x: Any) -> float:
        """Density of candidates at a point."""
        assert self.proposal is not None
        return float(np.exp(self.proposal.log_density(_point(x, self.names)))[0])


class FixedThresholds(Epsilon):
    """Thresholds that are known before the run."""

    def __init__(self, thresholds: Sequence[float]) -> None:
        self.thresholds = list(thresholds)

    def __call__(self, t: int) -> float:
        return self.thresholds[t]


class OrderedSampler(Sampler):
    """Sampler that draws each candidate from its own seed and counts candidates in order.

    All workers evaluate candidates. pyABC gives a sampler one function that draws a candidate,
    evaluates the model and weights the answer. It is called twice from the same seed: the first
    time the model raises `AnswerPending`, which holds the parameters; after the workers have
    evaluated them, the second call finds the answer.
    """

    def __init__(self, seed: int, evaluate_all: Callable[[list[dict[str, float]]], int]) -> None:
        super().__init__()
        self.seed = seed
        self.evaluate_all = evaluate_all

    def simulate_candidate(self, simulate_one: Callable[[], Any], t: int, number: int) -> Any:
        """Return the candidate's particle where its answer is known, else its parameters."""
        with seeded(self.seed, t, number):
            try:
                return simulate_one()
            except AnswerPending as pending:
                return pending.args[0]

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
        """Sample a population of the first accepted candidates; not ok if the budget ends first."""
        sample = self._create_empty_sample()
        first = 0
        while sample.n_accepted < n:
            batch = range(first, first + BATCH)
            found = [self.simulate_candidate(simulate_one, t, number) for number in batch]
            pending = [dict(one) for one in found if isinstance(one, dict)]
            whole = self.evaluate_all(pending) == len(pending)
            for number in batch:
                particle = self.simulate_candidate(simulate_one, t, number)
                if isinstance(particle, dict):  # the budget was spent before its evaluation
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
