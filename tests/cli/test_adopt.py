"""Adoption from the terminal: which set becomes the defaults, and mistakes in one line."""

import csv
import json
import shutil

import pytest

from gutexo.analysis.calibration import adoption, run
from gutexo.analysis.calibration.adoption import ENOUGH_PASSED, SCORED
from gutexo.analysis.posterior import read_draws
from gutexo.analysis.scorecard import Score
from gutexo.catalogue import Parameters
from gutexo.catalogue.patterns import SIGN_IDS, patterns
from gutexo.cli import analyse_calibrate
from gutexo.cli.app import run_safely
from gutexo.cohort.lock import Lock
from gutexo.support.interrupts import Interrupted
from tests.cli.toy_mean_field import toy

MALE = "senescence.production_part (males)"


@pytest.fixture(scope="module")
def calibrated(tmp_path_factory):
    """Folder of a finished calibration of a made-up mean field."""
    folder = tmp_path_factory.mktemp("calibrated") / "c"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "score_mean_field", toy)
        patch.setattr(analyse_calibrate, "_draw_figures", lambda *_: None)
        command = ["analyse", "calibrate", "--quick", "--jobs", "1", "--quiet"]
        assert run_safely([*command, "--out", str(folder)]) == 0
    return folder


@pytest.fixture
def folder(calibrated, tmp_path):
    return shutil.copytree(calibrated, tmp_path / "c")


@pytest.fixture
def mice(monkeypatch):
    """Scores in place of mice: verdict by place of the call and row; the calls are returned."""
    calls, verdicts = [], []

    def score(*, changes, only, **options):
        calls.append((changes, only, options))
        if len(calls) > len(verdicts):
            raise Interrupted
        judge = verdicts[len(calls) - 1]
        by_id = {row.id: row for row in patterns()}
        return [
            Score(
                name, by_id[name].use, 1.0 + place / 1024, 0.5, float("nan"), by_id[name].window,
                by_id[name].unit, judge(by_id[name]), 8,
            )
            for place, name in enumerate(only)
        ]  # fmt: skip

    monkeypatch.setattr(adoption, "score_patterns", score)
    return calls, verdicts


def passes(row):
    return "pass"


def lets_one_sign_fail(row):
    return "fail" if row.id == SIGN_IDS[0] else "pass"


def lets_washout_fail(row):
    return "fail" if row.id == "washout-28d" else "pass"


def lets_others_fail(row):
    """Every `constrain` row holds, and too few others do."""
    return "pass" if row.use == "constrain" else "fail"


def rows_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def adopt(folder, *options):
    command = ["analyse", "adopt", "--out", str(folder), "--jobs", "1"]
    return run_safely([*command, *options])


def test_the_first_confirmed_set_is_adopted(folder, mice, capsys):
    calls, verdicts = mice
    verdicts += [lets_washout_fail, lets_others_fail, passes]
    options = ("--most", "4", "--replicates", "8", "--seed", "5")
    assert adopt(folder, *options) == 0
    said = capsys.readouterr().out
    assert "outside are washout-28d" in said and "adopted: set 3 from the centre, confirmed" in said
    assert [options["seed"] for _, _, options in calls] == [5] * 3
    assert all(options["replicates"] == 8 for _, _, options in calls)
    assert set(calls[0][1]) == {row.id for use in SCORED for row in patterns(use)}
    # The values are those of a draw, beside what belongs to males alone.
    draws, _ = read_draws(folder / "posterior.csv")
    number = int(rows_of(folder / "candidates.csv")[2]["number"])
    rows = {row["parameter"]: float(row["value"]) for row in rows_of(folder / "adopted.csv")}
    assert rows.pop(MALE) > 0
    assert rows == calls[2][0]
    defaults = Parameters().flat()
    assert {name: rows.get(name, defaults[name]) for name in draws[number]} == draws[number]
    checked = rows_of(folder / "checked_sets.csv")
    assert {row["rank"] for row in checked} == {"1", "2", "3"}
    assert len(checked) == 3 * len(calls[0][1]) and checked[0]["high"] == ""
    assert adopt(folder, *options, "--json") == 0
    assert json.loads(capsys.readouterr().out) == rows


def test_scores_are_kept_and_mice_run_once(folder, mice, capsys):
    calls, verdicts = mice
    verdicts += [lets_washout_fail]
    assert adopt(folder, "--quiet") == 130  # the second set is interrupted
    assert not (folder / "adopted.csv").exists()
    capsys.readouterr()
    verdicts += [None, passes]  # None: the call that was interrupted
    assert adopt(folder) == 0
    first = capsys.readouterr().out
    assert len(calls) == 3 and "outside are washout-28d" in first
    table, adopted = (folder / "checked_sets.csv").read_bytes(), (folder / "adopted.csv")
    before = adopted.read_bytes()
    assert adopt(folder) == 0
    assert len(calls) == 3 and capsys.readouterr().out == first
    assert (folder / "checked_sets.csv").read_bytes() == table and adopted.read_bytes() == before
    # Mice of another seed are others.
    verdicts += [passes]
    assert adopt(folder, "--seed", "7", "--quiet") == 0
    assert len(calls) == 4 and adopted.read_bytes() != before
    assert {row["seed"] for row in rows_of(folder / "checked_sets.csv")} == {"101", "7"}


def test_without_a_confirmed_set_the_one_with_most_rows_is_adopted(folder, mice, capsys):
    _, verdicts = mice
    verdicts += [lets_others_fail, lets_washout_fail]
    assert adopt(folder, "--most", "2") == 0
    assert "adopted: set 2 from the centre, NOT confirmed" in capsys.readouterr().out
    passed = [row for row in rows_of(folder / "checked_sets.csv") if row["rank"] == "2"]
    assert sum(row["verdict"] == "pass" for row in passed) >= ENOUGH_PASSED


def test_none_is_adopted_where_a_sign_fails_in_all(folder, mice, capsys):
    _, verdicts = mice
    verdicts += [lets_one_sign_fail] * 3
    assert adopt(folder) == 3
    assert "none is adopted" in capsys.readouterr().out
    assert not (folder / "adopted.csv").exists() and (folder / "checked_sets.csv").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--most", "0"], "the number of sets"),
        (["--replicates", "0"], "replicates"),
        (["--seed", "-1"], "seed"),
    ],
)
def test_a_mistake_gets_one_line(folder, mice, capsys, options, message):
    assert adopt(folder, *options) == 2
    said = capsys.readouterr().err
    assert message in said and said.count("\n") == 1
    assert not mice[0] and not (folder / "checked_sets.csv").exists()


def test_a_folder_of_a_calibration_is_needed(tmp_path, capsys):
    assert run_safely(["analyse", "adopt"]) == 2
    assert "name it with --out" in capsys.readouterr().err
    assert adopt(tmp_path) == 2
    said = capsys.readouterr().err
    assert "holds no finished calibration" in said and said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_use_is_left_alone(folder, mice, capsys):
    with Lock(folder):
        assert adopt(folder) == 2
    assert "is in use by process" in capsys.readouterr().err and not mice[0]
