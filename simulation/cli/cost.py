"""What a run costs before it is started: mice, lives, days, and minutes on this machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulation.protocol.life import Life
    from simulation.protocol.study import Study

PROBED_DAYS = 3
COHORT = 200  # lives without a mouse, by which early deaths are told
BYTES_A_NUMBER = 2 * 8 + 64  # twice as float64, once as a line of text
SIDE_BY_SIDE = 1.3  # measured: mice that run beside others, some of them frail, against one alone


@dataclass(frozen=True)
class Cost:
    """What a study asks for.

    Attributes:
        mice: Mice of all arms.
        lives: Lives to be raised, recipients and donors, if none is kept from before.
        days: Days of mice, lives included.
    """

    mice: int
    lives: tuple[Life, ...]
    days: float


def cost(plan: Study, replicates: int, seed: int) -> Cost:
    """Mice, lives and days of a study."""
    from simulation.cohort.plan import arm_tasks, life_tasks

    tasks = arm_tasks(plan, replicates, seed)
    lives = tuple(task.life for task in life_tasks(tasks))
    days = sum(task.scenario.duration for task in tasks)
    days += sum(life.age - life.first_day for life in lives)
    return Cost(len(tasks), lives, days)


def megabytes(plan: Study, replicates: int) -> int:
    """Disk that a run with --out needs: the store, the dataset and the table of trajectories."""
    from simulation.body.observables import OBSERVABLES
    from simulation.cohort.result import recorded_days

    numbers = len(plan.arms) * replicates * len(OBSERVABLES) * recorded_days(plan)
    return max(1, round(numbers * BYTES_A_NUMBER / 1e6))


def minutes(asks: Cost, workers: int, say: Callable[[str], None]) -> float:
    """Minutes on some workers, if no life is kept from before; tried on three days of a mouse.

    Args:
        asks: What is to be run.
        workers: Processes.
        say: Called with a line for people.
    """
    from simulation.compiled import is_warm

    if not is_warm():
        say("compiling the rules, once for this version (about half a minute)")
    different = {life.digest(): life for life in asks.lives}
    in_vain = {digest: _days_in_vain(life) for digest, life in different.items()}
    days = asks.days
    for life in asks.lives:
        days += life.parameters().resolution.settling + in_vain[life.digest()]
    return SIDE_BY_SIDE * days * _seconds_a_day(asks.lives[0]) / (60.0 * workers)


def _days_in_vain(life: Life) -> float:
    """Days of mice that die before they reach the age of a life, for each that does, on average."""
    import numpy as np

    from simulation.body.kinetics import lone_burdens

    if life.age <= life.first_day:
        return 0.0
    alive = ~np.isnan(lone_burdens(life.parameters(), COHORT, int(life.age)))
    died = alive[~alive[:, -1]].sum(axis=1) - life.first_day
    return float(died.clip(0.0).sum()) / max(1, int(alive[:, -1].sum()))


def _seconds_a_day(life: Life) -> float:
    """Seconds that a day of one mouse takes on this machine."""
    from simulation.body.mouse import Mouse

    mouse = Mouse(life.parameters(), seed=0)
    mouse.run_for("1 d")
    start = time.perf_counter()
    mouse.run_for(f"{PROBED_DAYS} d")
    return (time.perf_counter() - start) / PROBED_DAYS
