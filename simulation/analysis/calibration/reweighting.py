"""Step 3: the posterior, by rejection and reweighting of sets that the mean field evaluates.

A set is accepted with probability exp(-misfit/2). The misfit sums the squared distances of its rows
outside their windows, in scales of the rows: inside every window a set is always accepted, and the
posterior is the prior restricted to the windows, whose edges are soft.

Hardly any set of the prior lies near fifty windows. So sets are drawn near the feasible point, and
then, generation after generation, where a surrogate of the rows that is fitted to all sets so far
would accept them. The cloud of good sets grows until windows or prior end it, then the surrogate
is believed further out, and learns there, until the sets are worth enough. All sets drawn from a
surrogate make the posterior: each is weighted by prior x acceptance, from the mean field's own
answers, over the mixture of all densities that sets were drawn from. A wrong surrogate costs sets
and no truth, except where it sees nothing: a second region apart from the first is not found.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gutexo.analysis.calibration.importance_sampling import (
    WeightedSets,
    log_mixture,
    log_prior,
    normalise,
)
from gutexo.analysis.calibration.row_windows import RowWindows
from gutexo.analysis.calibration.surrogate import LAST_TRUST, Guide, Measure

GROWN = 1.0  # rise of the cloud's log volume in a generation, below which it has grown
GROWTH_STEPS = 400  # of the walkers that draw a generation
PRIOR, GROWTH, POSTERIOR = "prior", "growth", "posterior"


@dataclass(frozen=True)
class Generation:
    """Progress after one generation.

    Attributes:
        generation: Its number.
        stage: "prior", "growth" of the cloud of good sets, or "posterior" once it has grown.
        sets: Sets evaluated so far.
        misfit: Median misfit of the generation; NaN where most sets have no answer.
        foreseen: Median misfit by the surrogate; NaN where none was used.
        volume: Log volume of the cloud of good sets; NaN of the prior.
        size: Equally weighted draws that all sets drawn from a surrogate so far are worth; NaN of
            the prior and of the sets around the feasible point.
    """

    generation: int
    stage: str
    sets: int
    misfit: float
    foreseen: float = math.nan
    volume: float = math.nan
    size: float = math.nan


@dataclass(frozen=True)
class Posterior:
    """Sets of the prior and of the posterior.

    Attributes:
        sample: Sets of the posterior with their weights.
        measured: Their answers, float64[set, row].
        prior: Answers of sets of the prior, float64[set, row].
        generations: One entry per generation.
        enough: Equally weighted draws that were wanted.
    """

    sample: WeightedSets
    measured: np.ndarray
    prior: np.ndarray
    generations: tuple[Generation, ...]
    enough: float

    @property
    def finished(self) -> bool:
        """Whether it is worth as many draws as were wanted."""
        return self.sample.size >= self.enough


def sample_posterior(
    measure: Measure,
    windows: RowWindows,
    start: np.ndarray,
    *,
    first: int,
    size: int,
    growth: int,
    enough: float,
    spread: float = 0.15,
    seed: int = 1,
    report: Callable[[str], None] = lambda line: None,
) -> Posterior:
    """Sample the prior, restricted to where the rows lie in their windows.

    Args:
        measure: The model; NaN where it gives no answer.
        windows: The windows.
        start: The feasible point, float64[parameter], probits.
        first: Draws of the prior, which the posterior is compared with.
        size: Sets of a generation.
        growth: Largest number of generations, that around the feasible point among them.
        enough: Equally weighted draws at which fewer suffice.
        spread: Spread of the first sets around the feasible point, in probits.
        seed: Seed of all draws.
        report: Called with a line of text for the user after each generation.

    Returns:
        The sets with their weights. They depend on the arguments alone.
    """
    random = np.random.default_rng([seed, 0])
    prior = measure(random.standard_normal((first, len(start))))
    points = start + spread * random.standard_normal((size, len(start)))
    measured = measure(points)
    done = [
        Generation(0, PRIOR, first, _middle(windows.misfits(prior))),
        Generation(1, GROWTH, first + size, _middle(windows.misfits(measured))),
    ]
    guide, used = Guide.fit(points, measured, windows, random), list[Guide]()
    for number in range(1, growth):
        random = np.random.default_rng([seed, 1, number])
        drawn = guide.draw(size, random, GROWTH_STEPS)
        found = measure(drawn)
        points, measured = np.vstack([points, drawn]), np.vstack([measured, found])
        used.append(guide)
        sample = _weigh(points[size:], measured[size:], windows, used)
        grown = guide.trust == LAST_TRUST
        last = Generation(
            number + 1,
            POSTERIOR if grown else GROWTH,
            first + len(points),
            _middle(windows.misfits(found)),
            float(np.median(guide.misfits(drawn))),
            guide.cloud.log_volume,
            sample.size,
        )
        done.append(last)
        report(
            f"{last.stage}, generation {number}: {last.sets} sets, median misfit"
            f" {last.misfit:.1f} ({last.foreseen:.1f} foreseen), log volume {last.volume:.1f};"
            f" worth {sample.size:.0f} draws of equal weight"
        )
        if grown and sample.size >= enough:
            break
        before, guide = guide, Guide.fit(points, measured, windows, random)
        small = guide.cloud.log_volume - before.cloud.log_volume < GROWN
        if grown or (number > 2 and small):
            guide = replace(guide, trust=LAST_TRUST)
    return Posterior(sample, measured[size:], prior, tuple(done), enough)


def _middle(misfits: np.ndarray) -> float:
    """Median misfit; NaN where most sets have no answer."""
    found = float(np.median(misfits))
    return found if math.isfinite(found) else math.nan


def _weigh(
    points: np.ndarray, measured: np.ndarray, windows: RowWindows, guides: Sequence[Guide]
) -> WeightedSets:
    """Weigh sets, of which each guide drew an equal part: prior x acceptance over the mixture."""
    misfits = windows.misfits(measured)
    logs = np.column_stack([guide.log_density(points) for guide in guides])
    counts = [len(points) // len(guides)] * len(guides)
    weights = normalise(log_prior(points) - 0.5 * misfits - log_mixture(logs, counts))
    return WeightedSets(points, misfits, weights)
