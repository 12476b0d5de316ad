"""The folder of a run (--out): what a run writes there, and whether all of it is whole.

manifest.json           what was run, and size and checksum of every file; written last
dataset.zarr            every reading of every mouse
effects.csv, ...        tables, and figures as .png and .svg
mice                    the store: mice as they finish
.gutexo-new-run         a run with --force, until it takes the place of the one above
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
from gutexo.json_text import strict
from gutexo.paths import NEW

MANIFEST, RESOLVED, DRAWS = "manifest.json", "resolved.toml", "draws.csv"
DATASET, EFFECTS, TRAJECTORIES = "dataset.zarr", "effects.csv", "trajectories.csv"
POINTS = "sweep.csv"
MICE = "mice"  # the store
ENDINGS = ("png", "svg")
STORE = "store.json"  # what a store of mice says of itself
_OF_STORE = re.compile(
    r"store\.json|lock|\..*|(done|failed)/\.?\d+-\d+\.json[^/]*|readings\.zarr/.*"
)


def names(figures: Sequence[str]) -> tuple[str, ...]:
    """All names a run may write in its folder.

    Args:
        figures: Figures of the study.
    """
    fixed = (MANIFEST, DATASET, EFFECTS, TRAJECTORIES, RESOLVED, DRAWS, POINTS, MICE)
    return (*fixed, *(f"{figure}.{ending}" for figure in figures for ending in ENDINGS))


def fingerprint(path: Path) -> dict[str, Any] | None:
    """Size and SHA-256 of a file, or of all files of a folder; None where there is nothing.

    Args:
        path: File or folder.
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
    """What a finished run says of itself; None where there is none.

    Args:
        folder: Of the run.

    Raises:
        GutexoError: There is one that is damaged, or a file of somebody else.
    """
    from gutexo.cohort.records import Manifest
    from gutexo.stored import CHECK, DamagedFile, as_record, read_json

    path = folder / MANIFEST
    try:
        content = read_json(path)
        if content is not None:
            as_record(content, path, Manifest, must_be_sealed=False)
    except DamagedFile as error:
        raise DamagedFile(
            f"{error}; without that file the same command goes on from the mice that are kept, or "
            "use another --out, or --force"
        ) from None
    return None if content is None else {k: v for k, v in content.items() if k != CHECK}


def read_identity(store: Path) -> dict[str, Any] | None:
    """What the store of a run says is run; None where there is no store that says it.

    Args:
        store: Folder of the store.
    """
    from gutexo.cohort.store import read_about

    try:
        return read_about(store).identity.model_dump()
    except GutexoError:
        return None


def differing(found: Mapping[str, Any], identity: Mapping[str, Any]) -> list[str]:
    """In what two runs differ.

    Args:
        found: Identity of the one, as it was read.
        identity: Identity of the other.
    """
    wanted = strict(identity)
    return [key for key in {**wanted, **found} if found.get(key) != wanted.get(key)]


def recorded(manifest: Mapping[str, Any] | None, key: str = "files") -> dict[str, Any]:
    """Fingerprint by name as a manifest has it; empty where it has none that can be read."""
    files = manifest.get(key) if manifest is not None else None
    return files if isinstance(files, dict) else {}


@dataclass(frozen=True)
class Finished:
    """A run that is finished.

    Attributes:
        line: About it.
        failed: Mice that failed.
        damaged: Names of files that are not whole.
        decimal_comma: Whether its tables have decimal commas.
    """

    line: str
    failed: int
    damaged: tuple[str, ...]
    decimal_comma: bool


def finished(out: Path, identity: Mapping[str, Any]) -> Finished | None:
    """The run in a folder, if it is this one and was finished; None where none was.

    Args:
        out: The folder.
        identity: What is to be run.

    Raises:
        GutexoError: It holds another run, or a manifest that cannot be read.
    """
    manifest = read_manifest(out)
    if manifest is None:
        return None
    if different := differing(manifest["identity"], identity):
        raise GutexoError(
            f"{out} holds another run ({', '.join(different)} differ); "
            "use another --out, or --force to overwrite"
        )
    files, failed = recorded(manifest), len(manifest["failures"])
    usual = {DATASET, EFFECTS, TRAJECTORIES, RESOLVED, *files}
    damaged = [name for name in sorted(usual) if not _whole(out / name, files.get(name))]
    there = sorted(name for name in (*files, MANIFEST, MICE) if os.path.lexists(out / name))
    line = f"{out} already holds this run: {', '.join(there)}. Nothing to do (--force runs anew)."
    if failed:
        line += (
            f"\n{failed} of its mice failed: gutexo list {out} says why, --retry-failed tries them "
            "again."
        )
    if (out / NEW / MICE / STORE).exists():
        line += f"\nA run with --force is not finished in {out / NEW}: --resume goes on with it."
    comma = manifest.get("tables", {}).get("decimal") == ","
    return Finished(line, failed, tuple(damaged), comma)


def _whole(path: Path, kept: Any) -> bool:
    return kept is not None and fingerprint(path) == kept


def cut(path: Path, whole: Path) -> bool:
    """Whether a file is the beginning of another one, or all of it."""
    try:
        size = path.stat().st_size
        with open(path, "rb") as one, open(whole, "rb") as other:
            return one.read() == other.read(size)
    except OSError:
        return False


def foreign(path: Path) -> str | None:
    """A file in a folder of a run that no run writes; None where there is none.

    Args:
        path: The store, the dataset, or a file of a run.
    """
    from gutexo.cohort.dataset import foreign_names

    if path.is_symlink() or not path.is_dir():
        return None
    if path.name == DATASET:
        return next(foreign_names(path), None)
    if path.name != MICE:
        return path.name
    found = {file.relative_to(path).as_posix() for file in path.rglob("*") if not file.is_dir()}
    strange = sorted(name for name in found if not _OF_STORE.fullmatch(name))
    if strange or not found or (path / STORE).exists() or not any(_plain(found)):
        return strange[0] if strange else None
    return min(_plain(found))


def _plain(found: set[str]) -> Iterator[str]:
    """Names in a store that are neither locks nor hidden."""
    return (name for name in found if name != "lock" and not name.startswith("."))


def refuse_foreign(out: Path, wanted: Sequence[str]) -> None:
    """Refuse to replace a folder that is not of a run, or holds a file of somebody else.

    Args:
        out: Folder of the run.
        wanted: Names that would be replaced.

    Raises:
        GutexoError: It holds such a folder.
    """
    for name in wanted:
        if (other := foreign(out / name)) is not None:
            where = f"{name} is a folder" if other == name else f"{name} holds {other}"
            raise GutexoError(
                f"{out}: {where}, which no run writes; move it away, or use another --out"
            )


def target(
    out: Path,
    identity: Mapping[str, Any],
    figures: Sequence[str],
    *,
    force: bool = False,
    resume: bool = False,
) -> Path:
    """Where a run is written: its folder, or beside what is there until it is finished.

    Args:
        out: The folder that was named.
        identity: What is to be run.
        figures: Figures of the study.
        force: Replace what is there, in the end.
        resume: Go on, with a run that is to replace another one if that is the one meant.

    Raises:
        GutexoError: Something there is not ours to replace.
    """
    begun = read_identity(out / NEW / MICE) if resume else None
    if force or (begun is not None and not differing(begun, identity)):
        refuse_foreign(out, names(figures))
        return out / NEW
    if read_manifest(out) is None and not (out / MICE / STORE).exists():
        there = [name for name in names(figures) if os.path.lexists(out / name)]
        if there == [MICE] and foreign(out / MICE) is None and (out / MICE).is_dir():
            return out
        if there:
            raise GutexoError(
                f"{out} holds {there[0]}, which is of no run that could go on; use another --out, "
                "or --force to replace it"
            )
    return out
