"""Run of a study: each life once, then every arm; each mouse is saved when it finishes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from gutexo.body.mouse import Mouse
from gutexo.body.mouse_size import check_fits_memory
from gutexo.catalogue import Parameters
from gutexo.catalogue.ages import WEANING_DAYS
from gutexo.cohort.batches import Outcome
from gutexo.cohort.failures import FIELDS
from gutexo.cohort.lives import trim_cache, working_folder
from gutexo.cohort.provenance import run_identity
from gutexo.cohort.result import CohortResult, add_draws, count_recorded_days
from gutexo.cohort.saved_mice import MiceInMemory, MiceOnDisk, SavedMice
from gutexo.cohort.store import MouseIndex, Store
from gutexo.cohort.tasks import ArmTask, LifeTask, arm_tasks, life_tasks
from gutexo.cohort.workers import BrokenWorkers, choose_executor, run_tasks
from gutexo.compiled import is_compile_cache_warm, watch_compilation
from gutexo.errors import RunFailed, issue_note
from gutexo.protocol.study import MOST_REPLICATES, Scenario, Study
from gutexo.protocol.study_checks import check_study
from gutexo.support.arguments import check_seed, check_whole_number
from gutexo.support.paths import folder_path

Progress = Callable[[str, int, int], None]
Report = Callable[[str], None]


def ignore_messages(*_: Any) -> None:
    """Do nothing; the default of `progress` and `report`."""


def run_study(
    study: Study,
    *,
    replicates: int | None = None,
    seed: int = 0,
    workers: Any = 1,
    progress: Progress = ignore_messages,
    report: Report = ignore_messages,
    keep: str | Path | None = None,
    retry_failed: bool = False,
    draws: Sequence[Mapping[str, float]] = (),
) -> CohortResult:
    """Run every arm of a study on its replicates.

    Replicates are different mice; the arms of a replicate are the same mouse, so they are paired.
    Donors are further, different mice.

    Args:
        study: Arms and comparisons.
        replicates: Mice per arm; the study's own number if None.
        seed: Seed of all mice.
        workers: Number of our own processes, any executor, or the client of a Dask cluster.
        progress: Called with phase (rules that are compiled; lives and arms, which run side by
            side; failed: how many mice so far), done, total.
        report: Called with a message of one line.
        keep: Folder where finished and failed mice are saved, and from which they are read again.
        retry_failed: Run mice again that are saved as failed.
        draws: Parameter draws, such as those of a posterior: each replicate and its donors use the
            next draw, so that intervals over mice contain the uncertainty of the parameters.

    Returns:
        The result, with failures where mice could not be run.

    Raises:
        GutexoError: Arguments are wrong, `keep` cannot be used, or not one mouse could be run.
        BrokenWorkers: An executor stopped working; finished mice are saved in `keep`.
        KeyboardInterrupt: Ctrl-C. Its note reports what is finished and where it is saved; without
            `keep`, its attribute `partial` is the result of the mice that are finished, or None.
    """
    chosen = study.replicates if replicates is None else replicates
    count = check_whole_number("replicates", chosen, 1, MOST_REPLICATES)
    seed = check_seed(seed)
    for line in check_study(study):
        issue_note(line)
    names = [arm.name for arm in study.arms]
    places = {name: place for place, name in enumerate(names)}
    at_a_time = workers if isinstance(workers, int) else 1
    for arm in (study.arms[0], study.arms[-1]):
        check_fits_memory(arm.life.parameters(), min(at_a_time, count * len(names)))
    mice = {
        (places[task.scenario.name], task.replicate): task
        for task in arm_tasks(study, count, seed, draws)
    }
    if keep is None:
        memory = MiceInMemory(study, count)
        try:
            _run_missing(mice, memory, workers, retry_failed, progress, report)
        except KeyboardInterrupt as error:
            partial = _build_partial_result(memory, mice, study, count, seed, draws)
            error.partial = partial  # type: ignore[attr-defined]
            raise
        return _build_result(memory, mice, study, count, seed, draws)
    same = run_identity(study, count, seed, draws)
    with Store.writing(
        folder_path(keep, "keep"), same, names, count_recorded_days(study), report
    ) as store:
        disk = MiceOnDisk(study, count, store)
        _run_missing(mice, disk, workers, retry_failed, progress, report)
        return _build_result(disk, mice, study, count, seed, draws)


def _run_missing(
    mice: dict[MouseIndex, ArmTask],
    saved: SavedMice,
    workers: Any,
    retry: bool,
    progress: Progress,
    report: Report,
) -> None:
    """Run all mice that are not saved yet, after the lives they need."""
    missing = saved.missing(mice, retry, report)
    if not missing:
        return
    lives = life_tasks([mice[place] for place in missing])
    group = choose_executor(workers, max(len(lives), len(missing)))
    try:
        compile_rules(progress, report)
        _run_lives_and_arms(missing, lives, mice, saved, group or 1, progress)
    except KeyboardInterrupt as error:
        error.add_note(saved.describe_saved())
        raise
    except BrokenWorkers as error:
        raise BrokenWorkers(f"{error}; {saved.describe_saved()}") from None
    finally:
        if group is not None:
            group.stop()
    trim_cache()


def _run_lives_and_arms(
    missing: list[MouseIndex],
    lives: list[LifeTask],
    mice: dict[MouseIndex, ArmTask],
    saved: SavedMice,
    workers: Any,
    progress: Progress,
) -> None:
    """Run lives and the mice of arms; a mouse starts when the lives it needs have ended."""
    folder = working_folder()
    arms = [mice[place] for place in missing]
    of_life = {life.key: index for index, life in enumerate(lives)}
    waits_for: list[list[int]] = [[] for _ in lives]
    waits_for += [[of_life[life.key] for life in task.lives()] for task in arms]
    before, raised, finished, failed = len(mice) - len(missing), 0, 0, 0
    progress("lives", 0, len(lives))
    progress("arms", before, len(mice))
    for index, outcome in run_tasks([*lives, *arms], folder, workers, waits_for):
        if index < len(lives):
            raised += 1
            progress("lives", raised, len(lives))
            continue
        place = missing[index - len(lives)]
        if outcome.reason is None:
            saved.put(place, mice[place], outcome.value)
        else:
            saved.fail(place, make_failure(mice[place], outcome))
            failed += 1
            progress("failed", failed, len(mice))
        finished += 1
        progress("arms", before + finished, len(mice))


def _build_result(
    saved: SavedMice,
    mice: dict[MouseIndex, ArmTask],
    study: Study,
    count: int,
    seed: int,
    draws: Sequence[Mapping[str, float]],
) -> CohortResult:
    collected, failures = saved.collect_readings(mice)
    if not collected.mice:
        raise RunFailed(f"no mouse could be run: {failures[0]['reason']}")
    data = collected.dataset(seed, failures)
    return CohortResult(add_draws(data, draws) if draws else data)


def _build_partial_result(
    saved: MiceInMemory, mice: dict[MouseIndex, ArmTask], *facts: Any
) -> CohortResult | None:
    """Build the result of an interrupted study; mice that were not run become failures.

    Returns None if no mouse is finished.
    """
    if not saved.finished:
        return None
    for place, task in mice.items():
        if place not in saved.finished and not saved.failed(place):
            saved.fail(
                place, make_failure(task, Outcome(reason="not run: the study was interrupted"))
            )
    return _build_result(saved, mice, *facts)


def make_failure(task: ArmTask, outcome: Outcome) -> dict[str, Any]:
    """Make the record of a mouse that could not be run; unknown fields are None.

    Args:
        task: The task that failed.
        outcome: Its outcome, with the reason.

    Returns:
        Value by name of `FIELDS`.
    """
    facts = {
        "seed": task.recipient.seed(0),
        **outcome.where,
        "scenario": task.scenario.name,
        "replicate": task.replicate,
        "reason": outcome.reason,
        "details": outcome.details,
    }
    return {name: facts.get(name) for name in FIELDS}


def run_scenario(scenario: Scenario, **options: Any) -> CohortResult:
    """Run one scenario on its replicates, one by default; options are those of `run_study`."""
    study = Study(name=scenario.name, arms=(scenario,), replicates=1)
    return run_study(study, **options)


def compile_rules(progress: Progress = ignore_messages, report: Report = ignore_messages) -> None:
    """Compile the rules once in this process, so that the workers need not do it.

    Args:
        progress: Called with phase (rules), done, total, unless all is compiled already.
        report: Called with a message of one line.
    """
    if is_compile_cache_warm():
        _run_tiny_mouse()
        return
    report("compiling the rules, once for this version (some twenty seconds)")
    with watch_compilation(partial(progress, "rules")):
        _run_tiny_mouse()


def _run_tiny_mouse() -> None:
    tiny = {"resolution.segments": 8, "resolution.packets": 50}
    Mouse(Parameters().change(tiny), seed=0, age=WEANING_DAYS).run_for(24)
