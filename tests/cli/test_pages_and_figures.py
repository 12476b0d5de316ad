"""`gutexo run figures` and `gutexo run worksheet`: what they say, write and refuse."""

import json

import numpy as np
import pytest

from gutexo.analysis.saved_tables import (
    read_dose_grid,
    read_scores,
)
from gutexo.cli import figures
from gutexo.cli.app import run_safely
from gutexo.cli.table_figures import docs_folder
from gutexo.cohort.study_run import run_scenario
from gutexo.errors import GutexoError
from gutexo.protocol.standard_studies import scenario
from gutexo.scene.film import record_film
from tests.cli.test_cli import small_config
from tests.figures.made_up import result

DOCS = docs_folder()


@pytest.mark.parametrize("name", ["figures", "worksheet"])
def test_mistakes_are_one_line(name, tmp_path, capsys):
    for arguments, words in (
        ([], "--out"),
        (["--resume", "--out", str(tmp_path)], "no meaning"),
        (["--set", "exosome.nonsense=1"], "exosome.nonsense"),
    ):
        assert run_safely(["run", name, *arguments]) == 2
        printed = capsys.readouterr()
        assert words in printed.err and printed.err.count("\n") == 1


def test_files_in_the_way_are_kept(tmp_path, capsys):
    for name, file in (("figures", "mouse.gif"), ("worksheet", "student.html")):
        (tmp_path / file).write_bytes(b"mine")
        assert run_safely(["run", name, "--out", str(tmp_path)]) == 2
        assert "--force" in capsys.readouterr().err
        assert (tmp_path / file).read_bytes() == b"mine"


def test_a_box_is_read_as_it_was_counted():
    holds = read_dose_grid(DOCS / "calibration" / "box.csv")
    assert holds.sizes["draw"] == 43
    first = holds.isel(fact=0, dose=0, duration=0, every=0, route=0)
    assert float(first.mean()) == pytest.approx(0.3023255814)
    assert (holds.isel(fact=0).sel(route="intravenous") == 0).all()


def test_tables_are_read_again(tmp_path):
    scores = read_scores(DOCS / "scores.csv")
    assert len({score.id for score in scores}) == len(scores) > 20
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(GutexoError, match="has no column 'date'"):
        read_scores(tmp_path / "x.csv")
    with pytest.raises(GutexoError, match="cannot be read"):
        read_dose_grid(tmp_path / "y.csv")


def test_the_mouse_that_is_shown_is_nearest_to_the_mean():
    data = result(mice=5)
    for name in figures.CHOICE_READOUTS:
        values = data[name].sel(scenario=figures.TREATED).values
        values[:, -1] = data[name].sel(scenario=figures.CONTROL).values[:, -1]
        values[:, -1] *= np.exp([0.9, -0.9, 0.2, 0.01, -0.3])
    assert figures.find_typical_mouse(type("R", (), {"data": data})) == 3


@pytest.mark.gate
def test_a_film_is_the_mouse_of_the_study():
    from tests.conftest import SMALL

    arm = scenario("young + young exosomes").change(SMALL)
    seen = record_film(arm, [0.0, 5.0, 48.0, 72.0], seed=3, most=100)
    arm_of_study = type(arm)(**{**dict(arm), "duration": 3.0})
    ran = run_scenario(arm_of_study, seed=3).data
    for name in ("FITC-dextran", "plasma TNF", "HOMA-IR"):
        assert seen.readings[name][[0, 2, 3]].tolist() == ran[name].values[0, 0, [0, 2, 3]].tolist()
    assert seen.pictures[1].exosomes.given.any()
    with pytest.raises(GutexoError, match="rise"):
        record_film(arm, [5.0, 1.0])


@pytest.mark.gate
def test_figures_and_sheets_of_tiny_mice(tmp_path, capsys):
    config = small_config(tmp_path, replicates=2)
    out = tmp_path / "out"
    assert run_safely(["run", "worksheet", "--config", config, "--out", str(out), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["answers"]
    page = (out / "teacher.html").read_text(encoding="utf-8")
    assert all(f">{row['ratio']:.2f}<" in page for row in rows)
    assert run_safely(["run", "figures", "--config", config, "--dry-run", "--json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert run_safely(["run", "figures", "--config", config, "--out", str(out), "--json"]) == 0
    done = json.loads(capsys.readouterr().out)
    assert done["files"] == plan["files"] and done["elsewhere"] == plan["made elsewhere"]
    assert all((out / file).stat().st_size > 1000 for file in done["files"])
