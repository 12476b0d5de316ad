"""Step 3: the posterior, by rejection and reweighting of sets that the mean field evaluates.

A set is accepted with probability exp(-misfit/2). The misfit sums the squared distances of its rows
outside their windows, in scales of the rows: inside every window a set is always accepted, and the
posterior is the prior restricted to the windows, whose edges are soft.

Hardly any set of the prior lies near fifty windows. So sets are drawn near the feasible point, and
then, generation after generation, where a surrogate of the rows that is fitted to all sets so far
would accept them. The cloud of good sets grows until windows or prior end it, then the surrogate
is believed further out and learns there, until its sets are worth enough. The sets of the last one
alone make the posterior: each is weighted by prior x acceptance, from the mean field's
own answers, over the density that it was drawn from. A wrong surrogate costs sets and no truth,
except where it sees nothing: a second region apart from the first is not found.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from gutexo.analysis.calibration.importance_sampling import (
    WeightedSets,
    log_prior,
    normalise,
)
from gutexo.analysis.calibration.row_windows import RowWindows
from gutexo.analysis.calibration.surrogate import LAST_TRUST, Guide, Measure

GROWN = 1.0  # rise of the cloud's log volume in a generation, below which it has grown
WORTH = 0.15  # equally weighted draws that a set is worth, from which on the surrogate suffices
BATCHES = 4  # of the sets of the posterior, after each of which is asked whether they suffice
PRIOR, GROWTH, POSTERIOR = "prior", "growth", "posterior"


@dataclass(frozen=True)
class Generation:
    """Progress after one generation.

    Attributes:
        generation: Its number.
        stage: "prior", "growth" of the cloud of good sets, or "posterior".
        sets: Sets evaluated so far.
        misfit: Median misfit of the generation; NaN where most sets have no answer.
        foreseen: Median misfit by the surrogate; NaN where none was used.
        volume: Log volume of the cloud of good sets; NaN of the prior.
        size: Equally weighted draws that the sets of this generation of growth, or all sets of the
            posterior, are worth; NaN of the prior and of the first.
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
        guide: What the sets were drawn from.
        enough: Equally weighted draws that were wanted.
    """

    sample: WeightedSets
    measured: np.ndarray
    prior: np.ndarray
    generations: tuple[Generation, ...]
    guide: Guide
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
    most: int,
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
        size: Sets of a generation of growth.
        growth: Largest number of such generations.
        most: Largest number of sets of the posterior.
        enough: Equally weighted draws at which fewer suffice.
        spread: Spread of the first sets around the feasible point, in probits.
        seed: Seed of all draws.
        report: Called with a line of text for the user after each generation.

    Returns:
        The sets with their weights. They depend on the arguments alone.
    """
    ways, generations = len(start), list[Generation]()

    def evaluate(stage: str, points: np.ndarray, guide: Guide | None) -> np.ndarray:
        found = measure(points)
        earlier = generations[-1].sets if generations else 0
        foreseen = math.nan if guide is None else float(np.median(guide.misfits(points)))
        volume = math.nan if guide is None else guide.cloud.log_volume
        misfit = float(np.median(windows.misfits(found)))
        generations.append(
            Generation(
                len(generations),
                stage,
                earlier + len(points),
                misfit if math.isfinite(misfit) else math.nan,
                foreseen,
                volume,
            )
        )
        return found

    random = np.random.default_rng([seed, 0])
    prior = evaluate(PRIOR, random.standard_normal((first, ways)), None)
    points = start + spread * random.standard_normal((size, ways))
    measured = evaluate(GROWTH, points, None)
    guide = Guide.fit(points, measured, windows, random)
    for number in range(1, growth):
        random = np.random.default_rng([seed, 1, number])
        drawn = guide.draw(size, random)
        found = evaluate(GROWTH, drawn, guide)
        points, measured = np.vstack([points, drawn]), np.vstack([measured, found])
        worth = _weigh(drawn, found, windows, guide).size
        generations[-1] = last = replace(generations[-1], size=worth)
        report(
            f"growth {number}: {last.sets} sets, median misfit {last.misfit:.1f}"
            f" ({last.foreseen:.1f} foreseen), log volume {last.volume:.1f}; {size} sets worth"
            f" {worth:.0f} draws of equal weight"
        )
        before, guide = guide, Guide.fit(points, measured, windows, random)
        wide = before.trust == LAST_TRUST
        grown = number > 2 and guide.cloud.log_volume - before.cloud.log_volume < GROWN
        if wide or grown or number == growth - 1:
            guide = replace(guide, trust=LAST_TRUST)
        if wide and worth >= WORTH * size:
            break

    random = np.random.default_rng([seed, 2])
    drawn = guide.draw(most, random)
    found = np.empty((0, prior.shape[1]))
    for batch in np.array_split(np.arange(most), BATCHES):
        found = np.vstack([found, evaluate(POSTERIOR, drawn[batch], guide)])
        sample = _weigh(drawn[: len(found)], found, windows, guide)
        generations[-1] = replace(generations[-1], size=sample.size)
        report(f"posterior: {len(found)} sets, worth {sample.size:.0f} draws of equal weight")
        if sample.size >= enough:
            break
    return Posterior(sample, found, prior, tuple(generations), guide, enough)


def _weigh(
    points: np.ndarray, measured: np.ndarray, windows: RowWindows, guide: Guide
) -> WeightedSets:
    misfits = windows.misfits(measured)
    logs = log_prior(points) - 0.5 * misfits - guide.log_density(points)
    return WeightedSets(points, misfits, normalise(logs))
