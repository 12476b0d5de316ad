"""The files of a run: made apart, put in their places when all are whole, and swapped."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gutexo.cli.run_folder import (
    DATASET,
    DRAWS,
    EFFECTS,
    ENDINGS,
    MANIFEST,
    MICE,
    NEW,
    POINTS,
    RESOLVED,
    TRAJECTORIES,
    cut,
    differing,
    fingerprint,
    names,
    read_identity,
    read_manifest,
    recorded,
    refuse_foreign,
)
from gutexo.errors import GutexoError
from gutexo.json_text import json_text, strict
from gutexo.paths import PART, NotWritten, make_folder, written

if TYPE_CHECKING:
    from gutexo.analysis.csv_style import CsvStyle
    from gutexo.cli.study import Job
    from gutexo.cohort.result import Result

OLD = f"{PART}old"  # in NEW: what was replaced, until all is in its place
Say = Callable[[str], None]


@contextmanager
def begun(target: Path, out: Path, job: Job, say: Say) -> Iterator[None]:
    """A run in its folder, or beside the one it replaces: nobody else writes there meanwhile.

    Args:
        target: Where it is written.
        out: Folder that was named.
        job: What is run.
        say: Called with a line for people.

    Raises:
        GutexoError: The folder cannot be written, is in use, or holds something else.
    """
    make_folder(out, "--out")
    if target == out:
        _begin(out, job, say)
        yield
        return
    from gutexo.cohort.lock import Lock

    _refuse_strangers(target)
    make_folder(target)
    try:
        with Lock(target, say):
            if (out / MICE).is_dir():
                with Lock(out / MICE, say):  # whoever writes there is not robbed of it
                    pass
            found = read_identity(target / MICE)
            if found is None or differing(found, job.identity):
                _empty(target)
            try:
                _begin(target, job, say)
                yield
            finally:
                if not _kept(target):
                    _empty(target)
    finally:
        _drop_empty(target)


def _kept(target: Path) -> bool:
    """Whether a run beside another one has something to go on from; not if it is in its place."""
    return (target / MANIFEST).exists() or any(target.glob(f"{MICE}/done/*.json"))


def _begin(folder: Path, job: Job, say: Say) -> None:
    """Make the store, and write what an interrupted run goes on from."""
    from gutexo.cohort.result import recorded_days
    from gutexo.cohort.store import Store

    arms = [arm.name for arm in job.plan.arms]
    with Store.writing(folder / MICE, job.identity, arms, recorded_days(job.plan), say):
        with tempfile.TemporaryDirectory(dir=folder, prefix=PART) as made:
            _write_resolved(job, Path(made))
            for path in Path(made).iterdir():
                _refuse_changed(folder / path.name, path, read_manifest(folder), {})
                os.replace(path, folder / path.name)


def _refuse_strangers(target: Path) -> None:
    """Refuse a folder of the name we use that holds what no run of ours writes."""
    if not os.path.lexists(target):
        return
    known = {MICE, "lock", *names(())}
    strange = [
        path.name
        for path in (target.iterdir() if target.is_dir() else [target])
        if path.name not in known
        and path.suffix.strip(".") not in ENDINGS
        and not path.name.startswith((PART, ".guard", ".lock"))
    ]
    if strange:
        raise GutexoError(f"{target} is not ours: it holds {strange[0]}; use another --out")


def _empty(target: Path) -> None:
    """Drop all of a run that is written beside another, but its lock."""
    for path in target.iterdir():
        if path.name == "lock" or path.name.startswith((".guard", ".lock")):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _drop_empty(target: Path) -> None:
    """Remove the folder of such a run once nothing but locks is in it."""
    try:
        if all(path.name.startswith((".guard", ".lock")) for path in target.iterdir()):
            shutil.rmtree(target)
    except OSError:
        pass  # It is found empty the next time.


def _write_resolved(job: Job, folder: Path) -> None:
    """A configuration that runs the same again, or goes on with it."""
    from gutexo.analysis.posterior import write_draws
    from gutexo.analysis.tables import write_atomically
    from gutexo.cohort.provenance import resolved_toml

    if job.draws:
        write_draws(job.draws, folder / DRAWS)
    posterior = DRAWS if job.draws else None
    resolved = resolved_toml(
        job.plan, job.replicates, job.asked.seed, posterior, job.asked.decimal_comma
    )
    write_atomically(folder / RESOLVED, resolved.encode())


def write_run(result: Result, rows: list[Any], job: Job, folder: Path, say: Say) -> None:
    """Write every file of a finished run; those that are there stay until all are whole.

    Args:
        result: Of all mice.
        rows: Effects of its comparisons.
        job: What was run.
        folder: Where.
        say: Called with a line for people.

    Raises:
        GutexoError: The folder cannot be written, or a file there is not what this run wrote.
    """
    from gutexo.analysis.csv_style import DECIMAL_COMMA, STANDARD
    from gutexo.analysis.tables import write_effects, write_trajectories
    from gutexo.cohort.lock import Lock
    from gutexo.figures import draw
    from gutexo.figures.style import save

    style = DECIMAL_COMMA if job.asked.decimal_comma else STANDARD
    with (
        _told(folder),
        Lock(folder / MICE, say),
        tempfile.TemporaryDirectory(dir=folder, prefix=PART, ignore_cleanup_errors=True) as made,
    ):
        work = Path(made)
        _write_resolved(job, work)
        result.save(work / DATASET)
        write_trajectories(result.data, work / TRAJECTORIES, style=style)
        write_effects(rows, work / EFFECTS, style=style)
        for name in job.plan.figures:
            save(draw(name)(_shown(name, result, rows, work, style)), work / name)
        files = {path.name: fingerprint(path) for path in sorted(work.iterdir())}
        manifest = {"identity": job.identity, **result.provenance}
        manifest |= {"failures": result.failures, "files": files, "tables": asdict(style)}
        _put(work, folder, manifest)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Say of the run, not of the file that was in hand, that it cannot be written.

    Raises:
        GutexoError: It cannot; its mice stay.
    """
    try:
        with written(folder, "--out"):
            yield
    except NotWritten as error:
        raise GutexoError(
            f"{folder} cannot be written: {error.why}; what is finished is kept, and the same "
            "command goes on"
        ) from None


def _shown(name: str, result: Result, rows: list[Any], folder: Path, style: CsvStyle) -> Any:
    """What a figure draws; the points of a sweep are a table too."""
    if name == "dose_and_duration":
        from gutexo.analysis.box import signs

        return signs(result.data)
    if name == "effect_forest":
        return rows
    if name == "sweep":
        from gutexo.analysis.sweeps import points, write_points

        found = points(rows, result.data)
        write_points(found, folder / POINTS, style=style)
        return found
    return result.data


def _put(work: Path, folder: Path, manifest: dict[str, Any]) -> None:
    """Move files that are whole to their places, the manifest last."""
    from gutexo.cohort.dataset import replace_folder

    before, files = read_manifest(folder), manifest["files"]
    for name in files:
        _refuse_changed(folder / name, work / name, before, files)
    if before is not None:
        # If we are stopped among them: these are no files of somebody else.
        _write_manifest(folder, {**before, "replacing": files})
    for name in files:
        if name == DATASET:
            replace_folder(work / name, folder / name, work / OLD)
        else:
            os.replace(work / name, folder / name)
    _write_manifest(folder, manifest)


def _write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    from gutexo.analysis.tables import write_atomically
    from gutexo.stored import sealed

    text = json_text(sealed(strict(manifest)))
    write_atomically(folder / MANIFEST, text.encode(), force=True)


def _refuse_changed(
    path: Path, made: Path, before: dict[str, Any] | None, files: dict[str, Any]
) -> None:
    """Refuse to replace a file that is neither what a run wrote nor the beginning of it.

    Raises:
        GutexoError: Somebody changed it.
    """
    if not os.path.lexists(path):
        return
    refuse_foreign(path.parent, [path.name])
    if path.name == DATASET or cut(path, made):
        return
    known = [of.get(path.name) for of in (recorded(before), recorded(before, "replacing"), files)]
    if fingerprint(path) not in known:
        raise GutexoError(
            f"{path} is not what this run wrote; move it away, and the same command makes it again"
        )


# --- a run that replaces another -----------------------------------------------------------------


def swap(out: Path, say: Say) -> None:
    """Let a finished run beside another one take its place, name by name; all else stays.

    Args:
        out: The folder.
        say: Called with a line for people.

    Raises:
        GutexoError: The folder cannot be written, or something there is not ours to replace.
    """
    from gutexo.cohort.lock import Lock

    new = out / NEW
    manifest = read_manifest(new)
    assert manifest is not None
    refuse_foreign(out, [*recorded(manifest), MANIFEST, MICE])
    with written(out, "--out"):
        if (out / MICE).is_dir():
            with Lock(out / MICE, say):
                pass
        (new / OLD).mkdir()
        _move(out)


def finish_swap(out: Path, identity: Mapping[str, Any], say: Say) -> bool:
    """Go on with a swap that was interrupted, if there is one.

    Args:
        out: Folder of a run.
        identity: What is to be run.
        say: Called with a line for people.

    Returns:
        Whether there was one, and of the run that is asked for.

    Raises:
        GutexoError: The folder cannot be written.
    """
    from gutexo.cohort.lock import Lock

    new = out / NEW
    if not (new / OLD).is_dir():
        return False
    _refuse_strangers(new)
    with written(out, "--out"), Lock(new, say):
        _move(out)
        _empty(new)
    _drop_empty(new)
    say(f"{out}: a run with --force had not wholly taken its place; now it has")
    manifest = read_manifest(out)
    return manifest is not None and not differing(manifest["identity"], identity)


def _move(out: Path) -> None:
    """Old names out, new names in; may be stopped anywhere, and called again."""
    new, old = out / NEW, out / NEW / OLD
    if not (new / MANIFEST).exists():
        return
    files = recorded(read_manifest(new))
    if os.path.lexists(out / MANIFEST):
        os.rename(out / MANIFEST, old / MANIFEST)
    for name, kept in _of_old_run(old).items():
        if name not in files and fingerprint(out / name) == kept:
            os.rename(out / name, old / name)
    for name in (*files, MICE):
        if os.path.lexists(new / name):
            if os.path.lexists(out / name):
                os.rename(out / name, old / name)
            os.rename(new / name, out / name)
    os.rename(new / MANIFEST, out / MANIFEST)


def _of_old_run(old: Path) -> dict[str, Any]:
    """Files that the run that is replaced had written, as its manifest names them."""
    try:
        files = recorded(read_manifest(old))
    except GutexoError:
        return {}
    return {name: kept for name, kept in files.items() if Path(name).name == name}
