"""The state and history of one agent of a mouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gutexo.body.agent_views import make_agent_of_copy
from gutexo.body.agents import (
    CELL_KINDS,
    BarrierSegment,
    Cell,
    Column,
    Exosome,
)
from gutexo.body.mouse import Mouse
from gutexo.body.snapshot import Snapshot
from gutexo.errors import GutexoError
from gutexo.scene.picture import site_name

_DERIVED = {
    "ter": "trans-epithelial resistance (ohm cm2)",
    "permeability": "permeability to 4-kDa dextran against a closed wall",
}
_SHOWN_IN_NAME = ("born", "dose", "source")  # the name of an exosome already contains them


@dataclass(frozen=True)
class AgentState:
    """One state variable of an agent.

    Attributes:
        name: Name of the agent's attribute in Python.
        meaning: Meaning, with unit.
        levels: Values, one per moment; the present moment is last.
    """

    name: str
    meaning: str
    levels: tuple[float, ...]


@dataclass(frozen=True)
class AgentView:
    """An inspected agent.

    Attributes:
        name: Kind and place of the agent.
        days: Days of the moments; the present moment is last.
        states: Its state variables.
    """

    name: str
    days: tuple[float, ...]
    states: tuple[AgentState, ...]


def inspect_agent(
    mouse: Mouse, kind: str, index: int, before: Sequence[Snapshot] = ()
) -> AgentView:
    """Read the states of one agent; the mouse does not change.

    Args:
        mouse: Mouse that the agent belongs to.
        kind: "segment", "cell" or "exosome".
        index: Row of a segment or cell site, identity of an exosome.
        before: The same mouse at earlier moments, in their order. A site keeps its history; its
            occupants change, which `generation` shows.

    Returns:
        Name, days and states of the agent.

    Raises:
        GutexoError: There is none of this kind and index.
    """
    # Copies are used, so that the agents made here do not join the model that continues.
    now = Mouse.from_snapshot(mouse.snapshot())
    agent = _find_agent(now, kind, index)
    name = _describe_agent(now, agent)
    agents = [agent]
    if kind != "exosome":
        past = [s for s in before if s.meta.tick < mouse.state.tick]
        agents = [_find_agent(Mouse.from_snapshot(s), kind, index) for s in past] + agents
    meanings = {
        name: column.__doc__ or ""
        for owner in type(agent).__mro__
        for name, column in vars(owner).items()
        if isinstance(column, Column) and name not in _SHOWN_IN_NAME
    }
    meanings |= {name: text for name, text in _DERIVED.items() if hasattr(agent, name)}
    states = [
        AgentState(name, meaning, tuple(float(getattr(one, name)) for one in agents))
        for name, meaning in meanings.items()
    ]
    return AgentView(name, tuple(one.model.day for one in agents), tuple(states))


def _find_agent(mouse: Mouse, kind: str, index: int) -> BarrierSegment | Cell | Exosome:
    s = mouse.state
    if kind == "segment" and 0 <= index < s.anatomy.segments:
        return make_agent_of_copy(mouse, BarrierSegment, index)
    if kind == "cell" and 0 <= index < s.anatomy.cells:
        return make_agent_of_copy(mouse, tuple(CELL_KINDS.values())[s.cells.kind[index]], index)
    if kind == "exosome" and index > 0:
        exosome = make_agent_of_copy(mouse, Exosome, index, 0)
        if exosome.alive:
            return exosome
        raise GutexoError(f"exosome {index} is gone: opened, degraded or excreted")
    raise GutexoError(f"there is no {kind[:20]} {index}")


def _describe_agent(mouse: Mouse, agent: BarrierSegment | Cell | Exosome) -> str:
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


__all__ = ["AgentState", "AgentView", "inspect_agent"]
