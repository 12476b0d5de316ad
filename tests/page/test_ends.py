"""However the page ends, and whoever leaves it: nothing that was started for them goes on."""

import asyncio
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from gutexo.errors import GutexoError
from gutexo.page.aside import ask
from gutexo.protocol.life import Life
from tests.page.loops import awaited
from tests.page.test_connections import COMMAND
from tests.page.test_guard import got, is_well, live

pytestmark = [
    pytest.mark.gate,
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks into /proc"),
]
LONG = '{"do": "begin", "wish": {"arm": "old + young exosomes", "full": true, "seed": %d}}'
FIRST = time.time_ns() % 10**8 * 1000
"""First seed: of mice that no earlier run has raised, or half raised and kept."""
SOON = 10.0
"""Seconds. What is raised here takes minutes. On a quiet machine it should end within 2; on one of
two cores with twice the work they can do, five ends by Ctrl-C took 0.7 to 1.3."""
RELOADS = 7  # of a link with a full old mouse: more than raise at a time, or than there are threads


def helpers(pid):
    """Processes that a process has started."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(child) for child in task.read_text().split()]
    return found


def runs(pid):
    """Whether a process still does something."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def until(condition, seconds=120.0):
    """Wait for something."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


@contextlib.contextmanager
def served(**options):
    """A page of its own, and its address."""
    process = subprocess.Popen(
        COMMAND, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    )
    try:
        yield process, process.stdout.readline().split()[0].rstrip("/")
    finally:
        process.kill()
        process.communicate()


def raising(socket, seed):
    """Ask for a mouse that takes minutes, and wait until somebody raises it."""
    socket.recv()
    socket.send(LONG % (FIRST + seed))
    while "raising mouse" not in (said := socket.recv(timeout=120)):
        assert json.loads(said)["about"] == "progress", said


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGINT, 130),
        (signal.SIGTERM, 143),
        (signal.SIGHUP, 129),
        (signal.SIGKILL, -signal.SIGKILL),
    ],
)
def test_after_a_signal_nothing_is_left(number, code):
    with served() as (process, address), live(address) as socket:
        raising(socket, seed=900 + number)
        (helper,) = helpers(process.pid)
        process.send_signal(number)
        assert process.wait(SOON) == code
        until(lambda: not runs(helper), SOON)
        assert "Traceback" not in process.stderr.read()


def test_what_was_started_to_outlive_its_terminal_does():
    def nohup():
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    with served(preexec_fn=nohup) as (process, address):
        process.send_signal(signal.SIGHUP)
        assert got(address)[0] == 200 and process.poll() is None


def test_reloads_leave_nothing_behind_and_nobody_waits_for_them():
    with served() as (process, address):
        for seed in range(RELOADS):
            with live(address) as socket:
                raising(socket, seed)
        is_well(address)
        until(lambda: not helpers(process.pid), SOON)
        with contextlib.ExitStack() as all_:
            # More than there is room for, none of whom leaves.
            sockets = [all_.enter_context(live(address)) for _ in range(4)]
            for seed, socket in enumerate(sockets):
                socket.recv()
                socket.send(LONG % (FIRST + seed))
            until(lambda: len(helpers(process.pid)) == 2)
            is_well(address)
        until(lambda: not helpers(process.pid), SOON)
        process.send_signal(signal.SIGTERM)
        process.wait(SOON)


def test_what_is_asked_aside_ends_with_whoever_asks(tmp_path):
    """A helper that has read nothing yet ends as well."""
    script = (
        "import asyncio, os\n"
        "from gutexo.page.aside import ask\n"
        "async def go():\n"
        "    asyncio.get_running_loop().call_later(0.5, os._exit, 7)\n"
        "    await ask('band', 1, 2)\n"
        "asyncio.run(go())\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script], env={**os.environ})
    seen = []
    while process.poll() is None:
        seen += helpers(process.pid)
        time.sleep(0.02)
    assert process.returncode == 7 and seen
    until(lambda: not any(runs(pid) for pid in seen), SOON)


@dataclass(frozen=True)
class Odd:
    """Stands for a life that goes wrong."""

    how: str
    life: Life = Life(age=90)  # noqa: RUF009

    def seed(self, attempt):
        print("an intervention may print")
        if self.how == "refused":
            raise GutexoError("no mouse\nlives so")
        if self.how == "died":
            os.kill(os.getpid(), signal.SIGKILL)
        raise {"odd": KeyError, "exit": SystemExit}[self.how]("why")


def test_what_goes_wrong_aside_is_a_line(tmp_path):
    lines = {
        "refused": "^no mouse lives so$",
        "odd": "our mistake, not yours: KeyError",
        "exit": "our mistake, not yours: SystemExit",
        "died": "has died",
    }

    async def all_():
        requests = [ask("lives", [Odd(how)], tmp_path) for how in lines]
        return await asyncio.gather(*requests, return_exceptions=True)

    for error, line in zip(awaited(all_()), lines.values(), strict=True):
        assert isinstance(error, GutexoError) and re.search(line, str(error)), error
