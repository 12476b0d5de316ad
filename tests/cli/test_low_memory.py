"""Where memory ends there is a line, and no library's last words."""

import subprocess
import sys

import pytest

from gutexo.body.mouse_size import check_fits_memory
from gutexo.catalogue import Parameters
from gutexo.cli import app
from gutexo.cohort.batches import run_task
from gutexo.errors import GutexoError
from gutexo.support import memory

COMMAND = [sys.executable, "-c", "from gutexo.cli import main; main()"]


class Hungry:
    def run(self, folder):
        raise MemoryError("Unable to allocate 8.0 GiB")


def test_a_mouse_without_memory_is_a_failed_mouse(tmp_path):
    outcome = run_task(Hungry(), tmp_path)
    assert outcome.reason.startswith("out of memory (Unable to allocate 8.0 GiB)")
    assert outcome.details == ""


@pytest.mark.parametrize("message", ["", "Unable to allocate 8.0 GiB"])
def test_a_command_without_memory_is_a_line(monkeypatch, capsys, message):
    def fails(arguments):
        raise MemoryError(message)

    monkeypatch.setattr(app, "run_command", fails)
    assert app.run_safely(["list"]) == 1
    printed = capsys.readouterr().err
    assert (
        printed.count("\n") == 1
        and printed.startswith("gutexo: out of memory")
        and message in printed
    )


def test_the_limit_of_this_process_is_known_before(monkeypatch):
    monkeypatch.setattr(memory, "address_space_limit", lambda: 1_000_000_000)
    assert memory.start_memory_message() is None
    with pytest.raises(GutexoError, match=r"1000 MB of memory \(ulimit -v\)"):
        check_fits_memory(Parameters())
    monkeypatch.setattr(memory, "address_space_limit", lambda: 2_200_000_000)
    check_fits_memory(Parameters())
    with pytest.raises(GutexoError, match="needs 3.7"):
        check_fits_memory(Parameters().change({"resolution.packets": 1e7}))
    monkeypatch.setattr(memory, "address_space_limit", lambda: 100_000_000)
    assert "needed to start" in memory.start_memory_message()
    monkeypatch.setattr(memory, "address_space_limit", lambda: None)
    assert memory.start_memory_message() is None and memory.run_memory_message(1e15) is None


def limited(megabytes, *arguments, command=COMMAND):
    """A command under a limit of memory, as `ulimit -v` sets it."""
    resource = pytest.importorskip("resource")

    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 10**6, megabytes * 10**6))

    return subprocess.run(
        [*command, *arguments], preexec_fn=limit, capture_output=True, text=True, check=False
    )


@pytest.mark.gate
@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not keep to such limits")
@pytest.mark.parametrize(
    ("megabytes", "arguments", "code"),
    [
        (250, ["list"], 1),
        (500, ["study", "--replicates", "1"], 1),
        (1000, ["study", "--replicates", "1", "--quick", "--jobs", "1"], 2),
        (1900, ["study", "--dry-run"], 2),
        (1000, ["analyse", "scorecard"], 2),
        (2500, ["study", "--dry-run", "--set", "resolution.packets=1e7"], 2),
    ],
)
def test_a_small_limit_is_told(megabytes, arguments, code):
    done = limited(megabytes, *arguments)
    assert done.returncode == code, done.stderr
    assert done.stderr.count("\n") == 1 and "ulimit -v" in done.stderr, done.stderr
    assert done.stdout == ""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not keep to such limits")
def test_a_small_limit_is_told_to_a_script():
    script = [sys.executable, "-c", "import gutexo as gut; gut.Mouse(seed=1)"]
    done = limited(400, command=script)
    printed = done.stderr.splitlines()[-1]
    assert printed.startswith("MemoryError: this process may address 400 MB"), done.stderr
    assert "llvmlite" not in done.stderr


NEEDS_LITTLE = """
import sys
import gutexo as gut
print(len(gut.cite().splitlines()), len(gut.cite("old to young").splitlines()))
from gutexo.support.memory import start_memory_message
assert "needed to start" in start_memory_message()
for name, home in gut._HOME.items():
    if home not in gut._NEED_COMPILER:
        getattr(gut, name)
print(sorted({"matplotlib", "mesa", "numba", "pandas", "scipy", "xarray"} & set(sys.modules)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not keep to such limits")
def test_what_needs_little_memory_works_with_little():
    done = limited(500, command=[sys.executable, "-c", NEEDS_LITTLE])
    assert done.returncode == 0, done.stderr
    counts, loaded = done.stdout.splitlines()
    every, some = map(int, counts.split())
    assert every >= some > 10 and loaded == "[]"
