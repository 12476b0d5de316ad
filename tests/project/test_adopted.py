"""The defaults are a set that mice scored; its records are in docs; and how both got there."""

import csv
import gzip
import json

import pytest

from gutexo.analysis.calibration import targets
from gutexo.analysis.calibration.adoption import CHECKED, AdoptedValue, CheckedRow
from gutexo.analysis.calibration.output_files import FIGURES, LOG, SUMMARY, TABLES
from gutexo.analysis.calibration.run import SETS_FILE
from gutexo.analysis.posterior import POSTERIOR_FILE, has_adopted_draws, read_adopted_draws
from gutexo.analysis.tables import read_table, write_table
from gutexo.catalogue import Parameters
from gutexo.catalogue.adopted import ADOPTED_FILE, OF_MALES, SOURCE, adopted_values
from gutexo.catalogue.patterns import SIGN_IDS, patterns
from gutexo.catalogue.phenotypes import phenotype
from gutexo.cli.table_figures import ORIGIN_FILE
from gutexo.errors import GutexoError
from tests.project.adoption import CATALOGUE, DOCS, adopt, without_paths

FOLDER = DOCS / "calibration"
SUMMARY_TEXT = (FOLDER / SUMMARY).read_text(encoding="utf-8")
FITTED = {row.id for use in ("calibrate", "constrain") for row in patterns(use)}
calibrated = pytest.mark.skipif(
    not has_adopted_draws(),
    reason="the defaults are from a feasibility search: this mouse is not calibrated yet",
)


def origins(docs):
    with open(docs / ORIGIN_FILE, encoding="utf-8", newline="") as file:
        return {row["table"]: row["parameters"] for row in csv.DictReader(file)}


@calibrated
def test_the_defaults_are_the_adopted_values():
    defaults, males = Parameters().flat(), phenotype("C57BL/6 male")
    for name, value in adopted_values().items():
        of_males = name.endswith(OF_MALES)
        assert (males if of_males else defaults)[name.removesuffix(OF_MALES)] == value, name
    assert origins(DOCS)[f"calibration/{CHECKED}.csv"] == Parameters().digest()


@calibrated
def test_the_adopted_set_is_a_draw_of_the_posterior():
    draws, weights = read_adopted_draws()
    defaults = Parameters().flat()
    assert {name: defaults[name] for name in draws[0]} in draws
    assert weights.min() > 0 and len(draws) >= 30


@calibrated
def test_mice_scored_that_set():
    """It is the last that was scored, or one whose four signs pass where none was confirmed."""
    rows = read_table(CheckedRow, FOLDER / f"{CHECKED}.csv")
    ranks = {row.rank for row in rows}
    passing = {
        rank: {row.id for row in rows if row.rank == rank and row.verdict == "pass"}
        for rank in ranks
    }
    assert any(set(SIGN_IDS) <= passed for passed in passing.values())
    defaults = Parameters().flat()
    numbers = {
        int(row["rank"]): int(row["number"])
        for row in csv.DictReader(
            (FOLDER / "candidates.csv").read_text(encoding="utf-8").splitlines()
        )
    }
    draws, _ = read_adopted_draws()
    mine = {name: defaults[name] for name in draws[0]}
    assert mine in [draws[numbers[rank]] for rank in ranks if set(SIGN_IDS) <= passing[rank]]


@calibrated
def test_an_adopted_value_keeps_prior_and_grade_of_the_declared_one():
    summary = json.loads(SUMMARY_TEXT)
    adopted = {name for name in adopted_values() if not name.endswith(OF_MALES)}
    for entry in Parameters().entries():
        assert (entry.source == SOURCE) == (entry.name in adopted), entry.name
        if entry.sampled:
            prior = [entry.prior, entry.prior_low, entry.prior_high]
            assert summary["settings"]["priors"][entry.name] == prior
    assert set(summary["free"]) <= set(read_adopted_draws()[0][0])


@calibrated
def test_only_rows_that_may_be_fitted_were_fitted():
    with open(FOLDER / "predictive.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["id"] for row in rows} == set(targets.target_names())
    fitted = {row["id"].split(":")[0] for row in rows if row["use"] != "bound"}
    assert fitted <= FITTED and not fitted & {row.id for row in patterns("validate")}


@calibrated
def test_the_log_has_seed_and_minutes():
    log = (FOLDER / LOG).read_text(encoding="utf-8")
    seed = json.loads(SUMMARY_TEXT)["settings"]["seed"]
    assert f"seed {seed}," in log and "minutes in all, at most" in log


def test_what_is_not_calibrated_has_no_posterior():
    """Values, posterior and the source of the values are there together, or none of them."""
    sources = {entry.source for entry in Parameters().entries()}
    assert (SOURCE in sources) == has_adopted_draws() == (CATALOGUE / ADOPTED_FILE).is_file()


@pytest.fixture
def finished(tmp_path):
    """Folder of a calibration in which a set was adopted, with made-up files."""
    folder = tmp_path / "calibration"
    folder.mkdir()
    names = [f"{table}.csv" for table in (*TABLES, CHECKED)]
    for name in (
        *names, POSTERIOR_FILE, SETS_FILE, LOG, *(f"{figure}.png" for figure in FIGURES),
    ):  # fmt: skip
        (folder / name).write_text(f"new {name}")
    command = ["/a/gutexo", "analyse", "calibrate", "--out", "/a/b"]
    (folder / SUMMARY).write_text(json.dumps({"command": command, "sets": 3}))
    rows = [
        AdoptedValue("barrier.leak", 11.25),
        AdoptedValue(f"senescence.production_part{OF_MALES}", 0.4),
    ]
    write_table(AdoptedValue, rows, folder / ADOPTED_FILE)
    return folder


def test_adoption_copies_values_posterior_and_records(finished, tmp_path):
    catalogue, docs = tmp_path / "catalogue", tmp_path / "docs"
    (docs / "kept").mkdir(parents=True)
    (docs / "calibration").mkdir()
    catalogue.mkdir()
    for name in ("landed.toml", "box.csv"):
        (docs / "calibration" / name).write_text("old")
    (docs / ORIGIN_FILE).write_text("table,parameters\ncalibration/box.csv,1\nkept/gone.csv,1\n")
    found = adopt(finished, catalogue, docs)
    assert found == ["barrier.leak", f"senescence.production_part{OF_MALES}"]
    assert {path.name for path in catalogue.iterdir()} == {ADOPTED_FILE, POSTERIOR_FILE}
    for name in (ADOPTED_FILE, POSTERIOR_FILE):
        assert (catalogue / name).read_bytes() == (finished / name).read_bytes()
    kept = {path.name for path in (docs / "calibration").iterdir()}
    tables = {f"{table}.csv" for table in (*TABLES, CHECKED)}
    others = {f"{SETS_FILE}.gz", *(f"{figure}.png" for figure in FIGURES), LOG, SUMMARY, "box.csv"}
    assert kept == tables | others
    packed = (docs / "calibration" / f"{SETS_FILE}.gz").read_bytes()
    assert gzip.decompress(packed) == (finished / SETS_FILE).read_bytes()
    summary = json.loads((docs / "calibration" / SUMMARY).read_text())
    assert summary["sets"] == 3
    assert summary["command"] == ["gutexo", "analyse", "calibrate", "--out", "DIR"]
    known = origins(docs)
    assert known.pop("calibration/box.csv") == "1" and "kept/gone.csv" not in known
    assert set(known) == {f"calibration/{name}" for name in tables}
    declared = {entry.name: entry.declared for entry in Parameters().entries()}
    digest = Parameters().change(declared | {"barrier.leak": 11.25}).digest()
    assert set(known.values()) == {digest}


def test_without_an_adopted_set_nothing_is_copied(finished, tmp_path):
    (finished / ADOPTED_FILE).unlink()
    (tmp_path / "catalogue").mkdir()
    with pytest.raises(GutexoError, match="no set was adopted"):
        adopt(finished, tmp_path / "catalogue", tmp_path / "docs")
    assert not list((tmp_path / "catalogue").iterdir()) and not (tmp_path / "docs").exists()


def test_what_is_kept_names_no_folder_of_a_machine():
    assert without_paths(["x.py", "analyse", "calibrate", "--out", "/a/b", "--seed", "1"]) == [
        "gutexo", "analyse", "calibrate", "--out", "DIR", "--seed", "1"
    ]  # fmt: skip
    command = json.loads(SUMMARY_TEXT)["command"]
    assert command[command.index("--out") + 1] == "DIR"
