"""Output that closes or is full, packages that do not load, variables that are wrong: a line."""

import os
import subprocess
import sys

import pytest

from gutexo.cli import environment
from gutexo.cli.app import run_safely
from gutexo.cli.failure import find_broken_package
from gutexo.cohort.study_run import run_study
from gutexo.errors import GutexoError, RunFailed
from gutexo.figures import check_backend
from gutexo.protocol import standard_studies
from gutexo.protocol.study import Study
from tests.cohort.test_cohort import Broken, tiny_study

MAIN = "from gutexo.cli import main; main()"


def shell(redirected, *arguments, **environment):
    """The command as a shell runs it."""
    command = 'exec "$0" -c "$1" "${@:2}" ' + redirected
    return subprocess.run(
        ["bash", "-c", command, sys.executable, MAIN, *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=300,
    )


FULL = "gutexo: the output cannot be written: No space left on device\n"
CLOSED = "gutexo: the output cannot be written: it is closed\n"


@pytest.mark.parametrize(
    ("redirected", "arguments", "code", "message"),
    [
        (">/dev/full", ["--help"], 1, FULL),
        (">&-", ["--help"], 1, CLOSED),
        (">&- 2>&-", ["--help"], 1, ""),
        ("2>/dev/full", ["dance"], 2, ""),
        ("2>&-", ["dance"], 2, ""),
    ],
)
def test_output_that_cannot_be_written_is_one_line(redirected, arguments, code, message):
    done = shell(redirected, *arguments)
    assert (done.returncode, done.stderr) == (code, message)


@pytest.mark.gate
@pytest.mark.parametrize(
    ("redirected", "code", "message"), [(">/dev/full", 1, FULL), (">&-", 1, CLOSED), ("", 0, "")]
)
@pytest.mark.parametrize("command", ["list", "cite", "parameters", "study --dry-run"])
def test_commands_that_print_much(redirected, code, message, command):
    done = shell(redirected, *command.split())
    assert (done.returncode, done.stderr) == (code, message)


def read_a_line(*arguments):
    """A reader that takes a line and goes, as `head -1` does."""
    process = subprocess.Popen(
        [sys.executable, "-c", MAIN, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.readline()
    process.stdout.close()
    printed = process.stderr.read()
    process.stderr.close()
    return process.wait(timeout=300), printed


def test_a_reader_that_has_enough_is_no_failure():
    assert read_a_line("study", "--help") == (0, b"")


@pytest.mark.gate
@pytest.mark.parametrize("command", ["list", "parameters", "cite --bibtex"])
def test_a_reader_of_a_table_that_has_enough(command):
    assert read_a_line(*command.split()) == (0, b"")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
@pytest.mark.parametrize("command", ["cite", "cite --bibtex"])
def test_references_on_a_console_of_another_code_page(encoding, command):
    done = subprocess.run(
        [sys.executable, "-c", MAIN, *command.split()],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    printed = done.stdout.decode(encoding)
    assert ("Ahr\\xe9n" if encoding == "ascii" else "Ahrén") in printed
    assert len(printed.splitlines()) > 40


@pytest.mark.parametrize("command", ["study", "run", "analyse"])
def test_a_date_that_is_none_is_refused_before_anything_runs(monkeypatch, capsys, command):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "abc")
    assert run_safely([command, "--dry-run"]) == 2
    assert capsys.readouterr().err == (
        "gutexo: SOURCE_DATE_EPOCH must be whole seconds since 1970; got 'abc'\n"
    )


def test_a_date_is_accepted(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    environment.check_environment(["study"])
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "abc")
    environment.check_environment(["list"])
    environment.check_environment([])


def test_a_backend_that_matplotlib_does_not_know(monkeypatch):
    def load(name):
        raise ValueError("Key backend: 'nonsense' is not a valid value for backend")

    monkeypatch.setenv("MPLBACKEND", "nonsense")
    monkeypatch.setattr("gutexo.figures.import_module", load)
    monkeypatch.delitem(sys.modules, "matplotlib", raising=False)
    with pytest.raises(GutexoError, match="MPLBACKEND is 'nonsense'"):
        check_backend()
    with pytest.raises(GutexoError, match="MPLBACKEND is 'nonsense'"):
        environment.check_environment(["study"])


@pytest.mark.gate
def test_a_backend_is_refused_by_the_command():
    done = shell("", "study", "--dry-run", MPLBACKEND="nonsense")
    assert done.returncode == 2 and done.stderr.startswith("gutexo: MPLBACKEND is 'nonsense'")
    assert done.stderr.count("\n") == 1


BROKEN = {
    "numba": 'raise ImportError("Numba needs NumPy 2.3 or less")',
    "typer": "raise OSError('libffi.so.8: cannot open shared object file')",
    "rich": "def check():\n    raise SystemError('no _internal')\ncheck()",
}


@pytest.mark.parametrize("package", ["typer", pytest.param("numba", marks=pytest.mark.gate),
                                     pytest.param("rich", marks=pytest.mark.gate)])  # fmt: skip
def test_a_package_that_cannot_be_loaded_is_named(tmp_path, package):
    (tmp_path / f"{package}.py").write_text(BROKEN[package])
    command = ["list"] if package == "rich" else ["study", "--dry-run"]  # what needs it
    done = shell("", *command, PYTHONPATH=f"{tmp_path}:{os.getcwd()}")
    assert done.returncode == 2
    assert done.stderr.startswith(f"gutexo: the package {package} cannot be loaded: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "package"),
    [
        (ImportError("x", name="numba.core"), "numba"),
        (ModuleNotFoundError("x", name="scipy"), "scipy"),
        (ImportError("x", name="gutexo.body"), None),
        (ValueError("x"), None),
    ],
)
def test_which_package_is_broken(error, package):
    assert find_broken_package(error) == package


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (OSError(28, "No space left on device", "/x/y"), "/x/y: No space left on device"),
        (PermissionError(13, "Permission denied"), "Permission denied"),
        (MemoryError(), "out of memory"),
    ],
)
def test_a_machine_that_refuses_is_no_mistake_of_ours(monkeypatch, capsys, error, line):
    def refuse(arguments):
        raise error

    monkeypatch.setattr("gutexo.cli.app.run_command", refuse)
    assert run_safely(["list"]) == 1
    printed = capsys.readouterr().err
    assert (
        printed.startswith(f"gutexo: {line}")
        and printed.count("\n") == 1
        and "mistake" not in printed
    )


def test_a_run_of_which_every_mouse_fails_failed(monkeypatch, capsys):
    study = Study(name="x", arms=(tiny_study(days=2.0).arms[0].add(Broken()),), figures=())
    with pytest.raises(RunFailed, match="no mouse could be run"):
        run_study(study, replicates=1)
    monkeypatch.setitem(standard_studies._STUDIES, "failing", lambda: study)
    assert run_safely(["run", "failing", "--replicates", "2", "--quiet", "--jobs", "1"]) == 1
    printed = capsys.readouterr().err
    assert printed.startswith("gutexo: no mouse could be run: ") and printed.count("\n") == 1
