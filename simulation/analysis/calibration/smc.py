"""The parts of ABC-SMC that are ours, on pyABC's own hooks. Imported only where pyABC is wanted.

Three of pyABC's own parts are replaced:

- its samplers, since on several processes they draw from streams nobody seeded. Here a candidate
  is drawn from its own seed (seed of the run, number of the population, number of the candidate),
  and candidates count in that order: the same populations on any number of workers, and after any
  interruption.
- its normal kernel, whose proposals are wider than the population they come from, by so much in
  twenty dimensions that most weight falls on a few particles. Here particles are drawn towards
  their mean first, so that proposals are as wide as the population (Liu and West 2001), and one in
  twenty is a draw of the prior, which bounds every weight.
- its first threshold, which costs a sample of its own. Here it is that of the best of a table of
  prior draws, which are the very candidates of the first population.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from pyabc import Parameter
from pyabc.epsilon import Epsilon
from pyabc.inference_util.inference_util import generate_valid_proposal
from pyabc.random_variables import RV, DistributionBase
from pyabc.sampler import Sampler
from pyabc.transition import Transition
from pyabc.weighted_statistics import weighted_quantile

_ONE = RV("randint", 0, 1)
BATCH = 32  # candidates that are put to the workers at once; of no influence on the result
DEFENSIVE = 0.05  # share of proposals that are draws of the prior


class Wanted(Exception):
    """Thrown by the model in place of an answer: these are the parameters of the candidate."""


def stream(*path: int) -> int:
    """A seed of 32 bits for one place in a run."""
    text = "/".join(str(int(step)) for step in path)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "little")


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """NumPy's global stream, which pyABC draws from, from a seed; afterwards as it was."""
    state = np.random.get_state()
    np.random.seed(seed)
    try:
        yield
    finally:
        np.random.set_state(state)


class Prior(DistributionBase):
    """Independent standard normals: the probits of shares of the prior."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)

    def rvs(self, *_: Any, **__: Any) -> Parameter:
        """A draw."""
        return Parameter(
            dict(zip(self.names, np.random.standard_normal(len(self.names)), strict=True))
        )

    def pdf(self, x: Any) -> float:
        """Density at a point."""
        point = np.array([x[name] for name in self.names])
        return float(np.exp(-0.5 * point @ point - 0.5 * len(point) * np.log(2 * np.pi)))


def drawn(prior: Prior) -> Parameter:
    """A draw as pyABC makes it: first the number of the model, of which there is one."""
    return generate_valid_proposal(0, np.array([0]), np.array([1.0]), _ONE, [prior], None, [])[1]


class ShrunkNormals(Transition):
    """A normal about each particle, drawn towards the mean, mixed with a little of the prior."""

    def fit(self, X: Any, w: np.ndarray) -> None:
        """Take mean, covariance and bandwidth from a weighted population.

        Args:
            X: DataFrame of probits, a row a particle.
            w: float64[particle], summing to one.
        """
        points = X.to_numpy(float)
        size, ways = 1.0 / float(w @ w), points.shape[1]
        mean = w @ points
        centred = points - mean
        spread = (centred * w[:, None]).T @ centred
        # With few particles for the dimensions, correlations are not believed.
        trust = size / (size + ways)
        spread = trust * spread + (1 - trust) * np.diag(np.diag(spread)) + 1e-9 * np.eye(ways)
        width = min(0.95, (4.0 / (size * (ways + 2))) ** (1.0 / (ways + 4)))
        self.centres_ = np.sqrt(1 - width**2) * points + (1 - np.sqrt(1 - width**2)) * mean
        self.factor_ = width * np.linalg.cholesky(spread)

    def rvs_single(self) -> Parameter:
        """A proposal."""
        ways = len(self.X.columns)
        noise = np.random.standard_normal(ways)
        if np.random.random() >= DEFENSIVE:
            place = np.searchsorted(np.cumsum(self.w), np.random.random())
            noise = self.centres_[min(place, len(self.centres_) - 1)] + self.factor_ @ noise
        return Parameter(dict(zip(self.X.columns, noise, strict=True)))

    def pdf(self, x: Any) -> float:
        """Density of proposals at a point."""
        point = np.array([x[name] for name in self.X.columns], dtype=float)
        norm = 0.5 * len(point) * np.log(2 * np.pi)
        away = np.linalg.solve(self.factor_, (point - self.centres_).T)
        logs = -0.5 * (away**2).sum(axis=0) - np.log(np.diag(self.factor_)).sum() - norm
        prior = np.exp(-0.5 * point @ point - norm)
        return float((1 - DEFENSIVE) * (self.w @ np.exp(logs)) + DEFENSIVE * prior)


class Falling(Epsilon):
    """Threshold: a given one first, then the median distance of the population before."""

    def __init__(self, first: float) -> None:
        self.first = first
        self.at: dict[int, float] = {}

    def initialize(self, t: int, get_weighted_distances: Callable[[], Any], *_: Any, **__: Any):
        """Before the first population of a sitting, after an interruption too."""
        if t == 0:
            self.at[0] = self.first
        else:
            self.update(t, get_weighted_distances)

    def update(self, t: int, get_weighted_distances: Callable[[], Any], *_: Any, **__: Any):
        """After a population."""
        found = get_weighted_distances()
        weights = found.w.to_numpy(float)
        self.at[t] = float(
            weighted_quantile(found.distance.to_numpy(), weights / weights.sum(), alpha=0.5)
        )

    def __call__(self, t: int) -> float:
        return self.at[t]


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

    def seeded(self, draw: Callable[[], Any], t: int, number: int) -> Any:
        """What is drawn from the seed of a candidate."""
        with seeded(stream(self.seed, t, number)):
            return draw()

    def wanted(self, simulate_one: Callable[[], Any], t: int, number: int) -> Any:
        """The candidate's particle where its answer is known, else its parameters."""
        try:
            return self.seeded(simulate_one, t, number)
        except Wanted as asked:
            return asked.args[0]

    def sample_until_n_accepted(  # noqa: D102
        self,
        n: int,
        simulate_one: Callable[[], Any],
        t: int,
        *,
        max_eval: float = np.inf,
        all_accepted: bool = False,
        ana_vars: Any = None,
    ) -> Any:
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
