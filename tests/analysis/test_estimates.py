"""Estimates over mice: known answers, the bootstrap, shares of effects, diabetic and dead mice."""

import math

import numpy as np
import pytest
from scipy import stats

from gutexo.analysis.estimates import (
    LEAST_MICE,
    bootstrap,
    mean_change,
    mean_over_mice,
    ratio_of_means,
    ratio_of_pairs,
    ratio_of_sums,
    share_of_effect,
    share_of_gap,
    share_of_summed_effect,
    spread_of_change,
)
from gutexo.analysis.pairs import ArmReadings, estimate_pairs

HARM, RESCUE, NONE = (1.05, 10.0), (0.3, 0.95), (0.95, 1.05)


def test_ratios_have_known_answers():
    rng = np.random.default_rng(0)
    old, young = 2.0 + 0.1 * rng.standard_normal(50), 1.0 + 0.1 * rng.standard_normal(60)
    ratio = ratio_of_means(old, young)
    assert ratio.low < 2.0 < ratio.high and ratio.high - ratio.low < 0.2 and ratio.mice == 110
    assert ratio_of_pairs(3 * young, young).value == pytest.approx(3.0)
    assert ratio_of_sums(np.array([0.0, 3.0, 6.0]), np.array([1.0, 1.0, 1.0])).value == 3.0
    nobody = ratio_of_means(np.array([np.nan]), young)
    assert math.isnan(nobody.value) and not nobody.applies
    assert mean_change(2 * old, old).value == pytest.approx(math.log(2))


def test_the_interval_is_that_of_the_bootstrap():
    values = np.random.default_rng(3).lognormal(size=40)
    found = mean_over_mice(values)
    known = stats.bootstrap(
        (values,), np.mean, confidence_level=0.9, method="percentile", n_resamples=20_000
    ).confidence_interval
    assert (found.low, found.high) == pytest.approx(tuple(known), rel=0.03)
    assert mean_over_mice(values) == found  # the same mice, the same interval


def test_the_interval_holds_the_truth_in_nine_of_ten_studies():
    rng = np.random.default_rng(5)
    hits = 0
    for _ in range(200):
        pairs = np.exp(0.2 + 0.5 * rng.standard_normal(64))
        found = ratio_of_pairs(pairs, np.ones(64))
        hits += found.low <= math.exp(0.2) <= found.high
    assert 165 <= hits <= 195


def test_few_mice_have_no_interval():
    few = mean_over_mice(np.array([1.0, 2.0]))
    assert few.value == 1.5 and math.isnan(few.low) and not few.applies
    assert math.isnan(few.share_inside((0.0, 9.0)))
    assert mean_over_mice(np.arange(float(LEAST_MICE))).applies


def test_a_study_of_more_mice_lies_in_a_window_more_often():
    values = np.random.default_rng(6).normal(1.0, 1.0, 100)
    found = mean_over_mice(values)
    middle = found.value - 0.2, found.value + 0.2
    shares = [found.share_inside(middle, mice) for mice in (4, 24, 400)]
    assert shares[0] < shares[1] < shares[2] and shares[2] > 0.99
    scale = values.std() / math.sqrt(24)
    assert shares[1] == pytest.approx(1 - 2 * stats.norm.sf(0.2 / scale), abs=0.03)


def test_a_share_of_a_gap_has_a_known_answer():
    rng = np.random.default_rng(1)
    young = np.exp(0.1 * rng.standard_normal(30))
    old, treated = 2.0 * young, 2.0**0.4 * young * np.exp(0.01 * rng.standard_normal(30))
    share = share_of_gap(treated, young, old)
    assert share.value == pytest.approx(0.4, abs=0.01) and share.low < 0.4 < share.high
    # A rescue crosses the same gap from its other end.
    assert share_of_gap(treated, old, young).value == pytest.approx(0.6, abs=0.01)
    dead = treated.copy()
    dead[3] = np.nan
    assert share_of_gap(dead, young, old).mice == 29


def test_shares_of_effects_have_known_answers():
    effects = -0.2 + 0.02 * np.random.default_rng(0).standard_normal(20)
    left = share_of_effect(0.25 * effects, effects)
    assert (left.value, left.low, left.high) == pytest.approx((0.25, 0.25, 0.25))
    control = np.ones(20)
    summed = share_of_summed_effect(1.1 * control, control, 1.21 * control, control)
    assert summed.value == pytest.approx(0.5)
    later = share_of_summed_effect(2.2 * control, 2 * control, 1.21 * control, control)
    assert later.value == pytest.approx(0.5)


def test_a_share_of_hardly_any_effect_is_not_estimable():
    rng = np.random.default_rng(2)
    young, old = np.exp(0.3 * rng.standard_normal((2, 8)))
    for found in (
        share_of_gap(1.1 * young, young, old),
        share_of_effect(np.full(9, 0.01), np.full(9, 0.04)),
        share_of_summed_effect(young, young, 1.02 * young, young),
    ):
        assert not found.applies and "not estimable" in found.note


def test_what_mice_wander_has_a_known_answer():
    rng = np.random.default_rng(4)
    now = np.exp(rng.standard_normal(1000))
    found = spread_of_change(now * np.exp(0.2 * rng.standard_normal(1000)), now)
    assert found.value == pytest.approx(0.2, rel=0.1) and found.low < 0.2 < found.high


def test_two_groups_are_drawn_apart():
    one, other = np.arange(5.0), np.arange(50.0)
    found = bootstrap(
        lambda i, j: one[i].mean(axis=-1) - other[j].mean(axis=-1), np.arange(5), np.arange(50)
    )
    known = math.hypot(one.std() / math.sqrt(5), other.std() / math.sqrt(50))
    assert found.high - found.low == pytest.approx(2 * 1.645 * known, rel=0.1)


def readings(values, dead=(), diabetic=()):
    values = np.array(values, dtype=float)
    lives, sick = np.ones(len(values), dtype=bool), np.zeros(len(values), dtype=bool)
    lives[list(dead)], sick[list(diabetic)] = False, True
    values[list(dead) + list(diabetic)] = np.nan
    return ArmReadings(values, lives, sick)


@pytest.mark.parametrize(
    ("window", "ratios", "worst"),
    [
        (HARM, [1.2, 1.3, 1.4], 1.0),  # no effect: below all others
        (HARM, [0.8, 1.3, 1.4], 0.8),
        (RESCUE, [0.7, 0.8, 0.9], 1.0),
        (RESCUE, [0.7, 0.8, 1.2], 1.2),
        (NONE, [0.7, 1.0, 1.2], 0.7),
    ],
)
def test_a_diabetic_pair_counts_as_the_worst(window, ratios, worst):
    twins = readings([1.0] * 4)
    found = estimate_pairs(readings([*ratios, 9.0], diabetic=[3]), twins, window)
    assert found.value == pytest.approx(np.exp(np.mean(np.log([*ratios, worst])))) != 0
    assert found.mice == 4 and found.note.startswith("1 of 4 pairs are diabetic")
    # The same where it is the twin that is diabetic.
    twins = readings([1.0] * 4, diabetic=[3])
    assert estimate_pairs(readings([*ratios, 9.0]), twins, window).value == pytest.approx(
        found.value
    )


def test_a_dead_mouse_leaves_its_pair_out_and_has_the_worst_rank_in_a_second_reading():
    treated, twins = readings([1.2, 1.3, 1.4, 9.0, 9.0], dead=[3, 4]), readings([1.0] * 5)
    found = estimate_pairs(treated, twins, HARM)
    assert found.mice == 3 and found.value == pytest.approx((1.2 * 1.3 * 1.4) ** (1 / 3))
    assert found.note == "died: 2 and 0 of 5, median ratio with a death as the worst rank 1.4"
    both = estimate_pairs(
        readings([1.2, 1.3, 1.4, 9], dead=[3]), readings([1.0] * 4, dead=[3]), HARM
    )
    assert both.note == "died: 1 and 1 of 4, median ratio with a death as the worst rank 1.3"
    assert estimate_pairs(readings([1.0] * 3), readings([1.0] * 3), HARM).note == ""


def test_a_ratio_needs_values_above_zero():
    found = estimate_pairs(readings([0.0, 1.0, 1.0]), readings([1.0] * 3), HARM)
    assert not found.applies and "above zero" in found.note
