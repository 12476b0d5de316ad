"""How far a run is: done, failed, left and the time left, in one line."""

import io
import sys
from types import SimpleNamespace

from simulation.cohort.compare import run_study
from simulation.cohort.progress import Line, in_notebook, usual
from simulation.protocol.study import Study
from tests.cohort.test_cohort import Broken, tiny_study


def test_a_line_says_done_failed_left_and_time():
    now = [0.0]
    out = io.StringIO()
    line = Line(out, lambda: now[0])
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


def test_a_notebook_has_a_line_and_a_script_has_none(monkeypatch):
    assert not in_notebook() and not isinstance(usual(), Line)
    shell = SimpleNamespace(get_ipython=lambda: SimpleNamespace(kernel=1))
    monkeypatch.setitem(sys.modules, "IPython", shell)
    assert isinstance(usual(), Line)


def test_a_study_tells_its_failures_as_they_come():
    arm = tiny_study(days=2.0).arms[0]
    study = Study(name="x", arms=(arm, arm.add(Broken()).named("broken")))
    steps = []
    run_study(study, replicates=2, seed=3, progress=lambda *step: steps.append(step))
    assert [step for step in steps if step[0] == "failed"] == [("failed", 1, 4), ("failed", 2, 4)]
    assert steps[-1] == ("arms", 4, 4)
