"""Cost of a run, estimated before it starts: mice, lives, days, and minutes on this machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gutexo.catalogue.ages import WEANING_DAYS

if TYPE_CHECKING:
    from gutexo.catalogue import Parameters
    from gutexo.protocol.life import Life
    from gutexo.protocol.study import Study

PROBED_DAYS = 3
PROBED_AGENTS = 50_000
LONE_LIVES = 200  # burdens simulated without a mouse, from which early deaths are estimated
BYTES_A_NUMBER = 2 * 8 + 64  # twice as float64, once as a line of text
PARALLEL_SLOWDOWN = (
    1.3  # measured: time of mice that run in parallel, some of them frail, over that of one alone
)


def _report_nothing(line: str) -> None:
    """Do nothing; the default of `report`."""


@dataclass(frozen=True)
class RunCost:
    """Cost of a study if no life is saved in the cache.

    Attributes:
        mice: Mice of all arms.
        lives: Lives to be raised, of recipients and donors.
        days: Simulated mouse days, those of lives included.
        replicates: How often the lives in `of_replicate` are raised.
        of_replicate: Lives that one replicate needs, each once.
    """

    mice: int
    lives: int
    days: float
    replicates: int
    of_replicate: tuple[Life, ...]

    def estimate_minutes(
        self, workers: int = 1, report: Callable[[str], None] = _report_nothing
    ) -> float:
        """Estimate how long the run takes (min), timed on three days of a mouse.

        Args:
            workers: Processes.
            report: Called with a message of one line.

        Raises:
            GutexoError: `workers` is no number of processes.
        """
        return estimate_minutes([self], workers, report)


def estimate_cost(
    study: Study, replicates: int | None = None, seed: int = 0, workers: int = 1
) -> RunCost:
    """Count the mice, lives and days of a study before it is run; nothing is simulated.

    Args:
        study: The study.
        replicates: Mice per arm; the study's own number if None.
        seed: Seed of the study.
        workers: Mice that are simulated at the same time, for which memory must suffice.

    Returns:
        The cost; its `estimate_minutes` times a mouse on this machine.

    Raises:
        GutexoError: An argument is wrong, there are too many mice, or they are too large for this
            machine.
    """
    from gutexo.body.mouse_size import check_fits_memory
    from gutexo.cohort.tasks import arm_tasks, life_tasks, refuse_too_many
    from gutexo.protocol.study import MOST_REPLICATES
    from gutexo.support.arguments import check_seed, check_whole_number

    chosen = study.replicates if replicates is None else replicates
    count = check_whole_number("replicates", chosen, 1, MOST_REPLICATES)
    workers = check_whole_number("workers", workers, 1)
    refuse_too_many(study, count)
    # Replicates differ only in their seeds: other mice, but the same lives.
    tasks = arm_tasks(study, 1, check_seed(seed))
    lives = tuple(task.life for task in life_tasks(tasks))
    mice = count * len(tasks)
    for life in {life.digest(): life for life in lives}.values():
        check_fits_memory(life.parameters(), min(workers, mice))
    days = sum(task.scenario.duration for task in tasks)
    days += sum(life.age - WEANING_DAYS for life in lives)
    return RunCost(mice, count * len(lives), count * days, count, lives)


def estimate_megabytes(study: Study, replicates: int) -> int:
    """Estimate the disk space (MB) of a run with `--out`: store, dataset, table of trajectories."""
    from gutexo.body.observables import OBSERVABLES
    from gutexo.cohort.result import count_recorded_days

    numbers = len(study.arms) * replicates * len(OBSERVABLES) * count_recorded_days(study)
    return max(1, round(numbers * BYTES_A_NUMBER / 1e6))


def estimate_minutes(
    costs: Sequence[RunCost], workers: int = 1, report: Callable[[str], None] = _report_nothing
) -> float:
    """Estimate how long several runs take together (min) if no life is saved in the cache.

    Args:
        costs: Cost of each run. Runs of mice of one resolution are timed on the same mouse.
        workers: Processes.
        report: Called with a message of one line.

    Raises:
        GutexoError: `workers` is no number of processes.
    """
    from gutexo.cohort.study_run import compile_rules
    from gutexo.support.arguments import check_whole_number

    workers = check_whole_number("workers", workers, 1)
    compile_rules(report=report)
    wasted: dict[str, float] = {}  # days by life
    timed: dict[str, float] = {}  # seconds a day by resolution
    seconds = 0.0
    for cost in costs:
        days = cost.days
        for life in cost.of_replicate:
            key = life.digest()
            if key not in wasted:
                wasted[key] = _wasted_days(life)
            days += cost.replicates * wasted[key]
        parameters = cost.of_replicate[0].parameters()
        resolution = str(parameters.resolution)
        if resolution not in timed:
            timed[resolution] = _seconds_a_day(parameters)
        seconds += days * timed[resolution]
    return PARALLEL_SLOWDOWN * seconds / (60.0 * workers)


def _wasted_days(life: Life) -> float:
    """Mean number of days spent on mice that die too early, per mouse that reaches the age (d)."""
    import numpy as np

    from gutexo.body.assays.kinetics import simulate_burdens

    if life.age <= WEANING_DAYS:
        return 0.0
    alive = ~np.isnan(simulate_burdens(life.parameters(), LONE_LIVES, int(life.age)))
    died = alive[~alive[:, -1]].sum(axis=1) - WEANING_DAYS
    return float(died.clip(0.0).sum()) / max(1, int(alive[:, -1].sum()))


def _seconds_a_day(parameters: Parameters) -> float:
    """Measure the seconds that one day of a mouse takes on this machine.

    For a mouse with very many agents a coarser mouse is timed instead, and the time is scaled with
    the number of agents.
    """
    from gutexo.body.mouse import Mouse
    from gutexo.body.mouse_size import count_agents

    timed = coarsen_for_timing(parameters)
    mouse = Mouse(timed, seed=0, age=WEANING_DAYS)
    mouse.run_for("3 d")
    start = time.perf_counter()
    mouse.run_for(f"{PROBED_DAYS} d")
    seconds = (time.perf_counter() - start) / PROBED_DAYS
    return seconds * count_agents(parameters) / count_agents(timed)


def coarsen_for_timing(parameters: Parameters) -> Parameters:
    """Return the parameters of a mouse that can be timed in seconds: the same, or a coarser one.

    Args:
        parameters: Parameters of the mouse.
    """
    from gutexo.body.mouse_size import count_agents
    from gutexo.catalogue.organs import ORGANS

    counts = ("packets", "enterocytes", "macrophages", *(f"{organ.cell}s" for organ in ORGANS))
    share = PROBED_AGENTS / count_agents(parameters)
    if share >= 1:
        return parameters
    changes = {}
    for entry in parameters.entries("resolution"):
        name = entry.name.partition(".")[2]
        if name in counts:
            changes[entry.name] = max(entry.low, int(entry.value * share))
    return parameters.change(changes)
