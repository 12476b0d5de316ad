"""Order of the tasks of a run: a task is ready when the tasks that it waits for have ended."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Sequence


class TaskQueue:
    """Tasks that have not started yet.

    Args:
        order: Indices of the tasks, in the order in which they start if none waits.
        waits_for: For each task, the indices of tasks that end before it starts; those that are
            not in `order` have ended. None if no task waits.

    Attributes:
        ready: Indices of tasks that can start, in their order.
    """

    def __init__(self, order: Iterable[int], waits_for: Sequence[Collection[int]] | None) -> None:
        order = list(order)
        self.ready = deque[int]()
        self._missing: dict[int, set[int]] = {}
        self._followers: dict[int, list[int]] = {}
        running = set(order)
        for index in order:
            missing = running.intersection(waits_for[index]) if waits_for else set()
            if missing:
                self._missing[index] = missing
            else:
                self.ready.append(index)
            for earlier in missing:
                self._followers.setdefault(earlier, []).append(index)

    @property
    def blocked(self) -> list[int]:
        """Indices of tasks that wait for others."""
        return list(self._missing)

    def end(self, index: int) -> None:
        """Record that a task has ended; tasks that waited for it alone are ready now."""
        for follower in self._followers.pop(index, ()):
            self._missing[follower].discard(index)
            if not self._missing[follower]:
                del self._missing[follower]
                self.ready.append(follower)
