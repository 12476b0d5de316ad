"""Run a study: lives first, once each, then every arm; what is finished is kept as it finishes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import numpy as np
import xarray

from simulation.body.mouse import Mouse
from simulation.body.observables import OBSERVABLES
from simulation.cohort.lives import lives_folder, trim
from simulation.cohort.plan import ArmRun, ArmTask, arm_tasks, life_tasks
from simulation.cohort.result import Result, assemble, with_draws
from simulation.cohort.workers import Outcome, run_tasks
from simulation.compiled import is_warm
from simulation.errors import GutexoError
from simulation.protocol.study import Scenario, Study

Progress = Callable[[str, int, int], None]
Say = Callable[[str], None]


def silent(*_: Any) -> None:
    """A progress or speech that nobody hears."""


def working_folder() -> Path:
    """Where lives are kept: the cache, or a folder of this run where it cannot be written."""
    folder = lives_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix="gutexo-lives-"))


def _checked(replicates: Any, seed: Any) -> tuple[int, int]:
    for name, value, low in (("replicates", replicates, 1), ("seed", seed, 0)):
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < low:
            raise GutexoError(f"{name} must be a whole number, {low} or more; got {value!r}")
    return int(replicates), int(seed)


def run_study(
    study: Study,
    *,
    replicates: int | None = None,
    seed: int = 0,
    workers: int | Executor = 1,
    progress: Progress = silent,
    say: Say = silent,
    keep: Path | None = None,
    draws: Sequence[Mapping[str, float]] = (),
) -> Result:
    """Run every arm of a study on its replicates.

    Replicates are different mice; the arms of a replicate are the same mouse, so they are paired.
    Donors are other mice again.

    Args:
        study: Arms and comparisons.
        replicates: Mice an arm; the study's own number if None.
        seed: Seed of everything.
        workers: Processes, or any executor.
        progress: Called with phase, done, total.
        say: Called with a line for people.
        keep: Folder where finished mice are kept and found again.
        draws: Parameter draws, such as those of a posterior: each replicate lives by the next of
            them, its donors too, so that intervals over mice carry what is not known.

    Returns:
        The result, with failures where mice could not be run.

    Raises:
        GutexoError: Arguments are wrong, or not one mouse could be run.
    """
    chosen = study.replicates if replicates is None else replicates
    count, seed = _checked(chosen, seed)
    arms = arm_tasks(study, count, seed, draws)
    outcomes: dict[int, Outcome] = {}
    if keep is not None:
        for index, task in enumerate(arms):
            found = _read(keep, task)
            if found is not None:
                outcomes[index] = Outcome(found)
    missing = [i for i in range(len(arms)) if i not in outcomes]
    if missing:
        _warm_up(say)
        folder = working_folder()
        lives = life_tasks([arms[i] for i in missing])
        progress("lives", 0, len(lives))
        for done, _ in enumerate(run_tasks(lives, folder, workers), start=1):
            progress("lives", done, len(lives))
        progress("arms", len(outcomes), len(arms))
        for position, outcome in run_tasks([arms[i] for i in missing], folder, workers):
            index = missing[position]
            outcomes[index] = outcome
            if keep is not None and outcome.reason is None:
                _write(keep, arms[index], outcome.value)
            progress("arms", len(outcomes), len(arms))
        trim()
    data = _gather(study, count, seed, arms, outcomes)
    return Result(with_draws(data, draws) if draws else data)


def _gather(
    study: Study, count: int, seed: int, arms: list[ArmTask], outcomes: dict[int, Outcome]
) -> xarray.Dataset:
    names = [arm.name for arm in study.arms]
    runs, failures = {}, []
    for index, outcome in sorted(outcomes.items()):
        task = arms[index]
        place = (names.index(task.scenario.name), task.replicate)
        if outcome.reason is None:
            runs[place] = outcome.value
        else:
            failures.append(
                {
                    "scenario": task.scenario.name,
                    "replicate": task.replicate,
                    "reason": outcome.reason,
                    "details": outcome.details,
                }
            )
    if not runs:
        raise GutexoError(f"no mouse could be run: {failures[0]['reason']}")
    return assemble(study, count, seed, runs, failures)


def run_scenario(scenario: Scenario, **options: Any) -> Result:
    """Run one scenario on its replicates; options as for `run_study`, one replicate by default."""
    study = Study(name=scenario.name, arms=(scenario,), replicates=1)
    return run_study(study, **options)


def _warm_up(say: Say) -> None:
    """Compile once, here, before workers would each do it."""
    if not is_warm():
        say("compiling the rules, once for this version (about half a minute)")
    from simulation.catalogue import Parameters

    tiny = {"resolution.segments": 8, "resolution.packets": 50, "resolution.settling": 0}
    mouse = Mouse(Parameters().change(tiny), seed=0)
    mouse.run_for(24)


def _file(keep: Path, task: ArmTask) -> Path:
    return keep / f"{task.digest()}.npy"


def _write(keep: Path, task: ArmTask, run: ArmRun) -> None:
    """Keep one finished mouse: days, readings, redraws and death in one array, atomically."""
    keep.mkdir(parents=True, exist_ok=True)
    rows = np.full((len(run.values) + 2, max(len(run.days), 2)), np.nan)
    rows[0, : len(run.days)] = run.days
    rows[1:-1, : len(run.days)] = run.values
    rows[-1, 0] = run.redraws
    rows[-1, 1] = np.nan if run.died is None else run.died
    part = keep / f".{task.digest()}.{os.getpid()}"
    with open(part, "wb") as file:
        np.save(file, rows)
    os.replace(part, _file(keep, task))


def _read(keep: Path, task: ArmTask) -> ArmRun | None:
    try:
        rows = np.load(_file(keep, task), allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    if rows.ndim != 2 or len(rows) != len(OBSERVABLES) + 2:
        return None
    lived = ~np.isnan(rows[0])
    died = None if np.isnan(rows[-1, 1]) else float(rows[-1, 1])
    return ArmRun(rows[0, lived], rows[1:-1, lived], int(rows[-1, 0]), died)
