"""A grid of parameters: one run for all points, tidy effects, a picture, mistakes in one line."""

import csv
import json

import pytest

import gutexo as gut
from gutexo.analysis.sweeps import build_sweep_points
from gutexo.cli.app import run_safely
from gutexo.errors import GutexoError
from gutexo.figures import find_figure
from tests.cli.test_cli import small_config
from tests.cohort.test_cohort import tiny_study

GRID = {"barrier.leak": (5.0, 50.0), "immune.lps_half": (5.0, 20.0)}


@pytest.fixture(scope="module")
def swept():
    return gut.compare(gut.sweep(tiny_study(days=2.0), GRID), replicates=2, seed=3)


def test_a_point_is_the_study_with_its_parameters(swept):
    alone = gut.compare(
        tiny_study(days=2.0).change({"barrier.leak": 50.0, "immune.lps_half": 5.0}),
        replicates=2,
        seed=3,
    )
    name = "young + old exosomes [barrier.leak=50, immune.lps_half=5]"
    for readout in alone.data.data_vars:
        one = alone.data[readout].sel(scenario="young + old exosomes")
        assert (swept.data[readout].sel(scenario=name).values == one.values).all()


def test_effects_are_tidy_and_drawn(swept):
    found = build_sweep_points(swept.effects(), swept.data)
    assert len(found) == len(swept.effects())
    assert {tuple(one.values.values()) for one in found} == {
        (a, b) for a in GRID["barrier.leak"] for b in GRID["immune.lps_half"]
    }
    assert {(p.effect.arm, p.effect.comparator) for p in found} == {
        ("young + old exosomes", "young + vehicle")
    }
    figure = find_figure("sweep")(found, ["FITC-dextran", "HOMA-IR"])
    labels = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert labels == ["immune.lps_half=5", "immune.lps_half=20"]
    line = find_figure("sweep")([p for p in found if p.values["immune.lps_half"] == 5.0], ["TER"])
    assert line.axes[0].get_xlabel() == "barrier.leak (dimensionless)"
    with pytest.raises(GutexoError, match="no readout 'HOMA'.*HOMA-IR"):
        find_figure("sweep")(found, ["HOMA"])
    with pytest.raises(GutexoError, match="at least one"):
        find_figure("sweep")([])


def test_one_parameter_is_a_line(swept):
    study = gut.sweep(tiny_study(days=1.0), {"exosome.clearance_half_life": ["5 min", 10]})
    assert study.grid == (("exosome.clearance_half_life", (5.0, 10.0)),)
    one = gut.compare(study, replicates=1, seed=3)
    axes = find_figure("sweep")(build_sweep_points(one.effects(), one.data)).axes[0]
    assert axes.get_ylabel() == "ratio to the comparator" and "(min)" in axes.get_xlabel()


@pytest.mark.parametrize(
    ("grid", "said"),
    [
        ({}, "needs values"),
        ({"barrier.leek": [1, 2]}, "did you mean 'barrier.leak'"),
        ({"barrier.leak": []}, "needs values"),
        ({"barrier.leak": [5, 5.0]}, "barrier.leak=5 twice"),
        ({"barrier.leak": [5, 5.0000001]}, "differ in six digits"),
        ({"barrier.leak": [5, 1e9]}, "must be 0 to 200"),
        ({"barrier.leak": [1 + n / 100 for n in range(10001)]}, "10000 points; got 10001"),
    ],
)
def test_a_grid_that_cannot_be(grid, said):
    with pytest.raises(GutexoError, match=said):
        gut.sweep(tiny_study(), grid)


@pytest.mark.gate
def test_from_the_command_line_and_again(tmp_path, capsys):
    config = small_config(tmp_path, replicates=1, jobs=1)
    out = tmp_path / "out"
    command = ["run", "sweep", "--study", "old to young", "--config", config]
    for change in ("barrier.leak=5", "barrier.leak=50", "immune.protection=1.5"):
        command += ["--set", change]
    assert run_safely([*command, "--dry-run", "--json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan["mice"] == 6 and plan["minutes"] >= 0 and plan["MB on disk"] >= 1
    assert run_safely([*command, "--out", str(out)]) in (0, 3)
    capsys.readouterr()
    rows = list(csv.DictReader((out / "sweep.csv").open()))
    assert {row["barrier.leak"] for row in rows} == {"5", "50"}
    assert {row["arm"] for row in rows} == {"young + old exosomes", "young + young exosomes"}
    assert (out / "sweep.png").exists() and (out / "effects.csv").exists()
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["parameters"]["immune.protection"] == 1.5
    assert run_safely(["study", "--config", str(out / "resolved.toml"), "--out", str(out)]) == 0
    assert "already holds this run" in capsys.readouterr().out


def test_mistakes_are_one_line(tmp_path, capsys):
    table = tmp_path / "draws.csv"
    table.write_text("barrier.leak\n5\n")
    config = tmp_path / "s.toml"
    config.write_text('study = "sweep"\nsweep = 3\n')
    for arguments, said in (
        (["run", "sweep"], "needs values"),
        (["run", "sweep", "--study", "old to yung", "--set", "barrier.leak=1,2,3"], "did you mean"),
        (["study", "--set", "barrier.leak=1,2,3"], "gutexo run sweep"),
        (["run", "sweep", "--set", "barrier.leak=1,2,3", "--posterior", str(table)], "already"),
        (["study", "--config", str(config)], "lists of values by parameter name"),
    ):
        assert run_safely([*arguments, "--dry-run"]) == 2
        printed = capsys.readouterr().err
        assert said in printed and printed.count("\n") == 1, printed
