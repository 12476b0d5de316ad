"""Calibration from the terminal: cost, files, going on, and mistakes in one line."""

import csv
import json
import math

import pytest

from gutexo.analysis.calibration import pipeline
from gutexo.analysis.calibration.distance import fitted_rows
from gutexo.analysis.calibration.output_files import TABLES, list_output_files
from gutexo.analysis.calibration.pipeline import StageModels
from gutexo.analysis.calibration.plan import CalibrationPlan, demonstration_plan
from gutexo.analysis.calibration.space import make_calibration_space
from gutexo.analysis.outcomes import QUESTIONS
from gutexo.analysis.posterior import read_draws
from gutexo.analysis.tables import columns_of
from gutexo.catalogue import Parameters
from gutexo.cli import analyse_calibrate
from gutexo.cli.app import run_safely
from gutexo.cohort.lock import Lock
from gutexo.support.interrupts import Interrupted
from gutexo.support.paths import NEW_RUN_FOLDER

SPACE = make_calibration_space(demonstration_plan().free)
DEFAULTS = Parameters().flat()
QUICK = ["analyse", "calibrate", "--quick", "--jobs", "1"]


def powers(changes):
    """Every row is met in the middle of the prior, and left towards its edges."""
    shares = SPACE.shares({name: changes.get(name, DEFAULTS[name]) for name in SPACE.names})
    answers = dict.fromkeys(QUESTIONS, 1.0)
    for number, row in enumerate(fitted_rows()):
        high = row.high if math.isfinite(row.high) else 3 * row.low
        middle, half = 0.5 * math.log(high * row.low), 0.5 * math.log(high / row.low)
        answers[row.id] = math.exp(middle + 4 * half * (shares[number % 3] - 0.5))
    return answers


def biased(changes):
    """Mice that differ a little from the mean-field model."""
    return {name: 1.02 * value for name, value in powers(changes).items()}


def never(changes):
    """Mice that meet no row."""
    return dict.fromkeys(QUESTIONS, 30.0)


@pytest.fixture(autouse=True)
def made_up(monkeypatch, request):
    """Powers in place of mean-field model and mice."""
    if "long" not in request.keywords:
        monkeypatch.setattr(
            pipeline,
            "make_stage_models",
            lambda plan, workers: StageModels(powers, biased, biased, biased),
        )


@pytest.mark.gate
def test_files_tables_and_the_same_again(tmp_path, capsys):
    out = tmp_path / "c"
    assert run_safely([*QUICK, "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert printed.index("minutes in all, at most") < printed.index("population 0")
    assert (
        "validate" in printed
        and "no evidence" in printed
        and "default mice hold every row" in printed
    )
    assert {path.name for path in out.iterdir()} >= set(list_output_files())
    for name, kind in TABLES.items():
        with open(out / f"{name}.csv") as file:
            rows = list(csv.DictReader(file))
        assert rows and list(rows[0]) == list(columns_of(kind)), name
    draws, _ = read_draws(out / "posterior.csv")
    assert 1 <= len(draws) <= 2 and set(draws[0]) == set(SPACE.names)
    with open(out / "predictive.csv") as file:
        assert {row["use"] for row in csv.DictReader(file)} == {"calibrate", "constrain"}
    content = json.loads((out / "calibration.json").read_text())
    assert content["landed"] in draws and content["settings"]["seed"] == 1
    assert set(content["identifiable"] + content["not identifiable"]) == set(SPACE.names)
    assert "seed 1, 1 workers, started" in (out / "calibration.log").read_text()
    # The draw that may land is a configuration, and another seed is another calibration.
    assert run_safely(["study", "--config", str(out / "landed.toml"), "--dry-run"]) == 0
    capsys.readouterr()
    assert run_safely([*QUICK, "--out", str(out)]) == 0
    assert "holds this calibration already" in capsys.readouterr().out
    assert run_safely([*QUICK, "--out", str(out), "--seed", "2"]) == 2
    assert "another seed (--force starts anew)" in capsys.readouterr().err


@pytest.mark.gate
def test_an_interrupted_run_goes_on_to_the_same_end(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(analyse_calibrate, "_draw_figures", lambda *_: None)  # seconds of drawing
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    assert run_safely([*QUICK, "--out", str(whole), "--quiet"]) == 0
    calls = 0

    def interrupted(changes):
        nonlocal calls
        calls += 1
        if calls > 100:
            raise Interrupted
        return powers(changes)

    monkeypatch.setattr(
        pipeline, "make_stage_models", lambda *_: StageModels(interrupted, biased, biased, biased)
    )
    assert run_safely([*QUICK, "--out", str(stopped), "--quiet"]) == 130
    assert "the same command continues" in capsys.readouterr().err
    assert not (stopped / "posterior.csv").exists()
    monkeypatch.setattr(
        pipeline, "make_stage_models", lambda *_: StageModels(powers, biased, biased, biased)
    )
    assert run_safely([*QUICK, "--out", str(stopped), "--quiet"]) == 0
    for name in ("posterior", "identifiability", "predictive", "ranks", "confirmed"):
        assert (whole / f"{name}.csv").read_bytes() == (stopped / f"{name}.csv").read_bytes(), name
    assert (whole / "landed.toml").read_bytes() == (stopped / "landed.toml").read_bytes()
    assert "1 workers, continued" in (stopped / "calibration.log").read_text()


@pytest.mark.gate
def test_existing_files_stay_until_the_new_ones_are_finished(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(analyse_calibrate, "_draw_figures", lambda *_: None)
    out = tmp_path / "c #1?"
    out.mkdir()
    (out / "posterior.csv").write_text("mine")
    assert run_safely([*QUICK, "--out", str(out), "--quiet"]) == 2
    assert "holds posterior.csv, but no calibration" in capsys.readouterr().err
    assert [path.name for path in out.iterdir()] == ["posterior.csv"]
    assert run_safely([*QUICK, "--out", str(out), "--quiet", "--force"]) == 0
    (out / "thesis.csv").write_text("mine")
    before = {path.name: path.read_bytes() for path in out.iterdir() if path.name != ".guard"}
    assert "populations.db" in before and b"mine" != before["posterior.csv"]

    def interrupted(changes):
        raise Interrupted

    again = [*QUICK, "--out", str(out), "--quiet", "--force", "--seed", "2"]
    monkeypatch.setattr(
        pipeline, "make_stage_models", lambda *_: StageModels(powers, interrupted, never, never)
    )
    assert run_safely(again) == 130
    assert all((out / name).read_bytes() == raw for name, raw in before.items())
    monkeypatch.setattr(
        pipeline, "make_stage_models", lambda *_: StageModels(powers, never, never, never)
    )
    assert run_safely(again) == 3
    names = {path.name for path in out.iterdir()}
    assert "thesis.csv" in names and not names & {"landed.toml", "posterior.csv", NEW_RUN_FOLDER}
    assert json.loads((out / "calibration.json").read_text())["settings"]["seed"] == 2


def test_mice_that_meet_no_row_leave_no_adopted_draw(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(analyse_calibrate, "_draw_figures", lambda *_: None)
    monkeypatch.setattr(
        pipeline, "make_stage_models", lambda *_: StageModels(powers, never, never, never)
    )
    out = tmp_path / "c"
    assert run_safely([*QUICK, "--out", str(out)]) == 3
    printed = capsys.readouterr().out
    assert "scales outside a window" in printed and "none may be adopted" in printed
    assert not (out / "posterior.csv").exists() and not (out / "landed.toml").exists()
    assert (out / "twin_against_mice.csv").exists()


def test_the_cost_of_the_real_one_is_reported_and_nothing_written(tmp_path, capsys):
    out = tmp_path / "c"
    command = ["analyse", "calibrate", "--dry-run", "--json", "--jobs", "2", "--out", str(out)]
    assert run_safely(command) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["minutes in all, at most"] == 110 and facts["free parameters"] >= 16
    assert facts["sets of small mice, at most"] > 0 and not out.exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "name a folder with --out"),
        (["--free", "barrier.leek"], "did you mean 'barrier.leak'"),
        (["--free", "resolution.packets"], "has no prior"),
        (["--set", "barrier.leak=3"], "cannot be set as well"),
        (["--set", "barrier.leak=1e9"], "barrier.leak must be"),
        (["--budget", "0"], "must be some minutes"),
        (["--budget", "nan"], "must be some minutes"),
        (["--tolerance", "-1"], "tolerance must be 0 or more"),
        (["--population", "0"], "population"),
    ],
)
def test_a_mistake_gets_one_line(tmp_path, capsys, options, message):
    command = [*QUICK, *options]
    if options:
        command += ["--out", str(tmp_path / "c")]
    assert run_safely(command) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "c" / "settings.json").exists()


def test_a_real_population_is_never_small(tmp_path, capsys):
    command = ["analyse", "calibrate", "--population", "150", "--out", str(tmp_path / "c")]
    assert run_safely(command) == 2
    assert "200 sets at least; got 150" in capsys.readouterr().err
    assert CalibrationPlan().size >= 200


def test_without_the_extra_one_line_names_it(tmp_path, capsys, monkeypatch):
    import sys

    for name in [name for name in sys.modules if name.startswith("pyabc")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, "gutexo.analysis.calibration.pyabc_parts", raising=False)
    monkeypatch.setitem(sys.modules, "pyabc", None)
    assert run_safely([*QUICK, "--out", str(tmp_path / "c")]) == 2
    assert "gutexo[analysis]" in capsys.readouterr().err


@pytest.mark.long
def test_a_demonstration_with_the_mean_field_model_and_small_mice(tmp_path, capsys):
    """Every step of a calibration, in two minutes; whether a draw is adopted is left to chance."""
    out = tmp_path / "c"
    assert run_safely(["analyse", "calibrate", "--quick", "--out", str(out)]) in (0, 3)
    assert "population 0" in capsys.readouterr().out
    for name in TABLES:
        assert (out / f"{name}.csv").exists(), name
    content = json.loads((out / "calibration.json").read_text())
    assert content["mice"]["sets"] >= 1


def test_two_calibrations_keep_out_of_each_others_way(tmp_path, capsys):
    with Lock(tmp_path):
        assert run_safely(["analyse", "calibrate", "--quick", "--out", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "is in use by process" in said and said.count("\n") == 1
    assert not (tmp_path / "settings.json").exists()
