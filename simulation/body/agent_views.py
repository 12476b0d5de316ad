"""Upkeep of Mesa's agents: they show the columns of a mouse and are matched when they are read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import mesa

from gutexo.body.agents import CELL_KINDS, BarrierSegment, Exosome
from gutexo.errors import GutexoError

if TYPE_CHECKING:
    from gutexo.body.living_mouse import LivingMouse


def make_agent_of_copy(mouse: LivingMouse, kind: type[mesa.Agent], *place: int) -> Any:
    """Make one agent of a copied mouse, for reading; see `AgentViews.make_single_agent`."""
    return mouse._views.make_single_agent(kind, *place)


class AgentViews:
    """Keeps Mesa's agents consistent with the columns; it updates them only when they are read."""

    def __init__(self, mouse: LivingMouse) -> None:
        self._mouse = mouse
        self._built = False
        self._exosomes: dict[int, Exosome] = {}
        self._seen: tuple[int, int] | None = None
        self._syncing = False

    def check(self, refusal: str) -> None:
        """Refuse a change that the mouse itself did not make.

        Raises:
            GutexoError: Something other than the mouse made it.
        """
        if not self._syncing:
            raise GutexoError(refusal)

    @contextmanager
    def _own(self) -> Iterator[None]:
        """Mark all changes inside this context as made by the mouse itself."""
        self._syncing = True
        try:
            yield
        finally:
            self._syncing = False

    def sync(self) -> None:
        """Make agents for new segments, cells and packets, and remove those of vanished packets."""
        with self._own():
            self._match_agents()

    def make_single_agent(self, kind: type[mesa.Agent], *place: int) -> Any:
        """Make a single agent without all others, for a copy that is not simulated further.

        Args:
            kind: Its class.
            place: Its row; for an exosome its identity, then its row.
        """
        with self._own():
            return kind(self._mouse, *place)

    def _match_agents(self) -> None:
        mouse, s = self._mouse, self._mouse.state
        if not self._built:
            self._built = True
            for g in range(s.anatomy.segments):
                BarrierSegment(mouse, g)
            kinds = tuple(CELL_KINDS.values())
            for i in range(s.anatomy.cells):
                kinds[s.cells.kind[i]](mouse, i)
        stamp = (s.next_id, s.count)
        if stamp == self._seen:
            return
        self._seen = stamp
        ids = s.packets.id[: s.count].tolist()
        alive = dict.fromkeys(ids)
        for identity in [i for i in self._exosomes if i not in alive]:
            self._exosomes.pop(identity).remove()
        for row, identity in enumerate(ids):
            known = self._exosomes.get(identity)
            if known is None:
                self._exosomes[identity] = Exosome(mouse, identity, row)
            else:
                known._row = row

    def mark_stale(self) -> None:
        """Record that the columns were replaced."""
        self._seen = None
