"""The store of a study: one array a mouse, then its mark; what stands in it is whole.

    store.json           what is kept here: schema, study, code, arms; written once
    readings.zarr/       float64[scenario, replicate, readout, time], one chunk a mouse
    done/ARM-MOUSE.json  the mark of a mouse whose chunk is whole, with its checksum
    failed/...           why a mouse could not be run
    lock                 who writes: one process at a time

Everything is written under another name first. A mouse without a mark, or whose chunk or mark is
not what it was, counts as missing. What a chunk holds depends on its mouse alone.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import numpy as np

from simulation.body.observables import OBSERVABLES
from simulation.cohort.lock import Lock
from simulation.cohort.plan import ArmRun, ArmTask
from simulation.errors import GutexoError

SCHEMA = 1
ABOUT, READINGS, DONE, FAILED = "store.json", "readings.zarr", "done", "failed"
Place = tuple[int, int]
"""Number of the arm and of the replicate."""


def _checksum(content: Any) -> str:
    raw = content if isinstance(content, bytes) else json.dumps(content, sort_keys=True).encode()
    return hashlib.sha256(raw).hexdigest()[:32]


def _read_json(path: Path) -> dict[str, Any] | None:
    """An object of a file; None where there is none, or none that can be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def _write_whole(path: Path, content: Mapping[str, Any]) -> None:
    """Write a file, or leave what was there."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        os.replace(part, path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


class Store:
    """Mice of one study, kept as they finish.

    Args:
        path: Its folder.

    Raises:
        GutexoError: There is no store, or one that this version cannot read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.about = read_about(path)
        self.lock: Lock | None = None
        self._array: Any = None

    @classmethod
    @contextmanager
    def writing(
        cls,
        path: Path,
        identity: Mapping[str, Any],
        arms: Sequence[str],
        days: int,
        say: Callable[[str], None] = lambda line: None,
    ) -> Iterator[Self]:
        """Open a store to add mice, made if it is not there; nobody else writes meanwhile.

        Args:
            path: Its folder.
            identity: What is run; a store of something else is refused.
            arms: Names of the scenarios.
            days: Days a mouse is recorded, at most.
            say: Called with a line for people.

        Raises:
            GutexoError: The folder cannot be written, is in use, or holds something else.
        """
        with on_disk(path):
            path.mkdir(parents=True, exist_ok=True)
        refuse_other(path, identity)
        with on_disk(path):
            lock = Lock(path, say).acquire()
        try:
            refuse_other(path, identity)
            with on_disk(path):
                if not (path / ABOUT).exists():
                    about = {"schema": SCHEMA, "identity": dict(identity), "scenarios": list(arms)}
                    _write_whole(path / ABOUT, about)
                if not (path / READINGS).exists():
                    _create(path / READINGS, arms, int(identity["replicates"]), days)
                _sweep(path)
            store = cls(path)
            store.lock = lock
            yield store
        finally:
            lock.release()

    # --- mice -------------------------------------------------------------------------------

    def put(self, place: Place, task: ArmTask, run: ArmRun) -> None:
        """Keep a finished mouse: its array, then its mark.

        Args:
            place: Number of its arm and of its replicate.
            task: What it was asked.
            run: What it showed.

        Raises:
            GutexoError: The disk is full, or no longer ours.
        """
        values = np.full(self._readings.shape[2:], np.nan)
        values[:, np.round(run.days).astype(int)] = run.values
        mark = {
            "scenario": task.scenario.name,
            "replicate": task.replicate,
            "mouse": task.digest(),
            "days": len(run.days),
            "redraws": int(run.redraws),
            "died": None if run.died is None else float(run.died),
            "readings": _checksum(values.tobytes()),
        }
        self._check_lock()
        with on_disk(self.path):
            # Zarr writes a chunk under another name first, as we do; but no mark stands meanwhile.
            _file(self.path, DONE, place).unlink(missing_ok=True)
            self._readings[place] = values
            self._mark(DONE, place, {**mark, "check": _checksum(mark)})
            _file(self.path, FAILED, place).unlink(missing_ok=True)

    def fail(self, place: Place, failure: Mapping[str, Any]) -> None:
        """Keep why a mouse could not be run.

        Raises:
            GutexoError: The disk is full, or no longer ours.
        """
        self._check_lock()
        with on_disk(self.path):
            self._mark(FAILED, place, failure)

    def run(self, place: Place, task: ArmTask) -> ArmRun | None:
        """What a mouse showed; None where it is not there, or not what it was.

        Args:
            place: Number of its arm and of its replicate.
            task: What it should have been asked.
        """
        mark = _read_json(_file(self.path, DONE, place))
        if mark is None or mark.pop("check", None) != _checksum(mark):
            return None
        if mark["mouse"] != task.digest():
            return None
        try:
            values = np.ascontiguousarray(self._readings[place])
        except (OSError, ValueError, KeyError, IndexError):
            return None
        if _checksum(values.tobytes()) != mark["readings"]:
            return None
        days = np.flatnonzero(~np.isnan(values[0])).astype(float)
        if len(days) != mark["days"]:
            return None
        return ArmRun(days, values[:, days.astype(int)], mark["redraws"], mark["died"])

    def marked(self, place: Place) -> bool:
        """Whether a mouse was once finished, whole or not."""
        return _file(self.path, DONE, place).exists()

    def failure(self, place: Place) -> dict[str, Any] | None:
        """Why a mouse could not be run; None where it was not tried, or finished."""
        return _read_json(_file(self.path, FAILED, place))

    def counts(self) -> dict[str, int]:
        """Mice that are done, failed and pending, as it stands."""
        done = {path.name for path in self.path.glob(f"{DONE}/*.json")}
        failed = {path.name for path in self.path.glob(f"{FAILED}/*.json")} - done
        mice = len(self.about["scenarios"]) * self.about["identity"]["replicates"]
        return {
            "mice": mice,
            "done": len(done),
            "failed": len(failed),
            "pending": mice - len(done) - len(failed),
        }

    def failures(self) -> list[dict[str, Any]]:
        """All failures, arm by arm."""
        arms, replicates = len(self.about["scenarios"]), self.about["identity"]["replicates"]
        found = [
            self.failure((arm, replicate))
            for arm in range(arms)
            for replicate in range(replicates)
            if not self.marked((arm, replicate))
        ]
        return [failure for failure in found if failure is not None]

    @property
    def _readings(self) -> Any:
        if self._array is None:
            import zarr

            try:
                self._array = zarr.open_group(self.path / READINGS, mode="r+")["readings"]
            except (OSError, ValueError, KeyError) as error:
                reason = str(error).splitlines()[0][:80]
                raise GutexoError(f"{self.path / READINGS} cannot be read: {reason}") from None
        return self._array

    def _mark(self, kind: str, place: Place, content: Mapping[str, Any]) -> None:
        path = _file(self.path, kind, place)
        path.parent.mkdir(exist_ok=True)
        _write_whole(path, content)

    def _check_lock(self) -> None:
        if self.lock is None:
            raise GutexoError(f"{self.path} was opened to be read")
        self.lock.check()


def _file(path: Path, kind: str, place: Place) -> Path:
    return path / kind / f"{place[0]}-{place[1]}.json"


def read_about(path: Path) -> dict[str, Any]:
    """What a store says of itself.

    Raises:
        GutexoError: There is no store, or one that this version cannot read.
    """
    if not (path / ABOUT).exists():
        raise GutexoError(f"{path} holds no mice of a study")
    about = _read_json(path / ABOUT)
    schema = about.get("schema") if about is not None else None
    if about is None or not isinstance(schema, int) or not isinstance(about.get("identity"), dict):
        raise GutexoError(f"{path / ABOUT} cannot be read; use another folder, or --force")
    if schema != SCHEMA:
        age = "a newer" if schema > SCHEMA else "an older"
        raise GutexoError(
            f"{path} was written by {age} version (schema {schema}, this one reads {SCHEMA}); "
            "use that version, or another folder"
        )
    return about


def refuse_other(path: Path, identity: Mapping[str, Any]) -> None:
    """Refuse a folder that holds another run, or something that is not ours.

    Args:
        path: Folder of a store, made or not.
        identity: What is to be run.

    Raises:
        GutexoError: It does.
    """
    if not (path / ABOUT).exists():
        for name in (READINGS, DONE, FAILED):
            if (path / name).exists():
                raise GutexoError(f"{path / name} is not of a store of mice; use another folder")
        return
    found = read_about(path)["identity"]
    wanted = json.loads(json.dumps(identity))
    different = [key for key in {**wanted, **found} if found.get(key) != wanted.get(key)]
    if different:
        raise GutexoError(
            f"{path} holds another run ({', '.join(different)} differ); "
            "use another folder, or --force to begin anew"
        )


def _create(path: Path, arms: Sequence[str], replicates: int, days: int) -> None:
    """Make an array without a mouse, whole or not at all."""
    import xarray
    import zarr
    from zarr.codecs import Crc32cCodec

    coordinates = xarray.Dataset(
        coords={
            "scenario": list(arms),
            "replicate": np.arange(replicates),
            "readout": list(OBSERVABLES),
            "unit": ("readout", [o.unit for o in OBSERVABLES.values()]),
            "time": ("time", np.arange(float(days)), {"units": "d"}),
        }
    )
    part = path.with_name(f".{path.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    coordinates.to_zarr(part, mode="w", consolidated=False)
    zarr.open_group(part, mode="r+").create_array(
        "readings",
        shape=(len(arms), replicates, len(OBSERVABLES), days),
        chunks=(1, 1, len(OBSERVABLES), days),
        dtype="<f8",
        fill_value=float("nan"),
        # Not compressed: the bytes are those of the numbers, whichever library wrote them.
        compressors=Crc32cCodec(),
        filters=None,
        dimension_names=("scenario", "replicate", "readout", "time"),
        chunk_key_encoding={"name": "default", "separator": "."},
        config={"write_empty_chunks": True},
    )
    os.replace(part, path)


def _sweep(path: Path) -> None:
    """Drop what processes that were killed had only begun to write."""
    for pattern in (f"{READINGS}/readings/*.partial", f"{DONE}/.*", f"{FAILED}/.*"):
        for left in path.glob(pattern):
            left.unlink(missing_ok=True)


def clear(path: Path) -> None:
    """Forget all mice of a store; what it is goes first.

    Raises:
        GutexoError: It is in use, or cannot be written.
    """
    if not path.is_dir():
        return
    with on_disk(path), Lock(path):
        (path / ABOUT).unlink(missing_ok=True)
        for name in (READINGS, DONE, FAILED):
            if (path / name).exists():
                shutil.rmtree(path / name)


@contextmanager
def on_disk(path: Path) -> Iterator[None]:
    """Say in one line why a folder cannot be written.

    Args:
        path: The folder.

    Raises:
        GutexoError: It cannot.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
            reason = "the disk is full"
        else:
            reason = (error.strerror or type(error).__name__).lower()
        raise GutexoError(f"{path} cannot be written: {reason}; what is finished is kept") from None
