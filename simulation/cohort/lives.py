"""Lives: a mouse is raised once per content and kept; whoever needs it goes on from there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from simulation.body.mouse import Mouse
from simulation.body.snapshot import Snapshot
from simulation.cache_folder import make_folder
from simulation.cohort.checkpoints import Checkpoint
from simulation.cohort.failures import followed, located
from simulation.cohort.temporary import folder_of_this_process, locked, sweep
from simulation.compiled import cache_root, digest
from simulation.errors import GutexoError
from simulation.protocol.life import Life

MOST_REDRAWS = 200
MOST_BYTES = 2_000_000_000


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
        path: Its snapshot.
        seed: The mouse that reached the age.
        redraws: Mice before it that died on the way.
        fresh: Whether it had to be raised now.
    """

    path: Path
    seed: int
    redraws: int
    fresh: bool


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
    folder.mkdir(parents=True, exist_ok=True)
    for attempt in range(MOST_REDRAWS):
        seed = seed_of(attempt)
        path = folder / f"{life.digest()}-{seed:016x}.npz"
        died = path.with_suffix(".died")
        # Whoever else needs this life, in this run or another, waits for it and finds it. The lock
        # goes with its process, whatever becomes of it.
        with locked(path.with_suffix(".lock")):
            if died.exists():
                continue
            if _usable(path):
                return Raised(path, seed, attempt, False)
            checkpoint = Checkpoint(path.with_suffix(".going.npz"))
            with located(seed=seed):
                mouse = checkpoint.mouse() or Mouse(
                    life.parameters(),
                    seed=seed,
                    age=life.first_day,
                    interventions=life.interventions,
                )
            with followed(mouse, seed):
                checkpoint.run_until(mouse, mouse.time_at_age(life.age))
            if mouse.alive:
                mouse.snapshot().save(path)
            else:
                died.write_text(f"{mouse.died} days\n")
            checkpoint.forget()
            if mouse.alive:
                return Raised(path, seed, attempt, True)
    raise GutexoError(
        f"no mouse of {MOST_REDRAWS} reached the age of {life.age:g} days with these parameters"
    )


def _usable(path: Path) -> bool:
    """Whether a snapshot is there and whole; a damaged one is set aside."""
    if not path.exists():
        return False
    try:
        Snapshot.load(path)
    except GutexoError:
        path.unlink(missing_ok=True)
        return False
    os.utime(path)
    return True


def trim(most_bytes: int = MOST_BYTES) -> None:
    """Drop lives of other code versions, then those used longest ago, down to a size."""
    sweep()
    root, mine = cache_root(), lives_folder()
    kept = []
    for path in root.glob("lives-*/*.npz"):
        status = path.stat()
        kept.append((path.parent != mine, -status.st_mtime, status.st_size, path))
    kept.sort()
    total = 0
    for _, _, size, path in kept:
        total += size
        if total > most_bytes:
            path.unlink(missing_ok=True)
    for folder in root.glob("lives-*"):
        if folder != mine and not any(folder.glob("*.npz")):
            shutil.rmtree(folder, ignore_errors=True)


def usage() -> dict[str, int]:
    """Bytes and files under the cache: lives and kernels."""
    counts = {"lives": 0, "life bytes": 0, "kernel bytes": 0}
    for path in cache_root().glob("lives-*/*.npz"):
        counts["lives"] += 1
        counts["life bytes"] += path.stat().st_size
    for path in cache_root().glob("kernels-*/**/*"):
        if path.is_file():
            counts["kernel bytes"] += path.stat().st_size
    return counts


def clear() -> None:
    """Forget all lives and compiled code."""
    for pattern in ("lives-*", "kernels-*"):
        for folder in cache_root().glob(pattern):
            shutil.rmtree(folder, ignore_errors=True)
    sweep()
