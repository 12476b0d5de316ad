"""Studies on small mice: pairing, lives raised once, workers, failures, stores."""

import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from gutexo.body.doses import Dose
from gutexo.body.interventions import Intervention
from gutexo.cohort import lives
from gutexo.cohort.result import CohortResult
from gutexo.cohort.seeds import donor_seed, recipient_seed
from gutexo.cohort.study_run import run_study
from gutexo.cohort.tasks import arm_tasks, life_tasks
from gutexo.cohort.workers import run_tasks
from gutexo.errors import GutexoError
from gutexo.protocol.exosome_treatments import GiveExosomes, Vehicle
from gutexo.protocol.life import Donors, Life
from gutexo.protocol.study import Scenario, Study
from tests.conftest import SMALL


def tiny_study(days=4.0):
    """Two ages, donors crossed, in seconds."""
    young, older = Life(age=90, changes=SMALL), Life(age=110, changes=SMALL)
    given = GiveExosomes(source=Donors(life=older), repeats=3)
    return Study(
        name="tiny",
        arms=(
            Scenario(name="young + vehicle", life=young, interventions=(Vehicle(),), duration=days),
            Scenario(
                name="young + old exosomes", life=young, interventions=(given,), duration=days
            ),
            Scenario(name="old + vehicle", life=older, interventions=(Vehicle(),), duration=days),
        ),
        comparisons=(("young + old exosomes", "young + vehicle"),),
    )


@pytest.fixture(scope="module")
def result():
    return run_study(tiny_study(), replicates=2, seed=3)


def arrays(result):
    return {name: result.data[name].values.tobytes() for name in result.data.data_vars}


def test_the_dataset_has_units_and_provenance(result):
    assert dict(result.data.sizes) == {"scenario": 3, "replicate": 2, "time": 5}
    assert result.data["plasma TNF"].attrs["units"] == "pg/mL"
    assert not any(np.isnan(v).any() for v in result.data.data_vars.values())
    about = result.provenance
    assert about["seed"] == 3 and about["assumed"] > 50
    assert about["changed"]["resolution.segments"] == 12


def test_arms_of_a_replicate_are_the_same_mouse(result):
    start = result.data.sel(time=0)
    one = start.sel(scenario="young + vehicle")["HOMA-IR"].values
    two = start.sel(scenario="young + old exosomes")["HOMA-IR"].values
    assert (one == two).all() and one[0] != one[1]


def test_the_same_with_one_and_two_workers_and_again(result):
    two = run_study(tiny_study(), replicates=2, seed=3, workers=2)
    assert arrays(two) == arrays(result)


def test_another_seed_is_other_mice(result):
    other = run_study(tiny_study(), replicates=2, seed=4)
    assert arrays(other) != arrays(result)


def test_donors_never_share_a_seed_with_recipients():
    recipients = {recipient_seed(1, r, a) for r in range(50) for a in range(3)}
    donors = {donor_seed(1, r, d, a) for r in range(50) for d in range(3) for a in range(3)}
    assert not recipients & donors
    assert len(recipients) == 150 and len(donors) == 450


def test_lives_are_planned_once_each():
    tasks = arm_tasks(tiny_study(), 4, 1)
    assert len(tasks) == 12
    # A young and an older recipient, and two donors, for each replicate.
    assert len(life_tasks(tasks)) == 4 * 4


def test_a_life_is_raised_once_and_a_damaged_one_again(tmp_path):
    life = Life(age=95, changes=SMALL)
    first = lives.raise_life(life, lambda attempt: 5 + attempt, tmp_path)
    again = lives.raise_life(life, lambda attempt: 5 + attempt, tmp_path)
    assert first.fresh and not again.fresh
    content = first.path.read_bytes()
    first.path.write_bytes(content[: len(content) // 2])
    third = lives.raise_life(life, lambda attempt: 5 + attempt, tmp_path)
    assert third.fresh
    from gutexo.body.snapshot import Snapshot

    # The bytes of the file hold times; what it says is the same.
    raised = Snapshot.load(third.path)
    assert raised.meta.seed == 5 and raised.meta.alive


RAISE = """
import sys
from pathlib import Path
from gutexo.cohort.lives import raise_life
from gutexo.protocol.life import Life
from tests.conftest import SMALL
raised = raise_life(Life(age=130, changes=SMALL), lambda attempt: 5, Path(sys.argv[1]))
print(raised.fresh)
"""


def test_two_processes_never_raise_the_same_life(tmp_path):
    """Three start at once; one raises it, the others wait and find it."""
    command = [sys.executable, "-c", RAISE, str(tmp_path)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    printed = sorted(process.communicate()[0].strip() for process in running)
    assert printed == ["False", "False", "True"]


def test_mice_that_die_are_redrawn_and_counted(tmp_path):
    frail = {**SMALL, "senescence.production": 3.5e-4, "senescence.noise": 0.01}
    life = Life(age=100, changes=frail)
    raised = [
        lives.raise_life(life, lambda attempt, k=k: 100 * k + attempt, tmp_path) for k in range(6)
    ]
    assert sum(r.redraws for r in raised) > 0
    assert len(list(tmp_path.glob("*.died"))) == sum(r.redraws for r in raised)


class Broken(Intervention):
    """An intervention that fails on day 1."""

    def modifiers(self, day):
        if day >= 1:
            raise ZeroDivisionError("of my own making")
        return {}


def test_a_failed_mouse_is_data_and_the_rest_goes_on():
    plan = tiny_study()
    broken = plan.arms[0].add(Broken()).named("broken")
    mixed = Study(name="mixed", arms=(plan.arms[0], broken))
    result = run_study(mixed, replicates=2, seed=3)
    assert len(result.failures) == 2
    assert "of my own making" in result.failures[0]["reason"]
    assert not np.isnan(result.data["TER"].sel(scenario="young + vehicle")).any()
    assert np.isnan(result.data["TER"].sel(scenario="broken")).all()


def test_nothing_to_show_is_an_error():
    plan = Study(name="x", arms=(tiny_study().arms[0].add(Broken()),))
    with pytest.raises(GutexoError, match="no mouse could be run"):
        run_study(plan, replicates=1)


class Task:
    """A task that may kill its worker."""

    def __init__(self, number, kill=False):
        self.number, self.kill = number, kill

    def run(self, folder):
        if self.kill:
            os.kill(os.getpid(), signal.SIGKILL)
        return self.number


def test_a_worker_that_dies_takes_only_its_own_task(tmp_path):
    tasks = [Task(n, kill=n == 3) for n in range(8)]
    outcomes = dict(run_tasks(tasks, tmp_path, workers=2))
    assert sorted(outcomes) == list(range(8))
    assert outcomes[3].reason == "the worker process died, twice"
    assert [outcomes[n].value for n in range(8) if n != 3] == [0, 1, 2, 4, 5, 6, 7]


def test_finished_mice_are_found_again(tmp_path, result):
    first = run_study(tiny_study(), replicates=2, seed=3, keep=tmp_path)
    assert len(list(tmp_path.glob("done/*.json"))) == 6
    seen = []
    again = run_study(
        tiny_study(), replicates=2, seed=3, keep=tmp_path, progress=lambda *a: seen.append(a)
    )
    assert seen == []
    assert arrays(first) == arrays(again) == arrays(result)


def test_save_and_load(tmp_path, result):
    path = result.save(tmp_path / "data.zarr")
    assert arrays(CohortResult.load(path)) == arrays(result)
    with pytest.raises(GutexoError, match="exists already"):
        result.save(path)
    with pytest.raises(GutexoError, match="holds no result"):
        CohortResult.load(tmp_path / "nothing.zarr")


@pytest.mark.parametrize("options", [{"replicates": 0}, {"seed": -1}, {"workers": 0}])
def test_wrong_options(options):
    with pytest.raises(GutexoError, match="whole number"):
        run_study(tiny_study(), **{"replicates": 1, **options})


class Death(Intervention):
    """The burden rises to the threshold."""

    def modifiers(self, day):
        return {"senescence.production": 1e5}

    def doses(self):
        return [Dose(0.0, "vehicle")]


def test_a_mouse_that_dies_in_the_study_is_missing_from_then_on():
    arm = tiny_study().arms[0].add(Death()).named("dying")
    result = run_study(Study(name="d", arms=(arm,)), replicates=1, seed=1)
    course = result.data["HOMA-IR"].values[0, 0]
    assert not np.isnan(course[0]) and np.isnan(course[-1])


def test_comparisons_travel_with_the_data(result):
    assert json.loads(result.data.attrs["comparisons"]) == [
        ["young + old exosomes", "young + vehicle"]
    ]
