"""The command line: plans, mistakes, exit codes, files, and saying nothing twice."""

import json
import os
import signal
import subprocess
import sys
import time
import tomllib

import pytest

from gutexo.cli.app import run_safely
from tests.conftest import SMALL

COMMAND = [sys.executable, "-c", "from gutexo.cli import main; main()"]


def small_config(tmp_path, **more):
    lines = [f"{k} = {json.dumps(v)}" for k, v in more.items()]
    lines.append("[parameters.resolution]")
    lines += [f"{k.partition('.')[2]} = {v}" for k, v in SMALL.items()]
    path = tmp_path / "small.toml"
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def test_help_and_lists(capsys):
    assert run_safely(["--help"]) == 0
    assert run_safely(["list"]) == 0
    assert run_safely(["list", "--json"]) == 0
    text = capsys.readouterr().out
    assert "exosome transfer" in text and "FITC-dextran" in text


def test_parameters_cite_doctor(capsys):
    assert run_safely(["parameters", "exosome", "--json"]) == 0
    first = json.loads(capsys.readouterr().out)[0]
    assert first["name"].startswith("exosome.") and first["prior"] == "loguniform"
    assert {"derived", "also", "prior_low", "prior_high", "source", "grade"} <= set(first)
    assert run_safely(["parameters"]) == 0
    printed = capsys.readouterr().out
    assert "are assumed" in printed and "uniform" in printed
    assert run_safely(["parameters", "insulin", "--long"]) == 0
    printed = capsys.readouterr().out
    assert "insulin.liver_mitochondria = 1.83 d" in printed and "derived  " in printed
    assert run_safely(["cite"]) == 0
    assert "41888049" in capsys.readouterr().out
    assert run_safely(["cite", "germ-free mouse"]) == 0
    printed = capsys.readouterr().out
    assert "28407483" in printed and "41888049" not in printed
    assert run_safely(["cite", "exosome transfer", "--bibtex"]) == 0
    assert "@article{khalyfa-2026" in capsys.readouterr().out
    assert run_safely(["doctor", "--json"]) == 0
    assert "code" in json.loads(capsys.readouterr().out)


def test_dry_run(capsys):
    assert run_safely(["study", "--dry-run", "--json", "--replicates", "2"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan["mice"] == 12 and plan["lives to raise"] == 12


@pytest.mark.parametrize(
    "arguments,words",
    [
        (["study", "--set", "exosome.clearence_half_life=3"], "did you mean"),
        (["study", "--set", "exosome"], "group.name=value"),
        (["study", "--set", "exosome.transcytosis=3 kg"], "cannot be given"),
        (["study", "--replicates", "0"], "1 to 100000"),
        (["study", "--seed", "-3"], "0 or more"),
        (["study", "--jobs", "0"], "1 to 4096"),
        (["study", "--jobs", "many"], "valid int"),
        (["study", "--config", "/nowhere/x.toml"], "does not exist"),
        (["study", "--nonsense"], "No such option"),
        (["run", "exosome transfr"], "did you mean 'exosome transfer'"),
        (["parameters", "exosomes"], "did you mean 'exosome'"),
        (["cite", "yung mouse"], "did you mean 'young mouse'"),
        (["dance"], "No such command"),
        (["study", "--out", "/proc/nothing/here"], "cannot be written"),
    ],
)
def test_a_mistake_is_one_line_and_exit_2(arguments, words, capsys):
    assert run_safely(arguments) == 2
    printed = capsys.readouterr()
    assert words in printed.err and printed.err.count("\n") == 1, printed.err
    assert "Traceback" not in printed.err


FILES = [
    "barrier.png",
    "barrier.svg",
    "dataset.zarr",
    "effects.csv",
    "inflammation.png",
    "inflammation.svg",
    "insulin_resistance.png",
    "insulin_resistance.svg",
    "manifest.json",
    "mice",
    "overview.png",
    "overview.svg",
    "resolved.toml",
    "trajectories.csv",
]
COLUMNS = (
    "readout,unit,arm,comparator,day,mean_arm,mean_comparator,difference,low,high,"
    "ratio,ratio_low,ratio_high,replicates"
)


@pytest.mark.gate
def test_a_whole_study_writes_its_files_and_can_be_repeated(tmp_path, capsys):
    config = small_config(tmp_path, replicates=2)
    out = tmp_path / "results" / "study"
    arguments = ["study", "--config", config, "--out", str(out)]
    assert run_safely(arguments) in (0, 3)
    printed = capsys.readouterr().out
    assert sorted(p.name for p in out.iterdir()) == FILES
    assert "not a prediction" in printed and "speaks for people" in printed and "assumed" in printed
    assert f"All of them: {out / 'manifest.json'}" in printed.replace("\n", " ")
    manifest = json.loads((out / "manifest.json").read_text())
    assert "immune.lps_half" in manifest["assumed parameters"]
    assert "khalyfa-2026" in manifest["sources"]
    assert (out / "effects.csv").read_text().splitlines()[0] == COLUMNS
    header = (out / "trajectories.csv").read_text().splitlines()[0]
    assert header == "scenario,replicate,day,readout,value,unit"
    content = {p.name: p.read_bytes() for p in out.iterdir() if p.is_file()}

    assert run_safely(arguments) == 0
    assert "already holds this run" in capsys.readouterr().out
    assert run_safely([*arguments, "--seed", "5"]) == 2
    assert "holds another run" in capsys.readouterr().err
    assert {p.name: p.read_bytes() for p in out.iterdir() if p.is_file()} == content

    again = tmp_path / "again"
    resolved = str(out / "resolved.toml")
    tomllib.loads((out / "resolved.toml").read_text())
    assert run_safely(["study", "--config", resolved, "--out", str(again), "--quiet"]) in (0, 3)
    assert capsys.readouterr().out == ""
    for name in ("effects.csv", "trajectories.csv", "overview.svg", "resolved.toml"):
        assert (again / name).read_bytes() == content[name], name


@pytest.mark.long
def test_an_interrupted_study_keeps_what_is_finished(tmp_path):
    config = small_config(tmp_path, replicates=4)
    out = tmp_path / "out"
    process = subprocess.Popen(
        [*COMMAND, "study", "--config", config, "--out", str(out), "--jobs", "1", "--seed", "77"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ},
        # A shell that runs the tests in the background lets its children ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.time() + 300
    while time.time() < deadline and len(list((out / "mice" / "done").glob("*.json"))) < 2:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, printed = process.communicate(timeout=60)
    assert process.returncode == 130, printed
    assert "mice are finished and saved in" in printed and "Traceback" not in printed
