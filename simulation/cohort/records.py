"""What the JSON files of a run hold, type by type; anything else is not what was written."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from gutexo.stored import Record

Count = Annotated[int, Field(ge=0)]


class Identity(Record):
    """What is run; the rest of it is compared, not used."""

    model_config = ConfigDict(extra="allow")

    study: str
    seed: Count
    replicates: Annotated[int, Field(ge=1, le=2**31)]


class About(Record):
    """store.json: what is kept in a store."""

    version: int = Field(alias="schema")
    identity: Identity
    scenarios: Annotated[list[str], Field(min_length=1)]

    @property
    def places(self) -> int:
        """Mice there will be."""
        return len(self.scenarios) * self.identity.replicates


class Mark(Record):
    """done/ARM-MOUSE.json: a mouse whose readings are whole."""

    scenario: str
    replicate: Count
    mouse: str
    days: Count
    redraws: Count
    died: float | None
    readings: str


class FailedMouse(Record):
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


class Holder(Record):
    """lock: the process that writes; a number of a process is never 0 or less."""

    pid: Annotated[int, Field(ge=1, lt=2**31)]
    host: str
    token: str
    beat: Count = 0


class Manifest(Record):
    """manifest.json: what was run, and all that is needed to know it again."""

    model_config = ConfigDict(extra="allow")

    identity: dict[str, Any]
    failures: list[FailedMouse]
    tables: dict[str, str] = Field(default_factory=dict)


class Death(Record):
    """LIFE-SEED.died: a mouse that did not reach its age."""

    identity: dict[str, Any]
    died: float
