"""`python -m gutexo`, the version that is installed, and what a shell completes."""

import os
import subprocess
import sys
from importlib.metadata import version

import pytest

import gutexo
from gutexo.cli.app import run_safely
from gutexo.release import installed_version

MODULE = [sys.executable, "-m", "gutexo"]


def output(command, **environment):
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, **environment}, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_package_is_the_command():
    assert output([*MODULE, "--version"]) == f"gutexo {version('gutexo')}\n"
    assert output([*MODULE, "--help"]).startswith("Usage: gutexo ")
    assert gutexo.__version__ == version("gutexo")


def test_a_package_that_is_not_installed_says_where_it_is_run_from(monkeypatch):
    monkeypatch.setattr("gutexo.release.DISTRIBUTION", "nothing-of-this-name")
    assert installed_version().startswith("not installed, run from ")


def test_the_version_is_that_of_doctor(capsys):
    assert run_safely(["--version"]) == 0
    assert capsys.readouterr().out == f"gutexo {installed_version()}\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_for_the_shell_is_printed(shell):
    assert "gutexo" in output([*MODULE, "--show-completion", shell])


@pytest.mark.parametrize(
    "words,offered",
    [
        ("gutexo st", "study"),
        ("gutexo study --rep", "--replicates"),
        ("gutexo run exosome", "exosome transfer"),
        ("gutexo parameters barr", "barrier"),
    ],
)
def test_names_are_completed(words, offered):
    count = str(len(words.split()) - 1)
    printed = output(MODULE, _GUTEXO_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=count)
    assert offered in printed.splitlines()
