"""Thousands of broken configurations: one line that names the field, and nothing written."""

import random
import subprocess
import sys

import pytest

from gutexo.catalogue import Parameters
from gutexo.cli.app import run_safely
from gutexo.cli.options import Options, build_request
from gutexo.errors import GutexoError
from tests.cli.broken import broken, text, whole

COMMAND = [sys.executable, "-c", "from gutexo.cli import main; main()"]


def validated(path):
    """What the command does with a configuration before anything is run."""
    request = build_request(Options(config=path))
    return Parameters().change(request.changes)


def through_the_validator(path, count, seed):
    rng = random.Random(seed)
    for number in range(count):
        case = broken(rng)
        path.write_bytes(case.content)
        with pytest.raises(GutexoError) as caught:
            validated(path)
        message = str(caught.value)
        where = f"number {number}: {message}\n{case.content[:500]!r}"
        assert "\n" not in message and len(message) < 600, where
        assert (case.field or path.name) in message, where


def test_five_hundred_through_the_validator(tmp_path):
    through_the_validator(tmp_path / "c.toml", 500, seed=1)


@pytest.mark.gate
def test_ten_thousand_through_the_validator(tmp_path):
    through_the_validator(tmp_path / "c.toml", 10_000, seed=2)


def test_whole_ones_are_taken(tmp_path):
    """What the broken ones are made of is right, so it is the break that is refused."""
    rng = random.Random(3)
    path = tmp_path / "c.toml"
    for _ in range(100):
        path.write_text(text(whole(rng)))
        validated(path)
    path.write_text("")
    assert validated(path) == Parameters()


def through_the_command(folder, capsys, count, seed):
    rng = random.Random(seed)
    path, out = folder / "c.toml", folder / "out"
    for number in range(count):
        case = broken(rng)
        path.write_bytes(case.content)
        code = run_safely(["study", "--config", str(path), "--out", str(out)])
        printed = capsys.readouterr()
        where = f"number {number}: {printed.err}\n{case.content[:500]!r}"
        assert code == 2, where
        assert printed.out == "" and printed.err.count("\n") == 1, where
        assert (case.field or path.name) in printed.err, where
        assert sorted(folder.iterdir()) == [path], where


def test_twenty_through_the_command(tmp_path, capsys):
    through_the_command(tmp_path, capsys, 20, seed=4)


@pytest.mark.gate
def test_two_hundred_through_the_command(tmp_path, capsys):
    through_the_command(tmp_path, capsys, 200, seed=5)


def as_processes(folder, count, seed):
    rng = random.Random(seed)
    path, out = folder / "c.toml", folder / "out"
    for number in range(count):
        case = broken(rng)
        path.write_bytes(case.content)
        done = subprocess.run(
            [*COMMAND, "study", "--config", str(path), "--out", str(out)],
            capture_output=True,
            text=True,
            check=False,
        )
        where = f"number {number}: {done.stderr}\n{case.content[:500]!r}"
        assert done.returncode == 2 and done.stdout == "", where
        assert done.stderr.count("\n") == 1 and (case.field or path.name) in done.stderr, where
        assert sorted(folder.iterdir()) == [path], where


@pytest.mark.gate
def test_two_as_processes(tmp_path):
    as_processes(tmp_path, 2, seed=6)


@pytest.mark.long
def test_twenty_as_processes(tmp_path):
    as_processes(tmp_path, 20, seed=7)


def test_a_folder_and_a_missing_file(tmp_path, capsys):
    for path in (tmp_path, tmp_path / "none.toml"):
        assert run_safely(["study", "--config", str(path)]) == 2
        printed = capsys.readouterr().err
        assert printed.count("\n") == 1 and str(path) in printed
