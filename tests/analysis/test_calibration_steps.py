"""Steps of a calibration on made-up models: what each chooses, and the whole from step to step."""

import math

import numpy as np
import pytest

from gutexo.analysis.calibration import targets
from gutexo.analysis.calibration.adoption import (
    Candidate,
    check_candidates,
    choose_adopted,
    order_from_centre,
)
from gutexo.analysis.calibration.feasible_point import (
    SEARCHED,
    find_feasible_point,
    make_search_space,
    probits,
    shares,
)
from gutexo.analysis.calibration.free_parameters import choose_free_parameters
from gutexo.analysis.calibration.marginals import find_correlations, summarise_marginals
from gutexo.analysis.calibration.plan import (
    CalibrationPlan,
    demonstration_plan,
    open_calibration,
)
from gutexo.analysis.calibration.predictive_check import (
    summarise_predictive,
    weighted_quantiles,
)
from gutexo.analysis.calibration.run import calibrate, screened_names
from gutexo.analysis.evaluated_sets import EvaluatedSets
from gutexo.analysis.mean_field_arms import MALE_PART, PART
from gutexo.analysis.parameter_space import make_parameter_space
from gutexo.analysis.posterior import read_draws, write_draws
from gutexo.analysis.scorecard import Score
from gutexo.catalogue import Parameters
from gutexo.catalogue.patterns import SIGN_IDS, patterns
from gutexo.errors import GutexoError
from gutexo.support.interrupts import Interrupted

FREE = ("barrier.leak", "immune.lps_half", "insulin.cargo_block")
SPACE = make_parameter_space(FREE, digits=4)


def middle():
    """Numbers in the middle of every target."""
    rows = {}
    for key, (low, high) in targets.windows().items():
        least, most = (
            targets.TARGETS[key][:2] if key in targets.TARGETS else targets.WATCHED[key][2:4]
        )
        rows[key] = 0.5 * (least + most) if math.isfinite(most) else 2.0 * least
        if "quarter" in key:  # of same-age effects that are 1
            rows[key] = 0.0
        assert low <= rows[key] <= high, key
    return rows


def toy(changes):
    """Two numbers move two rows; at the defaults of the first the row lies outside its window."""
    rows = middle()
    at = {name: changes.get(name, 1.0) for name in FREE}
    rows["old-tnf"] = 2.4 * (at["barrier.leak"] / 18.0) ** 1.5
    rows["old-homa-ir"] = 1.7 * at["insulin.cargo_block"] / 2.0
    measured = targets.measure_rows(rows)
    return dict(zip(targets.target_names(), measured, strict=True))


def evaluated(names, **options):
    return EvaluatedSets(toy, "toy", tuple(names), targets.target_names(), **options)


def test_only_rows_that_may_be_fitted_are_targets():
    fitted = {one.id for use in ("calibrate", "constrain") for one in patterns(use)}
    assert {key.split(":")[0] for key in targets.TARGETS} <= fitted
    validated = {one.id for one in patterns("validate")}
    assert not validated & {key.split(":")[0] for key in targets.windows()}
    constrained = {one.id for one in patterns("constrain")}
    assert constrained <= {key.split(":")[0] for key in targets.TARGETS}
    uses = {targets.use_of(key) for key in targets.windows()}
    assert uses == {"calibrate", "constrain", "bound"}


def test_distances_are_zero_in_windows_and_grow_beyond():
    rows = middle()
    inside = targets.take_differences(targets.measure_rows(rows))
    assert not targets.row_windows().distances(inside).any() and targets.in_windows(inside).all()
    assert targets.values_of(inside) == pytest.approx(list(rows.values()))
    column = targets.target_names().index("old-tnf")
    low = targets.windows()["old-tnf"][0]
    windows, sets = (
        targets.row_windows(),
        [rows | {"old-tnf": factor * low} for factor in (1.0, 0.9, 0.8)],
    )
    found = [windows.distances(targets.measure_rows(one))[column] for one in sets]
    assert 0.0 == found[0] < found[1] < found[2]
    assert found[1] == pytest.approx(-math.log(0.9) / targets.TARGETS["old-tnf"][2])
    assert targets.row_windows().distances(targets.measure_rows({}))[column] == math.inf


@pytest.mark.parametrize(("same", "cross", "inside"), [
    (1.02, 1.2, True), (0.98, 1.2, True), (1.04, 1.2, True), (1.06, 1.2, False), (0.93, 1.2, False),
    (1.02, 1.01, False), (1.002, 1.01, True),
])  # fmt: skip
def test_the_same_age_effect_is_compared_with_a_quarter_of_the_cross_age_one(same, cross, inside):
    share = abs(math.log(same)) / max(math.log(cross), 0.005)  # as `score_point` measures it
    rows = middle() | {
        "same-age-young:plasma TNF": same,
        "old-to-young-inflammation": cross,
        "same-age-young:quarter plasma TNF": share,
    }
    names = targets.target_names()
    column = names.index("same-age-young:quarter plasma TNF")
    measured = targets.measure_rows(rows)
    found = targets.take_differences(measured)
    assert targets.in_windows(found)[column] == inside == (share <= 0.25)
    assert targets.values_of(found)[column] == pytest.approx(share)
    other = [n for n, name in enumerate(names) if "quarter" not in name]
    assert np.array_equal(found[other], measured[other])
    assert np.isnan(targets.take_differences(np.full(len(names), np.nan))).all()


def test_the_search_space_has_a_number_of_males_and_contains_the_defaults():
    space = make_search_space()
    assert space.names == (*SEARCHED, MALE_PART)
    values = Parameters().flat() | {MALE_PART: space.entries[-1].default}
    assert space.values(shares(probits(space, values))) == pytest.approx(
        {name: values[name] for name in space.names}, rel=1e-3
    )
    assert PART not in make_search_space(base={PART: 0.9}).names


@pytest.mark.parametrize(("generations", "improvements"), [(14, 0), (0, 5)])
def test_a_feasible_point_is_found(generations, improvements):
    start = {"barrier.leak": 7.0, "immune.lps_half": 20.0, "insulin.cargo_block": 1.0}
    lines = []
    found = find_feasible_point(
        SPACE, evaluated(FREE), start, generations=generations, population=10,
        improvements=improvements, spread=0.5, report=lines.append,
    )  # fmt: skip

    def inside(values):
        return targets.in_windows(targets.take_differences(np.array(list(toy(values).values()))))

    assert inside(found).all() and lines
    assert not inside(start).all()


def test_a_missing_package_is_named(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "cma", None)
    start = {name: 5.0 for name in FREE}
    with pytest.raises(GutexoError, match="pip install cma"):
        find_feasible_point(
            SPACE, evaluated(FREE), start, generations=1, population=4, improvements=0
        )


def test_numbers_that_move_a_row_are_freed_and_the_others_are_listed():
    point = {"barrier.leak": 18.0, "immune.lps_half": 20.0, "insulin.cargo_block": 2.0}
    found = choose_free_parameters(SPACE, evaluated(FREE), point, walks=3, most=25)
    by = {one.parameter: one for one in found}
    assert set(by) == set(FREE) and not by["immune.lps_half"].free
    assert by["barrier.leak"].free and by["barrier.leak"].row == "old-tnf"
    assert by["immune.lps_half"].importance == 0.0
    assert sum(one.importance for one in found) == pytest.approx(1.0)
    (one,) = [
        one.parameter
        for one in choose_free_parameters(SPACE, evaluated(FREE), point, walks=3, most=1)
        if one.free
    ]
    assert one == found[0].parameter


def plan(**options):
    sizes = {"generations": 2, "population": 6, "improvements": 2, "walks": 2, "first": 60}
    sizes |= {"size": 60, "growth": 6, "enough": 100.0, "truths": 60}
    sizes |= {"predictive": 4}
    return CalibrationPlan(**{**sizes, **options})


CALLED = []


def predict(draws, **options):
    CALLED.append((draws, options))
    return [Score("old-tnf", "calibrate", 2.0, 1.8, 2.2, (1.5, 4.0), "1", "pass", len(draws))]


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.gate)])
def test_a_whole_calibration(workers, tmp_path):
    lines = []
    CALLED.clear()
    found = calibrate(
        plan(), tmp_path, workers=workers, model=toy, predict=predict, report=lines.append
    )
    assert set(found.space.names) == {"barrier.leak", "insulin.cargo_block"}
    assert found.posterior.finished and len(found.screened) == len(screened_names({}))
    inside = {row.id: row.inside for row in found.predictive if row.model == "posterior"}
    assert min(inside.values()) > 0.7
    before = {row.id: row.inside for row in found.predictive if row.model == "prior"}
    assert before["old-tnf"] < 0.6
    narrow = {one.parameter: one.width for one in found.marginals}
    assert narrow["barrier.leak"] < 0.5
    assert [line[0] for line in lines if line[1:3] == ". "] == ["1", "2", "3", "4", "5"]
    ((draws, options),) = CALLED
    assert len(draws) == 4 and options["workers"] == workers and found.mice[0].mice == 4
    assert set(FREE[:1]) <= set(draws[0]) and MALE_PART not in draws[0]


@pytest.mark.gate
def test_an_interrupted_calibration_goes_on_to_the_same_end(tmp_path):
    whole = calibrate(plan(predictive=0), tmp_path / "a", model=toy)

    def interrupted(changes, left=[90]):  # noqa: B006
        left[0] -= 1
        if not left[0]:
            raise Interrupted
        return toy(changes)

    with pytest.raises(Interrupted):
        calibrate(plan(predictive=0), tmp_path / "b", model=interrupted)
    lines = (tmp_path / "b" / "evaluated_sets.csv").read_text().splitlines()
    assert len(lines) == 90  # the header and 89 sets
    again = calibrate(plan(predictive=0), tmp_path / "b", model=toy)
    assert np.array_equal(again.posterior.sample.points, whole.posterior.sample.points)
    assert np.array_equal(again.posterior.sample.weights, whole.posterior.sample.weights)
    assert again.ranks == whole.ranks


def test_given_free_parameters_are_not_screened(tmp_path):
    found = calibrate(plan(free=FREE, predictive=0), tmp_path, model=toy)
    assert found.space.names == FREE and not found.screened


def test_a_folder_of_another_plan_is_refused(tmp_path):
    assert open_calibration(tmp_path, plan()) is False
    assert open_calibration(tmp_path, plan()) is True
    with pytest.raises(GutexoError, match="another seed"):
        open_calibration(tmp_path, plan(seed=9))
    (tmp_path / "settings.json").write_text("[]")
    with pytest.raises(GutexoError, match="cannot be read"):
        open_calibration(tmp_path, plan())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"truths": 3}, "truths must be 20 or more; got 3"),
        ({"size": 3}, "size must be 20 or more"),
        ({"freed": 26}, "25 parameters may be free at most; got 26"),
        ({"free": tuple(SEARCHED[:26])}, "25 parameters may be free at most; got 26"),
        ({"changes": {"barrier.leek": 3.0}}, "did you mean"),
    ],
)
def test_a_bad_plan_is_refused(options, message):
    with pytest.raises(GutexoError, match=message):
        plan(**options)


def test_a_plan_counts_its_sets_and_a_real_one_fits_into_two_hours():
    counts = CalibrationPlan().evaluations(screened=115, searched=49)
    assert counts["screening"] == 4 * 116
    # At two seconds a set on each of two processes, half an hour is left for mice.
    assert sum(counts.values()) < 120 * 60
    assert sum(demonstration_plan().evaluations(115, 49).values()) < 400


def score(name, use, verdict, value=1.0):
    return Score(name, use, value, 0.9, 1.1, (0.5, 2.0), "1", verdict, 8)


def card(signs="pass", constrain="partial", passed=40):
    rows = [score(name, "constrain", signs) for name in SIGN_IDS]
    rows.append(score("washout-28d", "constrain", constrain))
    return (*rows, *(score(f"row {n}", "calibrate", "pass") for n in range(passed - len(SIGN_IDS))))


def test_sets_inside_all_windows_are_candidates_from_the_centre_outwards():
    points = np.array([[0.0, 0.0], [1.0, 0.0], [3.0, 0.0], [1.2, 0.0]])
    weights = np.array([0.3, 0.3, 0.1, 0.3])
    order = order_from_centre(points, weights, np.array([0.5, 0.0, 0.0, 0.0]))
    assert [one.number for one in order][-1] == 2 and 0 not in [one.number for one in order]
    assert [one.rank for one in order] == [1, 2, 3] and order[0].away < order[-1].away
    nearest = order_from_centre(points, weights, np.array([0.5, 2.0, 9.0, 3.0]))
    assert [one.number for one in nearest] == [0, 1, 3, 2]


def test_candidates_are_scored_until_one_is_confirmed():
    cards = {1.0: card(constrain="fail"), 2.0: card(passed=35), 3.0: card(), 4.0: card()}
    candidates = [Candidate(n, 0.1 * n, 0.0, n) for n in (1, 2, 3, 4)]
    lines = []

    def run(most):
        return check_candidates(
            candidates, lambda number: {"x": float(number)},
            lambda one, values: cards[values["x"]],
            most=most, report=lines.append,
        )  # fmt: skip

    found = run(4)
    assert [one.confirmed for one in found] == [False, False, True]
    assert choose_adopted(found).values == {"x": 3.0}
    assert "outside are washout-28d" in lines[0] and "confirmed, 40 rows pass" in lines[-1]
    # Without a confirmed one: the most rows passed, of those whose four signs pass.
    assert choose_adopted(run(2)).values == {"x": 1.0}
    cards[1.0] = card(signs="partial", constrain="fail", passed=44)
    assert choose_adopted(run(2)).values == {"x": 2.0}
    cards[2.0] = card(signs="fail")
    assert choose_adopted(run(2)) is None


def test_weighted_quantiles():
    values = np.array([3.0, 1.0, 2.0, 9.0])
    assert weighted_quantiles(values, np.array([1.0, 1.0, 1.0, 0.0]) / 3, [0.0, 0.5, 1.0]) == [
        1.0, 2.0, 3.0
    ]  # fmt: skip
    random = np.random.default_rng(1).standard_normal(20_000)
    found = weighted_quantiles(random, np.full(20_000, 1 / 20_000), [0.05, 0.5])
    assert found == pytest.approx([-1.645, 0.0], abs=0.04)


def test_marginals_and_correlations(tmp_path):
    found = calibrate(plan(free=FREE, predictive=0), tmp_path, model=toy)
    rows = summarise_marginals(found.space, found.posterior.sample)
    assert all(row.uniform is None and not row.identifiable for row in rows)
    wide = next(row for row in rows if row.parameter == "immune.lps_half")
    assert 0.8 < wide.width < 1.2 and wide.low < wide.median < wide.high
    assert find_correlations(FREE, found.posterior.sample) == []
    sums = summarise_predictive(
        "posterior", found.posterior.measured, found.posterior.sample.weights
    )
    assert len(sums) == len(targets.target_names())


def test_weighted_draws_are_written_and_read_back(tmp_path):
    draws = [SPACE.values(point) for point in np.random.default_rng(1).random((5, 3))]
    weights = np.array([0.1, 0.2, 0.3, 0.2, 0.2])
    found, read = read_draws(write_draws(draws, tmp_path / "p.csv", weights=weights))
    assert found == draws and read == pytest.approx(weights)
    found, read = read_draws(write_draws(draws, tmp_path / "q.csv"))
    assert found == draws and read == pytest.approx([0.2] * 5)
    with pytest.raises(GutexoError, match="without a draw"):
        write_draws([], tmp_path / "r.csv")


def test_a_version_without_a_posterior_says_so(monkeypatch, tmp_path):
    from gutexo.analysis import posterior

    monkeypatch.setattr(posterior, "files", lambda package: tmp_path)
    with pytest.raises(GutexoError, match="no calibrated posterior"):
        posterior.read_adopted_draws()
    write_draws([SPACE.values([0.5, 0.5, 0.5])], tmp_path / "posterior.csv")
    assert len(posterior.read_adopted_draws()[0]) == 1
