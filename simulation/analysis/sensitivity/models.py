"""Who is asked: the mean-field twin, and simulated mice to hold it against."""

from __future__ import annotations

from concurrent.futures import Executor
from functools import partial
from pathlib import Path

from simulation.analysis.outcomes import from_mice
from simulation.analysis.sensitivity.answers import Answers
from simulation.analysis.sensitivity.space import ASKED
from simulation.cohort.compare import Progress, silent

TWINS = 6  # animals of the twin at each age, one a stratum of burdens and random effects


def twin(
    seed: int = 1,
    *,
    keep: Path | None = None,
    workers: int | Executor = 1,
    progress: Progress = silent,
) -> Answers:
    """The mean-field twin, as one that is asked.

    Args:
        seed: Seed of its mice, the same for every parameter set.
        keep: File in which answers are kept as they come.
        workers: Processes, or any executor.
        progress: Called with phase, done, total.
    """
    from simulation.analysis.twin import from_twin

    ask = partial(from_twin, mice=TWINS, seed=seed)
    name = f"twin mice={TWINS} seed={seed}"
    parts = ("analysis/twin", "analysis/outcomes.py")
    return Answers(ask, ASKED, name, parts, keep, workers, progress)


def simulated(
    replicates: int,
    seed: int = 1,
    *,
    keep: Path | None = None,
    workers: int | Executor = 1,
    progress: Progress = silent,
) -> Answers:
    """Simulated mice, as ones that are asked.

    Args:
        replicates: Mice an arm.
        seed: Seed of everything, the same for every parameter set.
        keep: File in which answers are kept as they come.
        workers: Processes, or any executor.
        progress: Called with phase, done, total.
    """
    ask = partial(from_mice, replicates=replicates, seed=seed)
    name = f"mice replicates={replicates} seed={seed}"
    parts = ("analysis/outcomes.py", "cohort", "protocol")
    return Answers(ask, ASKED, name, parts, keep, workers, progress)
