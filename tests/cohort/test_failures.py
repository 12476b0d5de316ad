"""A mouse that fails is data: who, when, where and why; the rest goes on, and it can be retried."""

import json

import numpy as np
import pytest

from gutexo.body import mouse as mice
from gutexo.body.interventions import Intervention
from gutexo.cli.app import run_safely
from gutexo.cohort.batches import run_task
from gutexo.cohort.failures import FIELDS, add_mouse_context, format_failure, read_error_context
from gutexo.cohort.store import Store
from gutexo.cohort.study_run import run_study
from gutexo.cohort.tasks import ArmTask
from gutexo.errors import GutexoError, ModelError
from gutexo.protocol import standard_studies
from gutexo.protocol.life import Life
from gutexo.protocol.study import Study
from gutexo.support.interrupts import Interrupted
from tests.cohort.test_cohort import Broken, Task, tiny_study
from tests.conftest import SMALL

BAD = ("young + old exosomes", 1)  # scenario and replicate of the mouse that fails


@pytest.fixture
def one_fails(monkeypatch):
    """One mouse of a study fails; the list can be emptied."""
    failing = [BAD]
    real = ArmTask.run

    def run(self, folder):
        if (self.scenario.name, self.replicate) in failing:
            raise ModelError("of nobody's making")
        return real(self, folder)

    monkeypatch.setattr(ArmTask, "run", run)
    return failing


def test_a_failure_says_who_when_where_and_why(tmp_path):
    plan = tiny_study()
    study = Study(name="mixed", arms=(plan.arms[0], plan.arms[0].add(Broken()).named("broken")))
    result = run_study(study, replicates=2, seed=3, keep=tmp_path)
    assert [f["replicate"] for f in result.failures] == [0, 1]
    failure = result.failures[0]
    assert tuple(failure) == FIELDS and failure["scenario"] == "broken"
    assert failure["stage"] == "intervention Broken" and failure["animal"] == "mouse"
    assert failure["day"] == 1.0 and failure["tick"] > 0 and failure["agent"] is None
    assert failure["seed"] == ArmTask(study.arms[1], 3, 0).recipient.seed(0)
    assert failure["reason"] == "ZeroDivisionError: of my own making"
    assert "Traceback" in failure["details"]
    assert Store(tmp_path).failures() == result.failures
    assert format_failure(failure) == (
        "broken, mouse 0 (day 1, mouse, intervention Broken): ZeroDivisionError: of my own making"
    )
    assert not np.isnan(result.data["TER"].sel(scenario="young + vehicle")).any()
    # A worker tells the same, but for the lines of its traceback.
    again = run_study(study, replicates=2, seed=3, workers=2)
    assert [format_failure(f) for f in again.failures] == [
        format_failure(f) for f in result.failures
    ]
    assert [f["tick"] for f in again.failures] == [f["tick"] for f in result.failures]


class Exits(Intervention):
    """Code that would end its process."""

    def modifiers(self, day):
        raise SystemExit(3)


class Doses(Intervention):
    """Fails before the first day."""

    def doses(self):
        return [1 / 0]


@pytest.mark.parametrize(
    ("kind", "day", "words"),
    [
        (Exits, 0.0, "SystemExit: 3"),
        (Doses, 0.0, "ZeroDivisionError"),
    ],
)
def test_an_intervention_of_any_bad_kind_is_named(kind, day, words):
    arm = tiny_study(days=1.0).arms[0]
    study = Study(name="bad", arms=(arm, arm.add(kind()).named("bad")))
    (failure,) = run_study(study, replicates=1, seed=3).failures
    assert failure["stage"] == f"intervention {kind.__name__}" and failure["day"] == day
    assert words in failure["reason"]


def test_a_life_that_fails_is_told_as_the_recipients_own():
    arm = tiny_study(days=0.0).arms[0]
    bad = Life(age=93, changes=SMALL, interventions=(Broken(),))
    study = Study(name="bad", arms=(arm, type(arm)(name="bad", life=bad, duration=0.0)))
    (failure,) = run_study(study, replicates=1, seed=3).failures
    assert failure["animal"] == "life of the recipient"
    assert failure["stage"] == "intervention Broken" and failure["seed"] > 0


@pytest.mark.parametrize(
    ("message", "stage", "agent"),
    [
        ("stage 'cells', tick 9: the state of row 0 is not finite", "cells", "enterocyte 0"),
        ("stage 'segments', tick 9: the state of row 1 is not", "segments", "segment 1, jejunum"),
        ("stage 'packets', tick 9: the state of row 17 is not", "packets", "exosome packet 17"),
        ("stage 'blood', tick 9: the state of row 0 is not finite", "blood", "blood"),
        ("tick 9: the ledger of released does not balance", "ledger", None),
        ("day 3: plasma TNF is nan; nothing of it is recorded", "record", "plasma TNF"),
    ],
)
def test_stage_and_agent_of_what_the_model_refuses(small, message, stage, agent):
    mouse = mice.Mouse(small, seed=1)
    with pytest.raises(ModelError) as caught, add_mouse_context(mouse, 1):
        raise ModelError(message)
    facts = read_error_context(caught.value)
    assert facts["stage"] == stage and facts.get("agent") == agent and facts["seed"] == 1


def test_a_resumed_run_leaves_failed_mice_unless_they_are_retried(tmp_path, one_fails):
    lines = []
    options = {"replicates": 2, "seed": 3, "keep": tmp_path, "report": lines.append}
    first = run_study(tiny_study(), **options)
    assert [(f["scenario"], f["replicate"]) for f in first.failures] == [BAD]
    assert Store(tmp_path).counts() == {"mice": 6, "done": 5, "failed": 1, "pending": 0}
    one_fails.clear()
    left = run_study(tiny_study(), **options)
    assert left.failures == first.failures
    assert any("1 mice failed before and are not run again" in line for line in lines)
    healed = run_study(tiny_study(), retry_failed=True, **options)
    assert healed.failures == [] and Store(tmp_path).counts()["done"] == 6
    assert healed.data.equals(run_study(tiny_study(), replicates=2, seed=3).data)


def test_all_failed_is_an_error_that_stays_known(tmp_path):
    study = Study(name="x", arms=(tiny_study().arms[0].add(Broken()),))
    for _ in range(2):
        with pytest.raises(GutexoError, match="no mouse could be run: ZeroDivisionError"):
            run_study(study, replicates=1, keep=tmp_path)
    assert Store(tmp_path).counts()["failed"] == 1


@pytest.fixture
def tiny(monkeypatch):
    """The tiny study by its name, without figures."""
    study = Study(**{**dict(tiny_study()), "figures": ()})
    monkeypatch.setitem(standard_studies._STUDIES, "tiny", lambda: study)


def test_failures_on_the_command_line(tmp_path, one_fails, tiny, capsys):
    out = tmp_path / "out"
    options = ["run", "tiny", "--replicates", "2", "--seed", "3", "--jobs", "1", "--out", str(out)]
    assert run_safely(options) == 1
    assert "young + old exosomes, mouse 1: ModelError: of nobody's" in capsys.readouterr().err
    assert run_safely(options) == 1
    assert "1 of its mice failed: gutexo list" in capsys.readouterr().out
    assert run_safely(["list", str(out)]) == 0
    text = capsys.readouterr().out
    assert "tiny, seed 3, 3 arms of 2 mice" in text and "of nobody's making" in text
    assert run_safely(["list", str(out / "mice"), "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert [content[name] for name in ("mice", "done", "failed", "pending")] == [6, 5, 1, 0]
    assert content["failures"][0]["replicate"] == 1 and content["writing"] is None
    one_fails.clear()
    assert run_safely([*options, "--resume"]) == 1  # still left as it is
    assert run_safely([*options, "--retry-failed"]) in (0, 3)
    capsys.readouterr()
    assert run_safely(options) == 0
    printed_last = capsys.readouterr().out
    assert "already holds this run" in printed_last and "failed" not in printed_last
    assert json.loads((out / "manifest.json").read_text())["failures"] == []


def test_resume_alone_goes_on_with_the_run_of_the_folder(tmp_path, tiny, capsys, monkeypatch):
    """Seed, replicates and study need not be typed again."""
    out, whole = tmp_path / "out", tmp_path / "whole"
    options = ["--replicates", "2", "--seed", "3", "--jobs", "1", "--set", "barrier.leak=11"]
    real = ArmTask.run
    ran = []

    def run(self, folder):
        if len(ran) == 4:
            raise Interrupted
        ran.append(self)
        return real(self, folder)

    monkeypatch.setattr(ArmTask, "run", run)
    with pytest.raises(SystemExit, match="130"):
        run_safely(["run", "tiny", *options, "--out", str(out)])
    assert f"4 of 6 mice are finished and saved in {out / 'mice'}" in capsys.readouterr().err
    assert run_safely(["list", str(out)]) == 0
    assert "pending        2" in capsys.readouterr().out
    assert run_safely(["study", "--out", str(out), "--resume", "--seed", "4"]) == 2
    assert "holds another run (seed differ)" in capsys.readouterr().err
    ran[:] = [None] * 10
    assert run_safely(["study", "--out", str(out), "--resume", "--jobs", "1"]) in (0, 3)
    assert len(ran) == 12
    assert run_safely(["run", "tiny", *options, "--out", str(whole)]) in (0, 3)
    for name in ("trajectories.csv", "effects.csv", "resolved.toml"):
        assert (out / name).read_bytes() == (whole / name).read_bytes(), name
    capsys.readouterr()
    assert run_safely(["study", "--out", str(out), "--resume"]) == 0
    assert "already holds this run" in capsys.readouterr().out
    # Begun anew, with another seed, in the same folder.
    again = ["run", "tiny", "--replicates", "1", "--seed", "9", "--jobs", "1", "--out", str(out)]
    assert run_safely(again) == 2
    assert run_safely([*again, "--force"]) in (0, 3)
    assert Store(out / "mice").counts()["mice"] == 3


def test_resume_goes_on_by_the_same_draws(tmp_path, tiny, capsys):
    out = tmp_path / "out"
    table = tmp_path / "draws.csv"
    table.write_text("barrier.leak,immune.lps_half\n5.123456789012345,8\n25,12.000000000000002\n")
    options = ["run", "tiny", "--replicates", "2", "--seed", "3", "--jobs", "1", "--out", str(out)]
    assert run_safely([*options, "--posterior", str(table)]) in (0, 3)
    (out / "manifest.json").unlink()
    (out / "mice" / "done" / "1-1.json").unlink()
    assert run_safely(["study", "--out", str(out), "--resume", "--jobs", "1"]) in (0, 3)
    assert Store(out / "mice").counts()["done"] == 6


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["study", "--resume"], "--resume needs --out"),
        (["study", "--retry-failed"], "--retry-failed needs --out"),
        (["study", "--resume", "--out", "{}"], "holds no run"),
        (["study", "--resume", "--force", "--out", "{}"], "one of the two"),
        (["list", "{}"], "holds no run"),
    ],
)
def test_a_mistake_is_one_line(tmp_path, arguments, words, capsys):
    assert run_safely([text.format(tmp_path / "out") for text in arguments]) == 2
    error = capsys.readouterr().err
    assert words in error and error.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_disk_that_fills_while_files_are_written_is_one_line(tmp_path, tiny, capsys, monkeypatch):
    import os

    real = os.replace

    def full(source, target, **more):
        if "trajectories.csv" in str(target):
            raise OSError(28, "No space left on device")
        real(source, target, **more)

    out = tmp_path / "out"
    options = ["run", "tiny", "--replicates", "1", "--jobs", "1", "--out", str(out)]
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        assert run_safely(options) == 2
    error = capsys.readouterr().err
    assert "the disk is full; finished mice are saved" in error and error.count("\n") == 1
    assert run_safely(options) in (0, 3) and (out / "trajectories.csv").exists()


@pytest.mark.gate
def test_a_worker_that_is_lost_is_a_failure_of_its_mouse(tmp_path, monkeypatch):
    from gutexo.cohort import study_run

    real = study_run.arm_tasks

    def with_a_killer(*arguments):
        return [
            Killer(task.scenario, task.study_seed, task.replicate)
            if (task.scenario.name, task.replicate) == BAD
            else task
            for task in real(*arguments)
        ]

    monkeypatch.setattr(study_run, "arm_tasks", with_a_killer)
    result = run_study(tiny_study(days=1.0), replicates=2, seed=3, workers=2, keep=tmp_path)
    (failure,) = result.failures
    assert (failure["scenario"], failure["replicate"]) == BAD
    assert failure["reason"] == "the worker process died, twice" and failure["seed"] > 0
    assert Store(tmp_path).counts() == {"mice": 6, "done": 5, "failed": 1, "pending": 0}


class Killer(ArmTask):
    """A mouse that takes its worker with it."""

    def run(self, folder):
        return Task(0, kill=True).run(folder)


@pytest.mark.parametrize("cause", [KeyboardInterrupt(), ValueError("x")])
def test_ctrl_c_inside_a_compiled_call_is_no_failure_of_the_mouse(tmp_path, cause):
    class Task:
        def run(self, folder):
            raise SystemError("returned a result with an exception set") from cause

    if isinstance(cause, KeyboardInterrupt):
        with pytest.raises(KeyboardInterrupt):
            run_task(Task(), tmp_path)
    else:
        assert run_task(Task(), tmp_path).reason.startswith("SystemError")
