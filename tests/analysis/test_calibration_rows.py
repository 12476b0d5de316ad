"""What may be fitted, and how far an answer is from its window."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gutexo.analysis.calibration import distance as rows_of
from gutexo.analysis.calibration.distance import (
    RESCUE,
    FittedRow,
    fitted_rows,
    make_fitted_row,
    row_distances,
    worst_distance,
)
from gutexo.analysis.outcomes import QUESTIONS, RESCUE_QUESTION, read_windows
from gutexo.catalogue.patterns import Pattern, patterns
from gutexo.errors import GutexoError

UNSEEN = [one.id for one in patterns() if one.use not in ("calibrate", "constrain")]


def test_no_row_that_is_never_fitted_has_a_window_here():
    assert UNSEEN and not set(UNSEEN) & set(read_windows())
    assert {one.use for one in fitted_rows()} == {"calibrate", "constrain"}
    names = {one.id for one in fitted_rows()}
    assert names == {*read_windows(), RESCUE_QUESTION} and names <= set(QUESTIONS)


@pytest.mark.parametrize("name", UNSEEN)
def test_a_row_that_is_never_fitted_is_refused(name):
    use = next(one.use for one in patterns() if one.id == name)
    with pytest.raises(GutexoError, match="never fitted"):
        make_fitted_row(name)
    with pytest.raises(GutexoError, match="never fitted"):
        fitted_rows([name])
    with pytest.raises(GutexoError, match="never fitted"):
        FittedRow(name, use, 1.0, 2.0, 0.1)


def test_a_row_smuggled_into_the_windows_is_refused(monkeypatch):
    """A mistake in the questions must not let a prediction be fitted."""
    smuggled = {**read_windows(), "senolytic-donors": (-0.3, 0.5)}
    monkeypatch.setattr(rows_of, "read_windows", lambda: smuggled)
    with pytest.raises(GutexoError, match="'senolytic-donors' is under 'validate'"):
        fitted_rows()


def test_a_row_nobody_asks_mice_for_is_refused():
    with pytest.raises(GutexoError, match="no question of a calibration"):
        make_fitted_row("tnf-clearance")
    with pytest.raises(GutexoError, match="did you mean 'old-tnf'"):
        make_fitted_row("old-tnff")


def test_a_window_that_has_no_logarithm_is_refused(monkeypatch):
    made = Pattern(id="old-ter", use="calibrate", readout="TER", window=(0.0, 1.0))
    monkeypatch.setattr(rows_of, "pattern", lambda name: made)
    with pytest.raises(GutexoError, match="above zero"):
        make_fitted_row("old-ter")


@pytest.mark.parametrize("one", fitted_rows(), ids=lambda one: one.id)
@given(share=st.floats(0, 1), further=st.floats(0.01, 3))
def test_inside_is_zero_and_outside_grows(one, share, further):
    high = one.high if math.isfinite(one.high) else 5 * one.low
    inside = math.exp((1 - share) * math.log(one.low) + share * math.log(high))
    assert one.miss(inside) == pytest.approx(0.0, abs=1e-12)
    nearer, away = (one.low * math.exp(-f * one.scale) for f in (further, 2 * further))
    assert one.miss(nearer) == pytest.approx(further)
    assert one.miss(away) == pytest.approx(2 * further)
    if math.isfinite(one.high):
        assert one.miss(one.high * math.exp(further * one.scale)) == pytest.approx(further)


@pytest.mark.parametrize("answer", [math.nan, 0.0, -1.0, math.inf, -math.inf])
def test_what_is_no_ratio_is_infinitely_far(answer):
    assert make_fitted_row("old-tnf").miss(answer) == math.inf


def test_no_effect_of_exosomes_is_one_scale_away():
    for name in read_windows():
        if make_fitted_row(name).use == "constrain":
            assert make_fitted_row(name).miss(1.0) == pytest.approx(1.0)


def test_a_rescue_below_the_young_control_is_a_violation():
    bound = next(one for one in fitted_rows() if one.id == RESCUE_QUESTION)
    assert bound.miss(1.0) == bound.miss(7.0) == 0.0
    assert bound.miss(0.9) > bound.miss(0.97) > 0
    assert RESCUE_QUESTION in {one.id for one in fitted_rows([RESCUE])}
    assert RESCUE_QUESTION not in {one.id for one in fitted_rows(["old-tnf"])}


def test_the_worst_row_counts_and_a_missing_one_is_infinite():
    rows = fitted_rows(["old-tnf", "old-ter"])
    answers = {"old-tnf": 1.5 / math.exp(0.1), "old-ter": 0.9}
    assert row_distances(answers, rows)["old-ter"] == 0.0
    assert worst_distance(answers, rows) == make_fitted_row("old-tnf").miss(answers["old-tnf"]) > 0
    assert worst_distance({"old-ter": 0.9}, rows) == math.inf
    assert worst_distance({"old-ter": 0.9, "old-tnf": 2.0, "washout-28d": 9.0}, rows) == 0.0
