"""Lives: a mouse with given content is raised once and saved; every arm continues from there."""

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
from gutexo.catalogue.ages import WEANING_DAYS
from gutexo.cohort.checkpoints import Checkpoint, discard_file
from gutexo.cohort.failures import add_error_context, add_mouse_context
from gutexo.cohort.records import Death
from gutexo.cohort.temporary_folders import hold_lock, make_process_folder, remove_abandoned_folders
from gutexo.compiled import cache_root, model_code_digest
from gutexo.errors import GutexoError
from gutexo.protocol.life import Life
from gutexo.support.cache_folder import make_shared_folder
from gutexo.support.json_files import DamagedFile, add_checksum, read_record, write_json

MOST_REDRAWS = 200
MOST_BYTES = 2_000_000_000
_FOLDER = re.compile(r"lives-[0-9a-f]{16}")


def lives_folder() -> Path:
    """Return the folder of the lives that this version of the code raised."""
    return cache_root() / f"lives-{model_code_digest()}"


def working_folder() -> Path:
    """Return the folder of saved lives: the cache, or a temporary one if that is not writable."""
    folder = lives_folder()
    try:
        make_shared_folder(folder)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    return make_process_folder()


@dataclass(frozen=True)
class RaisedLife:
    """A mouse that was raised to its age.

    Attributes:
        path: File of its snapshot; it is missing if the disk was full.
        seed: Seed of the mouse that reached the age.
        redraws: Mice drawn before it that died before the age.
        fresh: Whether it was raised now, not read from the cache.
        snapshot: Snapshot of the mouse.
    """

    path: Path
    seed: int
    redraws: int
    fresh: bool
    snapshot: Snapshot = field(compare=False, repr=False)


@dataclass(frozen=True)
class LifeFiles:
    """The files of one life in a cache: its mouse, or its death, or a checkpoint.

    Each file contains its identity; its name only helps to find it.

    Args:
        folder: Folder of the snapshots.
        life: How the mouse is raised.
        seed: Seed of the mouse.
    """

    folder: Path
    life: Life
    seed: int

    @property
    def path(self) -> Path:
        """File of the snapshot of the mouse that reached its age."""
        return self.folder / f"{self.life.digest()}-{self.seed:016x}.npz"

    @property
    def checkpoint(self) -> Checkpoint:
        """Checkpoint of the mouse while it is raised."""
        return Checkpoint(self.path.with_suffix(".going.npz"), self._identity("a life under way"))

    def _identity(self, kind: str) -> dict[str, Any]:
        return {
            "kind": kind,
            "life": self.life.digest(),
            "age": float(self.life.age),
            "seed": self.seed,
            "code": model_code_digest(),
        }

    def snapshot(self) -> Snapshot | None:
        """Load the raised mouse; None if there is none, or if the file does not match its name."""
        if not self.path.exists():
            return None
        try:
            found = Snapshot.load(self.path, self._identity("a life"))
        except GutexoError:
            discard_file(self.path)
            return None
        with suppress(OSError):
            os.utime(self.path)
        return found

    def keep(self, snapshot: Snapshot) -> None:
        """Save a mouse that reached its age, if the disk allows it."""
        with suppress(GutexoError):  # A full disk: the run continues; a later one raises it again.
            snapshot.save(self.path, self._identity("a life"), force=True)

    def died(self) -> bool:
        """Return whether this mouse is known to die before its age."""
        path = self.path.with_suffix(".died")
        try:
            death = read_record(path, Death)
        except DamagedFile:
            death = None
        if death is not None and death.identity == self._identity("a death"):
            return True
        discard_file(path)
        return False

    def save_death(self, day: float) -> None:
        """Save that the mouse died, at an age in days."""
        content = {"identity": self._identity("a death"), "died": day}
        with suppress(OSError):
            write_json(self.path.with_suffix(".died"), add_checksum(content))


def raise_life(
    life: Life,
    seed_of: Callable[[int], int],
    folder: Path,
    report: Callable[[Mouse], None] = lambda mouse: None,
) -> RaisedLife:
    """Raise a mouse to its age, or load the mouse that was raised before.

    A mouse that dies before the age is redrawn: the comparison is between survivors, and the
    redraws are counted.

    Args:
        life: How the mouse is raised.
        seed_of: Seed as a function of the attempt.
        folder: Folder of the snapshots.
        report: Called with the mouse from time to time.

    Raises:
        GutexoError: No mouse reaches the age.
    """
    for attempt in range(MOST_REDRAWS):
        seed = seed_of(attempt)
        files = LifeFiles(folder, life, seed)
        # Other processes that need this life, in this run or another, wait and then load it.
        with hold_lock(files.path.with_suffix(".lock")):
            if files.died():
                continue
            found = files.snapshot()
            if found is not None:
                return RaisedLife(files.path, seed, attempt, False, found)
            mouse = _raise_mouse(life, seed, files.checkpoint, report)
            if mouse.alive:
                found = mouse.snapshot()
                files.keep(found)
            else:
                files.save_death(float(mouse.died or 0.0))
            files.checkpoint.forget()
            if found is not None:
                return RaisedLife(files.path, seed, attempt, True, found)
    raise GutexoError(
        f"no mouse of {MOST_REDRAWS} reached the age of {life.age:g} days with these parameters"
    )


def is_raised(life: Life, seed_of: Callable[[int], int], folder: Path) -> bool:
    """Return whether `raise_life` would load this life; does not wait for a process that raises it.

    Args:
        life: How the mouse is raised.
        seed_of: Seed as a function of the attempt.
        folder: Folder of the snapshots.
    """
    for attempt in range(MOST_REDRAWS):
        files = LifeFiles(folder, life, seed_of(attempt))
        if not files.died():
            return files.snapshot() is not None
    return False


def _raise_mouse(
    life: Life, seed: int, checkpoint: Checkpoint, report: Callable[[Mouse], None]
) -> Mouse:
    """Raise a mouse until the age of a life or until it dies."""
    with add_error_context(seed=seed):
        mouse = checkpoint.mouse() or Mouse(
            life.parameters(), seed=seed, age=WEANING_DAYS, interventions=life.interventions
        )
    with add_mouse_context(mouse, seed):
        checkpoint.run_until(mouse, mouse.time_at_age(life.age), report)
    return mouse


def _list_folders() -> list[Path]:
    """List folders of lives of all versions of the code; others named lives-... are left out."""
    return [folder for folder in cache_root().glob("lives-*") if _FOLDER.fullmatch(folder.name)]


def _list_saved_lives() -> Iterator[tuple[Path, os.stat_result]]:
    """List snapshots of lives with their status; another process may delete one meanwhile."""
    for folder in _list_folders():
        for path in folder.glob("*.npz"):
            with suppress(OSError):
                yield path, path.stat()


def trim_cache(most_bytes: int = MOST_BYTES) -> None:
    """Delete lives until the rest fits a size: first those of other code versions, then those
    that were not used for the longest time."""
    remove_abandoned_folders()
    mine = lives_folder()
    saved = sorted(
        (path.parent != mine, -status.st_mtime, status.st_size, path)
        for path, status in _list_saved_lives()
    )
    total = 0
    for _, _, size, path in saved:
        total += size
        if total > most_bytes:
            with suppress(OSError):
                path.unlink(missing_ok=True)
    for folder in _list_folders():
        if folder != mine and not any(folder.glob("*.npz")):
            shutil.rmtree(folder, ignore_errors=True)


def measure_cache() -> dict[str, int]:
    """Measure the cache: number and bytes of lives, bytes of compiled code."""
    counts = {"lives": 0, "life bytes": 0, "kernel bytes": 0}
    for _, status in _list_saved_lives():
        counts["lives"] += 1
        counts["life bytes"] += status.st_size
    for path in cache_root().glob("kernels-*/**/*"):
        if path.is_file():
            counts["kernel bytes"] += path.stat().st_size
    return counts


def delete_cache() -> None:
    """Delete all lives and compiled code."""
    for folder in [*_list_folders(), *cache_root().glob("kernels-*")]:
        shutil.rmtree(folder, ignore_errors=True)
    remove_abandoned_folders()
