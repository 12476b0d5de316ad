"""Who is asked: the mean-field twin, and simulated mice to hold it against."""

from __future__ import annotations

from concurrent.futures import Executor
from functools import partial
from pathlib import Path

from gutexo.analysis.outcomes import from_mice
from gutexo.analysis.sensitivity.answers import Answers
from gutexo.analysis.sensitivity.space import ASKED
from gutexo.cohort.compare import Progress, silent

TWINS = 6  # animals of the twin at each age, one a stratum of burdens and random effects


def twin(
    mice: int,
    seed: int = 1,
    *,
    keep: Path | None = None,
    workers: int = 1,
    pool: Executor | None = None,
    progress: Progress = silent,
) -> Answers:
    """The mean-field twin, as one that is asked.

    Args:
        mice: Mice of the twin of each age, which differ in random effects and burdens.
        seed: Seed of its mice, the same for every parameter set.
        keep: File in which answers are kept as they come.
        workers: Processes.
        pool: Processes that stand ready, or None.
        progress: Called with phase, done, total.
    """
    from gutexo.analysis.twin import from_twin

    ask = partial(from_twin, mice=mice, seed=seed)
    name = f"twin mice={mice} seed={seed}"
    parts = ("analysis/twin", "analysis/outcomes.py")
    return Answers(ask, ASKED, name, parts, keep, workers, pool, progress)


def simulated(
    replicates: int,
    seed: int = 1,
    *,
    keep: Path | None = None,
    workers: int = 1,
    pool: Executor | None = None,
    progress: Progress = silent,
) -> Answers:
    """Simulated mice, as ones that are asked.

    Args:
        replicates: Mice an arm.
        seed: Seed of everything, the same for every parameter set.
        keep: File in which answers are kept as they come.
        workers: Processes.
        pool: Processes that stand ready, or None.
        progress: Called with phase, done, total.
    """
    ask = partial(from_mice, replicates=replicates, seed=seed)
    name = f"mice replicates={replicates} seed={seed}"
    parts = ("analysis/outcomes.py", "cohort", "protocol")
    return Answers(ask, ASKED, name, parts, keep, workers, pool, progress)
