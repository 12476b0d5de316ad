"""A mouse that could not be run, as data: which mouse, at which time and place in it, and why."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from gutexo.biology.codes import KIND_NAMES
from gutexo.body.interventions import Intervention, checked_doses, checked_modifiers
from gutexo.body.mouse import Mouse

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
def add_error_context(**facts: Any) -> Iterator[None]:
    """Add facts to every exception raised inside, unless the exception has those facts already.

    Args:
        **facts: Values of some of `FIELDS`.
    """
    try:
        yield
    except BaseException as error:
        _attach_facts(error, facts)
        raise


@contextmanager
def add_mouse_context(mouse: Mouse, seed: int) -> Iterator[None]:
    """Add seed, day, tick, stage and agent of a mouse to every exception raised inside.

    Args:
        mouse: The mouse that is simulated inside.
        seed: Its seed.
    """
    try:
        yield
    except BaseException as error:
        stage, agent = _find_stage_and_agent(str(error), mouse)
        facts = {"seed": seed, "day": round(mouse.day, 4), "tick": mouse.state.tick}
        _attach_facts(error, {"stage": stage, "agent": agent})
        _attach_facts(error, facts)
        raise


def read_error_context(error: BaseException) -> dict[str, Any]:
    """Return the known facts about the origin of an error, by name of `FIELDS`.

    If an intervention fails, it is the stage, whichever of its methods was called.
    """
    facts = dict(getattr(error, "mouse_facts", {}))
    for frame, _ in traceback.walk_tb(error.__traceback__):
        # The code of the intervention itself, or the check of the factors it returned.
        checks = frame.f_code in (checked_modifiers.__code__, checked_doses.__code__)
        owner = frame.f_locals.get("intervention" if checks else "self")
        if isinstance(owner, Intervention):
            facts["stage"] = f"intervention {type(owner).__name__}"
    return {name: value for name, value in facts.items() if value is not None}


def format_failure(failure: Mapping[str, Any]) -> str:
    """Format a failure as one line."""
    day, stage = failure.get("day"), failure.get("stage")
    context = [f"day {day:g}"] if day is not None else []
    context += [str(failure[name]) for name in ("animal", "stage", "agent") if failure.get(name)]
    place = f" ({', '.join(context)})" if day is not None or stage else ""
    return f"{failure['scenario']}, mouse {failure['replicate']}{place}: {failure['reason']}"


def _attach_facts(error: BaseException, facts: Mapping[str, Any]) -> None:
    attached = getattr(error, "mouse_facts", {})
    try:
        error.mouse_facts = {**facts, **attached}  # type: ignore[attr-defined]
    except AttributeError:
        pass  # An exception class of a user, with slots.


def _find_stage_and_agent(message: str, mouse: Mouse) -> tuple[str | None, str | None]:
    """Find the stage of the tick and the agent in a message, which names the agent by its row."""
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
