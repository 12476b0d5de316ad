"""Run a study: lives first, once each, then every arm; what is finished is kept as it finishes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from gutexo.arguments import checked_seed, whole_number
from gutexo.body.mouse import Mouse
from gutexo.body.size import refuse_too_large
from gutexo.cohort.chunks import Outcome
from gutexo.cohort.failures import failure
from gutexo.cohort.kept import InMemory, Kept, OnDisk
from gutexo.cohort.lives import trim, working_folder
from gutexo.cohort.plan import ArmTask, LifeTask, arm_tasks, life_tasks
from gutexo.cohort.provenance import identity
from gutexo.cohort.result import Result, recorded_days, with_draws
from gutexo.cohort.store import Place, Store
from gutexo.cohort.workers import BrokenWorkers, crew, run_tasks
from gutexo.compiled import is_warm
from gutexo.errors import RunFailed, note
from gutexo.paths import folder_path
from gutexo.protocol.checks import check_study
from gutexo.protocol.study import MOST_REPLICATES, Scenario, Study

Progress = Callable[[str, int, int], None]
Say = Callable[[str], None]


def silent(*_: Any) -> None:
    """A progress or speech that nobody hears."""


def run_study(
    study: Study,
    *,
    replicates: int | None = None,
    seed: int = 0,
    workers: Any = 1,
    progress: Progress = silent,
    say: Say = silent,
    keep: str | Path | None = None,
    retry_failed: bool = False,
    draws: Sequence[Mapping[str, float]] = (),
) -> Result:
    """Run every arm of a study on its replicates.

    Replicates are different mice; the arms of a replicate are the same mouse, so they are paired.
    Donors are other mice again.

    Args:
        study: Arms and comparisons.
        replicates: Mice an arm; the study's own number if None.
        seed: Seed of everything.
        workers: Processes of our own, any executor, or the client of a Dask cluster.
        progress: Called with phase (lives, arms; failed: how many mice so far), done, total.
        say: Called with a line for people.
        keep: Folder where finished mice are kept and found again; what failed is kept too.
        retry_failed: Run mice again that are kept as failed.
        draws: Parameter draws, such as those of a posterior: each replicate lives by the next of
            them, its donors too, so that intervals over mice carry what is not known.

    Returns:
        The result, with failures where mice could not be run.

    Raises:
        GutexoError: Arguments are wrong, `keep` cannot be used, or not one mouse could be run.
        BrokenWorkers: An executor broke; what is finished is kept in `keep`.
        KeyboardInterrupt: Ctrl-C. A note of it says what is finished and where it is kept; without
            `keep`, its attribute `partial` is the result of the mice that are finished, or None.
    """
    chosen = study.replicates if replicates is None else replicates
    count = whole_number("replicates", chosen, 1, MOST_REPLICATES)
    seed = checked_seed(seed)
    for line in check_study(study):
        note(line)
    names = [arm.name for arm in study.arms]
    places = {name: place for place, name in enumerate(names)}
    at_a_time = workers if isinstance(workers, int) else 1
    for arm in (study.arms[0], study.arms[-1]):
        refuse_too_large(arm.life.parameters(), min(at_a_time, count * len(names)))
    mice = {
        (places[task.scenario.name], task.replicate): task
        for task in arm_tasks(study, count, seed, draws)
    }
    if keep is None:
        memory = InMemory(study, count)
        try:
            _run_missing(mice, memory, workers, retry_failed, progress, say)
        except KeyboardInterrupt as error:
            partial = _so_far(memory, mice, study, count, seed, draws)
            error.partial = partial  # type: ignore[attr-defined]
            raise
        return _result(memory, mice, study, count, seed, draws)
    same = identity(study, count, seed, draws)
    with Store.writing(folder_path(keep, "keep"), same, names, recorded_days(study), say) as store:
        disk = OnDisk(study, count, store)
        _run_missing(mice, disk, workers, retry_failed, progress, say)
        return _result(disk, mice, study, count, seed, draws)


def _run_missing(
    mice: dict[Place, ArmTask],
    kept: Kept,
    workers: Any,
    retry: bool,
    progress: Progress,
    say: Say,
) -> None:
    """Run all mice that are not kept yet, the lives they need first."""
    missing = kept.missing(mice, retry, say)
    if not missing:
        return
    lives = life_tasks([mice[place] for place in missing])
    group = crew(workers, max(len(lives), len(missing)))
    try:
        _warm_up(say)
        _run_on(missing, lives, mice, kept, group or 1, progress)
    except KeyboardInterrupt as error:
        error.add_note(kept.told())
        raise
    except BrokenWorkers as error:
        raise BrokenWorkers(f"{error}; {kept.told()}") from None
    finally:
        if group is not None:
            group.stop()
    trim()


def _run_on(
    missing: list[Place],
    lives: list[LifeTask],
    mice: dict[Place, ArmTask],
    kept: Kept,
    workers: Any,
    progress: Progress,
) -> None:
    folder = working_folder()
    arms = [mice[place] for place in missing]
    progress("lives", 0, len(lives))
    for done, _ in enumerate(run_tasks(lives, folder, workers), start=1):
        progress("lives", done, len(lives))
    before, failed = len(mice) - len(missing), 0
    progress("arms", before, len(mice))
    for done, (index, outcome) in enumerate(run_tasks(arms, folder, workers), start=1):
        place = missing[index]
        if outcome.reason is None:
            kept.put(place, mice[place], outcome.value)
        else:
            kept.fail(place, failure(mice[place], outcome))
            failed += 1
            progress("failed", failed, len(mice))
        progress("arms", before + done, len(mice))


def _result(
    kept: Kept,
    mice: dict[Place, ArmTask],
    study: Study,
    count: int,
    seed: int,
    draws: Sequence[Mapping[str, float]],
) -> Result:
    collected, failures = kept.collected(mice)
    if not collected.mice:
        raise RunFailed(f"no mouse could be run: {failures[0]['reason']}")
    data = collected.dataset(seed, failures)
    return Result(with_draws(data, draws) if draws else data)


def _so_far(kept: InMemory, mice: dict[Place, ArmTask], *facts: Any) -> Result | None:
    """What an interrupted study found; mice that were not run are failures that say so."""
    if not kept.finished:
        return None
    for place, task in mice.items():
        if place not in kept.finished and not kept.failed(place):
            kept.fail(place, failure(task, Outcome(reason="not run: the study was interrupted")))
    return _result(kept, mice, *facts)


def run_scenario(scenario: Scenario, **options: Any) -> Result:
    """Run one scenario on its replicates; options as for `run_study`, one replicate by default."""
    study = Study(name=scenario.name, arms=(scenario,), replicates=1)
    return run_study(study, **options)


def _warm_up(say: Say) -> None:
    """Compile once, here, before workers would each do it."""
    if not is_warm():
        say("compiling the rules, once for this version (about half a minute)")
    from gutexo.catalogue import Parameters

    tiny = {"resolution.segments": 8, "resolution.packets": 50, "resolution.settling": 0}
    mouse = Mouse(Parameters().change(tiny), seed=0)
    mouse.run_for(24)
