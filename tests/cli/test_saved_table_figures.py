"""Every figure the pages show is drawn by `gutexo run figures`, or named with its command."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import pytest

from gutexo.analysis.calibration.marginals import MarginalSummary
from gutexo.analysis.calibration.predictive_check import PredictiveSummary
from gutexo.analysis.dose_grid_draws import DoseGridShare, dose_grid_rows
from gutexo.analysis.posterior import has_adopted_draws
from gutexo.analysis.saved_tables import (
    last_scored_set,
    read_dose_grid,
    read_scores,
)
from gutexo.analysis.tables import write_table
from gutexo.catalogue import Parameters
from gutexo.cli import figures, table_figures
from gutexo.cli.score_logs import add_scores
from gutexo.cli.table_figures import (
    ORIGIN_FILE,
    TABLE_FIGURES,
    available_figures,
    draw_all_from_tables,
    list_outdated,
)
from tests.figures.made_up import calibrated, card
from tests.project.adoption import ANALYSED, keep

DOCS = table_figures.docs_folder()
PAGES = [
    DOCS.parent / "README.md",
    *sorted(DOCS.glob("*.md")),
    *sorted((DOCS / "calibration").glob("*.md")),
]
SHOWN = sorted(
    {
        Path(link).name
        for page in PAGES
        for link in re.findall(
            r"(?:\]\(|src=\")([^)\s\"]+\.(?:png|gif|svg))", page.read_text(encoding="utf-8")
        )
        if "://" not in link
    }
)


@pytest.fixture
def other_docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of documentation that may be spoilt."""
    folder = tmp_path / "docs"
    for name in {ORIGIN_FILE, *(TABLE_FIGURES[name].file for name in available_figures())}:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(DOCS / name, folder / name)
    monkeypatch.setattr(table_figures, "docs_folder", lambda: folder)
    return folder


@pytest.mark.parametrize("file", SHOWN)
def test_what_pages_show_is_drawn_or_its_command_named(file: str) -> None:
    assert file in figures.list_files() or Path(file).stem in figures.list_undrawn()


def test_pages_show_figures() -> None:
    assert len(SHOWN) > 15
    stored = {path.name for path in DOCS.rglob("*.png")} | {"mouse.gif"}
    assert stored == set(SHOWN)


OF_GONE_PARAMETERS = {"sensitivity_morris", "sensitivity_tornado"}
"""Figures of tables of the first mouse, with parameters that this one has not."""
OF_ADOPTION = {"calibration_posterior", "calibration_predictive", "calibration_ranks"}
"""Figures of tables that are here as soon as a calibration was adopted."""


@pytest.mark.parametrize("name", TABLE_FIGURES)
def test_every_saved_table_is_here_and_is_drawn(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn, lines = {}, []
    monkeypatch.setattr("gutexo.figures.style.save", lambda f, path, **_: drawn.update({path: f}))
    if name not in available_figures():
        assert figures.list_undrawn()[name] == TABLE_FIGURES[name].made_by
        if name in OF_ADOPTION:
            assert not has_adopted_draws() and not (DOCS / TABLE_FIGURES[name].file).exists()
        else:
            assert list_outdated([name]) and name in OF_GONE_PARAMETERS
        return
    draw_all_from_tables([name], tmp_path, lines.append)
    assert list(drawn) == [tmp_path / name]
    assert bool(lines) == bool(list_outdated([name]))
    assert all(axes.has_data() for axes in drawn[tmp_path / name].axes)


def test_every_saved_table_names_its_parameters() -> None:
    with open(DOCS / ORIGIN_FILE, encoding="utf-8", newline="") as file:
        said = {row["table"] for row in csv.DictReader(file)}
    tables = [*(DOCS / "kept").iterdir(), *(DOCS / "calibration").glob("*.csv")]
    assert said == {f"{table.parent.name}/{table.name}" for table in tables} - {ORIGIN_FILE}
    assert {f"{folder}/{name}" for name, folder in ANALYSED.items()} <= said
    size = sum(path.stat().st_size for path in (DOCS / "kept").iterdir())
    assert size < 500_000


def test_saved_tables_are_of_the_defaults_or_of_one_earlier_mouse() -> None:
    """The documents speak of one mouse, today of the first; its tables were made together."""
    with open(DOCS / ORIGIN_FILE, encoding="utf-8", newline="") as file:
        found = {row["table"]: row["parameters"] for row in csv.DictReader(file)}
    scored, now = last_scored_set(DOCS / "scores.csv")[0], Parameters().digest()
    assert len({*found.values(), scored} - {now}) <= 1
    assert set(list_outdated(available_figures())) == {
        name for name in available_figures() if found.get(TABLE_FIGURES[name].file, scored) != now
    }


def test_tables_of_other_parameters_are_named(
    other_docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open(DOCS / ORIGIN_FILE, encoding="utf-8", newline="") as file:
        of = next(csv.DictReader(file))["parameters"]
    now = Parameters().digest()
    for file in (ORIGIN_FILE, "scores.csv"):  # as if all were made with the defaults of today
        text = (other_docs / file).read_text(encoding="utf-8")
        text = text.replace(of, now)
        (other_docs / file).write_text(text, encoding="utf-8")
    assert list_outdated(available_figures()) == []
    text = (other_docs / ORIGIN_FILE).read_text(encoding="utf-8")
    (other_docs / ORIGIN_FILE).write_text(
        text.replace(f"kept/design.csv,{now}", "kept/design.csv,0123"), encoding="utf-8"
    )
    assert list_outdated(available_figures()) == ["design"]
    log = other_docs / "scores.csv"
    log.write_text(log.read_text(encoding="utf-8").replace(now, "0123"), encoding="utf-8")
    assert list_outdated(available_figures()) == ["scorecard", "design"]
    assert list_outdated(["box"]) == []


def test_what_is_not_here_is_made_elsewhere(other_docs: Path) -> None:
    (other_docs / TABLE_FIGURES["design"].file).unlink()
    assert "design" not in available_figures() and "box" in available_figures()
    assert figures.list_undrawn()["design"] == "gutexo analyse design --out DIR"


def test_figures_of_a_calibration_are_undrawn_until_its_tables_are_here(other_docs: Path) -> None:
    command = "gutexo analyse calibrate --out DIR"
    for name in OF_ADOPTION:
        (other_docs / TABLE_FIGURES[name].file).unlink(missing_ok=True)
    assert not OF_ADOPTION & set(available_figures())
    assert {figures.list_undrawn()[name] for name in OF_ADOPTION} == {command}
    for name, kind in (
        ("calibration_posterior", MarginalSummary),
        ("calibration_predictive", PredictiveSummary),
    ):
        write_table(kind, calibrated(name), other_docs / TABLE_FIGURES[name].file)
    assert OF_ADOPTION - set(available_figures()) == {"calibration_ranks"}
    assert not OF_ADOPTION & set(figures.list_undrawn()) - {"calibration_ranks"}


def test_scores_in_a_log_are_read_as_they_were(tmp_path: Path) -> None:
    log = tmp_path / "scores.csv"
    add_scores(card(), log, "aaaa", 1)
    logged = [one for one in card() if one.use != "validate"]
    for one, other in zip(logged, read_scores(log), strict=True):
        assert (one.id, one.use, one.verdict) == (other.id, other.use, other.verdict)
        assert other.value == pytest.approx(one.value, nan_ok=True)
        assert (other.window, other.unit, other.mice) == (one.window, one.unit, one.mice)


def test_a_dose_grid_is_written_as_it_was_read(tmp_path: Path) -> None:
    table = DOCS / TABLE_FIGURES["box"].file
    again = write_table(DoseGridShare, dose_grid_rows(read_dose_grid(table)), tmp_path / "box.csv")
    assert again.read_bytes() == table.read_bytes()


def test_an_analysis_is_saved_without_rows_it_has_twice(tmp_path: Path) -> None:
    left, docs = tmp_path / "left", tmp_path / "docs"
    (docs / "kept").mkdir(parents=True)
    left.mkdir()
    (left / "sensitivity.json").write_text('{"seed": 4, "morris": [1, 2]}')
    (left / "morris.csv").write_text("a\n1\n")
    (left / "evaluations.csv").write_text("large\n")
    assert keep(left, docs) == ["kept/sensitivity.json", "kept/morris.csv"]
    assert json.loads((docs / "kept" / "sensitivity.json").read_text()) == {"seed": 4}
    digest = Parameters().digest()
    assert (docs / ORIGIN_FILE).read_text() == (
        f"table,parameters\nkept/morris.csv,{digest}\nkept/sensitivity.json,{digest}\n"
    )
