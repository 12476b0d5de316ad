"""The store of a study on disk: the readings of each mouse, and a mark that they are complete.

    store.json           the run whose mice are saved: schema, study, code, arms; written once
    readings.zarr/       float64[scenario, replicate, readout, time], one chunk per mouse
    done/ARM-MOUSE.json  the mark of a mouse whose chunk is complete, with its checksum
    failed/...           why a mouse could not be run
    lock                 the process that writes: one at a time

Everything is written under a temporary name first. A mouse without a mark, or whose chunk or mark
has changed, counts as missing. The content of a chunk depends on its mouse alone.
"""

from __future__ import annotations

import errno
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import numpy as np

from gutexo.cohort.lock import Lock
from gutexo.cohort.readings import READINGS, MouseIndex, chunk_path, create_or_repair, open_array
from gutexo.cohort.records import FailedMouse, FinishedMouse, StoreInfo
from gutexo.cohort.tasks import ArmRun, ArmTask
from gutexo.errors import GutexoError
from gutexo.support.json_files import (
    DamagedFile,
    add_checksum,
    checksum,
    parse_record,
    read_json,
    read_record,
    write_json,
)

SCHEMA = 1
INFO_FILE, DONE, FAILED = "store.json", "done", "failed"
_RECORD_NAME = re.compile(r"(0|[1-9]\d{0,8})-(0|[1-9]\d{0,8})\.json")


class Store:
    """Mice of one study, saved as they finish.

    Args:
        path: Folder of the store.

    Raises:
        GutexoError: There is no store, or one that this version cannot read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.about = read_store_info(path)
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
        report: Callable[[str], None] = lambda line: None,
    ) -> Iterator[Self]:
        """Open a store to add mice, or make it; other processes cannot write to it meanwhile.

        Args:
            path: Folder of the store.
            identity: Identity of the run; a store of another run is refused.
            arms: Names of the scenarios.
            days: Largest number of recorded days of a mouse.
            report: Called with a message of one line.

        Raises:
            GutexoError: The folder cannot be written, is in use, or holds something else.
        """
        with explain_write_errors(path):
            path.mkdir(parents=True, exist_ok=True)
        refuse_other_run(path, identity)
        with explain_write_errors(path):
            lock = Lock(path, report).acquire()
        try:
            refuse_other_run(path, identity)
            with explain_write_errors(path):
                if not (path / INFO_FILE).exists():
                    about = {"schema": SCHEMA, "identity": dict(identity), "scenarios": list(arms)}
                    write_json(path / INFO_FILE, add_checksum(about))
                create_or_repair(path / READINGS, arms, int(identity["replicates"]), days, report)
                _remove_partial_files(path)
            store = cls(path)
            if store.about.scenarios != list(arms):
                raise DamagedFile(f"{path / INFO_FILE} cannot be read: it names other arms")
            store.lock = lock
            yield store
        finally:
            lock.release()

    # --- mice -------------------------------------------------------------------------------

    def put(self, place: MouseIndex, task: ArmTask, run: ArmRun) -> None:
        """Save a finished mouse: its readings, then its mark.

        Args:
            place: Number of its arm and of its replicate.
            task: The task of the mouse.
            run: Its readings.

        Raises:
            GutexoError: The disk is full or not writable, or this process lost the lock.
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
            "readings": checksum(values.tobytes()),
        }
        self._check_lock()
        with explain_write_errors(self.path):
            # Zarr writes a chunk under a temporary name first, as we do. The old mark is removed
            # before that, so that no mark exists while the chunk changes.
            _record_path(self.path, DONE, place).unlink(missing_ok=True)
            self._readings[place] = values
            self._write(DONE, place, mark)
            _record_path(self.path, FAILED, place).unlink(missing_ok=True)

    def fail(self, place: MouseIndex, failure: Mapping[str, Any]) -> None:
        """Save why a mouse could not be run.

        Raises:
            GutexoError: The disk is full or not writable, or this process lost the lock.
        """
        self._check_lock()
        with explain_write_errors(self.path):
            self._write(
                FAILED, place, {name: _escape_text(value) for name, value in failure.items()}
            )

    def run(self, place: MouseIndex, task: ArmTask) -> ArmRun | None:
        """Read the readings of a mouse; None if they are missing, damaged or of another task.

        Args:
            place: Number of its arm and of its replicate.
            task: The task that the readings must come from.
        """
        mark = self._read_finished(place)
        if mark is None or mark.mouse != task.digest():
            return None
        array = self._readings
        try:
            values = np.ascontiguousarray(array[place])
        except Exception:  # With damaged bytes a reader of Zarr can raise any exception.
            return None
        if checksum(values.tobytes()) != mark.readings:
            return None
        days = np.flatnonzero(~np.isnan(values[0])).astype(float)
        if len(days) != mark.days:
            return None
        return ArmRun(days, values[:, days.astype(int)], mark.redraws, mark.died)

    def was_finished(self, place: MouseIndex) -> bool:
        """Return whether a mouse has a mark, even if the mark or its readings are damaged."""
        return _record_path(self.path, DONE, place).exists()

    def failure(self, place: MouseIndex) -> dict[str, Any] | None:
        """Read why a mouse could not be run; None if it was not run, or finished.

        Raises:
            DamagedFile: The file is damaged.
        """
        path = _record_path(self.path, FAILED, place)
        found = read_record(path, FailedMouse, needs_checksum=False)
        if found is not None and not self._belongs(found, place):
            raise DamagedFile(f"{path} cannot be read: it is of another mouse")
        return None if found is None else found.model_dump()

    def counts(self) -> dict[str, int]:
        """Count the mice that are done, failed and pending now; a damaged mouse is pending."""
        done = {place for place in self._places(DONE) if self._is_intact(place)}
        failed = {
            place for place in self._places(FAILED) if self._has_readable_failure(place)
        } - done
        mice = self.about.mouse_count
        return {
            "mice": mice,
            "done": len(done),
            "failed": len(failed),
            "pending": mice - len(done) - len(failed),
        }

    def failures(self) -> list[dict[str, Any]]:
        """Read all failures, arm by arm.

        Raises:
            DamagedFile: The file of a failure is damaged.
        """
        found = [
            self.failure(place) for place in self._places(FAILED) if not self.was_finished(place)
        ]
        return [failure for failure in found if failure is not None]

    def _places(self, kind: str) -> list[MouseIndex]:
        """List the mice of this store that have a file of a kind."""
        found = [_RECORD_NAME.fullmatch(path.name) for path in self.path.glob(f"{kind}/*.json")]
        places = sorted((int(name[1]), int(name[2])) for name in found if name is not None)
        arms, replicates = len(self.about.scenarios), self.about.identity.replicates
        return [(arm, mouse) for arm, mouse in places if arm < arms and mouse < replicates]

    def _belongs(self, found: FinishedMouse | FailedMouse, place: MouseIndex) -> bool:
        """Return whether the content of a file names the same mouse as its file name."""
        return (found.scenario, found.replicate) == (self.about.scenarios[place[0]], place[1])

    def _read_finished(self, place: MouseIndex) -> FinishedMouse | None:
        """Read the mark of a mouse; None if it is missing, damaged or of another mouse."""
        try:
            mark = read_record(_record_path(self.path, DONE, place), FinishedMouse)
        except DamagedFile:
            return None
        return mark if mark is not None and self._belongs(mark, place) else None

    def _is_intact(self, place: MouseIndex) -> bool:
        """Return whether a mouse has a mark and the readings that belong to it."""
        mark = self._read_finished(place)
        try:
            # A chunk consists of its numbers and four bytes of their CRC.
            numbers = chunk_path(self.path / READINGS, place).read_bytes()[:-4]
        except OSError:
            return False
        return mark is not None and checksum(numbers) == mark.readings

    def _has_readable_failure(self, place: MouseIndex) -> bool:
        """Return whether a mouse has a readable file of its failure."""
        try:
            return self.failure(place) is not None
        except DamagedFile:
            return False

    @property
    def _readings(self) -> Any:
        if self._array is None:
            arms, replicates = len(self.about.scenarios), self.about.identity.replicates
            self._array = open_array(self.path / READINGS, arms, replicates)
        return self._array

    def _write(self, kind: str, place: MouseIndex, content: Mapping[str, Any]) -> None:
        path = _record_path(self.path, kind, place)
        path.parent.mkdir(exist_ok=True)
        write_json(path, add_checksum(content))

    def _check_lock(self) -> None:
        if self.lock is None:
            raise GutexoError(f"{self.path} was opened to be read")
        self.lock.check()


def _record_path(path: Path, kind: str, place: MouseIndex) -> Path:
    return path / kind / f"{place[0]}-{place[1]}.json"


def _escape_text(value: Any) -> Any:
    """Escape bytes that are not text, so that any reader of JSON accepts the value."""
    return value.encode(errors="backslashreplace").decode() if isinstance(value, str) else value


def read_store_info(path: Path) -> StoreInfo:
    """Read and check store.json of a store.

    Raises:
        GutexoError: There is no store, or one that this version cannot read.
    """
    file = path / INFO_FILE
    try:
        about = read_json(file)
        if about is None:
            raise GutexoError(f"{path} holds no mice of a study")
        schema = about.get("schema") if isinstance(about, dict) else None
        if isinstance(schema, int) and schema != SCHEMA:
            age = "a newer" if schema > SCHEMA else "an older"
            raise GutexoError(
                f"{path} was written by {age} version (schema {schema}, this one reads {SCHEMA}); "
                "use that version, or another folder"
            )
        # Earlier versions wrote it without a checksum.
        return parse_record(about, file, StoreInfo, needs_checksum=False)
    except DamagedFile as error:
        raise DamagedFile(f"{error}; use another folder, or --force") from None


def refuse_other_run(path: Path, identity: Mapping[str, Any]) -> None:
    """Refuse a folder that holds another run, or files that are not of a store.

    Args:
        path: Folder of a store; it need not exist.
        identity: Identity of the run.

    Raises:
        GutexoError: The folder holds another run, or files that are not of a store.
    """
    if not (path / INFO_FILE).exists():
        for name in (READINGS, DONE, FAILED):
            if (path / name).exists():
                raise GutexoError(f"{path / name} is not of a store of mice; use another folder")
        return
    found = read_store_info(path).identity.model_dump()
    requested = json.loads(json.dumps(identity))
    different = [key for key in {**requested, **found} if found.get(key) != requested.get(key)]
    if different:
        raise GutexoError(
            f"{path} holds another run ({', '.join(different)} differ); "
            "use another folder, or --force to begin anew"
        )


def _remove_partial_files(path: Path) -> None:
    """Delete files that killed processes did not finish writing."""
    for pattern in (f"{READINGS}/readings/*.partial", f"{DONE}/.*", f"{FAILED}/.*"):
        for left in path.glob(pattern):
            left.unlink(missing_ok=True)


def delete_mice(path: Path) -> None:
    """Delete all mice of a store; store.json is deleted first.

    Raises:
        GutexoError: The store is in use, or cannot be written.
    """
    if not path.is_dir():
        return
    with explain_write_errors(path), Lock(path):
        (path / INFO_FILE).unlink(missing_ok=True)
        for name in (READINGS, DONE, FAILED):
            if (path / name).exists():
                shutil.rmtree(path / name)


@contextmanager
def explain_write_errors(path: Path) -> Iterator[None]:
    """Replace an `OSError` raised inside by one line that explains why a folder cannot be written.

    Args:
        path: The folder.

    Raises:
        GutexoError: The folder cannot be written.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
            reason = "the disk is full"
        else:
            reason = (error.strerror or type(error).__name__).lower()
            name = error.filename2 or error.filename
            if name is not None and Path(name) != path:
                reason += f" ({name})"
        raise GutexoError(f"{path} cannot be written: {reason}; finished mice are saved") from None
