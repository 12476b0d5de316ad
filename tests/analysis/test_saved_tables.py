"""What an analysis wrote is read again as it was, and can be drawn."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gutexo.analysis import saved_tables
from gutexo.analysis.calibration.output_files import (
    MARGINAL_COLUMNS,
    PREDICTIVE_COLUMNS,
    RANK_COLUMNS,
)
from gutexo.analysis.sample_size import POWER_CURVE_COLUMNS, power_curve_rows
from gutexo.analysis.sample_size import SAMPLE_SIZE_COLUMNS as DESIGN
from gutexo.analysis.sensitivity import TABLES
from gutexo.analysis.tables import (
    ABLATION_COLUMNS,
    write_ablations,
    write_checks,
    write_curves,
    write_rows,
)
from gutexo.cli.analyse_sensitivity import describe_analysis, json_content
from gutexo.errors import GutexoError
from gutexo.figures import find_figure
from gutexo.support.json_text import format_json
from tests.figures.made_up import ablated_effects, calibrated, checks, needs, sensed


def assert_same(one: Any, other: Any, where: str = "") -> None:
    """Equal in all there is, to the ten digits of a table, and shares computed from them."""
    if isinstance(one, float):
        assert other == pytest.approx(one, rel=1e-9, abs=2e-10, nan_ok=True), where
    elif isinstance(one, np.ndarray):
        assert np.allclose(one, other, rtol=1e-9, equal_nan=True), where
    elif is_dataclass(one):
        assert type(one) is type(other), where
        for field in fields(one):
            name = f"{where}.{field.name}"
            assert_same(getattr(one, field.name), getattr(other, field.name), name)
    elif isinstance(one, (list, tuple)):
        assert len(one) == len(other), where
        for place, pair in enumerate(zip(one, other, strict=True)):
            assert_same(*pair, f"{where}[{place}]")
    elif isinstance(one, Mapping):
        assert list(one) == list(other), where
        assert_same(list(one.values()), list(other.values()), where)
    else:
        assert one == other, where


def test_ablations(tmp_path: Path) -> None:
    rows = ablated_effects()
    found = saved_tables.read_ablations(write_ablations(rows, tmp_path / "ablations.csv"))
    assert_same(rows, found)
    assert {row.survives for row in found} == {True, False, None}
    assert find_figure("ablations")(found)


def test_design(tmp_path: Path) -> None:
    rows = needs()
    path = write_rows(rows, DESIGN, tmp_path / "design.csv")
    write_rows(power_curve_rows(rows), POWER_CURVE_COLUMNS, tmp_path / "design_power.csv")
    found = saved_tables.read_design(path)
    assert_same(rows, found)
    assert {one.animals is None for one in found} == {True, False} and not found[-1].sizes
    assert find_figure("design")(found)


def test_verification(tmp_path: Path) -> None:
    rows, curves = checks()
    path = write_checks(rows, tmp_path / "verification.csv")
    write_curves(curves, tmp_path / "verification_curves.csv")
    found = saved_tables.read_verification(path)
    assert_same((rows, curves), found)
    assert find_figure("verification")(*found)


@pytest.mark.parametrize("whole", [True, False], ids=["as it was written", "without its rows"])
def test_sensitivity(tmp_path: Path, whole: bool) -> None:
    rows = sensed()
    for name, columns in TABLES.items():
        write_rows(getattr(rows, name), columns, tmp_path / f"{name}.csv")
    path = tmp_path / "sensitivity.json"
    path.write_text(
        format_json(json_content(rows) if whole else describe_analysis(rows)), encoding="utf-8"
    )
    found = saved_tables.read_sensitivity(path)
    assert_same(rows, found)
    for name in ("sensitivity_morris", "sensitivity_tornado"):
        assert find_figure(name)(found)


def test_a_sensitivity_analysis_without_mice_or_of_another_model(tmp_path: Path) -> None:
    rows = sensed()
    for name, columns in TABLES.items():
        write_rows(getattr(rows, name) if name != "emulator" else (), columns,
                   tmp_path / f"{name}.csv")  # fmt: skip
    path = tmp_path / "sensitivity.json"
    path.write_text(json.dumps(describe_analysis(rows)), encoding="utf-8")
    assert saved_tables.read_sensitivity(path).emulator == ()
    summary = describe_analysis(rows)
    summary["parameters"]["gut.of_old"] = {}
    path.write_text(json.dumps(summary), encoding="utf-8")
    with pytest.raises(GutexoError, match="gut.of_old was moved"):
        saved_tables.read_sensitivity(path)
    for text in ("{", "{}", "[]", '{"plan": 3}'):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(GutexoError, match="(not of a sensitivity analysis|cannot be read)"):
            saved_tables.read_sensitivity(path)
    with pytest.raises(GutexoError, match="cannot be read"):
        saved_tables.read_sensitivity(tmp_path / "nothing.json")


@pytest.mark.parametrize(
    ("name", "columns", "read"),
    [
        ("calibration_posterior", MARGINAL_COLUMNS, saved_tables.read_marginal_summaries),
        ("calibration_predictive", PREDICTIVE_COLUMNS, saved_tables.read_predictive),
        ("calibration_ranks", RANK_COLUMNS, saved_tables.read_sbc_ranks),
    ],
)
def test_calibration(name: str, columns: Any, read: Any, tmp_path: Path) -> None:
    rows = calibrated(name)
    found = read(write_rows(rows, columns, tmp_path / "table.csv"))
    assert_same(rows, found)
    assert find_figure(name)(found)


def test_what_is_no_value_of_its_column_is_refused(tmp_path: Path) -> None:
    path = write_ablations(ablated_effects()[:1], tmp_path / "ablations.csv")
    text = path.read_text()
    for wrong in (text.replace("yes", "perhaps"), text.replace("1.4", "much")):
        path.write_text(wrong)
        with pytest.raises(GutexoError, match="is no value of"):
            saved_tables.read_ablations(path)
    path.write_text(text.rsplit(",", 1)[0] + "\n")
    with pytest.raises(GutexoError, match=f"column '{list(ABLATION_COLUMNS)[-1]}'|no value"):
        saved_tables.read_ablations(path)


def test_both_kinds_of_scores_are_distinguished(tmp_path: Path) -> None:
    log = tmp_path / "scores.csv"
    header = "date,parameters,seed,mice,id,use,value,low,high,verdict"
    row = "tnf-ter-24h,calibrate,0.55,,,pass"
    sets = ("aaaa,1,8", "bbbb,1,8", "3 draws cccc,2,3")
    log.write_text("\n".join([header, *(f"2026-11-24,{one},{row}" for one in sets), ""]))
    assert saved_tables.last_scored_sets(log) == {False: ("bbbb", 1), True: ("3 draws cccc", 2)}
    (one,), (many,) = saved_tables.read_scores(log), saved_tables.read_scores_of_draws(log)
    assert (one.mice, many.mice) == (8, 3) and math.isnan(one.low)
    log.write_text("\n".join([header, f"2026-11-24,{sets[0]},{row}", ""]))
    with pytest.raises(GutexoError, match="no scores of draws"):
        saved_tables.read_scores_of_draws(log)
