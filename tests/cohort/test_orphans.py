"""However a run ends, none of its processes is left, and it says what is finished."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

import pytest

from tests.cohort.slow_command import COMMAND

psutil = pytest.importorskip("psutil")

_started = time.perf_counter()
subprocess.run([sys.executable, "-c", "pass"], check=True)
MOST = 5.0 * max(1.0, (time.perf_counter() - _started) / 0.1)
"""Seconds after which nothing may be left: 5 on a machine that starts Python in a tenth of one."""
INT, TERM, HUP, KILL = signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL
LIVES, ARMS = "raising mice: 0", "dosing mice: 1 "
CODES = {INT: 130, TERM: 143, HUP: 129, KILL: -9}


def usual_signals():
    """A shell that runs the tests in the background lets its children ignore some signals."""
    for number in (INT, HUP):
        signal.signal(number, signal.SIG_DFL)


def running(processes, most):
    """Which of some processes still run after some seconds; who waits to be counted does not."""

    def runs(process):
        try:
            return process.status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
        except psutil.Error:
            return False

    deadline = time.time() + most
    while (left := [p for p in processes if runs(p)]) and time.time() < deadline:
        time.sleep(0.02)
    return left


@dataclass
class Ended:
    """How a run ended."""

    code: int
    out: str
    err: str


class Running:
    """A command in a session of its own, and all that it starts."""

    def __init__(self, code, *arguments, **environment):
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=usual_signals,
            env={**os.environ, **environment},
        )
        self.seen = []

    def wait_for(self, beginning):
        """Read until a line that begins so is said."""
        while line := self.process.stdout.readline():
            if line.startswith(beginning):
                return
        raise AssertionError(self.process.stderr.read())

    def helpers(self, least=0):
        """Processes it started, and theirs, once there are so many."""
        deadline = time.time() + 120
        while time.time() < deadline:
            found = psutil.Process(self.process.pid).children(recursive=True)
            if len(found) >= least:
                self.seen += found
                return found
            time.sleep(0.02)
        raise AssertionError(f"there are only {len(found)} processes")

    def end_by(self, number, everybody=False):
        """Send a signal, to all of its terminal on wish; what is said, and who is left."""
        (os.killpg if everybody else os.kill)(self.process.pid, number)
        left = running(self.seen, MOST)
        out, err = self.process.communicate(timeout=60)
        return Ended(self.process.returncode, out, err), left

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.seen:
            if process.is_running():
                process.kill()
        self.process.kill()
        self.process.communicate()


def slow_run(phase, *arguments):
    seed = str(time.time_ns() % 10**9)  # lives that nobody raised before
    return Running(
        COMMAND, "run", "slow", "--jobs", "2", "--replicates", "4", "--seed", seed, *arguments,
        **{"IN_LIFE" if phase == LIVES else "IN_ARM": "0.3"},
    )  # fmt: skip


def ended_well(ended, left, number):
    assert left == []
    assert ended.code == CODES[number], ended.err
    assert "Traceback" not in ended.err, ended.err
    if number != KILL:
        assert ended.err.splitlines()[-1].startswith("gutexo: interrupted")
        assert ended.err.count("gutexo: ") == 1
        assert (signal.Signals(number).name in ended.err) == (number != INT)


def interrupted(tmp_path, number, phase, keep):
    out = ("--out", str(tmp_path / "out")) if keep else ()
    with slow_run(phase, *out) as run:
        run.wait_for(phase)
        assert len(run.helpers(least=2)) <= 4  # two workers, and what counts their resources
        ended, left = run.end_by(number, everybody=number == INT)
    ended_well(ended, left, number)
    if number != KILL and phase == ARMS:
        saved = f"mice are finished and saved in {tmp_path / 'out' / 'mice'}"
        assert (saved if keep else "nothing is saved (--out DIR saves mice") in ended.err


@pytest.mark.gate
@pytest.mark.parametrize(
    ("number", "phase", "keep"),
    [(KILL, LIVES, True), (HUP, LIVES, False), (KILL, ARMS, False), (TERM, ARMS, True),
     (INT, ARMS, True)],
)  # fmt: skip
def test_no_process_of_a_run_is_left(tmp_path, number, phase, keep):
    interrupted(tmp_path, number, phase, keep)


@pytest.mark.long
@pytest.mark.parametrize("number", [INT, TERM, HUP, KILL])
@pytest.mark.parametrize("phase", [LIVES, ARMS])
@pytest.mark.parametrize("keep", [False, True])
def test_no_process_of_a_run_is_left_whatever_happens(tmp_path, number, phase, keep):
    interrupted(tmp_path, number, phase, keep)


BEGINS = "from gutexo.cli import main; print('begins', flush=True); main()"


def ended_early(number, seconds):
    with Running(BEGINS, "run", "exosome transfer", "--dry-run", "--json") as run:
        run.wait_for("begins")
        time.sleep(seconds)
        run.helpers()
        ended, left = run.end_by(number)
    if number != KILL:
        assert ended.code in (CODES[number], -number)
        printed = ended.err
        assert printed == "" or (
            printed.startswith("gutexo: interrupted") and printed.count("\n") == 1
        )
    assert left == []


@pytest.mark.parametrize(("number", "seconds"), [(INT, 0.01), (INT, 0.08), (TERM, 0.02)])
def test_the_first_tenth_of_a_second_has_no_traceback(number, seconds):
    ended_early(number, seconds)


@pytest.mark.gate
@pytest.mark.parametrize("number", [INT, TERM, HUP, KILL])
@pytest.mark.parametrize("seconds", [0.005, 0.05, 0.1, 0.3])
def test_the_first_moments_have_no_traceback(number, seconds):
    ended_early(number, seconds)


AGAIN = """
import signal, sys, time
from gutexo.support import interrupts
interrupts.raise_on_signals()
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    signal.raise_signal(signal.SIGINT)  # at once: the same that a terminal sends twice
    print("still here", flush=True)
    interrupts.SAME_SIGNAL_SECONDS = 0.0
    signal.raise_signal(signal.SIGINT)
print("never")
"""


def test_a_second_ctrl_c_ends_at_once():
    with Running(AGAIN) as run:
        out, err = run.process.communicate(timeout=60)
    assert (run.process.returncode, out, err) == (130, "still here\n", "gutexo: interrupted\n")


IGNORES = """
import signal
signal.signal(signal.SIGHUP, signal.SIG_IGN)
from gutexo.support import interrupts
interrupts.exit_on_signals()
signal.raise_signal(signal.SIGHUP)
print("goes on")
"""


def test_what_nohup_ignores_stays_ignored():
    with Running(IGNORES) as run:
        assert run.process.communicate(timeout=60)[0] == "goes on\n"


WATCHES = """
import os, subprocess, sys
from gutexo.support.worker_process import prepare_worker
if len(sys.argv) > 1:
    prepare_worker(int(sys.argv[1]))
    print(os.getpid(), flush=True)
    import time
    time.sleep(600)
else:
    subprocess.run([sys.executable, "-c", sys.orig_argv[2], str(os.getpid())])
"""


def test_a_helper_ends_with_its_parent():
    with Running(WATCHES) as run:
        helper = psutil.Process(int(run.process.stdout.readline()))
        run.seen.append(helper)
        run.process.kill()
        assert running([helper], MOST) == []


def test_a_helper_whose_parent_is_gone_ends_before_it_begins():
    with Running(WATCHES, "1") as run:
        assert run.process.communicate(timeout=60)[0] == "" and run.process.returncode == 1
