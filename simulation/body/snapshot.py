"""Snapshots: the whole state of a mouse as arrays and JSON, to continue it with identical bits."""

from __future__ import annotations

import hashlib
import json
import os
import warnings
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gutexo.body.regimen import Course
from gutexo.body.saved_course import course_from_json, course_to_json
from gutexo.compiled import model_code_digest
from gutexo.errors import GutexoError
from gutexo.support.json_files import describe_first_error
from gutexo.support.paths import check_replaceable, local_path, open_atomically

VERSION = 5
TEXT, CHECKSUM = "__json__", "__sha256__"


class SnapshotMetadata(BaseModel):
    """The state of a mouse that is not in its arrays.

    Attributes:
        code: Digest of the rules it was simulated with.
        parameters: Value per name.
        seed: Identity of the animal.
        first_age: Age before its first tick (h).
        time: Hours on Mesa's clock.
        tick: Ticks done since it was weaned.
        ticks_before_record: Ticks before its record began.
        count: Packets alive.
        next_id: Identity the next packet gets.
        doses: Doses of exosomes given so far.
        cell_doses: Doses of senolytics and of senescent cells given so far.
        alive: Whether it lives.
        died: Age at death (d), None while it lives.
        driver: Name of the loop that steps it.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)

    code: str = Field(default_factory=model_code_digest)
    parameters: dict[str, float | int]
    seed: int = Field(ge=0)
    first_age: float
    time: float = Field(ge=0)
    tick: int = Field(ge=0)
    ticks_before_record: int = Field(ge=0)
    count: int = Field(ge=0)
    next_id: int = Field(ge=1)
    doses: int = Field(ge=0)
    cell_doses: int = Field(ge=0)
    alive: bool
    died: float | None
    driver: str


@dataclass(frozen=True)
class Snapshot:
    """A mouse at one moment.

    Attributes:
        arrays: Columns, counters and readings.
        meta: Clock, parameters and identity.
        courses: Interventions on the mouse.
    """

    arrays: dict[str, np.ndarray]
    meta: SnapshotMetadata
    courses: tuple[Course, ...] = field(default=(), compare=False)

    def save(
        self,
        path: str | Path,
        identity: Mapping[str, Any] | None = None,
        *,
        force: bool = False,
    ) -> Path:
        """Write the snapshot to one file, completely or not at all.

        The file is NumPy's npz with JSON inside; nothing in it is ever executed.

        Args:
            path: File to write; its folder is made. An existing snapshot is replaced.
            identity: Identity of the saved mouse, as JSON types; `load` can check it.
            force: Also replace a file that is not a snapshot.

        Returns:
            The path.

        Raises:
            GutexoError: An intervention or the file cannot be written, or the path exists and is
                not a file.
        """
        path = local_path(path, "snapshot")
        check_replaceable(path)
        if os.path.lexists(path) and not force and not _is_snapshot(path):
            raise GutexoError(f"{path} exists and is no snapshot; nothing was written (use force)")
        arrays = dict(self.arrays)
        courses = [course_to_json(c, n, arrays) for n, c in enumerate(self.courses)]
        content = {"version": VERSION, "meta": self.meta.model_dump(), "courses": courses}
        if identity is not None:
            content["identity"] = dict(identity)
        arrays[TEXT] = np.frombuffer(json.dumps(content).encode(), np.uint8)
        arrays[CHECKSUM] = _checksum(arrays)
        with open_atomically(path, "snapshot") as file:
            np.savez(file, allow_pickle=False, **arrays)
        return path

    @classmethod
    def load(cls, path: str | Path, identity: Mapping[str, Any] | None = None) -> Self:
        """Read a snapshot.

        An intervention of your own must be imported or defined before.

        Args:
            path: File written by `save`.
            identity: Identity that the file must have, whatever its name; None for any.

        Raises:
            GutexoError: The file is missing, damaged, cut short, of another version, or of another
                mouse than requested.
        """
        path = local_path(path, "snapshot")
        arrays, content = _read_archive(path)
        if content["version"] != VERSION:
            raise GutexoError(
                f"snapshot {path} is of version {str(content['version'])[:20]}; this reads "
                f"{VERSION}, of a mouse with other rules and columns: raise the mouse anew"
            )
        written = arrays.pop(CHECKSUM, np.empty(0))
        if not np.array_equal(written, _checksum(arrays)):
            raise GutexoError(f"snapshot {path} is damaged: its content is not what was written")
        if identity is not None and content.get("identity") != dict(identity):
            raise GutexoError(f"snapshot {path} is of another mouse than was kept under its name")
        arrays.pop(TEXT)
        try:
            meta = SnapshotMetadata.model_validate(content["meta"])
            courses = tuple(course_from_json(entry, arrays) for entry in content["courses"])
        except ValidationError as error:
            raise GutexoError(f"snapshot {path}: {describe_first_error(error)}") from None
        except (KeyError, TypeError, AttributeError) as error:
            raise GutexoError(f"snapshot {path} is damaged ({error!r:.100})") from None
        except GutexoError as error:
            raise GutexoError(f"snapshot {path}: {error}") from None
        if meta.code != model_code_digest():
            warnings.warn(
                f"snapshot {path} was written by other rules than these: the mouse goes on, but "
                "not as it would have there",
                stacklevel=2,
            )
        return cls(arrays, meta, courses)


def _is_snapshot(path: Path) -> bool:
    """Whether a file was written by `save`, according to its table of contents."""
    try:
        with zipfile.ZipFile(path) as archive:
            return {f"{TEXT}.npy", f"{CHECKSUM}.npy"} <= set(archive.namelist())
    except Exception:  # With damaged bytes a reader of zip files can raise any exception.
        return False


def _read_archive(path: Path) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Read the arrays and JSON of a file whose content is not trusted."""
    try:
        if path.exists() and not path.is_file():
            raise ValueError("it is no file")
        with zipfile.ZipFile(path) as archive:
            # `save` does not compress, so members larger than the file are not from it.
            if sum(member.file_size for member in archive.infolist()) > path.stat().st_size:
                raise ValueError("its members are larger than the file")
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        content = json.loads(arrays[TEXT].tobytes().decode())
        if not {"version", "meta", "courses"} <= content.keys():
            raise ValueError("it holds no mouse")
    except FileNotFoundError:
        raise GutexoError(f"snapshot {path} does not exist") from None
    except Exception as error:  # With damaged bytes a reader of zip files can raise any exception.
        reason = f"{type(error).__name__}: {error}".split("\n")[0][:100]
        raise GutexoError(f"snapshot {path} is damaged ({reason})") from None
    return arrays, content


def _checksum(arrays: dict[str, np.ndarray]) -> np.ndarray:
    """SHA-256 of names, types, shapes and bytes, uint8[32]."""
    content = hashlib.sha256()
    for name in sorted(arrays):
        array = arrays[name]
        content.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        content.update(np.ascontiguousarray(array).tobytes())
    return np.frombuffer(content.digest(), np.uint8)
