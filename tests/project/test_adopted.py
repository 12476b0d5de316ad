"""The defaults are a draw of the calibration that is saved in docs, and nothing else was fitted."""

import csv
import json
from pathlib import Path

import pytest

from gutexo.analysis.calibration.distance import FITTED
from gutexo.analysis.calibration.space import FREE
from gutexo.analysis.posterior import has_adopted_draws, read_adopted_draws
from gutexo.catalogue import Parameters
from gutexo.catalogue.patterns import pattern
from gutexo.errors import GutexoError
from tests.project.adoption import rewritten, without_paths

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "calibration"
SUMMARY = json.loads((FOLDER / "calibration.json").read_text(encoding="utf-8"))
DEFAULTS = {name: value for name, value in Parameters().flat().items() if name in FREE}
calibrated = pytest.mark.skipif(
    not has_adopted_draws(),
    reason="the defaults are from a feasibility search: this mouse is not calibrated yet",
)


@calibrated
def test_the_defaults_are_a_draw_of_the_posterior():
    draws, weights = read_adopted_draws()
    assert DEFAULTS in draws
    assert SUMMARY["landed"] == DEFAULTS
    assert len(draws) >= 30 and weights == pytest.approx(1 / len(draws))


def test_default_mice_held_every_fitted_row_at_that_draw():
    with open(FOLDER / "confirmed.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    last = [row for row in rows if row["draw"] == rows[-1]["draw"]]
    assert last and all(row["inside"] == "yes" for row in last)


def test_only_rows_that_may_be_fitted_were_fitted():
    known = [name for name in SUMMARY["rows"] if name != "rescued over young"]
    assert {pattern(name).use for name in known} == set(FITTED)
    with open(FOLDER / "predictive.csv", encoding="utf-8") as file:
        assert {row["use"] for row in csv.DictReader(file)} <= set(FITTED)


@calibrated
@pytest.mark.parametrize("name", FREE)
def test_priors_are_those_the_posterior_came_from(name):
    entry = next(entry for entry in Parameters().entries() if entry.name == name)
    assert SUMMARY["priors"][name] == [entry.prior, entry.prior_low, entry.prior_high]
    assert entry.source == "calibration" and entry.grade == "assumed"


def test_what_is_not_calibrated_has_no_posterior():
    """The catalogue says where its numbers come from, and the package gives no draws of others."""
    sources = {entry.source for entry in Parameters().entries()}
    assert ("calibration" in sources) == has_adopted_draws()


def test_the_log_has_seed_and_minutes():
    log = (FOLDER / "calibration.log").read_text(encoding="utf-8")
    assert "seed 1" in log and "minutes in all, at most" in log
    assert SUMMARY["settings"]["seed"] == 1 and SUMMARY["budget"] <= 120


def test_adoption_rewrites_a_value_and_its_source():
    text = 'A = "assumed"\n    leak: float = parameter(13.7, "1", 0.1, source=F, meaning="x")\n'
    found = rewritten(text, "leak", 2.5)
    assert 'leak: float = parameter(2.5, "1", 0.1, source=C, meaning="x")' in found
    assert found.startswith('A = "assumed"\nC = "calibration"\n')
    with pytest.raises(GutexoError, match="not declared"):
        rewritten(text, "leek", 2.5)


def test_what_is_kept_names_no_folder_of_a_machine():
    assert without_paths(["x.py", "analyse", "calibrate", "--out", "/a/b", "--seed", "1"]) == [
        "gutexo", "analyse", "calibrate", "--out", "DIR", "--seed", "1"
    ]  # fmt: skip
    assert SUMMARY["command"][SUMMARY["command"].index("--out") + 1] == "DIR"
