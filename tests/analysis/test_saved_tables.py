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
from gutexo.analysis.ablations import AblatedEffect
from gutexo.analysis.calibration.adoption import CHECKED, CheckedRow
from gutexo.analysis.calibration.marginals import MarginalSummary
from gutexo.analysis.calibration.output_files import TABLES as CALIBRATED
from gutexo.analysis.calibration.predictive_check import PredictiveSummary
from gutexo.analysis.calibration.rank_check import RankCheck, TruthRank
from gutexo.analysis.dose_grid_draws import DoseGridShare
from gutexo.analysis.effects import Effect, estimate_effects
from gutexo.analysis.posterior import has_adopted_draws
from gutexo.analysis.sample_size import PowerPoint, SampleSize, split_power_curves
from gutexo.analysis.saved_tables.scores import LoggedScore
from gutexo.analysis.sensitivity import TABLES
from gutexo.analysis.tables import columns_of, read_table, write_table
from gutexo.analysis.verification_checks import CurvePoint, VerificationCheck, split_curves
from gutexo.cli.analyse_sensitivity import describe_analysis, json_content
from gutexo.cli.table_figures import TableOrigin
from gutexo.errors import GutexoError
from gutexo.figures import find_figure
from gutexo.support.json_text import format_json
from tests.figures.made_up import (
    COMPARISONS,
    ablated_effects,
    calibrated,
    checks,
    needs,
    result,
    sensed,
    with_deaths,
)


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
    path = write_table(AblatedEffect, rows, tmp_path / "ablations.csv")
    found = read_table(AblatedEffect, path)
    assert_same(rows, found)
    assert {row.survives for row in found} == {True, False, None}
    assert find_figure("ablations")(found)


def test_design(tmp_path: Path) -> None:
    rows = needs()
    path = write_table(SampleSize, rows, tmp_path / "design.csv")
    write_table(PowerPoint, split_power_curves(rows), tmp_path / "design_power.csv")
    found = saved_tables.read_design(path)
    assert_same(rows, found)
    assert {one.animals is None for one in found} == {True, False} and not found[-1].sizes
    assert find_figure("design")(found)


def test_verification(tmp_path: Path) -> None:
    rows, curves = checks()
    path = write_table(VerificationCheck, rows, tmp_path / "verification.csv")
    write_table(CurvePoint, split_curves(curves), tmp_path / "verification_curves.csv")
    found = saved_tables.read_verification(path)
    assert_same((rows, curves), found)
    assert find_figure("verification")(*found)


@pytest.mark.parametrize("whole", [True, False], ids=["as it was written", "without its rows"])
def test_sensitivity(tmp_path: Path, whole: bool) -> None:
    rows = sensed()
    for name, kind in TABLES.items():
        write_table(kind, getattr(rows, name), tmp_path / f"{name}.csv")
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
    for name, kind in TABLES.items():
        saved = getattr(rows, name) if name != "emulator" else ()
        write_table(kind, saved, tmp_path / f"{name}.csv")
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
    ("name", "kind"),
    [("calibration_posterior", MarginalSummary), ("calibration_predictive", PredictiveSummary)],
)
def test_calibration(name: str, kind: type, tmp_path: Path) -> None:
    rows = calibrated(name)
    found = read_table(kind, write_table(kind, rows, tmp_path / "table.csv"))
    assert_same(rows, found)
    assert find_figure(name)(found)


def test_ranks_are_read_with_those_of_each_truth(tmp_path: Path) -> None:
    rows = calibrated("calibration_ranks")
    path = write_table(RankCheck, rows, tmp_path / "ranks.csv")
    truths = [
        TruthRank(row.parameter, number, rank)
        for row in rows
        for number, rank in enumerate(row.ranks)
    ]
    with pytest.raises(GutexoError, match=r"truth_ranks\.csv cannot be read"):
        saved_tables.read_ranks(path)
    write_table(TruthRank, truths, tmp_path / "truth_ranks.csv")
    found = saved_tables.read_ranks(path)
    assert_same(rows, found)
    assert {row.inside for row in found} == {True, False}
    assert find_figure("calibration_ranks")(found)


def test_effects(tmp_path: Path) -> None:
    rows = estimate_effects(with_deaths(result(mice=2)), COMPARISONS)
    assert any(math.isnan(row.low) for row in rows)
    assert_same(rows, read_table(Effect, write_table(Effect, rows, tmp_path / "effects.csv")))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("yes", "perhaps", "line 2: 'perhaps' is no value of survives"),
        ("1.4", "much", "line 2: 'much' is no value of ratio"),
        (",yes", "", "line 2: no value of survives"),
        (",survives", "", "has no column 'survives'"),
        ("ratio_high", "high", "has no column 'ratio_high'"),
    ],
)
def test_what_is_no_value_of_its_column_is_refused(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    path = write_table(AblatedEffect, ablated_effects()[:1], tmp_path / "ablations.csv")
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(GutexoError, match=f"ablations.csv.* {said}"):
        read_table(AblatedEffect, path)


def test_a_bad_cell_of_several_columns_of_one_field_is_named(tmp_path: Path) -> None:
    rows = calibrated("calibration_predictive")[:1]
    path = write_table(PredictiveSummary, rows, tmp_path / "predictive.csv")
    lines = [line.split(",") for line in path.read_text().splitlines()]
    lines[1][lines[0].index("q75")] = "7x"
    path.write_text("\n".join(map(",".join, lines)))
    with pytest.raises(GutexoError, match="line 2: '7x' is no value of q75"):
        read_table(PredictiveSummary, path)


def test_an_empty_cell_is_refused_where_a_value_is_needed(tmp_path: Path) -> None:
    path = write_table(RankCheck, calibrated("calibration_ranks")[:1], tmp_path / "ranks.csv")
    assert ",100," in path.read_text()
    path.write_text(path.read_text().replace(",100,", ",,"))
    with pytest.raises(GutexoError, match="line 2: '' is no value of truths"):
        read_table(RankCheck, path)


def test_a_table_without_rows_is_refused_unless_it_may_be_empty(tmp_path: Path) -> None:
    path = write_table(AblatedEffect, [], tmp_path / "ablations.csv")
    assert read_table(AblatedEffect, path, may_be_empty=True) == []
    with pytest.raises(GutexoError, match="has no rows"):
        read_table(AblatedEffect, path)
    path.write_text("")
    with pytest.raises(GutexoError, match="has no column 'cut'"):
        read_table(AblatedEffect, path, may_be_empty=True)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(GutexoError, match="cannot be read"):
        read_table(AblatedEffect, path)


def test_columns_of_tuples_and_of_fields_without_columns_are_in_the_order_of_the_fields() -> None:
    assert columns_of(RankCheck) == ("parameter", "truths", "draws", "inside", "beyond")
    assert columns_of(PredictiveSummary)[4:9] == ("q05", "q25", "q50", "q75", "q95")


def test_an_open_end_of_a_window_is_an_empty_cell(tmp_path: Path) -> None:
    row = next(row for row in calibrated("calibration_predictive") if math.isinf(row.window_high))
    path = write_table(PredictiveSummary, [row], tmp_path / "p.csv")
    assert path.read_text().splitlines()[1].split(",")[-2] == ""
    assert read_table(PredictiveSummary, path)[0].window_high == math.inf


DOCS = Path(__file__).parents[2] / "docs"
IN_DOCS: dict[str, type] = {
    "scores": LoggedScore,
    "calibration/box": DoseGridShare,
    **{f"kept/{name}": kind for name, kind in TABLES.items()},
    "kept/ablations": AblatedEffect,
    "kept/design": SampleSize,
    "kept/design_power": PowerPoint,
    "kept/origin": TableOrigin,
    "kept/verification": VerificationCheck,
    "kept/verification_curves": CurvePoint,
    **{
        f"calibration/second_mouse/{name}": kind
        for name, kind in CALIBRATED.items()
        if name not in ("candidates", "truth_ranks")
    },
}


OF_ADOPTION: dict[str, type] = {
    f"calibration/{name}": kind for name, kind in {**CALIBRATED, CHECKED: CheckedRow}.items()
}
"""Tables that are in the documentation as soon as a calibration was adopted."""


def test_every_table_of_the_documentation_has_a_row_type() -> None:
    found = {str(path.relative_to(DOCS).with_suffix("")) for path in DOCS.rglob("*.csv")}
    adopted = {*OF_ADOPTION} if has_adopted_draws() else set()
    # The columns of a posterior are parameters.
    assert found - {"calibration/posterior"} == {*IN_DOCS} | adopted


@pytest.mark.parametrize("name", [*IN_DOCS, *(OF_ADOPTION if has_adopted_draws() else ())])
def test_every_table_of_the_documentation_is_read_and_written_as_it_was(
    name: str, tmp_path: Path
) -> None:
    path, kind = DOCS / f"{name}.csv", {**IN_DOCS, **OF_ADOPTION}[name]
    rows = read_table(kind, path, may_be_empty=name.startswith("calibration/"))
    assert write_table(kind, rows, tmp_path / "again.csv").read_bytes() == path.read_bytes()


def test_the_scores_logged_last_are_read(tmp_path: Path) -> None:
    log = tmp_path / "scores.csv"
    header = "date,parameters,seed,mice,id,use,value,low,high,verdict,predicted"
    row = "tnf-ter-24h,calibrate,0.55,,,pass,0.9"
    sets = ("aaaa,1,8", "aaaa,2,8", "bbbb,1,16")
    log.write_text("\n".join([header, *(f"2026-11-24,{one},{row}" for one in sets), ""]))
    assert saved_tables.last_scored_set(log) == ("bbbb", 1)
    (one,) = saved_tables.read_scores(log)
    assert one.mice == 16 and math.isnan(one.low) and one.predicted == 0.9
