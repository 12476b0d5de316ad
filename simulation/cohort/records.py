"""Contents of the JSON files of a run, one class per file type; other contents are damaged."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from gutexo.support.json_files import StoredRecord

Count = Annotated[int, Field(ge=0)]


class RunIdentity(StoredRecord):
    """Identity of a run; other fields are only compared, not used."""

    model_config = ConfigDict(extra="allow")

    study: str
    seed: Count
    replicates: Annotated[int, Field(ge=1, le=2**31)]


class StoreInfo(StoredRecord):
    """store.json: the run whose mice a store keeps."""

    version: int = Field(alias="schema")
    identity: RunIdentity
    scenarios: Annotated[list[str], Field(min_length=1)]

    @property
    def mouse_count(self) -> int:
        """Number of mice in the complete run."""
        return len(self.scenarios) * self.identity.replicates


class FinishedMouse(StoredRecord):
    """done/ARM-MOUSE.json: a mouse whose readings are complete."""

    scenario: str
    replicate: Count
    mouse: str
    days: Count
    redraws: Count
    died: float | None
    readings: str


class FailedMouse(StoredRecord):
    """failed/ARM-MOUSE.json: a mouse that could not be run; fields as in `failures.FIELDS`."""

    scenario: str
    replicate: Count
    seed: Count | None = None
    animal: str | None = None
    day: float | None = None
    tick: Count | None = None
    stage: str | None = None
    agent: str | None = None
    reason: str
    details: str | None = None


class LockHolder(StoredRecord):
    """lock: the process that writes; the number of a process is always positive."""

    pid: Annotated[int, Field(ge=1, lt=2**31)]
    host: str
    token: str
    beat: Count = 0


class Manifest(StoredRecord):
    """manifest.json: the run, with all that is needed to recognise it."""

    model_config = ConfigDict(extra="allow")

    identity: dict[str, Any]
    failures: list[FailedMouse]
    tables: dict[str, str] = Field(default_factory=dict)


class Death(StoredRecord):
    """LIFE-SEED.died: a mouse that died before its target age."""

    identity: dict[str, Any]
    died: float
