"""Changes to a mouse that are refused, with the allowed alternative in the message.

The agents of a mouse follow its state, and attributes set at the start of its life stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mesa.agentset import _HardKeyAgentSet

if TYPE_CHECKING:
    from gutexo.body.agent_views import AgentViews

_PAST = "a mouse lives forwards; keep mouse.snapshot() and go back with Mouse.from_snapshot"
_CHANGE = "change what a mouse lives by with an intervention: mouse.add(...)"
_MEASURED = "it is read off the mouse; " + _CHANGE
# Attributes that are set once, when a life begins, or that follow from the simulation; and the way
# to obtain another value.
READ_ONLY_ATTRIBUTES = {
    "parameters": f"another mouse is Mouse(parameters=...); {_CHANGE}",
    "seed": "another animal is Mouse(seed=...)",
    "interventions": "mouse.add(...) does something to it from now on",
    "first_age": "a mouse of another age is Mouse(age=...)",
    "age": f"a mouse of another age is Mouse(age=...); {_PAST}",
    "day": _PAST,
    "tick": _PAST,
    "time": _PAST,
    "alive": "it dies when its total burden reaches the threshold; Senolytic lowers the burden",
    "died": "it dies when its total burden reaches the threshold; Senolytic lowers the burden",
    "stages": "the stages of a tick are the model",
    "agents": "they follow what lives: mouse.add(GiveExosomes(...)) gives, mouse.harvest() takes",
    "agents_by_type": "they follow what lives: mouse.add(GiveExosomes(...)) gives, mouse.harvest() "
    "takes",
    "state": _MEASURED,
    "recorder": _MEASURED,
    "regimen": _CHANGE,
    "glucose_rates": _CHANGE,
}
CANNOT_ADD_AGENT = (
    "agents cannot be put into a mouse: give exosomes with a dose, mouse.add(GiveExosomes(...)), "
    "and set numbers of cells with Parameters().change({'resolution...': ...})"
)
CANNOT_REMOVE_AGENT = (
    "agents cannot be taken out of a mouse: take exosomes with mouse.harvest(), or lower a rate "
    "with an intervention that has modifiers, mouse.add(...)"
)


class GuardedAgentSet(_HardKeyAgentSet):
    """All agents of a mouse, or all of one class; its members are set by the state of the mouse."""

    views: AgentViews | None = None  # of the mouse; None in a selection, which the user may change

    def _check(self, refusal: str) -> None:
        if self.views is not None:
            self.views.check(refusal)

    def _update(self, agents: Any) -> Any:
        self._check("the agents of a mouse cannot be cut down in place: leave out inplace=True")
        return super()._update(agents)

    def add(self, agent: Any) -> None:
        """Add an agent; refused unless the mouse itself does it."""
        self._check(CANNOT_ADD_AGENT)
        super().add(agent)

    def discard(self, agent: Any) -> None:
        """Discard an agent; refused unless the mouse itself does it."""
        self._check(CANNOT_REMOVE_AGENT)
        super().discard(agent)

    def remove(self, agent: Any) -> None:
        """Remove an agent; refused unless the mouse itself does it."""
        self._check(CANNOT_REMOVE_AGENT)
        super().remove(agent)


def guarded_agent_set(mouse: Any) -> GuardedAgentSet:
    """Make an empty set that only the mouse itself can change."""
    found = GuardedAgentSet([], random=mouse.random)
    found.views = mouse._views
    return found
