"""The folder of a run (`--out`): the files in it, and whether they are intact.

manifest.json           what was run, and size and checksum of every file; written last
dataset.zarr            every reading of every mouse
effects.csv, ...        tables, and figures as .png and .svg
mice                    the store: mice, each saved as it finishes
.gutexo-new-run         a run with --force, until it replaces the run above
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gutexo.errors import GutexoError
from gutexo.support.json_text import to_json_types
from gutexo.support.paths import NEW_RUN_FOLDER

MANIFEST, RESOLVED, DRAWS = "manifest.json", "resolved.toml", "draws.csv"
DATASET, EFFECTS, TRAJECTORIES = "dataset.zarr", "effects.csv", "trajectories.csv"
SWEEP_TABLE = "sweep.csv"
MICE = "mice"  # the store
ENDINGS = ("png", "svg")
STORE = "store.json"  # description of a store of mice
_STORE_FILES = re.compile(
    r"store\.json|lock|\..*|(done|failed)/\.?\d+-\d+\.json[^/]*|readings\.zarr/.*"
)


def list_run_names(figures: Sequence[str]) -> tuple[str, ...]:
    """List all names that a run may write in its folder.

    Args:
        figures: Figures of the study.
    """
    fixed = (MANIFEST, DATASET, EFFECTS, TRAJECTORIES, RESOLVED, DRAWS, SWEEP_TABLE, MICE)
    return (*fixed, *(f"{figure}.{ending}" for figure in figures for ending in ENDINGS))


def fingerprint(path: Path) -> dict[str, Any] | None:
    """Compute size and SHA-256 of a file, or of all files of a folder.

    Args:
        path: File or folder.

    Returns:
        ``size`` in bytes and ``sha256``; None if there is no such path or it cannot be read.
    """
    content, size = hashlib.sha256(), 0
    try:
        if path.is_dir():
            for file in sorted(one for one in path.rglob("*") if one.is_file()):
                of_file = hashlib.sha256(file.read_bytes()).hexdigest()
                content.update(f"{file.relative_to(path).as_posix()} {of_file}\n".encode())
                size += file.stat().st_size
        elif path.is_file():
            with open(path, "rb") as stream:
                while part := stream.read(1 << 20):
                    content.update(part)
                    size += len(part)
        else:
            return None
    except OSError:
        return None
    return {"size": size, "sha256": content.hexdigest()}


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Read the manifest of a finished run; None if there is no manifest.

    Args:
        folder: Folder of the run.

    Raises:
        GutexoError: The manifest is damaged, or the file is not a manifest.
    """
    from gutexo.cohort.records import Manifest
    from gutexo.support.json_files import CHECKSUM_KEY, DamagedFile, parse_record, read_json

    path = folder / MANIFEST
    try:
        content = read_json(path)
        if content is not None:
            parse_record(content, path, Manifest, needs_checksum=False)
    except DamagedFile as error:
        raise DamagedFile(
            f"{error}; without that file the same command continues from the saved mice, or use "
            "another --out, or --force"
        ) from None
    return None if content is None else {k: v for k, v in content.items() if k != CHECKSUM_KEY}


def read_identity(store: Path) -> dict[str, Any] | None:
    """Read the identity of a run from its store; None if there is no readable store.

    Args:
        store: Folder of the store.
    """
    from gutexo.cohort.store import read_store_info

    try:
        return read_store_info(store).identity.model_dump()
    except GutexoError:
        return None


def find_differences(found: Mapping[str, Any], identity: Mapping[str, Any]) -> list[str]:
    """Find the keys in which the identities of two runs differ.

    Args:
        found: Identity of one run, as it was read.
        identity: Identity of the other run.
    """
    requested = to_json_types(identity)
    return [key for key in {**requested, **found} if found.get(key) != requested.get(key)]


def recorded_files(manifest: Mapping[str, Any] | None, key: str = "files") -> dict[str, Any]:
    """Return the fingerprints of a manifest by file name; empty if it has no readable ones."""
    files = manifest.get(key) if manifest is not None else None
    return files if isinstance(files, dict) else {}


@dataclass(frozen=True)
class FinishedRun:
    """A run that is finished.

    Attributes:
        line: Message about it.
        failed: Number of mice that failed.
        damaged: Names of files that are not intact.
        decimal_comma: Whether its tables have decimal commas.
    """

    line: str
    failed: int
    damaged: tuple[str, ...]
    decimal_comma: bool


def find_finished_run(out: Path, identity: Mapping[str, Any]) -> FinishedRun | None:
    """Find the finished run of an identity in a folder; None if no run was finished there.

    Args:
        out: The folder.
        identity: Identity of the run that is requested.

    Raises:
        GutexoError: The folder contains another run, or a manifest that cannot be read.
    """
    manifest = read_manifest(out)
    if manifest is None:
        return None
    if different := find_differences(manifest["identity"], identity):
        raise GutexoError(
            f"{out} holds another run ({', '.join(different)} differ); "
            "use another --out, or --force to overwrite"
        )
    files, failed = recorded_files(manifest), len(manifest["failures"])
    usual = {DATASET, EFFECTS, TRAJECTORIES, RESOLVED, *files}
    damaged = [name for name in sorted(usual) if not _is_intact(out / name, files.get(name))]
    existing = sorted(name for name in (*files, MANIFEST, MICE) if os.path.lexists(out / name))
    names = ", ".join(existing)
    line = f"{out} already holds this run: {names}. Nothing to do (--force runs anew)."
    if failed:
        line += (
            f"\n{failed} of its mice failed: gutexo list {out} gives the reasons, --retry-failed "
            "runs them again."
        )
    if (out / NEW_RUN_FOLDER / MICE / STORE).exists():
        line += (
            f"\nA run with --force is not finished in {out / NEW_RUN_FOLDER}: "
            "--resume continues it."
        )
    comma = manifest.get("tables", {}).get("decimal") == ","
    return FinishedRun(line, failed, tuple(damaged), comma)


def _is_intact(path: Path, recorded: Any) -> bool:
    return recorded is not None and fingerprint(path) == recorded


def is_beginning_of(path: Path, whole: Path) -> bool:
    """Whether a file is the beginning of another one, or all of it."""
    try:
        size = path.stat().st_size
        with open(path, "rb") as one, open(whole, "rb") as other:
            return one.read() == other.read(size)
    except OSError:
        return False


def find_foreign_file(path: Path) -> str | None:
    """Find a file that no run writes, in a folder that a run would replace.

    Args:
        path: The store, the dataset, or a file of a run.

    Returns:
        Name of the first such file; None if there is none.
    """
    from gutexo.cohort.dataset import find_foreign_files

    if path.is_symlink() or not path.is_dir():
        return None
    if path.name == DATASET:
        return next(find_foreign_files(path), None)
    if path.name != MICE:
        return path.name
    found = {file.relative_to(path).as_posix() for file in path.rglob("*") if not file.is_dir()}
    strange = sorted(name for name in found if not _STORE_FILES.fullmatch(name))
    if strange or not found or (path / STORE).exists() or not any(_visible_names(found)):
        return strange[0] if strange else None
    return min(_visible_names(found))


def _visible_names(found: set[str]) -> Iterator[str]:
    """Yield the names in a store that are neither locks nor hidden."""
    return (name for name in found if name != "lock" and not name.startswith("."))


def refuse_foreign(out: Path, replaced: Sequence[str]) -> None:
    """Refuse to replace a folder that no run wrote, or that contains a file no run writes.

    Args:
        out: Folder of the run.
        replaced: Names that would be replaced.

    Raises:
        GutexoError: There is such a folder.
    """
    for name in replaced:
        if (other := find_foreign_file(out / name)) is not None:
            where = f"{name} is a folder" if other == name else f"{name} holds {other}"
            raise GutexoError(
                f"{out}: {where}, which no run writes; move it away, or use another --out"
            )


def choose_run_folder(
    out: Path,
    identity: Mapping[str, Any],
    figures: Sequence[str],
    *,
    force: bool = False,
    resume: bool = False,
) -> Path:
    """Choose the folder of a run: that of `--out`, or one beside the run it will replace.

    Args:
        out: Folder of `--out`.
        identity: Identity of the run that is requested.
        figures: Figures of the study.
        force: Replace the run in the folder when the new one is finished.
        resume: Resume a run. A run that is to replace another one is resumed if its identity is
            the requested one.

    Raises:
        GutexoError: The folder contains something that no run wrote.
    """
    begun = read_identity(out / NEW_RUN_FOLDER / MICE) if resume else None
    if force or (begun is not None and not find_differences(begun, identity)):
        refuse_foreign(out, list_run_names(figures))
        return out / NEW_RUN_FOLDER
    if read_manifest(out) is None and not (out / MICE / STORE).exists():
        existing = [name for name in list_run_names(figures) if os.path.lexists(out / name)]
        if existing == [MICE] and find_foreign_file(out / MICE) is None and (out / MICE).is_dir():
            return out
        if existing:
            raise GutexoError(
                f"{out} holds {existing[0]}, but no run that can be continued; use another "
                "--out, or --force to replace it"
            )
    return out
