"""What a run costs before it is started: mice, lives, days, and minutes on this machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gutexo.catalogue import Parameters
    from gutexo.protocol.life import Life
    from gutexo.protocol.study import Study

PROBED_DAYS = 3
PROBED_AGENTS = 50_000
DRAWN_BY = "packets enterocytes macrophages hepatocytes myocytes adipocytes".split()
COHORT = 200  # lives without a mouse, by which early deaths are told
BYTES_A_NUMBER = 2 * 8 + 64  # twice as float64, once as a line of text
SIDE_BY_SIDE = 1.3  # measured: mice that run beside others, some of them frail, against one alone


@dataclass(frozen=True)
class Cost:
    """What a study asks for, if no life is kept from before.

    Attributes:
        mice: Mice of all arms.
        lives: Lives to be raised, recipients and donors.
        days: Days of mice, lives included.
        replicates: Times that the lives below are raised.
        of_replicate: Lives that one replicate needs, once each.
    """

    mice: int
    lives: int
    days: float
    replicates: int
    of_replicate: tuple[Life, ...]


def cost(plan: Study, replicates: int, seed: int, workers: int = 1) -> Cost:
    """Mice, lives and days of a study.

    Args:
        plan: The study.
        replicates: Mice an arm.
        seed: Of the study.
        workers: Mice that live at the same time.

    Raises:
        GutexoError: There are too many mice, or they are too large for this machine.
    """
    from gutexo.body.size import refuse_too_large
    from gutexo.cohort.plan import arm_tasks, life_tasks, refuse_too_many

    refuse_too_many(plan, replicates)
    # Replicates differ by their seeds only, which make other mice of the same lives.
    tasks = arm_tasks(plan, 1, seed)
    lives = tuple(task.life for task in life_tasks(tasks))
    mice = replicates * len(tasks)
    for life in {life.digest(): life for life in lives}.values():
        refuse_too_large(life.parameters(), min(workers, mice))
    days = sum(task.scenario.duration for task in tasks)
    days += sum(life.age - life.first_day for life in lives)
    return Cost(mice, replicates * len(lives), replicates * days, replicates, lives)


def megabytes(plan: Study, replicates: int) -> int:
    """Disk that a run with --out needs: the store, the dataset and the table of trajectories."""
    from gutexo.body.observables import OBSERVABLES
    from gutexo.cohort.result import recorded_days

    numbers = len(plan.arms) * replicates * len(OBSERVABLES) * recorded_days(plan)
    return max(1, round(numbers * BYTES_A_NUMBER / 1e6))


def minutes(asks: Cost, workers: int, say: Callable[[str], None]) -> float:
    """Minutes on some workers, if no life is kept from before; tried on three days of a mouse.

    Args:
        asks: What is to be run.
        workers: Processes.
        say: Called with a line for people.
    """
    from gutexo.compiled import is_warm

    if not is_warm():
        say("compiling the rules, once for this version (about half a minute)")
    different = {life.digest(): life for life in asks.of_replicate}
    in_vain = {digest: _days_in_vain(life) for digest, life in different.items()}
    more = 0.0
    for life in asks.of_replicate:
        more += life.parameters().resolution.settling + in_vain[life.digest()]
    days = asks.days + asks.replicates * more
    return SIDE_BY_SIDE * days * _seconds_a_day(asks.of_replicate[0]) / (60.0 * workers)


def _days_in_vain(life: Life) -> float:
    """Days of mice that die before they reach the age of a life, for each that does, on average."""
    import numpy as np

    from gutexo.body.kinetics import lone_burdens

    if life.age <= life.first_day:
        return 0.0
    alive = ~np.isnan(lone_burdens(life.parameters(), COHORT, int(life.age)))
    died = alive[~alive[:, -1]].sum(axis=1) - life.first_day
    return float(died.clip(0.0).sum()) / max(1, int(alive[:, -1].sum()))


def _seconds_a_day(life: Life) -> float:
    """Seconds that a day of one mouse takes on this machine.

    A mouse of very many agents is not tried itself: its time grows with their number.
    """
    from gutexo.body.mouse import Mouse
    from gutexo.body.size import agents

    parameters = life.parameters()
    tried = probed(parameters)
    mouse = Mouse(tried, seed=0)
    mouse.run_for("1 d")
    start = time.perf_counter()
    mouse.run_for(f"{PROBED_DAYS} d")
    seconds = (time.perf_counter() - start) / PROBED_DAYS
    return seconds * agents(parameters) / agents(tried)


def probed(parameters: Parameters) -> Parameters:
    """The same mouse, or a coarser one where it has more agents than can be tried in seconds.

    Args:
        parameters: Of the mouse.
    """
    from gutexo.body.size import agents

    share = PROBED_AGENTS / agents(parameters)
    if share >= 1:
        return parameters
    changes = {}
    for entry in parameters.entries("resolution"):
        name = entry.name.partition(".")[2]
        if name in DRAWN_BY:
            changes[entry.name] = max(entry.low, int(entry.value * share))
    return parameters.change(changes)
