"""The dictionary of the data names what the model records and what the files hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gutexo.analysis.ablations import AblatedEffect, LoopGain
from gutexo.analysis.calibration.adoption import CHECKED, AdoptedValue, CheckedRow
from gutexo.analysis.calibration.output_files import TABLES as CALIBRATED
from gutexo.analysis.dose_grid_draws import DoseGridShare
from gutexo.analysis.effects import Effect
from gutexo.analysis.facts import DISCLAIMER
from gutexo.analysis.sample_size import PowerPoint, SampleSize
from gutexo.analysis.sensitivity import TABLES
from gutexo.analysis.tables import columns_of
from gutexo.analysis.trajectory_table import TRAJECTORY_COLUMNS
from gutexo.analysis.verification_checks import CurvePoint, VerificationCheck
from gutexo.cli.table_figures import TABLE_FIGURES
from gutexo.cohort.failures import FIELDS

PAGE = (Path(__file__).parents[2] / "docs" / "data.md").read_text(encoding="utf-8")


def test_every_observable_is_in_the_dictionary_with_its_unit() -> None:
    observables = pytest.importorskip("gutexo.body.observables").OBSERVABLES
    section = PAGE.split("## Observables")[1].split("\n## ")[0]
    documented = dict(re.findall(r"^\| `([^`]+)` \| ([^|]+) \| [^|]+ \|$", section, re.M))
    assert documented == {name: row.unit for name, row in observables.items()}


@pytest.mark.parametrize(
    ("heading", "columns"),
    [
        ("`trajectories.csv`", TRAJECTORY_COLUMNS),
        ("`effects.csv`", columns_of(Effect)),
        ("The dose grid over posterior draws", columns_of(DoseGridShare)),
        ("Ablations and verification", columns_of(AblatedEffect)),
        ("Ablations and verification", columns_of(LoopGain)),
        ("Ablations and verification", columns_of(VerificationCheck)),
        ("Ablations and verification", columns_of(CurvePoint)),
    ],
)
def test_every_column_is_explained(heading: str, columns: tuple[str, ...]) -> None:
    section = PAGE.split(f"## {heading}")[1].split("\n## ")[0]
    for column in columns:
        assert f"`{column}`" in section


@pytest.mark.parametrize(
    "columns",
    [
        columns_of(SampleSize),
        columns_of(PowerPoint),
    ],
)
def test_every_column_of_how_many_mice_is_explained(columns: tuple[str, ...]) -> None:
    section = PAGE.split("## How many mice")[1].split("\n## ")[0]
    for column in columns:
        assert f"`{column}`" in section, column


@pytest.mark.parametrize("table", TABLES)
def test_every_column_of_sensitivity_is_explained(table: str) -> None:
    section = PAGE.split("## Sensitivity")[1].split("\n## ")[0]
    assert f"`{table}.csv`" in section
    for column in columns_of(TABLES[table]):
        assert f"`{column}`" in section, column


CALIBRATION: dict[str, type] = {**CALIBRATED, CHECKED: CheckedRow, "adopted": AdoptedValue}


@pytest.mark.parametrize("table", CALIBRATION)
def test_every_column_of_calibration_is_explained(table: str) -> None:
    section = PAGE.split("## Calibration")[1].split("\n## ")[0]
    assert f"`{table}.csv`" in section
    for column in columns_of(CALIBRATION[table]):
        assert f"`{column}`" in section, column


def test_every_saved_table_is_described_with_its_figure() -> None:
    section = PAGE.split("## Saved tables")[1].split("\n## ")[0]
    for name, figure in TABLE_FIGURES.items():
        line = next(line for line in section.splitlines() if f"`{name}`" in line)
        assert f"`{figure.file}`" in line
    tables = (Path(__file__).parents[2] / "docs" / "kept").glob("*.*")
    assert all(f"`kept/{table.name}`" in section for table in tables)


def test_every_field_of_a_failure_and_a_mark_is_explained() -> None:
    section = PAGE.split("## The store: `mice/`")[1].split("\n## ")[0]
    marks = ("schema", "identity", "scenarios", "mouse", "days", "redraws", "died", "readings")
    for name in (*FIELDS, *marks, "check"):
        assert f"`{name}`" in section, name


def test_the_page_says_what_it_is_worth() -> None:
    assert DISCLAIMER in PAGE
    assert "nothing about people" in PAGE
