"""One agent of a mouse: what it is, how it stands, how it came to stand so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gutexo.body.agents import (
    CELL_KINDS,
    BarrierSegment,
    Cell,
    Column,
    Exosome,
    agent_of_copy,
)
from gutexo.body.mouse import Mouse
from gutexo.body.snapshot import Snapshot
from gutexo.errors import GutexoError
from gutexo.scene.picture import site_name

_DERIVED = {
    "ter": "trans-epithelial resistance (ohm cm2)",
    "permeability": "permeability to 4-kDa dextran against a closed wall",
}
_TOLD_IN_WORDS = ("born", "dose", "source")  # by the name of an exosome


@dataclass(frozen=True)
class AgentState:
    """One state of an agent.

    Attributes:
        name: As the agent's attribute is called in Python.
        meaning: What it says, with its unit.
        levels: Moment by moment, the present last.
    """

    name: str
    meaning: str
    levels: tuple[float, ...]


@dataclass(frozen=True)
class Seen:
    """An agent that is looked at.

    Attributes:
        name: What it is and where.
        days: Days of the moments, the present last.
        states: What is known of it.
    """

    name: str
    days: tuple[float, ...]
    states: tuple[AgentState, ...]


def look(mouse: Mouse, kind: str, index: int, before: Sequence[Snapshot] = ()) -> Seen:
    """Look at one agent; nothing of its mouse changes.

    Args:
        mouse: Whose agent it is.
        kind: "segment", "cell" or "exosome".
        index: Row of a segment or cell site, identity of an exosome.
        before: The same mouse at earlier moments, in their order. A site keeps its history; its
            occupants change, which `generation` tells.

    Returns:
        The agent.

    Raises:
        GutexoError: There is none of this kind and index.
    """
    # Of copies: agents that are made here join no model that lives on.
    now = Mouse.from_snapshot(mouse.snapshot())
    agent = _agent(now, kind, index)
    name = _name(now, agent)
    agents = [agent]
    if kind != "exosome":
        past = [s for s in before if s.meta.tick < mouse.state.tick]
        agents = [_agent(Mouse.from_snapshot(s), kind, index) for s in past] + agents
    meanings = {
        name: column.__doc__ or ""
        for owner in type(agent).__mro__
        for name, column in vars(owner).items()
        if isinstance(column, Column) and name not in _TOLD_IN_WORDS
    }
    meanings |= {name: text for name, text in _DERIVED.items() if hasattr(agent, name)}
    states = [
        AgentState(name, meaning, tuple(float(getattr(one, name)) for one in agents))
        for name, meaning in meanings.items()
    ]
    return Seen(name, tuple(one.model.day for one in agents), tuple(states))


def _agent(mouse: Mouse, kind: str, index: int) -> BarrierSegment | Cell | Exosome:
    s = mouse.state
    if kind == "segment" and 0 <= index < s.anatomy.segments:
        return agent_of_copy(mouse, BarrierSegment, index)
    if kind == "cell" and 0 <= index < s.anatomy.cells:
        return agent_of_copy(mouse, tuple(CELL_KINDS.values())[s.cells.kind[index]], index)
    if kind == "exosome" and index > 0:
        exosome = agent_of_copy(mouse, Exosome, index, 0)
        if exosome.alive:
            return exosome
        raise GutexoError(f"exosome {index} is gone: opened, degraded or excreted")
    raise GutexoError(f"there is no {kind[:20]} {index}")


def _name(mouse: Mouse, agent: BarrierSegment | Cell | Exosome) -> str:
    if isinstance(agent, BarrierSegment):
        return f"segment {agent.row} ({agent.region})"
    if isinstance(agent, Cell):
        return site_name(mouse.state, agent.row)
    hours = (mouse.state.tick - agent.born) * mouse.state.hours
    origin = "given with a dose"
    if agent.dose < 0:
        origin = f"released by the {site_name(mouse.state, agent.source)}"
    where = agent.place
    if agent.segment is not None:
        where += f", segment {agent.segment} ({mouse.state.anatomy.region(agent.segment)})"
    return f"exosome {agent.identity} in the {where}; {origin} {hours:g} hours ago"


__all__ = ["AgentState", "Seen", "look"]
