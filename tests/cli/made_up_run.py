"""A study that runs no mouse, so that what a run does to its folder is seen in no time."""

from contextlib import contextmanager

import numpy as np
import pytest

from gutexo.body.observables import OBSERVABLES
from gutexo.cli.app import run_safely
from gutexo.cohort import study_run
from gutexo.cohort.provenance import run_identity
from gutexo.cohort.result import count_recorded_days
from gutexo.cohort.saved_mice import MiceOnDisk
from gutexo.cohort.store import Store
from gutexo.cohort.tasks import ArmRun, arm_tasks
from gutexo.errors import GutexoError
from gutexo.protocol import standard_studies
from gutexo.protocol.life import Life
from gutexo.protocol.study import Scenario, Study

DAYS = 2.0
READ = {"TER", "FITC-dextran", "plasma TNF", "HOMA-IR", "activation over mean field"}
"""Readouts that are kept; all others would only take time to write."""


class MadeUp:
    """What stands in for `run_study`.

    Attributes:
        ran: Places of the mice that were run, by call.
        stops_at: The mouse at which it fails, and how.
        reason: Why every mouse fails; none does where it is empty.
    """

    def __init__(self):
        self.ran = []
        self.stops_at = None
        self.reason = ""

    def __call__(self, study, *, replicates, seed, keep=None, draws=(), report=print, **_):
        names = [arm.name for arm in study.arms]
        mice = {
            (names.index(task.scenario.name), task.replicate): task
            for task in arm_tasks(study, replicates, seed, draws)
        }
        same = run_identity(study, replicates, seed, draws)
        self.ran.append([])
        with Store.writing(keep, same, names, count_recorded_days(study), report) as store:
            saved = MiceOnDisk(study, replicates, store)
            for place in saved.missing(mice, False, report):
                if self.reason:
                    raise GutexoError(f"no mouse could be run: {self.reason}")
                if self.stops_at is not None and len(self.ran[-1]) == self.stops_at[0]:
                    raise self.stops_at[1]
                self.ran[-1].append(place)
                values = np.random.default_rng([seed, *place]).uniform(
                    1.0, 2.0, (len(OBSERVABLES), int(DAYS) + 1)
                )
                saved.put(place, mice[place], ArmRun(np.arange(DAYS + 1), values, 0, None))
            return study_run._build_result(saved, mice, study, replicates, seed, draws)


def made_up_study(name="exosome transfer", figures=()):
    arms = tuple(Scenario(name=arm, life=Life(age=90), duration=DAYS) for arm in ("a", "b"))
    return Study(
        name=name, arms=arms, comparisons=(("a", "b"),), replicates=2, figures=tuple(figures)
    )


@contextmanager
def without_mice():
    """Let `gutexo study` run no mouse; gives what stands in for them."""
    run, all_of_them = MadeUp(), dict(OBSERVABLES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(study_run, "run_study", run)
        patch.setattr(standard_studies, "study", made_up_study)
        for name in set(OBSERVABLES) - READ:
            del OBSERVABLES[name]
        try:
            yield run
        finally:
            # In their order: the rows of every record go by it.
            OBSERVABLES.clear()
            OBSERVABLES.update(all_of_them)


def gutexo(*arguments):
    """Run a command; returns its exit code, of an interruption too."""
    try:
        return run_safely([str(argument) for argument in arguments])
    except SystemExit as stopped:
        return stopped.code


def content(folder):
    """Bytes of all files of a folder but locks, by name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith((".guard", "lock", ".lock"))
    }
