"""The array of a store: one chunk per mouse, in a Zarr group that any reader of Zarr opens."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gutexo.body.observables import OBSERVABLES
from gutexo.errors import GutexoError

READINGS = "readings.zarr"
ARRAY = "readings"
MouseIndex = tuple[int, int]
"""Number of the arm and of the replicate."""


def chunk_path(path: Path, place: MouseIndex) -> Path:
    """File that contains the readings of a mouse."""
    return path / ARRAY / f"c.{place[0]}.{place[1]}.0.0"


def create_or_repair(
    path: Path,
    arms: Sequence[str],
    replicates: int,
    days: int,
    report: Callable[[str], None] = lambda line: None,
) -> None:
    """Make an empty array, or write the damaged metadata files of an existing array again.

    The metadata follow from the study. So a damaged metadata file damages no mouse: each mouse has
    its readings in its own chunk, and their checksum in its record of `done/`.

    Args:
        path: Folder of the group.
        arms: Names of the scenarios.
        replicates: Mice per arm.
        days: Largest number of recorded days of a mouse.
        report: Called with a message of one line.

    Raises:
        OSError: A file cannot be written.
    """
    expected = _describe_array(arms, replicates, days)
    if not path.exists():
        part = path.with_name(f".{path.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        for name, content in expected.items():
            (part / name).parent.mkdir(parents=True, exist_ok=True)
            (part / name).write_bytes(content)
        os.replace(part, path)
        return
    wrong = [name for name, content in expected.items() if _bytes_of(path / name) != content]
    for name in wrong:
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.part")
        try:
            part.write_bytes(expected[name])
            os.replace(part, target)
        except OSError:
            part.unlink(missing_ok=True)
            raise
    if wrong:
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        report(
            f"{path}: {', '.join(wrong[:3])}{more} differ from what this version writes; they are "
            "written anew, and all mice stay"
        )


def open_array(path: Path, arms: int, replicates: int) -> Any:
    """Open the array of a group.

    Args:
        path: Folder of the group.
        arms: Number of scenarios that the array must have.
        replicates: Number of mice per arm that it must have.

    Raises:
        GutexoError: It cannot be read, or has another shape.
    """
    import zarr
    from zarr.storage import LocalStore

    try:
        array: Any = zarr.open_group(LocalStore(path), mode="r+")[ARRAY]
        shape, chunks = tuple(array.shape), tuple(array.chunks)
        kind, fill = str(array.dtype), float(array.fill_value)
    except Exception as error:  # With damaged metadata a reader of Zarr can raise any exception.
        reason = f"{type(error).__name__}: {error}".splitlines()[0][:80]
        raise GutexoError(f"{path / ARRAY / 'zarr.json'} cannot be read: {reason}") from None
    sound = chunks == (1, 1, *shape[2:]) and kind == "float64" and fill != fill
    if sound and shape[:2] == (arms, replicates) and shape[2] != len(OBSERVABLES):
        raise GutexoError(
            f"{path} holds {shape[2]} readouts of a mouse, those of another version; this one has "
            f"{len(OBSERVABLES)}: read it with that version, or with xarray.open_zarr"
        )
    if not sound or shape[:3] != (arms, replicates, len(OBSERVABLES)):
        raise GutexoError(
            f"{path / ARRAY / 'zarr.json'} cannot be read: it describes {kind}{list(shape)} in "
            f"chunks of {list(chunks)}, not an array of {arms} arms of {replicates} mice"
        )
    return array


def _bytes_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError:
        return None


def _describe_array(arms: Sequence[str], replicates: int, days: int) -> dict[str, bytes]:
    """Return the files of the group before the first mouse: metadata and coordinates."""
    import xarray
    import zarr
    from zarr.codecs import Crc32cCodec
    from zarr.storage import MemoryStore

    coordinates = xarray.Dataset(
        coords={
            "scenario": list(arms),
            "replicate": np.arange(replicates),
            "readout": list(OBSERVABLES),
            "unit": ("readout", [o.unit for o in OBSERVABLES.values()]),
            "time": ("time", np.arange(float(days)), {"units": "d"}),
        }
    )
    files: dict[str, Any] = {}
    store = MemoryStore(files)
    coordinates.to_zarr(store, mode="w", consolidated=False)
    zarr.open_group(store, mode="r+").create_array(
        ARRAY,
        shape=(len(arms), replicates, len(OBSERVABLES), days),
        chunks=(1, 1, len(OBSERVABLES), days),
        dtype="<f8",
        fill_value=float("nan"),
        # Not compressed: the bytes depend on the numbers only, not on the library that wrote them.
        compressors=Crc32cCodec(),
        filters=None,
        dimension_names=("scenario", "replicate", "readout", "time"),
        chunk_key_encoding={"name": "default", "separator": "."},
        config={"write_empty_chunks": True},
    )
    return {name: content.to_bytes() for name, content in sorted(files.items())}
