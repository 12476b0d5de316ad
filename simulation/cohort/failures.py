"""A mouse that could not be run, as data: who it was, when and where in it, and why."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from gutexo.biology.places import KIND_NAMES
from gutexo.body.inputs import Intervention, checked_doses, checked_modifiers
from gutexo.body.mouse import Mouse

if TYPE_CHECKING:
    from gutexo.cohort.chunks import Outcome
    from gutexo.cohort.plan import ArmTask

FIELDS = (
    "scenario",
    "replicate",
    "seed",
    "animal",
    "day",
    "tick",
    "stage",
    "agent",
    "reason",
    "details",
)
_STAGE = re.compile(r"stage '(?P<stage>\w+)', tick \d+: the state of row (?P<row>\d+)")
_LEDGER = re.compile(r"tick \d+: the ledger")
_RECORD = re.compile(r"day [\d.]+: (?P<readout>.+) is \S+; nothing")


@contextmanager
def located(**facts: Any) -> Iterator[None]:
    """Whatever fails inside is told with these facts, unless it knows better.

    Args:
        **facts: Values of some of `FIELDS`.
    """
    try:
        yield
    except BaseException as error:
        _learn(error, facts)
        raise


@contextmanager
def followed(mouse: Mouse, seed: int) -> Iterator[None]:
    """Whatever fails inside is told with the day, tick, stage and agent of a mouse.

    Args:
        mouse: Who lives inside.
        seed: Its seed.
    """
    try:
        yield
    except BaseException as error:
        stage, agent = _stage_and_agent(str(error), mouse)
        facts = {"seed": seed, "day": round(mouse.day, 4), "tick": mouse.state.tick}
        _learn(error, {"stage": stage, "agent": agent})
        _learn(error, facts)
        raise


def where(error: BaseException) -> dict[str, Any]:
    """What is known of where an error came from, as `FIELDS`.

    An intervention that fails is the stage, whatever it was asked for.
    """
    facts = dict(getattr(error, "mouse_facts", {}))
    for frame, _ in traceback.walk_tb(error.__traceback__):
        # Its own code, or what checks the factors it gave.
        checks = frame.f_code in (checked_modifiers.__code__, checked_doses.__code__)
        owner = frame.f_locals.get("intervention" if checks else "self")
        if isinstance(owner, Intervention):
            facts["stage"] = f"intervention {type(owner).__name__}"
    return {name: value for name, value in facts.items() if value is not None}


def failure(task: ArmTask, outcome: Outcome) -> dict[str, Any]:
    """A mouse that could not be run; fields that nobody knows are None.

    Args:
        task: What it was asked.
        outcome: Why there is no answer.

    Returns:
        Value by name of `FIELDS`.
    """
    told = {
        "seed": task.recipient.seed(0),
        **outcome.where,
        "scenario": task.scenario.name,
        "replicate": task.replicate,
        "reason": outcome.reason,
        "details": outcome.details,
    }
    return {name: told.get(name) for name in FIELDS}


def told(failure: Mapping[str, Any]) -> str:
    """A failure in a line."""
    day, stage = failure.get("day"), failure.get("stage")
    near = [f"day {day:g}"] if day is not None else []
    near += [str(failure[name]) for name in ("animal", "stage", "agent") if failure.get(name)]
    place = f" ({', '.join(near)})" if day is not None or stage else ""
    return f"{failure['scenario']}, mouse {failure['replicate']}{place}: {failure['reason']}"


def _learn(error: BaseException, facts: Mapping[str, Any]) -> None:
    known = getattr(error, "mouse_facts", {})
    try:
        error.mouse_facts = {**facts, **known}  # type: ignore[attr-defined]
    except AttributeError:
        pass  # An exception of somebody's own, with slots.


def _stage_and_agent(message: str, mouse: Mouse) -> tuple[str | None, str | None]:
    """Stage of the tick and agent that the model names by its row."""
    if _LEDGER.search(message):
        return "ledger", None
    if found := _RECORD.search(message):
        return "record", found["readout"]
    found = _STAGE.search(message)
    if found is None:
        return None, None
    stage, row = found["stage"], int(found["row"])
    if stage == "segments":
        segments = mouse.state.anatomy.segments
        name = f"segment {row}, {mouse.state.anatomy.region(row)}" if row < segments else "body"
    elif stage == "cells":
        name = f"{KIND_NAMES[mouse.state.cells.kind[row]]} {row}"
    else:
        name = {"packets": f"exosome packet {row}"}.get(stage, stage)
    return stage, name
