"""Lives: a mouse is raised once per content and kept; whoever needs it goes on from there."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gutexo.body.mouse import Mouse
from gutexo.body.snapshot import Snapshot
from gutexo.cache_folder import make_folder
from gutexo.cohort.checkpoints import Checkpoint, set_aside
from gutexo.cohort.failures import followed, located
from gutexo.cohort.records import Death
from gutexo.cohort.temporary import folder_of_this_process, locked, sweep
from gutexo.compiled import cache_root, digest
from gutexo.errors import GutexoError
from gutexo.protocol.life import Life
from gutexo.stored import DamagedFile, read_record, sealed, write_json

MOST_REDRAWS = 200
MOST_BYTES = 2_000_000_000
_FOLDER = re.compile(r"lives-[0-9a-f]{16}")


def lives_folder() -> Path:
    """Folder of the lives this version of the code raised."""
    return cache_root() / f"lives-{digest()}"


def working_folder() -> Path:
    """Where lives are kept: the cache, or a folder of this process where it cannot be written."""
    folder = lives_folder()
    try:
        make_folder(folder)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    return folder_of_this_process()


@dataclass(frozen=True)
class Raised:
    """A life that was lived.

    Attributes:
        path: Where its snapshot is kept, unless the disk was full.
        seed: The mouse that reached the age.
        redraws: Mice before it that died on the way.
        fresh: Whether it had to be raised now.
        snapshot: The mouse itself.
    """

    path: Path
    seed: int
    redraws: int
    fresh: bool
    snapshot: Snapshot = field(compare=False, repr=False)


@dataclass(frozen=True)
class LifeFiles:
    """What a cache keeps of one life: its mouse, or that it died, or how far it is.

    Files say themselves what they are; names only help to find them.

    Args:
        folder: Where snapshots are kept.
        life: How the mouse is raised.
        seed: Seed of the mouse.
    """

    folder: Path
    life: Life
    seed: int

    @property
    def path(self) -> Path:
        """The snapshot of the mouse that reached its age."""
        return self.folder / f"{self.life.digest()}-{self.seed:016x}.npz"

    @property
    def checkpoint(self) -> Checkpoint:
        """The mouse while it is raised."""
        return Checkpoint(self.path.with_suffix(".going.npz"), self._identity("a life under way"))

    def _identity(self, kind: str) -> dict[str, Any]:
        return {
            "kind": kind,
            "life": self.life.digest(),
            "age": float(self.life.age),
            "seed": self.seed,
            "code": digest(),
        }

    def snapshot(self) -> Snapshot | None:
        """The mouse as it was raised; None where it was not, or is not what its name says."""
        if not self.path.exists():
            return None
        try:
            found = Snapshot.load(self.path, self._identity("a life"))
        except GutexoError:
            set_aside(self.path)
            return None
        with suppress(OSError):
            os.utime(self.path)
        return found

    def keep(self, snapshot: Snapshot) -> None:
        """Keep a mouse that reached its age, where it can be kept."""
        with suppress(GutexoError):  # A full disk: it lives on, and is raised again another time.
            snapshot.save(self.path, self._identity("a life"), force=True)

    def died(self) -> bool:
        """Whether this mouse is known to die on the way."""
        path = self.path.with_suffix(".died")
        try:
            death = read_record(path, Death)
        except DamagedFile:
            death = None
        if death is not None and death.identity == self._identity("a death"):
            return True
        set_aside(path)
        return False

    def bury(self, day: float) -> None:
        """Keep that a mouse died, at an age in days."""
        content = {"identity": self._identity("a death"), "died": day}
        with suppress(OSError):
            write_json(self.path.with_suffix(".died"), sealed(content))


def raise_life(life: Life, seed_of: Callable[[int], int], folder: Path) -> Raised:
    """Raise a mouse to its age, or find the one that was raised before.

    Mice that die on the way are redrawn: what is compared are survivors, and the redraws are
    counted.

    Args:
        life: How it is raised.
        seed_of: Seed by attempt.
        folder: Where snapshots are kept.

    Raises:
        GutexoError: No mouse reaches the age.
    """
    for attempt in range(MOST_REDRAWS):
        seed = seed_of(attempt)
        files = LifeFiles(folder, life, seed)
        # Whoever else needs this life, in this run or another, waits for it and finds it.
        with locked(files.path.with_suffix(".lock")):
            if files.died():
                continue
            found = files.snapshot()
            if found is not None:
                return Raised(files.path, seed, attempt, False, found)
            mouse = _raised(life, seed, files.checkpoint)
            if mouse.alive:
                found = mouse.snapshot()
                files.keep(found)
            else:
                files.bury(float(mouse.died or 0.0))
            files.checkpoint.forget()
            if found is not None:
                return Raised(files.path, seed, attempt, True, found)
    raise GutexoError(
        f"no mouse of {MOST_REDRAWS} reached the age of {life.age:g} days with these parameters"
    )


def is_raised(life: Life, seed_of: Callable[[int], int], folder: Path) -> bool:
    """Whether `raise_life` would find this life; waits for nobody who raises it.

    Args:
        life: How it is raised.
        seed_of: Seed by attempt.
        folder: Where snapshots are kept.
    """
    for attempt in range(MOST_REDRAWS):
        files = LifeFiles(folder, life, seed_of(attempt))
        if not files.died():
            return files.snapshot() is not None
    return False


def _raised(life: Life, seed: int, checkpoint: Checkpoint) -> Mouse:
    """A mouse at the age of a life, or dead before."""
    with located(seed=seed):
        mouse = checkpoint.mouse() or Mouse(
            life.parameters(), seed=seed, age=life.first_day, interventions=life.interventions
        )
    with followed(mouse, seed):
        checkpoint.run_until(mouse, mouse.time_at_age(life.age))
    return mouse


def _folders() -> list[Path]:
    """Folders of lives, of any version of the code; nobody else's that is called lives-..."""
    return [folder for folder in cache_root().glob("lives-*") if _FOLDER.fullmatch(folder.name)]


def _kept() -> Iterator[tuple[Path, os.stat_result]]:
    """Snapshots of lives; another process may drop one meanwhile."""
    for folder in _folders():
        for path in folder.glob("*.npz"):
            with suppress(OSError):
                yield path, path.stat()


def trim(most_bytes: int = MOST_BYTES) -> None:
    """Drop lives of other code versions, then those used longest ago, down to a size."""
    sweep()
    mine = lives_folder()
    kept = sorted(
        (path.parent != mine, -status.st_mtime, status.st_size, path) for path, status in _kept()
    )
    total = 0
    for _, _, size, path in kept:
        total += size
        if total > most_bytes:
            with suppress(OSError):
                path.unlink(missing_ok=True)
    for folder in _folders():
        if folder != mine and not any(folder.glob("*.npz")):
            shutil.rmtree(folder, ignore_errors=True)


def usage() -> dict[str, int]:
    """Bytes and files under the cache: lives and kernels."""
    counts = {"lives": 0, "life bytes": 0, "kernel bytes": 0}
    for _, status in _kept():
        counts["lives"] += 1
        counts["life bytes"] += status.st_size
    for path in cache_root().glob("kernels-*/**/*"):
        if path.is_file():
            counts["kernel bytes"] += path.stat().st_size
    return counts


def clear() -> None:
    """Forget all lives and compiled code."""
    for folder in [*_folders(), *cache_root().glob("kernels-*")]:
        shutil.rmtree(folder, ignore_errors=True)
    sweep()
