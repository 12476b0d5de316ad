"""The first page on a machine: one process compiles, and the visitor is told how far it is."""

import json
import os
import re
from pathlib import Path

import pytest

from tests.page.test_ends import helpers, runs, served, until
from tests.page.test_guard import live

pytestmark = [
    pytest.mark.gate,
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks into /proc"),
]
BEGIN = '{"do": "begin", "wish": {"arm": "young + vehicle", "seed": %d}}'


def begun(socket, seed):
    """Lines of progress until the mice stand there."""
    socket.send(BEGIN % seed)
    lines = []
    while True:
        said = socket.recv(timeout=300)
        if isinstance(said, bytes):
            continue
        content = json.loads(said)
        assert content["about"] != "error", content
        if content["about"] == "begun":
            return lines
        if content["about"] == "progress":
            lines.append(content["line"])


def commands(pid):
    """What the processes that a process has started do."""
    found = []
    for child in helpers(pid):
        words = Path(f"/proc/{child}/cmdline").read_text().split("\0")
        if "gutexo.page.helper" in words:
            found.append(words[words.index("gutexo.page.helper") + 1])
    return found


def test_the_rules_are_compiled_once_while_the_page_answers(tmp_path):
    env = {**os.environ, "GUTEXO_CACHE": str(tmp_path)}
    with served(env=env) as (process, address):
        until(lambda: commands(process.pid) == ["rules"])  # before anybody has come
        with live(address) as socket:
            assert json.loads(socket.recv(timeout=60))["about"] == "hello"
            told = [line for line in begun(socket, 1) if "compiling" in line]
        done = [int(re.search(r": (\d+) of \d+$", line)[1]) for line in told]
        assert len(done) > 20 and done == sorted(done)
        until(lambda: "rules" not in commands(process.pid))
    with served(env=env) as (process, address), live(address) as socket:
        socket.recv(timeout=60)
        assert not any("compiling" in line for line in begun(socket, 2))


def test_a_page_that_ends_ends_what_compiles(tmp_path):
    env = {**os.environ, "GUTEXO_CACHE": str(tmp_path)}
    with served(env=env) as (process, _):
        until(lambda: commands(process.pid) == ["rules"])
        (child,) = helpers(process.pid)
        process.terminate()
        process.wait(60)
        until(lambda: not runs(child), 10)
