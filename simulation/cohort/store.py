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
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import numpy as np

from gutexo.cohort.lock import Lock
from gutexo.cohort.plan import ArmRun, ArmTask
from gutexo.cohort.readings import READINGS, Place, chunk, make_or_mend, opened
from gutexo.cohort.records import About, FailedMouse, Mark
from gutexo.errors import GutexoError
from gutexo.stored import (
    DamagedFile,
    as_record,
    checksum,
    read_json,
    read_record,
    sealed,
    write_json,
)

SCHEMA = 1
ABOUT, DONE, FAILED = "store.json", "done", "failed"
_PLACE = re.compile(r"(0|[1-9]\d{0,8})-(0|[1-9]\d{0,8})\.json")


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
                    write_json(path / ABOUT, sealed(about))
                make_or_mend(path / READINGS, arms, int(identity["replicates"]), days, say)
                _sweep(path)
            store = cls(path)
            if store.about.scenarios != list(arms):
                raise DamagedFile(f"{path / ABOUT} cannot be read: it names other arms")
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
            "readings": checksum(values.tobytes()),
        }
        self._check_lock()
        with on_disk(self.path):
            # Zarr writes a chunk under another name first, as we do; but no mark stands meanwhile.
            _file(self.path, DONE, place).unlink(missing_ok=True)
            self._readings[place] = values
            self._write(DONE, place, mark)
            _file(self.path, FAILED, place).unlink(missing_ok=True)

    def fail(self, place: Place, failure: Mapping[str, Any]) -> None:
        """Keep why a mouse could not be run.

        Raises:
            GutexoError: The disk is full, or no longer ours.
        """
        self._check_lock()
        with on_disk(self.path):
            self._write(FAILED, place, {name: _text(value) for name, value in failure.items()})

    def run(self, place: Place, task: ArmTask) -> ArmRun | None:
        """What a mouse showed; None where it is not there, or not what it was.

        Args:
            place: Number of its arm and of its replicate.
            task: What it should have been asked.
        """
        mark = self._mark(place)
        if mark is None or mark.mouse != task.digest():
            return None
        array = self._readings
        try:
            values = np.ascontiguousarray(array[place])
        except Exception:  # Damaged bytes can make a reader of Zarr raise anything.
            return None
        if checksum(values.tobytes()) != mark.readings:
            return None
        days = np.flatnonzero(~np.isnan(values[0])).astype(float)
        if len(days) != mark.days:
            return None
        return ArmRun(days, values[:, days.astype(int)], mark.redraws, mark.died)

    def marked(self, place: Place) -> bool:
        """Whether a mouse was once finished, whole or not."""
        return _file(self.path, DONE, place).exists()

    def failure(self, place: Place) -> dict[str, Any] | None:
        """Why a mouse could not be run; None where it was not tried, or finished.

        Raises:
            DamagedFile: It cannot be read any more.
        """
        path = _file(self.path, FAILED, place)
        found = read_record(path, FailedMouse, must_be_sealed=False)
        if found is not None and not self._belongs(found, place):
            raise DamagedFile(f"{path} cannot be read: it is of another mouse")
        return None if found is None else found.model_dump()

    def counts(self) -> dict[str, int]:
        """Mice that are done, failed and pending, as it stands; one that is damaged is pending."""
        done = {place for place in self._places(DONE) if self._whole(place)}
        failed = {place for place in self._places(FAILED) if self._told(place)} - done
        mice = self.about.places
        return {
            "mice": mice,
            "done": len(done),
            "failed": len(failed),
            "pending": mice - len(done) - len(failed),
        }

    def failures(self) -> list[dict[str, Any]]:
        """All failures, arm by arm.

        Raises:
            DamagedFile: One of them cannot be read any more.
        """
        found = [self.failure(place) for place in self._places(FAILED) if not self.marked(place)]
        return [failure for failure in found if failure is not None]

    def _places(self, kind: str) -> list[Place]:
        """Mice of this store that have a file of a kind."""
        found = [_PLACE.fullmatch(path.name) for path in self.path.glob(f"{kind}/*.json")]
        places = sorted((int(name[1]), int(name[2])) for name in found if name is not None)
        arms, replicates = len(self.about.scenarios), self.about.identity.replicates
        return [(arm, mouse) for arm, mouse in places if arm < arms and mouse < replicates]

    def _belongs(self, found: Mark | FailedMouse, place: Place) -> bool:
        """Whether a file says of itself what its name says."""
        return (found.scenario, found.replicate) == (self.about.scenarios[place[0]], place[1])

    def _mark(self, place: Place) -> Mark | None:
        """The mark of a mouse; None where there is none, or not its own as it was written."""
        try:
            mark = read_record(_file(self.path, DONE, place), Mark)
        except DamagedFile:
            return None
        return mark if mark is not None and self._belongs(mark, place) else None

    def _whole(self, place: Place) -> bool:
        """Whether a mouse has its mark and the numbers that belong to it."""
        mark = self._mark(place)
        try:
            # A chunk is its numbers, then four bytes of their CRC.
            numbers = chunk(self.path / READINGS, place).read_bytes()[:-4]
        except OSError:
            return False
        return mark is not None and checksum(numbers) == mark.readings

    def _told(self, place: Place) -> bool:
        """Whether it can be read why a mouse failed."""
        try:
            return self.failure(place) is not None
        except DamagedFile:
            return False

    @property
    def _readings(self) -> Any:
        if self._array is None:
            arms, replicates = len(self.about.scenarios), self.about.identity.replicates
            self._array = opened(self.path / READINGS, arms, replicates)
        return self._array

    def _write(self, kind: str, place: Place, content: Mapping[str, Any]) -> None:
        path = _file(self.path, kind, place)
        path.parent.mkdir(exist_ok=True)
        write_json(path, sealed(content))

    def _check_lock(self) -> None:
        if self.lock is None:
            raise GutexoError(f"{self.path} was opened to be read")
        self.lock.check()


def _file(path: Path, kind: str, place: Place) -> Path:
    return path / kind / f"{place[0]}-{place[1]}.json"


def _text(value: Any) -> Any:
    """Text that any reader of JSON takes: bytes that are no text are shown, not kept."""
    return value.encode(errors="backslashreplace").decode() if isinstance(value, str) else value


def read_about(path: Path) -> About:
    """What a store says of itself.

    Raises:
        GutexoError: There is no store, or one that this version cannot read.
    """
    file = path / ABOUT
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
        # Before this version it had no checksum.
        return as_record(about, file, About, must_be_sealed=False)
    except DamagedFile as error:
        raise DamagedFile(f"{error}; use another folder, or --force") from None


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
    found = read_about(path).identity.model_dump()
    wanted = json.loads(json.dumps(identity))
    different = [key for key in {**wanted, **found} if found.get(key) != wanted.get(key)]
    if different:
        raise GutexoError(
            f"{path} holds another run ({', '.join(different)} differ); "
            "use another folder, or --force to begin anew"
        )


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
            name = error.filename2 or error.filename
            if name is not None and Path(name) != path:
                reason += f" ({name})"
        raise GutexoError(f"{path} cannot be written: {reason}; what is finished is kept") from None
