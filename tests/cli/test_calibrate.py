"""Calibration from the terminal: cost, files, going on, and mistakes in one line."""

import csv
import json

import pytest

from gutexo.analysis.calibration import predictive_check, run
from gutexo.analysis.calibration.output_files import (
    FIGURES,
    SETTINGS,
    TABLES,
    WORKING,
    list_output_files,
)
from gutexo.analysis.calibration.plan import demonstration_plan
from gutexo.analysis.posterior import read_draws
from gutexo.analysis.tables import columns_of
from gutexo.cli import analyse_calibrate
from gutexo.cli.app import run_safely
from gutexo.cohort.lock import Lock
from gutexo.support.interrupts import Interrupted
from gutexo.support.paths import NEW_RUN_FOLDER
from tests.cli.toy_mean_field import toy

FREE = demonstration_plan().free
QUICK = ["analyse", "calibrate", "--quick", "--jobs", "1"]


@pytest.fixture(autouse=True)
def made_up(monkeypatch, request):
    """Powers in place of the mean field."""
    if "long" not in request.keywords:
        monkeypatch.setattr(run, "score_mean_field", toy)


@pytest.fixture
def undrawn(monkeypatch):
    """No figures: they take seconds."""
    monkeypatch.setattr(analyse_calibrate, "_draw_figures", lambda *_: None)


def interrupted_after(sets):
    """Make a model that a user interrupts after some sets."""
    left = [sets]

    def model(changes, **sizes):
        left[0] -= 1
        if left[0] < 0:
            raise Interrupted
        return toy(changes)

    return model


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def rows_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_files_tables_and_the_same_again(tmp_path, capsys):
    out = tmp_path / "c"
    assert run_safely([*QUICK, "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert printed.index("minutes in all, at most") < printed.index("growth, generation 1")
    assert "no evidence" in printed and "validate" in printed
    assert {path.name for path in out.iterdir()} >= {*WORKING, *list_output_files()}
    assert all((out / f"{name}.png").stat().st_size > 10_000 for name in FIGURES)
    for name, kind in TABLES.items():
        header = (out / f"{name}.csv").read_text().splitlines()[0]
        assert tuple(header.split(",")) == columns_of(kind), name
        # Free parameters were given, so none was screened; and mice were not run.
        empty = name in ("screening", "predictive_mice")
        assert bool(rows_of(out / f"{name}.csv")) != empty, name
    draws, weights = read_draws(out / "posterior.csv")
    assert set(FREE) <= set(draws[0]) and len(draws) > 20 and weights.min() > 0
    assert {row["parameter"] for row in rows_of(out / "identifiability.csv")} == set(FREE)
    ranked = rows_of(out / "ranks.csv")
    assert len(rows_of(out / "truth_ranks.csv")) == sum(int(row["truths"]) for row in ranked)
    content = json.loads((out / "calibration.json").read_text())
    assert content["settings"]["seed"] == 1 and content["free"] == list(FREE)
    assert set(content["identifiable"] + content["not identifiable"]) == set(FREE)
    assert "seed 1, 1 workers, started" in (out / "calibration.log").read_text()
    # Again there is nothing to do, and another seed is another calibration.
    before = contents(out)
    assert run_safely([*QUICK, "--out", str(out)]) == 0
    assert "holds this calibration already" in capsys.readouterr().out
    assert run_safely([*QUICK, "--out", str(out), "--json", "--quiet"]) == 0
    assert json.loads(capsys.readouterr().out) == content
    assert run_safely([*QUICK, "--out", str(out), "--seed", "2"]) == 2
    assert "another seed (--force starts anew)" in capsys.readouterr().err
    assert contents(out) == before


def test_an_interrupted_run_goes_on_to_the_same_end(tmp_path, capsys, monkeypatch, undrawn):
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    assert run_safely([*QUICK, "--out", str(whole), "--quiet"]) == 0
    monkeypatch.setattr(run, "score_mean_field", interrupted_after(60))
    assert run_safely([*QUICK, "--out", str(stopped), "--quiet"]) == 130
    assert "the same command continues" in capsys.readouterr().err
    assert not (stopped / "posterior.csv").exists()
    assert len(rows_of(stopped / "evaluated_sets.csv")) > 10
    monkeypatch.setattr(run, "score_mean_field", toy)
    assert run_safely([*QUICK, "--out", str(stopped), "--quiet"]) == 0
    for name in ("posterior", *TABLES):
        assert (whole / f"{name}.csv").read_bytes() == (stopped / f"{name}.csv").read_bytes(), name
    assert "1 workers, continued" in (stopped / "calibration.log").read_text()


def test_existing_files_stay_until_the_new_ones_are_finished(
    tmp_path, capsys, monkeypatch, undrawn
):
    out = tmp_path / "c #1?"
    out.mkdir()
    (out / "posterior.csv").write_text("mine")
    assert run_safely([*QUICK, "--out", str(out), "--quiet"]) == 2
    assert "holds posterior.csv, but no calibration" in capsys.readouterr().err
    assert [path.name for path in out.iterdir()] == ["posterior.csv"]
    assert run_safely([*QUICK, "--out", str(out), "--quiet", "--force"]) == 0
    (out / "thesis.csv").write_text("mine")
    before = contents(out)
    assert before["posterior.csv"] != b"mine"

    again = [*QUICK, "--out", str(out), "--quiet", "--force", "--seed", "2"]
    monkeypatch.setattr(run, "score_mean_field", interrupted_after(60))
    assert run_safely(again) == 130
    after = contents(out)
    assert {name: after[name] for name in before} == before
    begun = (out / NEW_RUN_FOLDER / "evaluated_sets.csv").read_bytes()
    monkeypatch.setattr(run, "score_mean_field", toy)
    assert run_safely(again) == 0
    assert (out / "thesis.csv").exists() and not (out / NEW_RUN_FOLDER).exists()
    assert (out / "evaluated_sets.csv").read_bytes().startswith(begun)  # it went on
    assert json.loads((out / "calibration.json").read_text())["settings"]["seed"] == 2
    assert (out / "posterior.csv").read_bytes() != before["posterior.csv"]


def test_free_parameters_and_mice_may_be_chosen(tmp_path, capsys, monkeypatch, undrawn):
    called = []

    def score(draws, rows, **options):
        called.append((draws, options))
        return []

    monkeypatch.setattr(predictive_check, "predict_patterns", score)
    options = ["--free", "barrier.leak", "--free", "insulin.cargo_block", "--replicates", "3"]
    assert run_safely([*QUICK, "--out", str(tmp_path / "c"), "--quiet", *options]) == 0
    content = json.loads((tmp_path / "c" / "calibration.json").read_text())
    assert content["free"] == ["barrier.leak", "insulin.cargo_block"]
    ((draws, settings),) = called
    assert len(draws) == 3 and settings["seed"] == 1


def test_the_cost_of_the_real_one_is_reported_and_nothing_written(tmp_path, capsys):
    out = tmp_path / "c"
    command = ["analyse", "calibrate", "--dry-run", "--json", "--jobs", "2", "--out", str(out)]
    assert run_safely(command) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["jobs"] == 2 and facts["seed"] == 101
    for step in ("feasible point", "screening", "reweighting"):
        assert facts[f"sets, {step}, at most"] > 0 and f"minutes, {step}" in facts
    assert facts["minutes, posterior predictive"] > 0 and not out.exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "name a folder with --out"),
        (["--free", "barrier.leek"], "did you mean 'barrier.leak'"),
        (["--free", "resolution.packets"], "has no prior"),
        (["--free", "barrier.leak", "--free", "barrier.leak"], "named twice"),
        (["--set", "barrier.leak=3"], "cannot be set as well"),
        (["--set", "barrier.leak=1e9"], "barrier.leak must be"),
        (["--replicates", "-1"], "replicates"),
        (["--budget", "30"], "No such option: --budget"),
    ],
)
def test_a_mistake_gets_one_line(tmp_path, capsys, options, message):
    command = [*QUICK, *options]
    if options:
        command += ["--out", str(tmp_path / "c")]
    assert run_safely(command) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "c" / SETTINGS).exists()


def test_a_damaged_folder_gets_one_line(tmp_path, capsys):
    (tmp_path / SETTINGS).write_text("{")
    assert run_safely([*QUICK, "--out", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "--force starts anew" in said and said.count("\n") == 1


def test_without_the_extra_one_line_names_it(tmp_path, capsys, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "cma", None)
    assert run_safely([*QUICK, "--out", str(tmp_path / "c")]) == 2
    assert "pip install cma" in capsys.readouterr().err


@pytest.mark.long
def test_a_demonstration_with_the_mean_field(tmp_path, capsys):
    """Every step of a calibration, in some minutes."""
    out = tmp_path / "c"
    assert run_safely(["analyse", "calibrate", "--quick", "--out", str(out)]) == 0
    assert "generation 0" in capsys.readouterr().out
    for name in TABLES:
        assert (out / f"{name}.csv").exists(), name
    assert json.loads((out / "calibration.json").read_text())["sets"] >= 40


def test_two_calibrations_keep_out_of_each_others_way(tmp_path, capsys):
    with Lock(tmp_path):
        assert run_safely([*QUICK, "--out", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "is in use by process" in said and said.count("\n") == 1
    assert not (tmp_path / SETTINGS).exists()
