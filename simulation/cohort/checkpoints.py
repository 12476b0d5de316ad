"""A long life keeps a checkpoint as it goes: a killed worker loses seconds of it, not years."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gutexo.body.mouse import DAY, Mouse
from gutexo.body.snapshot import Snapshot
from gutexo.errors import GutexoError

EVERY = 10.0
"""Seconds of computing between two checkpoints; writing one takes some hundredths."""
LEG = 10 * DAY
"""Hours lived between two looks at the watch."""


@dataclass(frozen=True)
class Checkpoint:
    """Where a mouse that is under way is kept.

    Args:
        path: File of its last snapshot, there only while it is under way.
        identity: Which mouse it is; a file of another one is not taken, whatever its name.
    """

    path: Path
    identity: Mapping[str, Any]

    def mouse(self) -> Mouse | None:
        """The mouse as it was kept, None where there is none that can go on."""
        if not self.path.exists():
            return None
        try:
            return Mouse.from_snapshot(Snapshot.load(self.path, self.identity))
        except GutexoError:
            self.forget()
            return None

    def run_until(self, mouse: Mouse, time_h: float) -> None:
        """Let a mouse live on and keep it every some seconds; when it does changes no bit.

        Args:
            mouse: Who lives.
            time_h: Time on its clock (h) at which it stops, unless it dies before.
        """
        kept = time.monotonic()
        while mouse.alive and mouse.time < time_h:
            mouse.run_until(min(time_h, mouse.time + LEG))
            if mouse.alive and mouse.time < time_h and time.monotonic() - kept >= EVERY:
                self._keep(mouse)
                kept = time.monotonic()

    def forget(self) -> None:
        """The mouse has arrived."""
        set_aside(self.path)

    def _keep(self, mouse: Mouse) -> None:
        try:
            mouse.snapshot().save(self.path, self.identity, force=True)
        except GutexoError:
            pass  # A full disk, or an intervention that cannot be written: it just lives on.


def set_aside(path: Path) -> None:
    """Take a file out of the way that nobody needs or nobody can use; whatever is there.

    Args:
        path: A file of the cache. A folder in its place is somebody's: it gets another name.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError:
        try:
            path.rename(path.with_name(f"{path.name}.{time.time_ns()}.aside"))
        except OSError:
            pass  # It stays, and is not believed.
