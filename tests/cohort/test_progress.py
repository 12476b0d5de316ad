"""How far a run is: done, failed, left and the time left, in one line."""

import io
import sys
import threading
from types import SimpleNamespace

import pytest

from gutexo.cli.options import Options
from gutexo.cli.progress import progress_bar
from gutexo.cohort import progress as module
from gutexo.cohort.progress import (
    ProgressLine,
    ProgressLines,
    choose_progress,
    in_notebook,
    repeat_each_minute,
)
from gutexo.cohort.study_run import run_study
from gutexo.protocol.study import Study
from tests.cohort.test_cohort import Broken, tiny_study


def test_a_line_says_done_failed_left_and_time():
    now = [0.0]
    out = io.StringIO()
    line = ProgressLine(out, lambda: now[0])
    line("arms", 10, 60)
    now[0] = 100.0
    line("failed", 2, 60)
    line("arms", 35, 60)
    line("arms", 36, 60)  # too soon after the last to be written
    now[0] = 200.0
    line("arms", 60, 60)
    written = [text.strip() for text in out.getvalue().split("\r")[1:]]
    assert written == [
        "dosing mice: 10 of 60 done, 50 left",
        "dosing mice: 35 of 60 done, 2 failed, 25 left, some 2 min",
        "dosing mice: 60 of 60 done, 2 failed",
    ]
    assert out.getvalue().endswith("\n")


def test_phases_side_by_side_share_a_line():
    now = [0.0]
    out = io.StringIO()
    line = ProgressLine(out, lambda: now[0])
    steps = [("rules", 0, 9), ("rules", 9, 9), ("lives", 0, 4), ("arms", 0, 60), ("lives", 2, 4)]
    steps += [("arms", 30, 60), ("failed", 1, 60), ("lives", 4, 4), ("arms", 40, 60)]
    for step in [*steps, ("arms", 60, 60)]:
        line(*step)
        now[0] += 10.0
    written = [text.strip() for text in out.getvalue().split("\r")[1:]]
    assert written == [
        "compiling rules: 0 of 9 done, 9 left",
        "compiling rules: 9 of 9 done",
        "raising mice: 0 of 4 done, 4 left",
        "raising mice: 0 of 4 done, 4 left; dosing mice: 0 of 60",
        "raising mice: 2 of 4 done, 2 left, some 20 s; dosing mice: 0 of 60",
        "raising mice: 2 of 4 done, 2 left, some 30 s; dosing mice: 30 of 60",
        # The time left of the mice dosed is counted from the last life on.
        "dosing mice: 30 of 60 done, 1 failed, 30 left",
        "dosing mice: 40 of 60 done, 1 failed, 20 left, some 20 s",
        "dosing mice: 60 of 60 done, 1 failed",
    ]
    assert max(map(len, written)) < 78


def test_a_notebook_has_a_line_and_a_script_has_none(monkeypatch):
    assert not in_notebook() and not isinstance(choose_progress(), ProgressLine)
    shell = SimpleNamespace(get_ipython=lambda: SimpleNamespace(kernel=1))
    monkeypatch.setitem(sys.modules, "IPython", shell)
    assert isinstance(choose_progress(), ProgressLine)


def test_a_study_tells_its_failures_as_they_come():
    arm = tiny_study(days=2.0).arms[0]
    study = Study(name="x", arms=(arm, arm.add(Broken()).named("broken")))
    steps = []
    run_study(study, replicates=2, seed=3, progress=lambda *step: steps.append(step))
    assert [step for step in steps if step[0] == "failed"] == [("failed", 1, 4), ("failed", 2, 4)]
    assert steps[-1] == ("arms", 4, 4)


def lines_of(steps):
    """What a file holds after some (seconds, done), of 60 mice."""
    now, out = [0.0], io.StringIO()
    lines = ProgressLines(out, lambda: now[0])
    for seconds, done in steps:
        now[0] = seconds
        lines("arms", done, 60)
    return out.getvalue().splitlines()


def test_a_file_has_a_line_at_each_tenth():
    assert lines_of([(0.1 * done, done) for done in range(61)]) == [
        "dosing mice: 0 of 60 done, 60 left",
        *(
            f"dosing mice: {done} of 60 done, {60 - done} left, some {(60 - done) / 10:.0f} s"
            for done in range(6, 60, 6)
        ),
        "dosing mice: 60 of 60 done",
    ]


def test_a_file_has_a_line_a_minute():
    lines = lines_of([(20.0 * n, n) for n in range(6)])
    assert [line.partition(" of")[0] for line in lines] == ["dosing mice: 0", "dosing mice: 3"]


def test_a_mouse_that_takes_minutes_leaves_a_line_in_each():
    now, out = [0.0], io.StringIO()
    lines = ProgressLines(out, lambda: now[0])
    lines("arms", 0, 2)
    for seconds in (59.0, 60.0, 61.0, 119.0, 121.0):
        now[0] = seconds
        lines.repeat()
    lines("arms", 2, 2)
    now[0] = 500.0
    lines.repeat()  # all is done: nothing is left to say
    begun = "dosing mice: 0 of 2 done, 2 left\n"
    assert out.getvalue() == 3 * begun + "dosing mice: 2 of 2 done\n"


@pytest.mark.parametrize("closed", [False, True])
def test_the_minute_is_looked_at_while_a_mouse_runs(monkeypatch, closed):
    monkeypatch.setattr(module, "MINUTE", 0.0)
    monkeypatch.setattr(module, "POLL_SECONDS", 0.001)
    written, out = threading.Event(), io.StringIO()

    class Stream(io.StringIO):
        def write(self, text):
            if threading.current_thread() is not threading.main_thread():
                written.set()
                if closed:
                    raise BrokenPipeError
            return out.write(text)

    with repeat_each_minute(ProgressLines(Stream())) as lines:
        lines("arms", 0, 2)
        assert written.wait(60)
    assert "gutexo-progress" not in [thread.name for thread in threading.enumerate()]
    assert set(out.getvalue().splitlines()) == {"dosing mice: 0 of 2 done, 2 left"}


def test_phases_of_a_file_and_its_failures():
    out = io.StringIO()
    lines = ProgressLines(out, lambda: 0.0)
    for step in [("lives", 0, 0), ("arms", 0, 1), ("failed", 1, 1), ("arms", 1, 1)]:
        lines(*step)
    assert out.getvalue() == (
        "raising mice: 0 of 0 done\ndosing mice: 0 of 1 done, 1 left\n"
        "dosing mice: 1 of 1 done, 1 failed\n"
    )


@pytest.mark.parametrize(
    ("screen", "out_is_screen", "options", "where"),
    [
        (False, False, {}, "out"),
        (False, True, {}, "err"),
        (True, False, {}, "out"),
        (True, True, {}, "neither"),
        (False, False, {"quiet": True}, "neither"),
        (False, False, {"json": True}, "neither"),
    ],
)
def test_where_a_command_says_how_far_it_is(monkeypatch, screen, out_is_screen, options, where):
    class Stream(io.StringIO):
        def __init__(self, terminal):
            super().__init__()
            self.isatty = lambda: terminal

    out, err = Stream(out_is_screen), Stream(screen)
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    with progress_bar(Options(**options)) as progress:
        progress("arms", 0, 2)
        progress("failed", 1, 2)
        progress("arms", 2, 2)
    line = "dosing mice: 2 of 2 done, 1 failed\n"
    assert (line in out.getvalue(), line in err.getvalue()) == (where == "out", where == "err")
