"""Sensitivity from the terminal: what it costs, its files, going on, and mistakes in one line."""

import csv
import json
import math
import os
import signal
import sys

import pytest

from gutexo.analysis.evaluated_sets import EvaluatedSets
from gutexo.analysis.sensitivity import SENSITIVITY_QUESTIONS, TABLES, evaluators
from gutexo.analysis.tables import columns_of
from gutexo.catalogue import Parameters
from gutexo.cli import analysis_runner
from gutexo.cli.app import run_safely
from gutexo.cohort.cost import RunCost
from tests.conftest import SMALL

DEFAULTS = Parameters().flat()
MOVES = ("barrier.leak", "exosome.transcytosis", "insulin.cargo_block", "immune.lps_half")
evaluated = []


def powers(changes):
    """Each answer is a product of powers of four parameters."""
    evaluated.append(dict(changes))
    logs = [math.log(changes.get(name, DEFAULTS[name]) / DEFAULTS[name]) for name in MOVES]
    return {
        question: math.exp(sum((1 + (i + j) % 4) * x for j, x in enumerate(logs)))
        for i, question in enumerate(SENSITIVITY_QUESTIONS)
    }


def of_small(changes):
    assert changes["resolution.segments"] == 16
    return powers(changes)


def opener(model, label):
    """What opens the answers of a made-up model."""

    def opened(space, mice, seed, resolution=None, **how):
        base = {**space.base, **(resolution or {})}
        name = f"{label} {seed}"
        return EvaluatedSets(model, name, space.names, SENSITIVITY_QUESTIONS, base=base, **how)

    return opened


@pytest.fixture(autouse=True)
def made_up(monkeypatch, request):
    """A model of powers in place of mean-field model and mice."""
    evaluated.clear()
    if "long" in request.keywords:
        return

    monkeypatch.setattr(evaluators, "open_mean_field", opener(powers, "powers"))
    monkeypatch.setattr(evaluators, "open_mice", opener(of_small, "mice"))


QUICK = ["analyse", "sensitivity", "--quick", "--jobs", "1"]


@pytest.mark.gate
def test_files_tables_and_going_on(tmp_path, capsys, monkeypatch):
    out = tmp_path / "s"
    assert run_safely([*QUICK, "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "minutes on 1 worker" in printed.splitlines()[0]
    assert "assumed parameters together" in printed and "emulator against small mice" in printed
    for name, kind in TABLES.items():
        with open(out / f"{name}.csv") as file:
            rows = list(csv.DictReader(file))
        assert (
            list(rows[0]) == list(columns_of(kind)) and len(rows) % len(SENSITIVITY_QUESTIONS) == 0
        ), name
    content = json.loads((out / "sensitivity.json").read_text())
    assert set(content["picked"]) >= set(MOVES)
    assert content["plan"]["points"] == 16
    assert content["parameters"]["barrier.leak"]["low"] < DEFAULTS["barrier.leak"]
    for name in ("morris", "tornado"):
        assert (out / f"sensitivity_{name}.png").stat().st_size > 20_000
        assert (out / f"sensitivity_{name}.svg").exists()
    before = len(evaluated)
    assert run_safely([*QUICK, "--out", str(out)]) == 2
    assert "--force" in capsys.readouterr().err
    monkeypatch.setattr(analysis_runner, "_write_findings", lambda *_: None)  # seconds of drawing
    assert run_safely([*QUICK, "--out", str(out), "--force", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == content
    # Four sets are timed; all others were saved.
    assert len(evaluated) - before == 4


def test_a_larger_one_asks_only_what_it_lacks(tmp_path, monkeypatch):
    monkeypatch.setattr(analysis_runner, "_write_findings", lambda *_: None)
    out = str(tmp_path / "s")
    assert run_safely([*QUICK, "--out", out, "--quiet"]) == 0
    first = len(evaluated)
    assert run_safely([*QUICK, "--out", out, "--quiet", "--force", "--trajectories", "3"]) == 0
    assert 100 < len(evaluated) - first < 160


def test_the_plan_is_reported_and_nothing_written(tmp_path, capsys):
    assert run_safely([*QUICK, "--dry-run", "--json", "--out", str(tmp_path / "s")]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan["walks (Morris)"] == 2 and plan["rows N (Sobol)"] == 16 and plan["minutes"] > 0
    assert not (tmp_path / "s").exists()
    assert run_safely([*QUICK, "--dry-run", "--range", "prior", "--points", "32"]) == 0
    printed = capsys.readouterr().out
    assert "central 90%" in printed and "rows N (Sobol)" in printed


def test_a_budget_makes_it_less_and_says_so(capsys, monkeypatch):
    monkeypatch.setattr(EvaluatedSets, "time_sets", lambda self, sets: 0.5)
    monkeypatch.setattr(RunCost, "estimate_minutes", lambda *_: 0.5)  # of a run of mice
    arguments = ["analyse", "sensitivity", "--dry-run", "--jobs", "2"]
    assert run_safely([*arguments, "--budget", "10"]) == 0
    printed = capsys.readouterr().out
    assert "reduced" in printed.splitlines()[0] and "rows N (Sobol)       64" in printed
    assert run_safely([*arguments, "--budget", "0.1"]) == 2
    assert "smallest analysis" in capsys.readouterr().err


def test_what_is_set_is_held_and_a_configuration_moves_the_defaults(tmp_path, capsys):
    config = tmp_path / "c.toml"
    config.write_text('[parameters.barrier]\nleak = 20.0\n[parameters]\n"immune.rest" = 0.03\n')
    arguments = ["--config", str(config), "--set", "exosome.transcytosis=0.3 1/h", "--json"]
    assert run_safely([*QUICK, *arguments]) == 0
    content = json.loads(capsys.readouterr().out)
    assert "exosome.transcytosis" not in content["parameters"]
    assert content["base"] == {
        "barrier.leak": 20.0, "immune.rest": 0.03, "exosome.transcytosis": 0.3
    }  # fmt: skip
    assert content["parameters"]["barrier.leak"]["high"] == pytest.approx(30.0)
    assert all(changes["exosome.transcytosis"] == 0.3 for changes in evaluated)


def test_an_interrupt_keeps_what_was_answered(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(analysis_runner, "_write_findings", lambda *_: None)
    out, moment = tmp_path / "s", [50]

    def tired(changes):
        if len(evaluated) in moment:
            moment.clear()
            os.kill(os.getpid(), signal.SIGINT)
        return powers(changes)

    monkeypatch.setattr(evaluators, "open_mean_field", opener(tired, "t"))
    assert run_safely([*QUICK, "--out", str(out)]) == 130
    printed = capsys.readouterr().err
    assert "the same command continues" in printed and printed.count("\n") == 1
    saved = len((out / "evaluations.csv").read_text().splitlines())
    assert saved > 45
    assert run_safely([*QUICK, "--out", str(out), "--quiet"]) == 0
    assert len((out / "evaluations.csv").read_text().splitlines()) > 300


@pytest.mark.parametrize(
    "arguments,words",
    [
        (["--range", "priors"], "did you mean 'prior'"),
        (["--points", "100"], "power of two"),
        (["--trajectories", "1"], "2 or more"),
        (["--budget", "0"], "above 0"),
        (["--budget", "nan"], "above 0"),
        (["--set", "barrier.leek=3"], "did you mean"),
        (["--seed", "-1"], "0 or more"),
    ],
)
def test_a_mistake_is_one_line_and_exit_2(arguments, words, capsys):
    assert run_safely([*QUICK, *arguments]) == 2
    printed = capsys.readouterr().err
    assert words in printed and printed.count("\n") == 1, printed


def test_without_salib_one_line_names_the_extra(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "SALib.sample.morris", None)
    assert run_safely(QUICK) == 2
    assert "[analysis]" in capsys.readouterr().err


@pytest.mark.long
def test_quick_with_the_mean_field_model_and_small_mice(tmp_path, capsys):
    pytest.importorskip("gutexo.mean_field")
    small = [f"--set={name}={value}" for name, value in SMALL.items()]
    # What is set is not moved: a part of the parameters is enough to test every question.
    held = [
        f"--set={entry.name}={entry.value}"
        for entry in Parameters().entries()
        if entry.name.split(".")[0] not in ("barrier", "glucose", "insulin", "resolution")
        and entry.low < entry.high
    ]
    code = run_safely(["analyse", "sensitivity", "--quick", *small, *held, "--json"])
    content = json.loads(capsys.readouterr().out)
    assert code == 0 and content["share of effects lost"] < 0.1
    known = {row["question"]: row for row in content["answers"]}
    assert known["old-permeability"]["default"] > 1 and known["young TER"]["default"] > 0
    for row in content["emulator"]:
        assert row["points"] == 2 and row["rms"] < 1.0, row
    moved = {row["parameter"] for row in content["morris"] if (row["mu_star"] or 0) > 0.01}
    assert {"barrier.leak", "glucose.sensitivity"} <= moved
