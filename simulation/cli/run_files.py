"""Files of a run: written to a temporary folder and moved to their places when all are complete."""

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
    NEW_RUN_FOLDER,
    RESOLVED,
    SWEEP_TABLE,
    TRAJECTORIES,
    find_differences,
    fingerprint,
    is_beginning_of,
    list_run_names,
    read_identity,
    read_manifest,
    recorded_files,
    refuse_foreign,
)
from gutexo.errors import GutexoError
from gutexo.support.json_text import format_json, to_json_types
from gutexo.support.paths import UNFINISHED_PREFIX, NotWritten, make_folder, report_write_errors

if TYPE_CHECKING:
    from gutexo.cli.study_job import StudyJob
    from gutexo.cohort.result import CohortResult

REPLACED_FOLDER = f"{UNFINISHED_PREFIX}old"  # in NEW_RUN_FOLDER: the replaced files
Report = Callable[[str], None]


@contextmanager
def open_run(target: Path, out: Path, job: StudyJob, report: Report) -> Iterator[None]:
    """Open a run in its folder, or in a folder beside the run it replaces, under a lock.

    Args:
        target: Folder to which the run is written.
        out: Folder of `--out`.
        job: What is run.
        report: Called with a line for people.

    Raises:
        GutexoError: The folder cannot be written, is in use, or holds something else.
    """
    make_folder(out, "--out")
    if target == out:
        _create_store(out, job, report)
        yield
        return
    from gutexo.cohort.lock import Lock

    _refuse_unknown_files(target)
    make_folder(target)
    try:
        with Lock(target, report):
            if (out / MICE).is_dir():
                with Lock(out / MICE, report):  # no other process is writing there
                    pass
            found = read_identity(target / MICE)
            if found is None or find_differences(found, job.identity):
                _clear_folder(target)
            try:
                _create_store(target, job, report)
                yield
            finally:
                if not _is_resumable(target):
                    _clear_folder(target)
    finally:
        _drop_empty(target)


def _is_resumable(target: Path) -> bool:
    """Whether the folder of a new run has a manifest or finished mice to resume from.

    It has neither once the new run has replaced the old one.
    """
    return (target / MANIFEST).exists() or any(target.glob(f"{MICE}/done/*.json"))


def _create_store(folder: Path, job: StudyJob, report: Report) -> None:
    """Create the store of a run and write the configuration from which the run can be resumed."""
    from gutexo.cohort.result import count_recorded_days
    from gutexo.cohort.store import Store

    arms = [arm.name for arm in job.plan.arms]
    with Store.writing(folder / MICE, job.identity, arms, count_recorded_days(job.plan), report):
        with tempfile.TemporaryDirectory(dir=folder, prefix=UNFINISHED_PREFIX) as made:
            _write_resolved(job, Path(made))
            for path in Path(made).iterdir():
                _refuse_changed(folder / path.name, path, read_manifest(folder), {})
                os.replace(path, folder / path.name)


def _refuse_unknown_files(target: Path) -> None:
    """Refuse a folder with the name of a new run that contains files no run writes.

    Raises:
        GutexoError: There is such a file.
    """
    if not os.path.lexists(target):
        return
    known = {MICE, "lock", *list_run_names(())}
    strange = [
        path.name
        for path in (target.iterdir() if target.is_dir() else [target])
        if path.name not in known
        and path.suffix.strip(".") not in ENDINGS
        and not path.name.startswith((UNFINISHED_PREFIX, ".guard", ".lock"))
    ]
    if strange:
        raise GutexoError(f"{target} is not ours: it holds {strange[0]}; use another --out")


def _clear_folder(target: Path) -> None:
    """Delete everything of a run in the folder beside another run, except its lock."""
    for path in target.iterdir():
        if path.name == "lock" or path.name.startswith((".guard", ".lock")):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _drop_empty(target: Path) -> None:
    """Remove the folder beside a run if it contains only locks."""
    try:
        if all(path.name.startswith((".guard", ".lock")) for path in target.iterdir()):
            shutil.rmtree(target)
    except OSError:
        pass  # It is removed the next time.


def _write_resolved(job: StudyJob, folder: Path) -> None:
    """Write a configuration with which the same run can be repeated or resumed."""
    from gutexo.analysis.posterior import write_draws
    from gutexo.analysis.tables import write_atomically
    from gutexo.cohort.provenance import resolved_toml

    if job.draws:
        write_draws(job.draws, folder / DRAWS)
    posterior = DRAWS if job.draws else None
    resolved = resolved_toml(
        job.plan,
        job.replicates,
        job.requested.seed,
        posterior,
        job.requested.decimal_comma,
        job.requested.interventions,
    )
    write_atomically(folder / RESOLVED, resolved.encode())


def write_run(
    result: CohortResult, rows: list[Any], job: StudyJob, folder: Path, report: Report
) -> None:
    """Write every file of a finished run; existing files stay until all new ones are complete.

    Args:
        result: Result of all mice.
        rows: Effects of its comparisons.
        job: What was run.
        folder: Folder of the run.
        report: Called with a line for people.

    Raises:
        GutexoError: The folder cannot be written, or a file there is not what this run wrote.
    """
    from gutexo.analysis.csv_style import DECIMAL_COMMA, STANDARD
    from gutexo.analysis.effects import Effect
    from gutexo.analysis.sweeps import write_sweep_points
    from gutexo.analysis.tables import write_table
    from gutexo.analysis.trajectory_table import write_trajectories
    from gutexo.cohort.lock import Lock
    from gutexo.figures.results import content_of_study, save_figures

    style = DECIMAL_COMMA if job.requested.decimal_comma else STANDARD
    with (
        _report_unwritable(folder),
        Lock(folder / MICE, report),
        tempfile.TemporaryDirectory(
            dir=folder, prefix=UNFINISHED_PREFIX, ignore_cleanup_errors=True
        ) as made,
    ):
        work = Path(made)
        _write_resolved(job, work)
        result.save(work / DATASET)
        write_trajectories(result.data, work / TRAJECTORIES, style=style)
        write_table(Effect, rows, work / EFFECTS, style=style)
        contents = {
            name: content_of_study(name, result.data, lambda: rows) for name in job.plan.figures
        }
        save_figures(contents, work)
        if "sweep" in contents:
            write_sweep_points(contents["sweep"], work / SWEEP_TABLE, style=style)
        files = {path.name: fingerprint(path) for path in sorted(work.iterdir())}
        manifest = {"identity": job.identity, **result.provenance}
        manifest |= {"failures": result.failures, "files": files, "tables": asdict(style)}
        _move_into_place(work, folder, manifest)


@contextmanager
def _report_unwritable(folder: Path) -> Iterator[None]:
    """Replace a write error of one file by an error that names the folder of the run.

    Raises:
        GutexoError: The folder cannot be written; finished mice are still saved.
    """
    try:
        with report_write_errors(folder, "--out"):
            yield
    except NotWritten as error:
        raise GutexoError(
            f"{folder} cannot be written: {error.why}; finished mice are saved, and the same "
            "command continues"
        ) from None


def _move_into_place(work: Path, folder: Path, manifest: dict[str, Any]) -> None:
    """Move complete files to their places, the manifest last."""
    from gutexo.cohort.dataset import replace_folder

    before, files = read_manifest(folder), manifest["files"]
    for name in files:
        _refuse_changed(folder / name, work / name, before, files)
    if before is not None:
        # If the process is stopped during the moves, the next run knows these files as its own.
        _write_manifest(folder, {**before, "replacing": files})
    for name in files:
        if name == DATASET:
            replace_folder(work / name, folder / name, work / REPLACED_FOLDER)
        else:
            os.replace(work / name, folder / name)
    _write_manifest(folder, manifest)


def _write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    from gutexo.analysis.tables import write_atomically
    from gutexo.support.json_files import add_checksum

    text = format_json(add_checksum(to_json_types(manifest)))
    write_atomically(folder / MANIFEST, text.encode(), force=True)


def _refuse_changed(
    path: Path, new: Path, before: dict[str, Any] | None, files: dict[str, Any]
) -> None:
    """Refuse to replace a file that is neither a file of this run nor the beginning of one.

    Raises:
        GutexoError: The file was changed by something else.
    """
    if not os.path.lexists(path):
        return
    refuse_foreign(path.parent, [path.name])
    if path.name == DATASET or is_beginning_of(path, new):
        return
    expected = [
        of.get(path.name)
        for of in (recorded_files(before), recorded_files(before, "replacing"), files)
    ]
    if fingerprint(path) not in expected:
        raise GutexoError(
            f"{path} is not what this run wrote; move it away, and the same command makes it again"
        )


# --- a run that replaces another -----------------------------------------------------------------


def replace_run(out: Path, report: Report) -> None:
    """Replace the run in a folder by the finished run beside it, file by file.

    All files that belong to neither run stay.

    Args:
        out: Folder of the run.
        report: Called with a line for people.

    Raises:
        GutexoError: The folder cannot be written, or contains something that no run wrote.
    """
    from gutexo.cohort.lock import Lock

    new = out / NEW_RUN_FOLDER
    manifest = read_manifest(new)
    assert manifest is not None
    refuse_foreign(out, [*recorded_files(manifest), MANIFEST, MICE])
    with report_write_errors(out, "--out"):
        if (out / MICE).is_dir():
            with Lock(out / MICE, report):
                pass
        (new / REPLACED_FOLDER).mkdir()
        _swap_names(out)


def finish_replacement(out: Path, identity: Mapping[str, Any], report: Report) -> bool:
    """Finish an interrupted replacement of a run, if there is one.

    Args:
        out: Folder of a run.
        identity: Identity of the run that is requested.
        report: Called with a line for people.

    Returns:
        Whether a replacement was finished and the new run is the requested one.

    Raises:
        GutexoError: The folder cannot be written.
    """
    from gutexo.cohort.lock import Lock

    new = out / NEW_RUN_FOLDER
    if not (new / REPLACED_FOLDER).is_dir():
        return False
    _refuse_unknown_files(new)
    with report_write_errors(out, "--out"), Lock(new, report):
        _swap_names(out)
        _clear_folder(new)
    _drop_empty(new)
    report(f"{out}: the interrupted replacement by a run with --force is now complete")
    manifest = read_manifest(out)
    return manifest is not None and not find_differences(manifest["identity"], identity)


def _swap_names(out: Path) -> None:
    """Move the old files out and the new files in.

    The function may be stopped at any point and called again.
    """
    new, old = out / NEW_RUN_FOLDER, out / NEW_RUN_FOLDER / REPLACED_FOLDER
    if not (new / MANIFEST).exists():
        return
    files = recorded_files(read_manifest(new))
    if os.path.lexists(out / MANIFEST):
        os.rename(out / MANIFEST, old / MANIFEST)
    for name, recorded in _old_run_files(old).items():
        if name not in files and fingerprint(out / name) == recorded:
            os.rename(out / name, old / name)
    for name in (*files, MICE):
        if os.path.lexists(new / name):
            if os.path.lexists(out / name):
                os.rename(out / name, old / name)
            os.rename(new / name, out / name)
    os.rename(new / MANIFEST, out / MANIFEST)


def _old_run_files(old: Path) -> dict[str, Any]:
    """Return the files of the replaced run, as its manifest records them."""
    try:
        files = recorded_files(read_manifest(old))
    except GutexoError:
        return {}
    return {name: recorded for name, recorded in files.items() if Path(name).name == name}
