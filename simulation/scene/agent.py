"""The state and history of one agent of a mouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gutexo.biology.codes import (
    BY_INDUCTION,
    BY_ITSELF,
    BY_TRANSPLANT,
    ENTEROCYTE,
    INDUCED,
    MACROPHAGE,
    NEVER,
    WELL,
)
from gutexo.biology.senescence import is_mature
from gutexo.body.agent_views import make_agent_of_copy
from gutexo.body.agents import (
    CELL_KINDS,
    BarrierSegment,
    Cell,
    Column,
    Exosome,
)
from gutexo.body.mouse import DAY, Mouse
from gutexo.body.snapshot import Snapshot
from gutexo.body.state import State
from gutexo.errors import GutexoError
from gutexo.scene.picture import site_name

_DERIVED = {
    "ter": "trans-epithelial resistance (ohm cm2)",
    "permeability": "permeability to 4-kDa dextran against a closed wall",
}
_CAUSES = {
    BY_ITSELF: "by itself",
    BY_INDUCTION: "by induction",
    BY_TRANSPLANT: "by transplant",
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
        story: What happened to its senescence, in words; empty for an agent that has none.
    """

    name: str
    days: tuple[float, ...]
    states: tuple[AgentState, ...]
    story: str = ""


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
    story = describe_senescence(now.state, now.first_age, agent)
    return AgentView(name, tuple(one.model.day for one in agents), tuple(states), story)


def describe_senescence(
    state: State, first_age: float, agent: BarrierSegment | Cell | Exosome
) -> str:
    """Describe the senescence of a site, or count the senescent niches of a segment.

    Args:
        state: State of the mouse.
        first_age: Age of the mouse before its first tick (h).
        agent: The agent.

    Returns:
        Sentences; empty for macrophages and exosomes.
    """
    if isinstance(agent, BarrierSegment):
        size = state.anatomy.enterocytes
        niches = state.cells.senescence[agent.row * size : (agent.row + 1) * size]
        return (
            f"Senescent crypt niches: {np.count_nonzero(niches != WELL)} of {size};"
            f" induced among them: {np.count_nonzero(niches >= INDUCED)}."
        )
    if isinstance(agent, Exosome) or state.cells.kind[agent.row] == MACROPHAGE:
        return ""
    return _describe_site(state, first_age, agent.row)


def _describe_site(state: State, first_age: float, row: int) -> str:
    """What is known of a site's senescence: its last turn and its last clearance."""
    cells = state.cells
    it = "Its crypt niche" if cells.kind[row] == ENTEROCYTE else "It"
    code, cause = int(cells.senescence[row]), int(cells.cause[row])
    turned, cleared = int(cells.turned[row]), int(cells.cleared[row])

    def age(tick: int) -> str:
        return f"{(first_age + tick * state.hours) / DAY:.0f} d"

    if cause == NEVER and code == WELL:
        return f"{it} was never senescent."
    # A state that was set from outside has no cause and no time.
    if turned < 0:
        how = f"{it} was senescent already at weaning ({age(0)} of age)"
    else:
        how = f"{it} turned senescent at {age(turned)} of age {_CAUSES.get(cause, '')}".rstrip()
    if code == WELL:
        return f"{how}; cleared at {age(cleared)}." if cleared >= 0 else f"{how}; cleared."
    secretes = "mature, so it secretes" if is_mature(code) else "not yet mature"
    before = f" It had been cleared before, last at {age(cleared)}." if cleared >= 0 else ""
    return f"{how}; {secretes}.{before}"


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


__all__ = ["AgentState", "AgentView", "describe_senescence", "inspect_agent"]
