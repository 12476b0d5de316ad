"""The tasks of a study: the lives it needs, once each, and the mice of its arms."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from gutexo.body.doses import Preparation
from gutexo.body.interventions import Intervention
from gutexo.body.mouse import DAY, Mouse
from gutexo.body.observables import mean_luminal_lps
from gutexo.body.snapshot import Snapshot
from gutexo.cohort.checkpoints import Checkpoint
from gutexo.cohort.failures import add_error_context, add_mouse_context
from gutexo.cohort.lives import RaisedLife, raise_life
from gutexo.cohort.seeds import donor_seed, recipient_seed
from gutexo.compiled import model_code_digest
from gutexo.errors import GutexoError
from gutexo.protocol.life import Life, checked_donors
from gutexo.protocol.study import Scenario, Study

MOST_MICE = 1_000_000  # mice of all arms; each is a task, and a row of every readout


@dataclass(frozen=True)
class LifeTask:
    """One life to be raised: of the recipient (donor -1) or of a donor of a replicate."""

    life: Life
    study_seed: int
    replicate: int
    donor: int = -1

    def seed(self, attempt: int) -> int:
        """Seed of the mouse in an attempt."""
        if self.donor < 0:
            return recipient_seed(self.study_seed, self.replicate, attempt)
        return donor_seed(self.study_seed, self.replicate, self.donor, attempt)

    @property
    def key(self) -> tuple[str, int]:
        """Key that is equal for two tasks of the same life."""
        return self.life.digest(), self.seed(0)

    def find_or_raise(self, folder: Path) -> RaisedLife:
        """Raise the life, or load it if it was raised before."""
        return raise_life(self.life, self.seed, folder)

    def run(self, folder: Path) -> tuple[int, int]:
        """Raise the life before the arms need it; return its seed and the number of redraws."""
        raised = self.find_or_raise(folder)
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
        """List the lives of an intervention's donors; none if it has no donors."""
        donors = checked_donors(intervention)
        if donors is None:
            return []
        return [
            LifeTask(donors.life, self.study_seed, self.replicate, n) for n in range(donors.count)
        ]

    def lives(self) -> list[LifeTask]:
        """List all lives that this mouse needs."""
        needed = [self.recipient]
        for item in self.scenario.interventions:
            needed += self.donors(item)
        return needed

    def digest(self) -> str:
        """Digest of everything that the readings of this mouse depend on."""
        content = [
            model_code_digest(),
            *_scenario_content(self.scenario),
            self.study_seed,
            self.replicate,
        ]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:24]

    def prepare_mouse(self, folder: Path) -> PreparedMouse:
        """Raise the recipient and donors; return the mouse on day 0 with all its interventions."""
        with add_error_context(animal="life of the recipient", seed=self.recipient.seed(0)):
            raised = self.recipient.find_or_raise(folder)
        redraws = raised.redraws
        interventions = []
        for item in self.scenario.interventions:
            tasks = self.donors(item)
            if tasks:
                donor_lumens = []
                for task in tasks:
                    with add_error_context(animal=f"life of donor {task.donor}", seed=task.seed(0)):
                        donor = task.find_or_raise(folder)
                        donor_lumens.append(DonorHarvest.of(donor.snapshot))
                    redraws += donor.redraws
                item = item.resolved(pool_harvests(donor_lumens))
            interventions.append(item)
        with add_error_context(animal="mouse", seed=raised.seed, day=0.0):
            mouse = Mouse.from_snapshot(
                raised.snapshot, interventions=interventions, fresh_record=True
            )
        return PreparedMouse(mouse, raised.seed, redraws)

    def run(self, folder: Path) -> ArmRun:
        """Run the mouse with its interventions for the duration of the scenario."""
        begun = self.prepare_mouse(folder)
        end = begun.mouse.time + DAY * self.scenario.duration
        identity = {"kind": "a mouse of an arm under way", "mouse": self.digest()}
        checkpoint = Checkpoint(folder / f"arm-{self.digest()}.going.npz", identity)
        with add_error_context(animal="mouse", seed=begun.seed, day=0.0):
            mouse = checkpoint.mouse() or begun.mouse
            with add_mouse_context(mouse, begun.seed):
                checkpoint.run_until(mouse, end)
        checkpoint.forget()
        return ArmRun.of(mouse, begun.redraws)


@dataclass(frozen=True)
class PreparedMouse:
    """A mouse of an arm on its day 0.

    Attributes:
        mouse: The mouse, with all its interventions.
        seed: Its seed.
        redraws: Mice that died before they could be recipient or donor.
    """

    mouse: Mouse
    seed: int
    redraws: int


@dataclass(frozen=True)
class ArmRun:
    """Readings of a mouse of an arm.

    Attributes:
        days: Recorded days.
        values: Readings, float64[readout, day].
        redraws: Mice that died before they could be recipient or donor.
        died: Age at death (d), None if it lived to the end.
    """

    days: np.ndarray
    values: np.ndarray
    redraws: int
    died: float | None

    @classmethod
    def of(cls, mouse: Mouse, redraws: int) -> Self:
        """Collect the readings of a mouse so far."""
        return cls(mouse.recorder.days, mouse.recorder.values, redraws, mouse.died)


@dataclass(frozen=True)
class DonorHarvest:
    """Exosomes and LPS from the lumen of one donor.

    Attributes:
        cargo: Cargo of each packet, as in `Preparation`.
        particles: Number of particles that one packet represents.
        lps: LPS of the lumen, relative to the level of a healthy young gut.
    """

    cargo: np.ndarray
    particles: float
    lps: float

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self:
        """Take exosomes and LPS from the lumen of a donor."""
        donor = Mouse.from_snapshot(snapshot)
        lps = mean_luminal_lps(donor.state)
        return cls(donor.harvest()["cargo"], particles_per_packet(donor), lps)


def pool_harvests(donor_lumens: list[DonorHarvest]) -> Preparation:
    """Pool the exosomes and LPS of several donors into one preparation."""
    lps = 0.0
    for lumen in donor_lumens:
        lps += lumen.lps / len(donor_lumens)
    particles = donor_lumens[-1].particles if donor_lumens else 1.0
    cargo = [lumen.cargo for lumen in donor_lumens]
    return Preparation.pool("luminal exosomes", cargo, particles, lps)


def particles_per_packet(mouse: Mouse) -> float:
    """Number of particles that one packet of this mouse represents; depends on its resolution."""
    from gutexo.body.young_levels import compute_young_levels

    return (
        mouse.parameters.exosome.luminal_particles / compute_young_levels(mouse.parameters).luminal
    )


def _scenario_content(scenario: Scenario) -> list[Any]:
    """List the parts of a scenario that change results; its name is not one of them."""
    return [
        scenario.life.digest(),
        [item.digest() for item in scenario.interventions],
        float(scenario.duration).hex(),
    ]


def arm_digests(study: Study) -> dict[str, str]:
    """Digest of life, interventions and duration of each arm, by name of the arm."""
    return {
        arm.name: hashlib.sha256(json.dumps(_scenario_content(arm)).encode()).hexdigest()[:16]
        for arm in study.arms
    }


def refuse_too_many(study: Study, replicates: int) -> None:
    """Refuse a run of more mice than fit into memory as tasks.

    Args:
        study: The study, for its arms.
        replicates: Mice per arm.

    Raises:
        GutexoError: There are more than `MOST_MICE`.
    """
    if replicates * len(study.arms) > MOST_MICE:
        raise GutexoError(
            f"{replicates} mice in each of {len(study.arms)} arms are more than a run may have"
            f" ({MOST_MICE})"
        )


def arm_tasks(
    study: Study, replicates: int, seed: int, draws: Sequence[Mapping[str, float]] = ()
) -> list[ArmTask]:
    """List one task per mouse, replicate by replicate, so that pairs are complete early.

    Args:
        study: The study, for its arms.
        replicates: Mice per arm.
        seed: Seed of the study.
        draws: Parameter draws; each replicate and its donors use the next draw.

    Raises:
        GutexoError: There are more mice than fit into memory.
    """
    refuse_too_many(study, replicates)
    plans = [study.change(dict(draw)) for draw in draws] or [study]
    return [ArmTask(arm, seed, r) for r in range(replicates) for arm in plans[r % len(plans)].arms]


def life_tasks(tasks: list[ArmTask]) -> list[LifeTask]:
    """List the lives that these tasks need, once each, the longest first."""
    unique: dict[tuple[str, int], LifeTask] = {}
    for task in tasks:
        for life in task.lives():
            unique.setdefault(life.key, life)
    return sorted(unique.values(), key=lambda t: -t.life.age)
