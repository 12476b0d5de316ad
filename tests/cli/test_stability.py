"""The stability table from the terminal."""

import csv
import json

import pytest

from gutexo.cli.app import run_safely

COARSE = ["--set", "resolution.segments=8"]


@pytest.mark.gate
def test_gains_and_rest_points_are_printed_and_written(tmp_path, capsys):
    out = tmp_path / "s"
    assert run_safely(["analyse", "stability", *COARSE, "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "rest points of the total burden" in printed and "90 d: " in printed
    with open(out / "rest_points.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["stable"] for row in rows} == {"yes"} and float(rows[0]["total"]) < 0.1
    with open(out / "gain.csv", encoding="utf-8") as file:
        gains = list(csv.DictReader(file))
    assert [row["age"] for row in gains] == ["young", "middle-aged", "old"]
    assert all(float(row["induction"]) >= float(row["signals"]) > 0 for row in gains)
    assert run_safely(["analyse", "stability", *COARSE, "--out", str(out)]) == 2
    assert "already (--force to overwrite)" in capsys.readouterr().err


@pytest.mark.gate
def test_a_mouse_that_runs_away_ends_with_3(capsys):
    strong = ["--set", "senescence.induction_gut=0.1", "--set", "senescence.induction_organs=0.1"]
    assert run_safely(["analyse", "stability", *COARSE, *strong, "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["after"] == 1.0
