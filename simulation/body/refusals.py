"""What cannot be done to a mouse, and the way that can: its agents follow what lives, and what was
given to it when its life began stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mesa.agentset import _HardKeyAgentSet

if TYPE_CHECKING:
    from gutexo.body.agents import Views

_PAST = "a mouse lives forwards; keep mouse.snapshot() and go back with Mouse.from_snapshot"
_CHANGE = "change what a mouse lives by with an intervention: mouse.add(...)"
_MEASURED = "it is read off the mouse; " + _CHANGE
# What is set once, when a life begins, or follows from what was lived; and the way to have another.
BELONGS = {
    "parameters": f"another mouse is Mouse(parameters=...); {_CHANGE}",
    "seed": "another animal is Mouse(seed=...)",
    "interventions": "mouse.add(...) does something to it from now on",
    "first_age": "a mouse of another age is Mouse(age=...)",
    "age": f"a mouse of another age is Mouse(age=...); {_PAST}",
    "day": _PAST,
    "tick": _PAST,
    "time": _PAST,
    "alive": "it dies when its burden reaches the threshold; Senolytic lowers the burden",
    "died": "it dies when its burden reaches the threshold; Senolytic lowers the burden",
    "stages": "the stages of a tick are the model",
    "agents": "they follow what lives: mouse.add(GiveExosomes(...)) gives, mouse.harvest() takes",
    "agents_by_type": "they follow what lives: mouse.add(GiveExosomes(...)) gives, mouse.harvest() "
    "takes",
    "state": _MEASURED,
    "recorder": _MEASURED,
    "regimen": _CHANGE,
    "glucose_rates": _CHANGE,
}
ADDED = (
    "agents cannot be put into a mouse: give exosomes with a dose, mouse.add(GiveExosomes(...)), "
    "and set numbers of cells with Parameters().change({'resolution...': ...})"
)
REMOVED = (
    "agents cannot be taken out of a mouse: take exosomes with mouse.harvest(), or lower a rate "
    "with an intervention that has modifiers, mouse.add(...)"
)


class Living(_HardKeyAgentSet):
    """All agents of a mouse, or all of one class: what lives decides who is among them."""

    views: Views | None = None  # of the mouse; none in a selection, which is a user's own

    def _check(self, refusal: str) -> None:
        if self.views is not None:
            self.views.check(refusal)

    def _update(self, agents: Any) -> Any:
        self._check("the agents of a mouse cannot be cut down in place: leave out inplace=True")
        return super()._update(agents)

    def add(self, agent: Any) -> None:
        """Refuse, but for the mouse itself."""
        self._check(ADDED)
        super().add(agent)

    def discard(self, agent: Any) -> None:
        """Refuse, but for the mouse itself."""
        self._check(REMOVED)
        super().discard(agent)

    def remove(self, agent: Any) -> None:
        """Refuse, but for the mouse itself."""
        self._check(REMOVED)
        super().remove(agent)


def all_of_a_mouse(mouse: Any) -> Living:
    """An empty set that only the mouse itself can change."""
    found = Living([], random=mouse.random)
    found.views = mouse._views
    return found
