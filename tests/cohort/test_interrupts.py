"""What ends a study and what is a failure of one mouse; who may start how many processes."""

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
import threading

import pytest

import gutexo as gut
from gutexo.cohort import pools
from gutexo.cohort.batches import run_task
from gutexo.cohort.executors import OwnProcesses
from gutexo.cohort.pools import InlineExecutor, new_pool, stop_pool
from gutexo.cohort.study_run import run_study
from gutexo.cohort.tasks import ArmTask
from gutexo.cohort.workers import run_tasks
from gutexo.errors import RunFailed
from gutexo.support.interrupts import Interrupted, exit_code, interrupt_message
from tests.cohort.test_cohort import Task, tiny_study


class Mute(Exception):
    """Cannot even say what it is."""

    def __str__(self):
        raise ValueError


class Does:
    """A task that does something, or raises."""

    def __init__(self, what):
        self.what = what

    def run(self, folder):
        if callable(self.what):
            return self.what()
        raise self.what


@pytest.mark.parametrize(
    "error",
    [KeyboardInterrupt("mine"), SystemExit(3), GeneratorExit(), asyncio.CancelledError(), Mute()],
)
def test_what_an_intervention_raises_is_a_failure_of_its_mouse(tmp_path, error):
    assert run_task(Does(error), tmp_path).reason.startswith(type(error).__name__)


def swallowed():
    try:
        signal.raise_signal(signal.SIGINT)
    except BaseException:
        return 1


def turned():
    try:
        signal.raise_signal(signal.SIGINT)
    except BaseException:
        raise ImportError("numpy cannot be imported") from None


@pytest.fixture
def python_handler():
    """The tests may run where Ctrl-C is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("what", [lambda: signal.raise_signal(signal.SIGINT), swallowed, turned])
def test_ctrl_c_ends_it_whatever_the_code_makes_of_it(tmp_path, python_handler, what):
    with pytest.raises(Interrupted):
        run_task(Does(what), tmp_path)


def test_a_handler_of_somebody_else_is_believed(tmp_path):
    def handler(number, frame):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            run_task(Does(lambda: signal.raise_signal(signal.SIGINT)), tmp_path)
    finally:
        signal.signal(signal.SIGINT, before)


def test_in_a_thread_it_is_of_the_code_itself(tmp_path):
    found = []
    task = Does(KeyboardInterrupt())
    thread = threading.Thread(target=lambda: found.append(run_task(task, tmp_path)))
    thread.start()
    thread.join()
    assert found[0].reason.startswith("KeyboardInterrupt")


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "interrupted by SIGTERM"),
     (signal.SIGHUP, 129, "interrupted by SIGHUP")],
)  # fmt: skip
def test_exit_codes_of_signals(number, code, said):
    assert (exit_code(Interrupted(number)), interrupt_message(Interrupted(number))) == (code, said)
    assert (exit_code(KeyboardInterrupt()), interrupt_message(KeyboardInterrupt())) == (
        130,
        "interrupted",
    )


class Exits(gut.Intervention):
    """Code that ends programs, on day 2."""

    def modifiers(self, day):
        if day >= 2:
            raise SystemExit("enough")
        return {}


@pytest.fixture
def interrupted_study(monkeypatch, python_handler):
    """A study in whose second arm Ctrl-C comes."""
    real = ArmTask.run

    def run(self, folder):
        if self.scenario.name == "stops":
            os.kill(os.getpid(), signal.SIGINT)
        return real(self, folder)

    monkeypatch.setattr(ArmTask, "run", run)
    arm = tiny_study().arms[0]
    return gut.Study(name="x", arms=(arm, arm.named("stops")))


def test_without_keep_ctrl_c_hands_over_what_is_finished(interrupted_study):
    with pytest.raises(KeyboardInterrupt) as caught:
        gut.compare(interrupted_study, replicates=2, seed=3)
    (note,) = caught.value.__notes__
    assert note.startswith("1 of 4 mice are finished, and nothing is saved (keep=FOLDER")
    partial = caught.value.partial
    assert isinstance(partial, gut.Result) and len(partial.failures) == 3
    assert {f["reason"] for f in partial.failures} == {"not run: the study was interrupted"}
    whole = run_study(tiny_study(), replicates=2, seed=3).data["TER"]
    assert (partial.data["TER"].values[0, 0] == whole.values[0, 0]).all()


def test_with_keep_ctrl_c_names_the_folder(interrupted_study, tmp_path):
    with pytest.raises(KeyboardInterrupt) as caught:
        gut.compare(interrupted_study, replicates=1, seed=3, keep=tmp_path)
    assert f"1 of 2 mice are finished and saved in {tmp_path}" in caught.value.__notes__[0]


@pytest.mark.gate
def test_code_that_ends_programs_ends_one_mouse_on_a_worker():
    arm = tiny_study().arms[0]
    study = gut.Study(name="x", arms=(arm, arm.add(Exits()).named("stops")))
    for workers in (1, 2):
        result = gut.compare(study, replicates=1, seed=3, workers=workers)
        assert [f["reason"] for f in result.failures] == ["SystemExit: enough"]


def test_a_worker_of_somebody_else_does_the_work_itself(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(multiprocessing.process._current_process, "_config", {"daemon": True})
    pools._warn_no_processes.cache_clear()
    outcomes = dict(run_tasks([Task(n) for n in range(4)], tmp_path, 2))
    assert [outcomes[n].value for n in range(4)] == [0, 1, 2, 3]
    said = capsys.readouterr().err
    assert said.startswith("gutexo: mice run one by one in this process") and said.count("\n") == 1
    stop_pool(new_pool(2))


def test_a_machine_without_semaphores_does_the_work_in_one_process(monkeypatch, capsys):
    def started(workers):
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(pools, "_start_pool", started)
    pools._warn_no_processes.cache_clear()
    assert isinstance(new_pool(2), InlineExecutor)
    assert "Function not implemented" in capsys.readouterr().err


def test_a_machine_that_starts_no_process_is_one_line():
    said = OwnProcesses(2).trouble(BlockingIOError(11, "Resource temporarily unavailable"))
    assert isinstance(said, RunFailed) and "--jobs 1" in str(said)


def in_a_pool(study):
    result = gut.compare(study, replicates=1, seed=3, workers=2)
    return result.data["TER"].values


@pytest.mark.gate
def test_inside_a_pool_of_python_a_study_runs():
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        found = pool.apply(in_a_pool, (tiny_study(),))
    assert (found == run_study(tiny_study(), replicates=1, seed=3).data["TER"].values).all()


DEFERRED = """
import os, signal, sys
from gutexo.support.interrupts import Interrupted, defer_interrupts, raise_on_signals
number = getattr(signal, sys.argv[1])
raise_on_signals()
done = []
try:
    with defer_interrupts():
        os.kill(os.getpid(), number)
        done.append("the block ends")
    done.append("after the block")
except Interrupted as error:
    print(done, error.number == number)
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_waits_for_the_end_of_a_block(name):
    """As where a library makes a thread and starts it: nothing is left half made."""
    done = subprocess.run(
        [sys.executable, "-c", DEFERRED, name],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
    )
    assert done.stdout == "['the block ends'] True\n", done.stderr
