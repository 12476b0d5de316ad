"""Where finished mice go while a study runs: into memory, or onto the disk as they finish."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from gutexo.cohort.plan import ArmRun, ArmTask
from gutexo.cohort.result import Collected
from gutexo.cohort.store import Place, Store
from gutexo.errors import GutexoError
from gutexo.protocol.study import Study
from gutexo.stored import DamagedFile

Say = Callable[[str], None]


class Kept(Protocol):
    """A place for finished mice."""

    def missing(self, mice: dict[Place, ArmTask], retry: bool, say: Say) -> list[Place]:
        """Mice that are still to be run; those that failed before only if they are retried."""

    def put(self, place: Place, task: ArmTask, run: ArmRun) -> None:
        """Take a finished mouse."""

    def fail(self, place: Place, told: dict[str, Any]) -> None:
        """Take a mouse that could not be run."""

    def told(self) -> str:
        """What is kept if the study stops now, for the end of a line."""

    def collected(self, mice: dict[Place, ArmTask]) -> tuple[Collected, list[dict[str, Any]]]:
        """Readings of all, and failures, arm by arm."""


class InMemory:
    """Mice that are not kept: their numbers go where the dataset will have them.

    Attributes:
        finished: Whose numbers are there.
    """

    def __init__(self, study: Study, replicates: int) -> None:
        self._readings = Collected(study, replicates)
        self._mice = replicates * len(study.arms)
        self.finished: set[Place] = set()
        self._failures: dict[Place, dict[str, Any]] = {}

    def missing(self, mice: dict[Place, ArmTask], retry: bool, say: Say) -> list[Place]:
        return list(mice)

    def put(self, place: Place, task: ArmTask, run: ArmRun) -> None:
        self._readings.add(place, run)
        self.finished.add(place)

    def fail(self, place: Place, told: dict[str, Any]) -> None:
        self._failures[place] = told

    def failed(self, place: Place) -> bool:
        """Whether a mouse could not be run."""
        return place in self._failures

    def told(self) -> str:
        done = f"{len(self.finished)} of {self._mice} mice are finished"
        return f"{done}, and nothing is kept (keep=FOLDER would keep mice as they finish)"

    def collected(self, mice: dict[Place, ArmTask]) -> tuple[Collected, list[dict[str, Any]]]:
        return self._readings, [told for _, told in sorted(self._failures.items())]


class OnDisk:
    """Mice in a store: the parent forgets them and reads all at the end."""

    def __init__(self, study: Study, replicates: int, store: Store) -> None:
        self._study, self._replicates = study, replicates
        self._store = store

    def missing(self, mice: dict[Place, ArmTask], retry: bool, say: Say) -> list[Place]:
        missing, damaged, failed = [], [], 0
        for place, task in mice.items():
            if self._store.run(place, task) is not None:
                continue
            try:
                told = self._store.failure(place)
            except DamagedFile:
                told = None
                damaged.append(f"{task.scenario.name}, mouse {task.replicate}")
            else:
                if self._store.marked(place):
                    damaged.append(f"{task.scenario.name}, mouse {task.replicate}")
                elif told is not None and not retry:
                    failed += 1
                    continue
            missing.append(place)
        if damaged:
            more = f" and {len(damaged) - 3} more" if len(damaged) > 3 else ""
            say(
                f"{self._store.path}: {'; '.join(damaged[:3])}{more} cannot be read as written "
                "and will be run again"
            )
        if failed:
            say(
                f"{failed} mice failed before and are left as they are "
                "(--retry-failed, or retry_failed=True, tries them again)"
            )
        return missing

    def put(self, place: Place, task: ArmTask, run: ArmRun) -> None:
        self._store.put(place, task, run)

    def fail(self, place: Place, told: dict[str, Any]) -> None:
        self._store.fail(place, told)

    def told(self) -> str:
        counts = self._store.counts()
        return (
            f"{counts['done']} of {counts['mice']} mice are finished and kept in "
            f"{self._store.path}, and the same call goes on from there"
        )

    def collected(self, mice: dict[Place, ArmTask]) -> tuple[Collected, list[dict[str, Any]]]:
        readings, failures = Collected(self._study, self._replicates), []
        for place, task in sorted(mice.items(), key=lambda item: item[0]):
            run = self._store.run(place, task)
            if run is not None:
                readings.add(place, run)
                continue
            told = self._store.failure(place)
            if told is None:
                raise GutexoError(
                    f"{self._store.path}: {task.scenario.name}, mouse {task.replicate} was damaged "
                    "while the study ran; the same command runs it again"
                )
            failures.append(told)
        return readings, failures
