"""Checkpoints of a mouse during a long run, so that a killed worker loses only seconds of work."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gutexo.body.mouse import DAY, Mouse
from gutexo.body.snapshot import Snapshot
from gutexo.errors import GutexoError

CHECKPOINT_SECONDS = 10.0
"""Seconds of computing between two checkpoints; writing one takes some hundredths."""
LEG_HOURS = 10 * DAY
"""Simulated hours between two checks of the time since the last checkpoint."""


@dataclass(frozen=True)
class Checkpoint:
    """The checkpoint file of a mouse that is being simulated.

    Args:
        path: File of its last snapshot; it exists only during the simulation.
        identity: Identity of the mouse; a file of another mouse is not used, even if the name
            matches.
    """

    path: Path
    identity: Mapping[str, Any]

    def mouse(self) -> Mouse | None:
        """Load the saved mouse; None if there is none that can continue."""
        if not self.path.exists():
            return None
        try:
            return Mouse.from_snapshot(Snapshot.load(self.path, self.identity))
        except GutexoError:
            self.forget()
            return None

    def run_until(
        self, mouse: Mouse, time_h: float, report: Callable[[Mouse], None] = lambda mouse: None
    ) -> None:
        """Run a mouse and save it every `CHECKPOINT_SECONDS`; the saving does not change any bit.

        Args:
            mouse: The mouse.
            time_h: Time of the mouse (h) at which it stops, unless it dies before.
            report: Called with the mouse every `LEG_HOURS`.
        """
        saved_at = time.monotonic()
        while mouse.alive and mouse.time < time_h:
            mouse.run_until(min(time_h, mouse.time + LEG_HOURS))
            report(mouse)
            if (
                mouse.alive
                and mouse.time < time_h
                and time.monotonic() - saved_at >= CHECKPOINT_SECONDS
            ):
                self._save(mouse)
                saved_at = time.monotonic()

    def forget(self) -> None:
        """Delete the checkpoint, because the mouse has finished or the file is not usable."""
        discard_file(self.path)

    def _save(self, mouse: Mouse) -> None:
        try:
            mouse.snapshot().save(self.path, self.identity, force=True)
        except GutexoError:
            pass  # A full disk, or an intervention that cannot be written: the mouse continues.


def discard_file(path: Path) -> None:
    """Remove a file that is not needed or not usable.

    Args:
        path: A file of the cache. A folder at this path belongs to a user: it is renamed, not
            deleted.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError:
        try:
            path.rename(path.with_name(f"{path.name}.{time.time_ns()}.aside"))
        except OSError:
            pass  # It stays, but its content is not used.
