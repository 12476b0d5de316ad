"""Storage of finished mice while a study runs: in memory, or on disk as they finish."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from gutexo.cohort.result import CohortReadings
from gutexo.cohort.store import MouseIndex, Store
from gutexo.cohort.tasks import ArmRun, ArmTask
from gutexo.errors import GutexoError
from gutexo.protocol.study import Study
from gutexo.support.json_files import DamagedFile

Report = Callable[[str], None]


class SavedMice(Protocol):
    """A storage of finished mice."""

    def missing(
        self, mice: dict[MouseIndex, ArmTask], retry: bool, report: Report
    ) -> list[MouseIndex]:
        """List the mice that are still to be run; those that failed before only with `retry`."""

    def put(self, place: MouseIndex, task: ArmTask, run: ArmRun) -> None:
        """Store a finished mouse."""

    def fail(self, place: MouseIndex, failure: dict[str, Any]) -> None:
        """Store the failure of a mouse that could not be run."""

    def describe_saved(self) -> str:
        """Describe what is saved if the study stops now, as the end of a message."""

    def collect_readings(
        self, mice: dict[MouseIndex, ArmTask]
    ) -> tuple[CohortReadings, list[dict[str, Any]]]:
        """Return the readings of all mice, and the failures arm by arm."""


class MiceInMemory:
    """Mice that are not saved to disk: their readings are written to the arrays of the dataset.

    Attributes:
        finished: Mice whose readings are stored.
    """

    def __init__(self, study: Study, replicates: int) -> None:
        self._readings = CohortReadings(study, replicates)
        self._mice = replicates * len(study.arms)
        self.finished: set[MouseIndex] = set()
        self._failures: dict[MouseIndex, dict[str, Any]] = {}

    def missing(
        self, mice: dict[MouseIndex, ArmTask], retry: bool, report: Report
    ) -> list[MouseIndex]:
        return list(mice)

    def put(self, place: MouseIndex, task: ArmTask, run: ArmRun) -> None:
        self._readings.add(place, run)
        self.finished.add(place)

    def fail(self, place: MouseIndex, failure: dict[str, Any]) -> None:
        self._failures[place] = failure

    def failed(self, place: MouseIndex) -> bool:
        """Return whether a mouse could not be run."""
        return place in self._failures

    def describe_saved(self) -> str:
        done = f"{len(self.finished)} of {self._mice} mice are finished"
        return f"{done}, and nothing is saved (keep=FOLDER would save mice as they finish)"

    def collect_readings(
        self, mice: dict[MouseIndex, ArmTask]
    ) -> tuple[CohortReadings, list[dict[str, Any]]]:
        return self._readings, [failure for _, failure in sorted(self._failures.items())]


class MiceOnDisk:
    """Mice in a store on disk: the parent process does not hold them and reads all at the end."""

    def __init__(self, study: Study, replicates: int, store: Store) -> None:
        self._study, self._replicates = study, replicates
        self._store = store

    def missing(
        self, mice: dict[MouseIndex, ArmTask], retry: bool, report: Report
    ) -> list[MouseIndex]:
        missing, damaged, failed = [], [], 0
        for place, task in mice.items():
            if self._store.run(place, task) is not None:
                continue
            try:
                failure = self._store.failure(place)
            except DamagedFile:
                failure = None
                damaged.append(f"{task.scenario.name}, mouse {task.replicate}")
            else:
                if self._store.was_finished(place):
                    damaged.append(f"{task.scenario.name}, mouse {task.replicate}")
                elif failure is not None and not retry:
                    failed += 1
                    continue
            missing.append(place)
        if damaged:
            more = f" and {len(damaged) - 3} more" if len(damaged) > 3 else ""
            report(
                f"{self._store.path}: {'; '.join(damaged[:3])}{more} cannot be read as written "
                "and will be run again"
            )
        if failed:
            report(
                f"{failed} mice failed before and are not run again "
                "(--retry-failed, or retry_failed=True, runs them again)"
            )
        return missing

    def put(self, place: MouseIndex, task: ArmTask, run: ArmRun) -> None:
        self._store.put(place, task, run)

    def fail(self, place: MouseIndex, failure: dict[str, Any]) -> None:
        self._store.fail(place, failure)

    def describe_saved(self) -> str:
        counts = self._store.counts()
        return (
            f"{counts['done']} of {counts['mice']} mice are finished and saved in "
            f"{self._store.path}, and the same call continues from there"
        )

    def collect_readings(
        self, mice: dict[MouseIndex, ArmTask]
    ) -> tuple[CohortReadings, list[dict[str, Any]]]:
        readings, failures = CohortReadings(self._study, self._replicates), []
        for place, task in sorted(mice.items(), key=lambda item: item[0]):
            run = self._store.run(place, task)
            if run is not None:
                readings.add(place, run)
                continue
            failure = self._store.failure(place)
            if failure is None:
                raise GutexoError(
                    f"{self._store.path}: {task.scenario.name}, mouse {task.replicate} was damaged "
                    "while the study ran; the same command runs it again"
                )
            failures.append(failure)
        return readings, failures
