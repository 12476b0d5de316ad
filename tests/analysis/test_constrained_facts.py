"""Verdicts on the four constrained facts, with results made to earn each of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from gutexo.analysis.facts import DISCLAIMER, Fact, score_facts
from gutexo.analysis.scorecard.cohorts import cohort_measurements


@dataclass(frozen=True)
class PatternRow:
    """A row with the fields that the scoring reads."""

    id: str
    use: str
    readout: str
    arm: str | None
    comparator: str | None
    window: tuple[float, float]
    statistic: str = "ratio, interval over mice"
    day: float | None = 28


HARM = PatternRow(
    "old-to-young-permeability",
    "constrain",
    "FITC-dextran in plasma",
    "young + old exosomes",
    "young + vehicle",
    (1.05, 10.0),
)
RESCUE = PatternRow(
    "young-to-old-insulin-resistance",
    "constrain",
    "HOMA-IR",
    "old + young exosomes",
    "old + vehicle",
    (0.3, 0.95),
)
PHENOTYPE = PatternRow(
    "old-homa-ir", "calibrate", "HOMA-IR", "old control", "young control", (1.2, 2.5), day=None
)


def result(**levels: list[float]) -> xr.Dataset:
    """Both readouts at the levels given for each arm on day 28; 1 on day 0."""
    arms = {
        "young_vehicle": "young + vehicle",
        "young_old": "young + old exosomes",
        "old_vehicle": "old + vehicle",
        "old_young": "old + young exosomes",
    }
    last = np.array([levels[key] for key in levels], dtype=float)
    values = np.stack([np.ones_like(last), last], axis=2)
    dims = ("scenario", "replicate", "time")
    return xr.Dataset(
        {name: (dims, values, {"units": "1"}) for name in ("FITC-dextran", "HOMA-IR")},
        coords={"scenario": [arms[key] for key in levels], "time": [0.0, 28.0]},
    )


def only(data: xr.Dataset, *rows: PatternRow) -> Fact:
    (fact,) = score_facts(data, rows)
    return fact


@pytest.mark.parametrize(
    ("treated", "verdict"),
    [
        ([1.29, 1.30, 1.31], "pass"),  # the whole interval lies in the window
        ([0.8, 1.3, 1.6], "partial"),  # the mean does, the interval does not
        ([0.99, 1.0, 1.01], "fail"),  # no effect
        ([0.7, 0.71, 0.72], "fail"),  # the wrong sign
        ([30.0, 31.0, 32.0], "fail"),  # beyond the window
    ],
)
def test_harm(treated: list[float], verdict: str) -> None:
    fact = only(result(young_old=treated, young_vehicle=[1.0, 1.0, 1.0]), HARM)
    assert fact.verdict == verdict
    assert fact.readout == "FITC-dextran"
    assert fact.window == (1.05, 10.0)
    assert DISCLAIMER in str(fact)


@pytest.mark.parametrize("treated", [1.3, 1.0, 0.7, 30.0])
def test_one_mouse_earns_no_verdict(treated: float) -> None:
    fact = only(result(young_old=[treated], young_vehicle=[1.0]), HARM)
    assert fact.verdict == "unscored" and fact.replicates == 1
    assert math.isnan(fact.ratio_low) and fact.ratio == pytest.approx(treated)
    assert "fewer than three mice have no interval" in str(fact)


def test_two_mice_that_are_left_of_three_earn_no_verdict() -> None:
    data = result(young_old=[0.7, 0.7, math.nan], young_vehicle=[1.0, 1.0, 1.0])
    assert only(data, HARM).verdict == "unscored"


@pytest.mark.parametrize(
    ("treated", "verdict"),
    [
        ([1.59, 1.6, 1.61], "pass"),
        ([1.2, 1.6, 2.4], "partial"),
        ([2.0, 2.01, 1.99], "fail"),  # nothing improves
        ([0.89, 0.9, 0.91], "fail"),  # below the young control: rescue must stay partial
    ],
)
def test_rescue(treated: list[float], verdict: str) -> None:
    data = result(old_young=treated, old_vehicle=[2.0] * 3, young_vehicle=[1.0] * 3)
    assert only(data, RESCUE, PHENOTYPE).verdict == verdict


def test_rescue_does_not_apply_where_there_is_nothing_to_rescue() -> None:
    data = result(old_young=[1.0] * 3, old_vehicle=[1.1] * 3, young_vehicle=[1.0] * 3)
    fact = only(data, RESCUE, PHENOTYPE)
    assert fact.verdict == "unscored"
    assert "nothing to rescue" in fact.note
    assert only(data, RESCUE).verdict != "unscored"  # without the row there is no threshold


def test_what_cannot_be_answered_is_said() -> None:
    young = result(young_old=[1.3] * 3, young_vehicle=[1.0] * 3)
    assert only(young, RESCUE).verdict == "unscored"
    assert "old + young exosomes" in only(young, RESCUE).note
    later = only(young, replace(HARM, day=56))
    assert (later.verdict, later.day) == ("unscored", 56)
    assert "day 56 was not recorded" in later.note
    dead = result(young_old=[math.nan] * 2, young_vehicle=[1.0] * 2)
    assert only(dead, HARM).verdict == "unscored"
    no_young = result(old_young=[1.6] * 3, old_vehicle=[2.0] * 3)
    assert "young + vehicle" in only(no_young, RESCUE).note


def test_diabetic_pairs_count_as_failing_and_are_named() -> None:
    row = replace(HARM, id="old-to-young-insulin-resistance", readout="HOMA-IR")
    data = result(young_old=[1.29, 1.30, 1.31, 1.3, math.nan], young_vehicle=[1.0] * 5)
    data["fasting glucose"] = data["FITC-dextran"].fillna(400.0)
    fact = only(data, row)
    assert fact.replicates == 5 and fact.ratio == pytest.approx(1.3**0.8, rel=1e-3)
    assert "1 of 5 pairs are diabetic and count as the worst" in fact.note
    most = result(young_old=[1.29, 1.31] + [math.nan] * 3, young_vehicle=[1.0] * 5)
    most["fasting glucose"] = most["FITC-dextran"].fillna(400.0)
    assert only(most, row).verdict == "partial"
    dead = result(young_old=[1.29, 1.30, 1.31, math.nan], young_vehicle=[1.0] * 4)
    dead["fasting glucose"] = dead["FITC-dextran"]
    assert "diabetic" not in only(dead, row).note and "died: 1 and 0" in only(dead, row).note


def test_only_the_constrain_rows_are_scored() -> None:
    data = result(young_old=[1.3] * 3, young_vehicle=[1.0] * 3)
    rows = [PHENOTYPE, HARM, replace(HARM, id="other", use="validate")]
    assert [fact.id for fact in score_facts(data, rows)] == [HARM.id]


def test_the_catalogue_holds_four_facts() -> None:
    pytest.importorskip("gutexo.catalogue.patterns")
    level = [1.0, 1.01, 0.99]
    data = result(
        young_old=[1.3 * x for x in level],
        young_vehicle=level,
        old_vehicle=[2.0 * x for x in level],
        old_young=[1.5 * x for x in level],
    )
    data["plasma TNF"] = data["HOMA-IR"]
    found = score_facts(data)
    assert len(found) == 4
    assert {fact.readout for fact in found} == {"FITC-dextran", "plasma TNF", "HOMA-IR"}
    assert [fact.verdict for fact in found] == ["pass"] * 4


def test_a_share_of_a_gap_names_the_diabetic_mice_that_it_leaves_out() -> None:
    data = result(
        old_young=[1.5, 1.6, 1.7, 1.6, 1.6],
        old_vehicle=[2.0, 2.1, 1.9, 2.0, math.nan],
        young_vehicle=[1.0] * 5,
    )
    data["fasting glucose"] = data["HOMA-IR"].fillna(400.0)
    rescued = cohort_measurements(SimpleNamespace(followed=data))["rescue-share"]
    assert rescued().mice == 4
    assert rescued().note == "1 of 5 mice are diabetic in an arm and left out"
    data["fasting glucose"] = data["HOMA-IR"]  # it is dead
    assert rescued().note == ""
