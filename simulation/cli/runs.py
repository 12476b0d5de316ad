"""Runs in a folder: options to resume them, and their progress."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from gutexo.cli.options import Options
from gutexo.cli.run_folder import MANIFEST, MICE, NEW_RUN_FOLDER, RESOLVED, STORE
from gutexo.cli.terminal import show, show_json, show_table
from gutexo.errors import GutexoError
from gutexo.support.printable import make_printable


def resume_options(options: Options) -> Options:
    """Return the options with which the run in a folder is resumed.

    If no configuration was given, the one that the run saved is used.

    Args:
        options: As typed, with `--resume` or `--retry-failed`.

    Raises:
        GutexoError: There is no such run, or the options contradict each other.
    """
    option = "--resume" if options.resume else "--retry-failed"
    if options.out is None:
        raise GutexoError(f"{option} needs --out DIR, the folder of the run")
    if options.force:
        raise GutexoError(f"{option} continues a run and --force starts anew: use one of the two")
    if not options.resume:
        return options
    replacing = options.out / NEW_RUN_FOLDER / MICE / STORE
    evidence = (options.out / MICE / STORE, options.out / MANIFEST, replacing)
    if not any(path.exists() for path in evidence):
        raise GutexoError(f"--resume: {options.out} holds no run")
    resolved = (replacing.parents[1] if replacing.exists() else options.out) / RESOLVED
    if options.config is None and resolved.exists():
        return replace(options, config=resolved)
    return options


def saved_mice_message(keep: Path) -> str:
    """Return the end of a message: how many mice of a run are saved; empty if there are none."""
    from gutexo.cohort.store import Store

    try:
        counts = Store(keep).counts()
    except GutexoError:
        return ""
    done = counts["done"]
    return f"; {done} of {counts['mice']} mice are finished and saved in {keep}" if done else ""


def show_run(path: Path, as_json: bool) -> None:
    """Print the progress of a run: mice done, failed and pending, and why mice failed.

    Args:
        path: Folder of `--out`, or the store in it.
        as_json: Print JSON.

    Raises:
        GutexoError: There is no run.
    """
    from gutexo.cohort.lock import describe_holder, read_holder
    from gutexo.cohort.store import Store

    places = (path, path / MICE, path / NEW_RUN_FOLDER / MICE)
    folder = next((place for place in places if (place / STORE).exists()), None)
    if folder is None:
        raise GutexoError(f"{path} holds no run (gutexo list, without a folder, lists studies)")
    store = Store(folder)
    same = store.about.identity.model_dump()
    counts, failures, holder = store.counts(), store.failures(), read_holder(folder)
    if as_json:
        about = {name: same[name] for name in ("study", "seed", "replicates")}
        writer = None if holder is None else describe_holder(holder)
        content = {**about, **counts, "writing": writer, "failures": failures}
        show_json(content)
        return
    arms = len(store.about.scenarios)
    of = f"{make_printable(path)}: {make_printable(same['study'])}, seed {same['seed']}"
    show(f"{of}, {arms} arms of {same['replicates']} mice")
    for name in ("done", "failed", "pending"):
        show(f"{name:8s}{counts[name]:>8d}")
    if holder is not None:
        show(f"{describe_holder(holder)} writes there, or was stopped while it did")
    if folder != places[2] and (places[2] / STORE).exists():
        where = make_printable(places[2].parent)
        show(f"a run with --force that will take its place: gutexo list {where}")
    if failures:
        _print_failures(failures)


def _print_failures(failures: list[dict[str, Any]]) -> None:
    columns = ["scenario", "mouse", "seed", "day", "stage", "agent", "reason"]
    fields = ["scenario", "replicate", "seed", "day", "stage", "agent", "reason"]
    rows = [
        ["" if one.get(name) is None else str(one[name]) for name in fields] for one in failures
    ]
    show_table("Failed (--retry-failed runs them again)", columns, rows)
