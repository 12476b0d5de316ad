"""Variance of transferred effects: how much is of recipients, of donors, and of packets.

Every recipient gets every pool of donors, and each effect is read against the recipient's own
vehicle. A two-way analysis of variance then splits the log effects into recipients, pools, and
the rest: what packets do by chance, and what only one pair of recipient and pool has.

References:
    Searle, Casella and McCulloch, Variance Components (1992), chapter 4: two-way moments.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gutexo.analysis.effects import find_recorded_day, trajectories_of
from gutexo.cohort.study_run import run_study, working_folder
from gutexo.cohort.tasks import DonorHarvest, LifeTask, pool_harvests
from gutexo.cohort.workers import run_tasks
from gutexo.errors import GutexoError
from gutexo.protocol.exosome_treatments import GiveExosomes, Vehicle
from gutexo.protocol.life import OLD, YOUNG, Life
from gutexo.protocol.standard_studies import COURSE_DAYS
from gutexo.protocol.study import Scenario, Study

EFFECTS = {
    "old to young": (YOUNG, OLD, ("FITC-dextran", "plasma TNF", "HOMA-IR")),
    "young to old": (OLD, YOUNG, ("HOMA-IR",)),
}
"""Age of recipients, age of donors (d), and readouts, by transfer."""
POOL_SIZES = (2, 4, 8)
MOST_OF_DONORS = 1.0 / 3.0
"""Share of the variance of an effect that donors may cause."""


@dataclass(frozen=True)
class EffectVariance:
    """Variance of one effect, over studies in which each recipient has a pool of its own.

    Attributes:
        transfer: Which exosomes were given to whom.
        readout: What was read.
        donors: Donors of a pool.
        pools: Pools behind the numbers.
        recipients: Recipients behind them.
        effect: Mean log ratio to vehicle.
        recipient: Variance of recipients, log.
        donor: Variance of pools.
        rest: Variance of packets, and of what only one pair has.
    """

    transfer: str
    readout: str
    donors: int
    pools: int
    recipients: int
    effect: float
    recipient: float
    donor: float
    rest: float

    @property
    def donor_share(self) -> float:
        """Share of the variance that donors cause."""
        return self.donor / (self.recipient + self.donor + self.rest)


def split_variance(effects: np.ndarray) -> tuple[float, float, float]:
    """Split the variance of a two-way table by the method of moments.

    Args:
        effects: Log effects, float64[recipient, pool], complete, two or more of each.

    Returns:
        Variance of recipients, of pools, and of the rest; 0 where the moment is negative.

    Raises:
        GutexoError: There are too few, or a value is missing.
    """
    recipients, pools = effects.shape
    if min(recipients, pools) < 2 or not np.isfinite(effects).all():
        raise GutexoError("a variance needs two recipients and two pools, and every effect")
    rows, columns = effects.mean(axis=1), effects.mean(axis=0)
    left = effects - rows[:, None] - columns + effects.mean()
    rest = float((left**2).sum() / ((recipients - 1) * (pools - 1)))
    recipient = rows.var(ddof=1) - rest / pools
    pool = columns.var(ddof=1) - rest / recipients
    return max(0.0, float(recipient)), max(0.0, float(pool)), rest


def measure_donor_variance(
    *,
    recipients: int = 6,
    donors: int = 48,
    sizes: Sequence[int] = POOL_SIZES,
    seed: int = 1,
    workers: int = 1,
    changes: dict[str, Any] | None = None,
    report: Callable[[str], None] = lambda line: None,
) -> list[EffectVariance]:
    """Measure the variance of each effect for pools of several sizes.

    Pools of one size share no donor; those of different sizes are made of the same donors.

    Args:
        recipients: Recipients of each transfer.
        donors: Donors of each transfer; a multiple of every size.
        sizes: Donors of a pool.
        seed: Seed of all mice.
        workers: Processes.
        changes: Parameters that differ from the defaults.
        report: Called with a line of text for the user.

    Raises:
        GutexoError: The donors do not make two pools of each size.
    """
    for size in sizes:
        if donors % size or donors < 2 * size:
            raise GutexoError(f"{donors} donors do not make two or more whole pools of {size}")
    found = []
    for transfer, (age, age_of_donors, readouts) in EFFECTS.items():
        report(f"{transfer}: {donors} donors, {recipients} recipients")
        lumens = _harvest(Life(age=age_of_donors, changes=changes or {}), donors, seed, workers)
        study, pools = _cross(Life(age=age, changes=changes or {}), lumens, sizes)
        data = run_study(study, replicates=recipients, seed=seed, workers=workers).data
        day, _ = find_recorded_day(data, COURSE_DAYS)
        for readout in readouts:
            vehicle = np.log(trajectories_of(data, readout, "vehicle")[:, day])
            for size, names in pools.items():
                logs = np.log([trajectories_of(data, readout, name)[:, day] for name in names])
                effects = (logs - vehicle).T
                effects = effects[np.isfinite(effects).all(axis=1)]
                parts = split_variance(effects)
                found.append(
                    EffectVariance(
                        transfer, readout, size, len(names), len(effects),
                        float(effects.mean()), *parts,
                    )
                )  # fmt: skip
    return found


def list_crossed_studies(
    donors: int, changes: dict[str, Any] | None = None, sizes: Sequence[int] = POOL_SIZES
) -> list[Study]:
    """List studies that cost as much as the measurement: donors, and mice that get each pool.

    Args:
        donors: Donors of each transfer.
        changes: Parameters that differ from the defaults.
        sizes: Donors of a pool.
    """
    found, pools = [], sum(donors // size for size in sizes)
    for age, age_of_donors, _ in EFFECTS.values():
        raised = Scenario(name="donors", life=Life(age=age_of_donors, changes=changes or {}))
        raised = raised.model_copy(update={"duration": 0.0})
        life = Life(age=age, changes=changes or {})
        arms = tuple(
            Scenario(name=f"pool {n}", life=life, interventions=(Vehicle(),), duration=COURSE_DAYS)
            for n in range(1 + pools)
        )
        found += [Study(name="donors", arms=(raised,)), Study(name="pools", arms=arms)]
    return found


def _harvest(life: Life, count: int, seed: int, workers: int) -> list[DonorHarvest]:
    """Raise donors and harvest each of them."""
    folder = working_folder()
    tasks = [LifeTask(life, seed, number, 0) for number in range(count)]
    for _, outcome in run_tasks(tasks, folder, workers):
        if outcome.reason is not None:
            raise GutexoError(f"a donor could not be raised: {outcome.reason}")
    return [DonorHarvest.of(task.find_or_raise(folder).snapshot) for task in tasks]


def _cross(
    life: Life, lumens: Sequence[DonorHarvest], sizes: Sequence[int]
) -> tuple[Study, dict[int, list[str]]]:
    """Build arms with each pool; return them with the names of the arms by size."""
    arms = [Scenario(name="vehicle", life=life, interventions=(Vehicle(),), duration=COURSE_DAYS)]
    names: dict[int, list[str]] = {}
    for size in sizes:
        for first in range(0, len(lumens), size):
            name = f"pool of {size}, from donor {first}"
            vial = pool_harvests(list(lumens[first : first + size]))
            dose = GiveExosomes(source=vial)
            arms.append(Scenario(name=name, life=life, interventions=(dose,), duration=COURSE_DAYS))
            names.setdefault(size, []).append(name)
    return Study(name="donor variance", arms=tuple(arms)), names
