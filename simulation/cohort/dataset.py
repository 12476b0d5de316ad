"""The dataset of a result on disk: a Zarr folder, written whole, replaced only if it is ours."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import xarray

from gutexo.errors import GutexoError
from gutexo.paths import PART, local_path, written

DATASET = "dataset.zarr"
"""Its name in the folder of a run."""
HEAD = "zarr.json"
DIMENSIONS = ("scenario", "replicate", "time")
NEEDED: dict[str, type] = {"provenance": dict, "failures": list, "comparisons": list}
"""What a result says of itself, as JSON in the attributes of its dataset."""
_NAMES = re.compile(r"(?:[^/]+/)?zarr\.json|[^/]+/c(?:[./]\d+)*")


def write_dataset(data: xarray.Dataset, path: str | Path, *, force: bool = False) -> Path:
    """Write a dataset as a Zarr folder, whole or not at all.

    Args:
        data: What is written.
        path: The folder; those above it are made.
        force: Replace a result that is there, once the new one is whole.

    Returns:
        The path.

    Raises:
        GutexoError: Something is there already and `force` is not given, or it is no result, or
            the folder cannot be written.
    """
    from zarr.storage import LocalStore

    path = local_path(path, "result")
    if os.path.lexists(path):
        if not force:
            raise GutexoError(f"{path} exists already; nothing was written (use force)")
        _refuse_foreign(path)
    with written(path, "result"):
        path.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=path.parent, prefix=PART))
        try:
            # A store that is made of a path: text would be read as an address, cut off at a "#".
            data.to_zarr(LocalStore(part / "new"), mode="w", consolidated=False)
            replace_folder(part / "new", path, part / "old")
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return path


def replace_folder(new: Path, path: Path, old: Path) -> None:
    """Let a folder take the place of another; if that fails, the other one is back.

    Args:
        new: What takes the place.
        path: The place.
        old: Where goes what was there; free.
    """
    there = os.path.lexists(path)
    if there:
        os.rename(path, old)
    try:
        os.rename(new, path)
    except BaseException:
        if there:
            os.rename(old, path)
        raise


def foreign_names(path: Path) -> Iterator[str]:
    """Files in a Zarr folder that no dataset has.

    Args:
        path: The folder.
    """
    for folder, _, files in os.walk(path):
        for file in files:
            name = (Path(folder) / file).relative_to(path).as_posix()
            if not _NAMES.fullmatch(name):
                yield name


def _refuse_foreign(path: Path) -> None:
    """Refuse to replace what is no result.

    Raises:
        GutexoError: It is something else, or holds a file of somebody else.
    """
    try:
        attributes = json.loads((path / HEAD).read_bytes())["attributes"]
        ours = NEEDED.keys() <= attributes.keys()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        ours = False
    if not ours:
        raise GutexoError(f"{path} is no result; it was left as it is")
    if (name := next(foreign_names(path), None)) is not None:
        raise GutexoError(f"{path} holds {name}, which is not of a result; it was left as it is")


def read_dataset(path: str | Path) -> xarray.Dataset:
    """Read a dataset that was written.

    Args:
        path: Its folder, or the folder of a run that holds it.

    Returns:
        The dataset, in memory.

    Raises:
        GutexoError: There is none, or it cannot be read.
    """
    from zarr.storage import LocalStore

    path = local_path(path, "result")
    if not (path / HEAD).exists() and (path / DATASET).is_dir():
        path = path / DATASET
    if not (path / HEAD).exists():
        more = "" if path.exists() else ": it does not exist"
        raise GutexoError(f"{path} holds no result{more}")
    try:
        data = xarray.open_zarr(LocalStore(path, read_only=True), consolidated=False).load()
    except MemoryError:
        raise GutexoError(f"{path} needs more memory than there is") from None
    except Exception as error:  # Damaged, foreign or newer data can make Zarr raise anything.
        said = (str(error).splitlines() or [""])[0].strip("'\"")[:80]
        raise GutexoError(
            f"{path} cannot be read: damaged, or written by a newer zarr "
            f"({type(error).__name__}: {said})"
        ) from None
    _check(path, data)
    return data


def _check(path: Path, data: xarray.Dataset) -> None:
    """Refuse a dataset that is no result.

    Raises:
        GutexoError: It lacks what a result says of itself.
    """
    lacking: list[str] = [name for name in DIMENSIONS if name not in data.sizes]
    if not data.data_vars:
        lacking.append("readouts")
    for name, kind in NEEDED.items():
        try:
            good = isinstance(json.loads(data.attrs[name]), kind)
        except (KeyError, TypeError, ValueError, RecursionError):
            good = False
        if not good:
            lacking.append(name)
    if lacking:
        raise GutexoError(f"{path} holds no result of this software: it lacks {', '.join(lacking)}")
