"""The dataset of a result on disk: a complete Zarr folder, which replaces only another result."""

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
from gutexo.support.paths import UNFINISHED_PREFIX, local_path, report_write_errors

DATASET = "dataset.zarr"
"""Name of the dataset in the folder of a run."""
METADATA_FILE = "zarr.json"
DIMENSIONS = ("scenario", "replicate", "time")
REQUIRED_ATTRIBUTES: dict[str, type] = {"provenance": dict, "failures": list, "comparisons": list}
"""JSON attributes that the dataset of every result has, and their types."""
_ZARR_FILES = re.compile(r"(?:[^/]+/)?zarr\.json|[^/]+/c(?:[./]\d+)*")


def write_dataset(data: xarray.Dataset, path: str | Path, *, force: bool = False) -> Path:
    """Write a dataset as a Zarr folder, completely or not at all.

    Args:
        data: The dataset.
        path: The folder; its parent folders are made.
        force: Replace an existing result, once the new one is complete.

    Returns:
        The path.

    Raises:
        GutexoError: The path exists already and `force` is not given, or it is no result, or
            the folder cannot be written.
    """
    from zarr.storage import LocalStore

    path = local_path(path, "result")
    if os.path.lexists(path):
        if not force:
            raise GutexoError(f"{path} exists already; nothing was written (use force)")
        _refuse_foreign(path)
    with report_write_errors(path, "result"):
        path.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=path.parent, prefix=UNFINISHED_PREFIX))
        try:
            # A store is made from the path: text would be read as an address and cut off at a "#".
            data.to_zarr(LocalStore(part / "new"), mode="w", consolidated=False)
            replace_folder(part / "new", path, part / "old")
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return path


def replace_folder(new: Path, path: Path, old: Path) -> None:
    """Replace a folder by another; if that fails, restore the old one.

    Args:
        new: The new folder.
        path: Path that the new folder gets.
        old: Unused path to which an existing folder is moved.
    """
    existed = os.path.lexists(path)
    if existed:
        os.rename(path, old)
    try:
        os.rename(new, path)
    except BaseException:
        if existed:
            os.rename(old, path)
        raise


def find_foreign_files(path: Path) -> Iterator[str]:
    """Find files in a Zarr folder that do not belong to a dataset.

    Args:
        path: The folder.
    """
    for folder, _, files in os.walk(path):
        for file in files:
            name = (Path(folder) / file).relative_to(path).as_posix()
            if not _ZARR_FILES.fullmatch(name):
                yield name


def _refuse_foreign(path: Path) -> None:
    """Refuse to replace a folder that is no result.

    Raises:
        GutexoError: It is something else, or holds a file that is not of a result.
    """
    try:
        attributes = json.loads((path / METADATA_FILE).read_bytes())["attributes"]
        ours = REQUIRED_ATTRIBUTES.keys() <= attributes.keys()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        ours = False
    if not ours:
        raise GutexoError(f"{path} is no result; it was left as it is")
    if (name := next(find_foreign_files(path), None)) is not None:
        raise GutexoError(f"{path} holds {name}, which is not of a result; it was left as it is")


def read_dataset(path: str | Path) -> xarray.Dataset:
    """Read a dataset from disk.

    Args:
        path: Its folder, or the folder of a run that contains it.

    Returns:
        The dataset, in memory.

    Raises:
        GutexoError: There is no dataset, or it cannot be read.
    """
    from zarr.storage import LocalStore

    path = local_path(path, "result")
    if not (path / METADATA_FILE).exists() and (path / DATASET).is_dir():
        path = path / DATASET
    if not (path / METADATA_FILE).exists():
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
        GutexoError: It lacks dimensions, readouts or attributes of a result.
    """
    lacking: list[str] = [name for name in DIMENSIONS if name not in data.sizes]
    if not data.data_vars:
        lacking.append("readouts")
    for name, kind in REQUIRED_ATTRIBUTES.items():
        try:
            good = isinstance(json.loads(data.attrs[name]), kind)
        except (KeyError, TypeError, ValueError, RecursionError):
            good = False
        if not good:
            lacking.append(name)
    if lacking:
        raise GutexoError(f"{path} holds no result of this software: it lacks {', '.join(lacking)}")
