"""The plan of a study: which lives it needs once each, then which mouse is each arm's."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from gutexo.body.inputs import Intervention, Preparation
from gutexo.body.mouse import DAY, Mouse
from gutexo.body.observables import OBSERVABLES, luminal_lps
from gutexo.body.snapshot import Snapshot
from gutexo.cohort.checkpoints import Checkpoint
from gutexo.cohort.failures import followed, located
from gutexo.cohort.lives import Raised, raise_life
from gutexo.cohort.seeds import donor_seed, recipient_seed
from gutexo.compiled import digest
from gutexo.errors import GutexoError
from gutexo.protocol.life import Donors, Life
from gutexo.protocol.study import Scenario, Study

MOST_MICE = 1_000_000  # of all arms; each is a task, and a row of every readout


@dataclass(frozen=True)
class LifeTask:
    """One life to be raised: of the recipient (donor -1) or of a donor of a replicate."""

    life: Life
    study_seed: int
    replicate: int
    donor: int = -1

    def seed(self, attempt: int) -> int:
        """Seed of an attempt."""
        if self.donor < 0:
            return recipient_seed(self.study_seed, self.replicate, attempt)
        return donor_seed(self.study_seed, self.replicate, self.donor, attempt)

    @property
    def key(self) -> tuple[str, int]:
        """What makes two tasks the same life."""
        return self.life.digest(), self.seed(0)

    def raised(self, folder: Path) -> Raised:
        """Raise it, or find it."""
        return raise_life(self.life, self.seed, folder)

    def run(self, folder: Path) -> tuple[int, int]:
        """Raise it ahead of who needs it; the seed, and how many died before."""
        raised = self.raised(folder)
        return raised.seed, raised.redraws


@dataclass(frozen=True)
class ArmTask:
    """One mouse of one arm."""

    scenario: Scenario
    study_seed: int
    replicate: int

    @property
    def recipient(self) -> LifeTask:
        """The life this mouse comes from."""
        return LifeTask(self.scenario.life, self.study_seed, self.replicate)

    def donors(self, intervention: Intervention) -> list[LifeTask]:
        """The lives of an intervention's donors, none where it has a vial."""
        source = getattr(intervention, "source", None)
        if not isinstance(source, Donors):
            return []
        return [
            LifeTask(source.life, self.study_seed, self.replicate, n) for n in range(source.count)
        ]

    def lives(self) -> list[LifeTask]:
        """All lives it needs."""
        needed = [self.recipient]
        for item in self.scenario.interventions:
            needed += self.donors(item)
        return needed

    def digest(self) -> str:
        """Digest of everything this mouse's readings depend on."""
        content = [digest(), *_content(self.scenario), self.study_seed, self.replicate]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:24]

    def begin(self, folder: Path) -> Begun:
        """Raise whoever is needed; the mouse on day 0, with everything that is done to it."""
        with located(animal="life of the recipient", seed=self.recipient.seed(0)):
            raised = self.recipient.raised(folder)
        redraws = raised.redraws
        given = []
        for item in self.scenario.interventions:
            tasks = self.donors(item)
            if tasks:
                harvests = []
                for task in tasks:
                    with located(animal=f"life of donor {task.donor}", seed=task.seed(0)):
                        donor = task.raised(folder)
                        harvests.append(Harvest.of(donor.snapshot))
                    redraws += donor.redraws
                item = item.resolved(pooled(harvests))
            given.append(item)
        with located(animal="mouse", seed=raised.seed, day=0.0):
            mouse = Mouse.from_snapshot(raised.snapshot, interventions=given, fresh_record=True)
        return Begun(mouse, raised.seed, redraws)

    def run(self, folder: Path) -> ArmRun:
        """Dose the mouse and follow it."""
        begun = self.begin(folder)
        end = begun.mouse.time + DAY * self.scenario.duration
        identity = {"kind": "a mouse of an arm under way", "mouse": self.digest()}
        checkpoint = Checkpoint(folder / f"arm-{self.digest()}.going.npz", identity)
        with located(animal="mouse", seed=begun.seed, day=0.0):
            mouse = checkpoint.mouse() or begun.mouse
            with followed(mouse, begun.seed):
                checkpoint.run_until(mouse, end)
        checkpoint.forget()
        return ArmRun.of(mouse, begun.redraws)


@dataclass(frozen=True)
class Begun:
    """A mouse of an arm on its day 0.

    Attributes:
        mouse: With everything that is done to it.
        seed: Its seed.
        redraws: Mice that died before they could be recipient or donor.
    """

    mouse: Mouse
    seed: int
    redraws: int


@dataclass(frozen=True)
class ArmRun:
    """What a mouse of an arm showed.

    Attributes:
        days: Recorded days.
        values: Readings, float64[readout, day].
        redraws: Mice that died before they could be recipient or donor.
        died: Age at death (d), None where it lived.
    """

    days: np.ndarray
    values: np.ndarray
    redraws: int
    died: float | None

    @classmethod
    def of(cls, mouse: Mouse, redraws: int) -> Self:
        """What a mouse has shown so far."""
        return cls(mouse.recorder.days, mouse.recorder.values, redraws, mouse.died)


@dataclass(frozen=True)
class Harvest:
    """What was taken from the lumen of one donor.

    Attributes:
        cargo: Of each packet, as in `Preparation`.
        particles: Particles one packet stands for.
        lps: LPS of the lumen, in levels of a healthy young gut.
    """

    cargo: np.ndarray
    particles: float
    lps: float

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self:
        """Harvest the lumen of a donor."""
        donor = Mouse.from_snapshot(snapshot)
        lps = luminal_lps(donor.state)
        return cls(donor.harvest()["cargo"], particles_per_packet(donor), lps)


def pooled(harvests: list[Harvest]) -> Preparation:
    """Pool the packets of all donors."""
    lps = 0.0
    for harvest in harvests:
        lps += harvest.lps / len(harvests)
    particles = harvests[-1].particles if harvests else 1.0
    cargo = [harvest.cargo for harvest in harvests]
    return Preparation.pool("luminal exosomes", cargo, particles, lps)


def particles_per_packet(mouse: Mouse) -> float:
    """Particles one packet of this mouse stands for, by its resolution."""
    from gutexo.body.reference import reference

    return mouse.parameters.exosome.luminal_particles / reference(mouse.parameters).luminal


def _content(scenario: Scenario) -> list[Any]:
    """What counts of a scenario; its name does not."""
    return [
        scenario.life.digest(),
        [item.digest() for item in scenario.interventions],
        float(scenario.duration).hex(),
    ]


def arm_digests(study: Study) -> dict[str, str]:
    """Digest of what is done in each arm, by its name."""
    return {
        arm.name: hashlib.sha256(json.dumps(_content(arm)).encode()).hexdigest()[:16]
        for arm in study.arms
    }


def refuse_too_many(study: Study, replicates: int) -> None:
    """Refuse a run of more mice than memory holds as tasks.

    Args:
        study: Arms.
        replicates: Mice an arm.

    Raises:
        GutexoError: They are more than `MOST_MICE`.
    """
    if replicates * len(study.arms) > MOST_MICE:
        raise GutexoError(
            f"{replicates} mice in each of {len(study.arms)} arms are more than a run may have"
            f" ({MOST_MICE})"
        )


def arm_tasks(
    study: Study, replicates: int, seed: int, draws: Sequence[Mapping[str, float]] = ()
) -> list[ArmTask]:
    """One task per mouse, replicate by replicate, so that pairs are complete early.

    Args:
        study: Arms.
        replicates: Mice an arm.
        seed: Seed of the study.
        draws: Parameter draws; replicate by replicate the next, its donors among them.

    Raises:
        GutexoError: They are more than fit into memory.
    """
    refuse_too_many(study, replicates)
    plans = [study.change(dict(draw)) for draw in draws] or [study]
    return [ArmTask(arm, seed, r) for r in range(replicates) for arm in plans[r % len(plans)].arms]


def life_tasks(tasks: list[ArmTask]) -> list[LifeTask]:
    """The lives these need, once each, the longest first."""
    unique: dict[tuple[str, int], LifeTask] = {}
    for task in tasks:
        for life in task.lives():
            unique.setdefault(life.key, life)
    return sorted(unique.values(), key=lambda t: -t.life.age)


READOUTS = tuple(OBSERVABLES)
