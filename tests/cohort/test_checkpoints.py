"""Lives that are killed on the way: they go on from where they were kept, to the same bits."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from gutexo.body.interventions import Intervention
from gutexo.body.mouse import Mouse
from gutexo.body.snapshot import Snapshot
from gutexo.cohort import checkpoints, lives, study_run
from gutexo.cohort.checkpoints import Checkpoint
from gutexo.cohort.study_run import run_study
from gutexo.protocol.exosome_treatments import GiveExosomes
from gutexo.protocol.life import Donors, Life
from gutexo.protocol.study import Scenario, Study
from gutexo.support.interrupts import Interrupted
from tests.body.test_drivers import assert_same
from tests.conftest import SMALL

AGE = 400
WHO = {"kind": "a mouse of a test"}


@pytest.fixture
def always(monkeypatch):
    """A checkpoint after each leg."""
    monkeypatch.setattr(checkpoints, "CHECKPOINT_SECONDS", 0.0)


def test_keeping_and_going_on_changes_no_bit(small, tmp_path, always):
    whole = Mouse(small, seed=2)
    whole.run_until_age(133.3)
    checkpoint = Checkpoint(tmp_path / "mouse.going.npz", WHO)
    assert checkpoint.mouse() is None
    mouse = Mouse(small, seed=2)
    checkpoint.run_until(mouse, mouse.time_at_age(133.3))
    assert_same(whole, mouse)
    again = checkpoint.mouse()
    assert 120 <= again.age < 133.3
    checkpoint.run_until(again, again.time_at_age(133.3))
    assert_same(whole, again)
    assert (whole.recorder.values == again.recorder.values).all()
    checkpoint.forget()
    assert checkpoint.mouse() is None


def test_a_damaged_checkpoint_is_dropped(tmp_path):
    checkpoint = Checkpoint(tmp_path / "mouse.going.npz", WHO)
    checkpoint.path.write_bytes(b"PK")
    assert checkpoint.mouse() is None and not checkpoint.path.exists()


def test_a_mouse_that_cannot_be_kept_lives_on(small, tmp_path, always):
    class Odd(Intervention):
        what: object = object()

    mouse = Mouse(small, seed=2, interventions=[Odd()])
    checkpoint = Checkpoint(tmp_path / "mouse.going.npz", WHO)
    checkpoint.run_until(mouse, 720.0)
    assert mouse.time == 720.0 and not checkpoint.path.exists()


RAISE = f"""
import sys
from pathlib import Path
from gutexo.cohort import checkpoints
from gutexo.cohort.lives import raise_life
from gutexo.protocol.life import Life
from tests.conftest import SMALL
checkpoints.CHECKPOINT_SECONDS = 0.0
raise_life(Life(age={AGE}, changes=SMALL), lambda attempt: 5, Path(sys.argv[1]))
"""


def test_a_killed_life_goes_on_from_its_checkpoint(tmp_path, monkeypatch):
    process = subprocess.Popen([sys.executable, "-c", RAISE, str(tmp_path)])
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob("*.going.npz")) and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    (saved,) = tmp_path.glob("*.going.npz")
    reached = Mouse.from_snapshot(Snapshot.load(saved)).age
    assert 21 < reached < AGE

    begun = []
    set_up = Mouse.from_snapshot.__func__

    def followed(cls, *arguments, **named):
        mouse = set_up(cls, *arguments, **named)
        begun.append(mouse.age)
        return mouse

    monkeypatch.setattr(Mouse, "from_snapshot", classmethod(followed))
    life = Life(age=AGE, changes=SMALL)
    raised = lives.raise_life(life, lambda attempt: 5, tmp_path)
    assert begun == [pytest.approx(reached)] and not saved.exists()
    untouched = lives.raise_life(life, lambda attempt: 5, tmp_path / "other")
    one, two = Snapshot.load(raised.path), Snapshot.load(untouched.path)
    assert one.meta == two.meta
    assert all((one.arrays[k] == two.arrays[k]).all() for k in two.arrays)


def test_an_arm_goes_on_from_its_checkpoint(tmp_path, always, monkeypatch):
    """The mouse of an arm breaks off twice; what it recorded before is in the result."""
    monkeypatch.setattr(study_run, "working_folder", lambda: tmp_path)
    study = Study(
        name="long", arms=[Scenario(name="long", life=Life(age=95, changes=SMALL), duration=45)]
    )
    whole = run_study(study, replicates=1, seed=1)
    run, legs = Mouse.run_until, []

    def breaks_off(mouse, end_time):
        legs.append(mouse.time)
        if len(legs) in (3, 5):
            raise Interrupted
        run(mouse, end_time)

    monkeypatch.setattr(study_run, "compile_rules", lambda *_: None)
    monkeypatch.setattr(Mouse, "run_until", breaks_off)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            run_study(study, replicates=1, seed=1)
    result = run_study(study, replicates=1, seed=1)
    assert np.diff(legs[:3]).max() == 240.0
    assert legs[3] == legs[2] and legs[5] == legs[4]
    assert result.data.equals(whole.data)
    assert not list(tmp_path.rglob("*.going.npz"))


def test_an_intervention_of_a_notebook_lives_in_donors_on_other_workers(tmp_path, monkeypatch):
    """The life is raised by one worker and read by another, neither of which has its module."""
    monkeypatch.setattr(study_run, "working_folder", lambda: tmp_path)

    class Cell(Intervention):
        def modifiers(self, day):
            return {"exosome.release": 2.0}

    Cell.__module__, Cell.__qualname__ = "__main__", "Cell"
    life = Life(age=95, changes=SMALL, interventions=[Cell()])
    given = GiveExosomes(source=Donors(life=life, count=2), repeats=2)
    young = Life(age=95, changes=SMALL)
    study = Study(
        name="cell",
        arms=[
            Scenario(name=f"{n}", life=young, interventions=[given], duration=2 + n)
            for n in range(4)
        ],
    )
    one = run_study(study, replicates=2, seed=1)
    for path in tmp_path.iterdir():
        path.unlink()
    two = run_study(study, replicates=2, seed=1, workers=2)
    assert not two.failures and two.data.equals(one.data)
