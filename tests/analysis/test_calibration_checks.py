"""Ranks are uniform for a right model and not for a wrong one; what counts as identifiable."""

import csv
import math

import numpy as np
import pytest

from gutexo.analysis.calibration.diagnostics import (
    find_correlations,
    summarise_marginals,
    summarise_populations,
    weighted_quantiles,
)
from gutexo.analysis.calibration.distance import FittedRow, fitted_rows
from gutexo.analysis.calibration.evaluator import CalibrationEvaluator
from gutexo.analysis.calibration.full_resolution_check import (
    check_full_resolution,
    order_from_centre,
)
from gutexo.analysis.calibration.mean_field_stage import AbcSmcResult, Population
from gutexo.analysis.calibration.mice_stage import EvaluatedSet
from gutexo.analysis.calibration.posterior_predictive import (
    fitted_windows,
    measure_discrepancy,
    summarise_predictive,
)
from gutexo.analysis.calibration.simulation_based_calibration import (
    RankHistogram,
    half_widths,
    log_answers,
    rank_truths,
    uniformity,
    windowed_rows,
)
from gutexo.analysis.calibration.space import make_calibration_space
from gutexo.analysis.posterior import read_adopted_draws, read_draws, write_draws
from gutexo.errors import GutexoError

NAMES = ("barrier.leak", "barrier.repair", "immune.protection")
SPACE = make_calibration_space(NAMES)
HALF = np.array([0.1, 0.3])


def logs(points, bias=0.0):
    """Logs of two answers: the first parameter, and the first two together."""
    return np.stack([points[:, 0] + bias, points[:, 0] + points[:, 1]], axis=1)


def ranked(bias=0.0, truths=400, table=4000, seed=1):
    random = np.random.default_rng(seed)
    truth_points, table_points = random.random((truths, 3)), random.random((table, 3))
    return rank_truths(
        NAMES, truth_points, logs(truth_points, bias), table_points, logs(table_points), HALF, seed
    )


def test_ranks_of_a_right_model_are_uniform():
    found = ranked()
    assert all(one.uniform and sum(one.counts) == one.truths == 400 for one in found)
    # A uniform error of half-width 0.1 leaves 0.9 x 0.2 of a share, less at the edges.
    assert found[0].width == pytest.approx(0.19, abs=0.03)
    assert found[0].width < found[1].width < 0.75 and found[2].width > 0.9


def test_ranks_of_a_wrong_model_are_not():
    """Truths answer a little more than the model in the table does."""
    wrong = ranked(bias=0.05)
    assert not wrong[0].uniform and wrong[0].z > 5
    assert wrong[2].uniform  # the rows do not depend on it


def test_a_posterior_that_is_too_sure_is_caught():
    """An error half as wide as the one that is made."""
    random = np.random.default_rng(4)
    truths, table = random.random((400, 3)), random.random((4000, 3))
    data = logs(truths) + random.uniform(-1, 1, (400, 2)) * HALF
    found = rank_truths(NAMES, truths, data, table, logs(table), 0.5 * HALF)
    assert not found[0].uniform


def test_the_departure_from_uniform_counts_is_a_normal_number():
    random = np.random.default_rng(2)
    many = [uniformity(np.bincount(random.integers(0, 10, 300), minlength=10)) for _ in range(2000)]
    assert np.mean(many) == pytest.approx(0.0, abs=0.1)
    assert np.std(many) == pytest.approx(1.0, abs=0.1)


def test_truths_that_cannot_answer_are_left_out():
    random = np.random.default_rng(3)
    truths, table = random.random((40, 3)), random.random((200, 3))
    answers = logs(truths)
    answers[:15, 1] = np.nan
    assert rank_truths(NAMES, truths, answers, table, logs(table), HALF)[0].truths == 25
    answers[:, 0] = np.nan
    with pytest.raises(GutexoError, match="that answer"):
        rank_truths(NAMES, truths, answers, table, logs(table), HALF)


def test_logs_and_widths_are_those_of_rows_with_a_window():
    rows = fitted_rows()
    names = windowed_rows(rows)
    assert "rescued over young" not in names and len(names) == len(rows) - 1
    table = log_answers([{"old-tnf": math.e}, {"old-tnf": -1.0}], rows)
    assert table[0, names.index("old-tnf")] == 1.0
    assert np.isnan(table[1]).all() and table.shape == (2, len(names)) == (
        2,
        len(half_widths(rows)),
    )


def about(name, uniform=True, width=0.3):
    return RankHistogram(name, 300, 50.0, 0.0 if uniform else 9.0, width, (30,) * 10)


def test_identifiable_needs_a_narrow_posterior_and_uniform_ranks():
    points = np.random.default_rng(1).random((400, 3))
    points[:, :2] = 0.4 + 0.3 * points[:, :2]  # two narrow ones
    histograms = [about(NAMES[0]), about(NAMES[1], uniform=False), about(NAMES[2])]
    first, second, third = summarise_marginals(SPACE, points, np.ones(400), histograms)
    assert first.identifiable and first.width == pytest.approx(0.3, abs=0.03)
    assert not second.identifiable and second.ranks_uniform is False
    assert not third.identifiable and third.width == pytest.approx(1.0, abs=0.05)
    assert not any(one.identifiable for one in summarise_marginals(SPACE, points, np.ones(400)))
    few = summarise_marginals(SPACE, points[:30], np.ones(30), histograms)[0]
    assert few.width < 0.5 and few.draws == 30 and not few.identifiable
    assert first.low < first.median < first.high
    assert first.prior_low < first.low and first.high < first.prior_high
    assert SPACE.entries[0].quantile(first.shares[1]) == first.median


def test_quantiles_weigh():
    assert weighted_quantiles(np.array([3.0, 1.0]), np.array([1.0, 1.0]), [0.5]) == [2.0]
    heavy = weighted_quantiles(np.arange(5.0), np.array([1, 1, 1, 1, 96.0]), [0.5])
    assert heavy[0] > 3.9


def test_strong_correlations_are_reported_and_chance_is_not():
    random = np.random.default_rng(5)
    points = random.random((200, 3))
    points[:, 1] = 1 - points[:, 0] + 0.05 * random.random(200)
    (found,) = find_correlations(NAMES, points, np.ones(200))
    assert {found.one, found.other} == set(NAMES[:2]) and found.correlation < -0.95
    assert (
        find_correlations(NAMES, points[:20], np.eye(1, 20)[0]) == []
    )  # one draw with all the weight


def test_predictions_count_weights_and_missing_answers():
    rows = {"old-tnf": ("calibrate", 1.5, 4.0), "washout-28d": ("validate", 0.3, 1.0)}
    answers = [{"old-tnf": 1.0, "washout-28d": 0.5}, {"old-tnf": 2.0}, {"old-tnf": math.nan}]
    fitted, unseen = summarise_predictive("mice", answers, rows, np.array([1.0, 2.0, 1.0]))
    assert fitted.inside == 0.5 and fitted.draws == 2 and fitted.use == "calibrate"
    assert unseen.use == "validate" and unseen.inside == 0.25
    assert summarise_predictive("mice", [{}], rows)[0].draws == 0
    assert set(fitted_windows(fitted_rows())) == {one.id for one in fitted_rows()}


def test_the_mean_field_model_is_compared_with_the_mice():
    mean_field = [{"a": x, "b": 1.0} for x in (1.0, 2.0, 3.0, 4.0)]
    mice = [{"a": 1.1 * x, "b": math.nan} for x in (1.0, 2.0, 3.0, 4.0)]
    first, second = measure_discrepancy(mean_field, mice, ["a", "b"])
    assert first.mice_over_twin == pytest.approx(1.1) and first.correlation == pytest.approx(1.0)
    assert first.spread == pytest.approx(0.0, abs=1e-9) and first.sets == 4
    assert second.sets == 0 and math.isnan(second.mice_over_twin)


def test_a_population_is_compared_with_plain_rejection():
    random = np.random.default_rng(6)
    table = random.random((600, 3))
    distances = np.abs(table[:, 0] - 0.5)
    right = random.random((200, 3))
    right[:, 0] = 0.4 + 0.2 * right[:, 0]
    wrong = right + [0.03, 0.0, 0.0]
    weights = np.full(200, 1 / 200)
    first = Population(0, 0.3, 500, table[:200], weights)
    found = summarise_populations(
        AbcSmcResult(
            table,
            distances,
            (
                first,
                Population(1, 0.1, 300, right, weights),
                Population(1, 0.1, 300, wrong, weights),
            ),
            first,
            True,
        )
    )
    assert math.isnan(found[0].z) and found[1].z < 3.5 < found[2].z
    assert found[1].rejection == (distances <= 0.1).sum()


def evaluated_set(shares, distance=0.0, count=1):
    shares = np.asarray(shares, dtype=float)
    return EvaluatedSet(shares, SPACE.values(shares), count, {}, distance)


def test_the_draw_nearest_to_the_centre_holds_or_the_next_is_run():
    accepted = [
        evaluated_set([0.1, 0.5, 0.5]),
        evaluated_set([0.5, 0.5, 0.5]),
        evaluated_set([0.6, 0.5, 0.5]),
    ]
    order = [one for _, one in order_from_centre(accepted)]
    assert order[0] is accepted[1] and order[-1] is accepted[0]
    # With weight on the first, the centre moves and with it the order.
    heavy = [evaluated_set([0.1, 0.5, 0.5], count=9), *accepted[1:]]
    assert order_from_centre(heavy)[0][1] is heavy[0]
    # A draw accepted a little outside of a window comes after those inside.
    outside = [accepted[0], evaluated_set([0.5, 0.5, 0.5], distance=0.1), accepted[2]]
    assert order_from_centre(outside)[-1][1] is outside[1]

    def mice(changes):
        return {"a": 1.0 if SPACE.shares(changes)[0] > 0.55 else 9.0}

    rows = [FittedRow("a", "calibrate", 0.5, 2.0, 1.0)]
    lines = []
    with CalibrationEvaluator(mice, ("a",), NAMES) as default:
        found = check_full_resolution(rows, default, accepted, report=lines.append)
        assert [one.holds for one in found] == [False, True]
        assert found[0].failing == ("a",) and found[1].values == accepted[2].values
        assert len(check_full_resolution(rows, default, accepted, most=1)) == 1
    assert "outside are a" in lines[0] and "hold every row" in lines[1]


def test_draws_are_written_and_read_back(tmp_path):
    draws = [SPACE.values(point) for point in np.random.default_rng(1).random((5, 3))]
    path = write_draws(draws, tmp_path / "posterior.csv")
    assert next(csv.reader(path.open())) == list(NAMES)
    found, weights = read_draws(path)
    assert found == draws and weights == pytest.approx([0.2] * 5)
    with pytest.raises(GutexoError, match="without a draw"):
        write_draws([], path)
    path.write_text("barrier.leek\n1\n")
    with pytest.raises(GutexoError, match="line 2: parameter 'barrier.leek' does not exist"):
        read_draws(path)


def test_a_version_without_a_posterior_says_so(monkeypatch, tmp_path):
    from gutexo.analysis import posterior as module

    monkeypatch.setattr(module, "files", lambda package: tmp_path)
    with pytest.raises(GutexoError, match="no calibrated posterior"):
        read_adopted_draws()
    write_draws([SPACE.values([0.5, 0.5, 0.5])], tmp_path / "posterior.csv")
    assert len(read_adopted_draws()[0]) == 1
