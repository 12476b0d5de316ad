"""Sensitivity against models whose indices are known, and what is refused on the way."""

import dataclasses
import math
import os

import numpy as np
import pytest

from gutexo.analysis import sensitivity as s
from gutexo.analysis.evaluated_sets import EvaluatedSets
from gutexo.analysis.parameter_space import Dimension, ParameterSpace
from gutexo.analysis.sensitivity import (
    answer_spread,
    emulator_check,
    morris,
    sobol,
    winsorising,
)
from gutexo.analysis.sensitivity.space import (
    CENTRAL,
    FACTOR,
    UNIT_ENDINGS,
    select_uncertain,
)
from gutexo.analysis.tables import columns_of
from gutexo.catalogue import Parameters
from gutexo.catalogue.parameters import ParameterEntry
from gutexo.cohort.executors import OwnProcesses
from gutexo.errors import GutexoError

SMALLEST = s.SensitivityPlan(trajectories=4, points=32, picked=2, checked=2, runs=1)


def entry(name, prior="uniform", low=0.0, high=1.0, grade="assumed", value=0.5):
    return ParameterEntry(
        name=name, value=value, unit="1", low=low, high=high, prior=prior, prior_low=low,
        prior_high=high, grade=grade, source="assumed", also=(), meaning="", derived="",
        default=value, declared=value, declared_source="assumed",
    )  # fmt: skip


def cube(*names, sourced=()):
    """A space whose values are the places in the unit cube."""
    entries = [entry(name, grade="A" if name in sourced else "assumed") for name in names]
    return ParameterSpace(tuple(Dimension(one) for one in entries))


class Linear:
    """The log answer is a weighted sum; `dull` is there and does nothing."""

    def __init__(self, **weights):
        self.weights = weights

    def __call__(self, changes):
        total = sum(w * changes.get(name, 0.5) for name, w in self.weights.items())
        return {"y": math.exp(total), "constant": 2.0}


def ishigami(changes):
    a, b, c = (math.pi * (2 * changes.get(f"x.{n}", 0.5) - 1) for n in "abc")
    return {"y": math.exp(math.sin(a) + 7 * math.sin(b) ** 2 + 0.1 * c**4 * math.sin(a))}


def refuses(changes):
    if changes.get("x.a", 0.5) > 0.9:
        raise GutexoError("a is too large")
    return Linear(**{"x.a": 1.0, "x.b": 2.0})(changes)


def answers_of(model, space, questions=("y",), **more):
    return EvaluatedSets(model, "test", space.names, questions, **more)


def evaluate(model, space, points):
    return answers_of(model, space).log_evaluate([space.values(one) for one in points])


def test_indices_of_ishigami_lie_in_their_intervals():
    space = cube("x.a", "x.b", "x.c")
    groups = list(space.names)
    points = sobol.saltelli_design(groups, 1024, seed=3)
    logs = evaluate(ishigami, space, points.reshape(-1, 3))
    rows = sobol.sobol_indices(groups, ("y",), logs.reshape(1024, 5, 1), seed=3)
    first, total = (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437)
    for row, s1, st in zip(rows, first, total, strict=True):
        assert row.s1_low <= s1 <= row.s1_high and row.s1_high - row.s1_low < 0.25, row
        assert row.st_low <= st <= row.st_high and row.st_high - row.st_low < 0.25, row
        assert (row.rows, row.lost) == (1024, 0)
    assert sobol.largest_move(rows) < 0.15


def test_a_linear_model_is_found_and_what_does_nothing_is_nothing():
    weights = {"x.a": 1.0, "x.b": -2.0, "x.c": 3.0}
    space = cube(*weights, "x.dull", sourced=("x.c", "x.dull"))
    plan = s.SensitivityPlan(trajectories=5, points=512, picked=3, checked=2, runs=1)
    found = s.measure_sensitivity(
        space, plan, answers_of(Linear(**weights), space, ("y", "constant")), seed=2
    )
    stars = {(row.parameter, row.question): row for row in found.morris}
    for name, weight in weights.items():
        row = stars[name, "y"]
        assert row.mu_star == pytest.approx(abs(weight)) and row.mu == pytest.approx(weight)
        assert row.mu_star_low == pytest.approx(abs(weight)) == pytest.approx(row.mu_star_high)
        assert row.sigma == pytest.approx(0, abs=1e-9)
    dull = stars["x.dull", "y"]
    assert dull.mu_star == dull.mu_star_low == dull.mu_star_high == 0.0
    assert found.picked == ("x.c", "x.b", "x.a")
    for row in found.sobol:
        if row.question == "constant":
            assert math.isnan(row.s1) and math.isnan(row.st)
            continue
        known = weights.get(row.name, 0.0) ** 2 / 14
        assert row.s1_low <= known <= row.s1_high and row.st_low <= known <= row.st_high, row
    others = next(row for row in found.sobol if (row.name, row.question) == (sobol.OTHERS, "y"))
    assert others.st == 0.0 == others.st_low == others.st_high
    groups = {row.name: row for row in found.groups if row.question == "y"}
    for name, known in (("assumed", 5 / 14), ("sourced", 9 / 14)):
        assert groups[name].s1_low <= known <= groups[name].s1_high
        assert groups[name].st_low <= known <= groups[name].st_high
    spread = found.answers[0]
    assert spread.sd_log == pytest.approx(math.sqrt(14 / 12), rel=0.05)
    assert spread.default == pytest.approx(math.e) and spread.low < spread.median < spread.high
    assert spread.above_one_low < spread.above_one < spread.above_one_high
    frame = found.to_frame("groups")
    assert list(frame.columns) == list(columns_of(s.TABLES["groups"])) and len(frame) == 4
    with pytest.raises(GutexoError, match="did you mean 'groups'"):
        found.to_frame("group")


def test_our_effects_are_those_of_salib():
    from SALib.analyze.morris import analyze

    space = cube("x.a", "x.b", "x.c")
    walks = morris.trajectories(3, 6, seed=5)
    logs = evaluate(ishigami, space, walks.reshape(-1, 3))
    rows = morris.screen_parameters(
        space.names, ("y",), morris.elementary_effects(walks, logs.reshape(6, 4, 1)), 1
    )
    problem = {"num_vars": 3, "names": list("abc"), "bounds": [[0, 1]] * 3}
    theirs = analyze(problem, walks.reshape(-1, 3), logs[:, 0], num_levels=4)
    assert [row.mu_star for row in rows] == pytest.approx(list(theirs["mu_star"]))
    assert [row.mu for row in rows] == pytest.approx(list(theirs["mu"]))
    assert [row.sigma for row in rows] == pytest.approx(list(theirs["sigma"]))
    assert all(row.mu_star_low <= row.mu_star <= row.mu_star_high for row in rows)


def test_designs_are_nested_so_that_saved_answers_serve_a_larger_one():
    assert (morris.trajectories(4, 3, 7) == morris.trajectories(4, 5, 7)[:3]).all()
    small, large = (sobol.saltelli_design(["a", "b", "b"], n, 7) for n in (16, 32))
    assert (small == large[:16]).all()
    apart = sobol.saltelli_design(["a", "b", "c"], 16, 7)
    assert (apart[:, [0, -1]] == small[:, [0, -1]]).all()
    assert (sobol.saltelli_design(["a", "b", "b"], 16, 8) != small).any()
    with pytest.raises(GutexoError, match="power of two"):
        sobol.saltelli_design(["a"], 12, 1)


def test_refused_sets_are_dropped_and_counted():
    space = cube("x.a", "x.b")
    model = answers_of(refuses, space)
    found = s.measure_sensitivity(space, SMALLEST, model, seed=1)
    rows = {row.parameter: row for row in found.morris}
    walks = morris.trajectories(2, 4, 1)
    high = walks[:, :, 0] > 0.9
    assert sum(row.lost for row in rows.values()) == (high[:, 1:] | high[:, :-1]).sum() > 0
    assert all(row.effects + row.lost == 4 for row in rows.values())
    assert rows["x.b"].mu_star == pytest.approx(2.0)
    assert 0 < s.lost_share(found.morris) < 1
    assert found.reasons["a is too large"] > 0
    assert all(row.rows + row.lost == 32 and row.lost > 0 for row in found.sobol)
    assert found.answers[0].lost > 0


def test_where_nothing_is_answered_it_says_why():
    def broken(changes):
        raise GutexoError("out of order")

    space = cube("x.a")
    with pytest.raises(GutexoError, match="out of order"):
        s.measure_sensitivity(space, SMALLEST, answers_of(broken, space))


@pytest.mark.gate
def test_any_number_of_workers_finds_the_same_to_the_bit(tmp_path):
    space = cube("x.a", "x.b")
    model = Linear(**{"x.a": 1.0, "x.b": 2.0})
    one = s.measure_sensitivity(
        space, SMALLEST, answers_of(model, space, path=tmp_path / "kept.csv"), seed=4
    )
    processes = OwnProcesses(2)
    ready = answers_of(model, space, workers=processes)
    assert s.measure_sensitivity(space, SMALLEST, ready, seed=4) == one
    # A worker that dies between two stages is replaced.
    processes._pool.submit(os._exit, 1).exception()
    again = answers_of(model, space, workers=processes)
    assert s.measure_sensitivity(space, SMALLEST, again, seed=4) == one
    processes.stop()
    again = s.measure_sensitivity(
        space, SMALLEST, answers_of(model, space, path=tmp_path / "kept.csv"), seed=4
    )
    assert again == one
    assert s.measure_sensitivity(space, SMALLEST, answers_of(model, space), seed=5) != one


def test_every_parameter_with_a_prior_is_moved_but_what_only_counts():
    entries = Parameters().entries()
    names = {one.name for one in select_uncertain(entries)}
    out = {one.name for one in entries} - names
    fixed = {one.name for one in entries if not one.sampled}
    assert out == fixed | {one.name for one in entries if one.name.endswith(UNIT_ENDINGS)}
    assert {n for n in Parameters.names() if n.startswith("resolution.")} <= out
    assert {"immune.tnf_unit", "immune.lps_unit", "exosome.luminal_particles"} <= out
    assert {"barrier.dextran_dose", "glucose.tolerance_dose", "glucose.insulin_dose"} <= out
    assert len(names) > 100 and "insulin.cargo_protection" in names
    new = entry("immune.brand_new", "loguniform", 0.1, 10.0, value=1.0)
    assert new in select_uncertain([*entries, new])
    assert s.make_sensitivity_space(entries=[*entries, new]).names[-1] == "immune.brand_new"
    assert new not in select_uncertain([*entries, new], held=("immune.brand_new",))
    assert not select_uncertain([dataclasses.replace(new, prior="fixed")])


def test_ranges_stay_within_the_prior():
    near_range, prior = (s.make_sensitivity_space(name) for name in s.RANGES)
    parameters = Parameters()
    for space in (near_range, prior):
        corners = np.random.default_rng(1).integers(0, 2, (40, len(space.names))).astype(float)
        for corner in corners:
            parameters.change(space.changes(corner))
    for one in near_range.dimensions:
        low, high, value = one.value(0.0), one.value(1.0), one.entry.value
        assert one.entry.prior_low <= low < high <= one.entry.prior_high, one.name
        if value > 0:
            assert low >= value / FACTOR * 0.999 and high <= value * FACTOR * 1.001, one.name
            assert low <= value <= high, one.name
    wide = prior.dimensions[prior.names.index("barrier.leak")]
    assert wide.entry.cdf(wide.value(0.0)) == pytest.approx(0.5 - CENTRAL / 2)
    assert wide.entry.cdf(wide.value(1.0)) == pytest.approx(0.5 + CENTRAL / 2)
    zero = near_range.dimensions[near_range.names.index("glucose.beta_root")]
    assert zero.value(0.0) < 0 < zero.value(1.0) and zero.high - zero.low < 0.21
    odd = s.make_sensitivity_space(entries=[entry("x.a", value=7.0)]).dimensions[0]
    assert odd.value(0.0) == pytest.approx(0.05)


def test_a_space_has_what_the_user_set_and_does_not_move_it():
    space = s.make_sensitivity_space(
        base={"barrier.leak": 20.0, "barrier.repair": 0.5}, held=("barrier.leak",)
    )
    assert "barrier.leak" not in space.names and "barrier.repair" in space.names
    changes = space.changes(np.full(len(space.names), 0.5))
    assert changes["barrier.leak"] == 20.0
    assert changes["barrier.repair"] == pytest.approx(0.5)
    with pytest.raises(GutexoError, match="no parameter is left"):
        s.make_sensitivity_space(held=Parameters.names())
    with pytest.raises(GutexoError, match="did you mean 'prior'"):
        s.make_sensitivity_space("priors")


def test_every_question_has_a_label_of_its_own():
    labels = [s.label_question(question) for question in s.SENSITIVITY_QUESTIONS]
    assert len(set(labels)) == len(labels) == 14
    assert "HOMA-IR, young exosomes to old" in labels and "plasma TNF, young" in labels


def test_the_emulator_is_compared_with_mice_without_its_constant_error():
    rng = np.random.default_rng(3)
    truth = rng.normal(0, 0.5, (40, 1))
    mice = truth + rng.normal(0, 0.1, (2, 40, 1))
    (row,) = emulator_check.check_emulator(("y",), truth + 0.3, mice, [0.5])
    assert row.bias == pytest.approx(0.3, abs=0.05) and row.rms == pytest.approx(0.31, abs=0.05)
    assert row.noise == pytest.approx(0.1 / math.sqrt(2), rel=0.3)
    assert row.share == pytest.approx(0.005 / 0.25, rel=0.6)
    mice[0, 0, 0] = np.nan
    (row,) = emulator_check.check_emulator(("y",), truth, mice[:1], [0.5])
    assert (row.points, row.lost) == (39, 1) and math.isnan(row.noise)
    (row,) = emulator_check.check_emulator(("y",), truth * np.nan, mice, [0.5])
    assert row.points == 0 and math.isnan(row.rms)


def test_mice_are_not_run_where_few_grow_old():
    mortal = {"senescence.production": 3.4e-5, "senescence.removal": 0.0135}
    refused = {"cargo.decay_time": 6.0}
    assert (
        emulator_check.share_reaching_old_age({}) > 0.7
        and emulator_check.share_reaching_old_age(mortal) < 0.1
    )
    found, passed = emulator_check.choose_mouse_points(
        [mortal, {}, refused, {"barrier.leak": 15.0}, {}], 2
    )
    assert found == [{}, {"barrier.leak": 15.0}] and passed == 2


def test_one_set_far_outside_does_not_own_the_variance():
    def gives_way(changes):
        found = Linear(**{"x.a": 1.0, "x.b": 2.0})(changes)["y"]
        return {"y": found * (1e-6 if changes.get("x.b", 0.5) > 0.99 else 1.0)}

    space = cube("x.a", "x.b")
    plan = s.SensitivityPlan(trajectories=4, points=256, picked=2, checked=2, runs=1)
    found = s.measure_sensitivity(space, plan, answers_of(gives_way, space), seed=1)
    assert 0.005 < found.answers[0].far < 0.02 and found.answers[0].low > 0.9
    total = {row.name: row.st for row in found.sobol}
    assert total["x.a"] == pytest.approx(0.2, abs=0.08)
    normal = np.random.default_rng(1).normal(size=(3000, 1))
    ends = winsorising.tukey_fences(normal)
    assert (winsorising.winsorise(normal, ends) == normal).all() and ends[0] == pytest.approx(
        -4.7, abs=0.3
    )
    same = np.array([[0.0], [0.0], [0.0], [0.0], [9.0], [np.nan]])
    assert np.array_equal(
        winsorising.winsorise(same, winsorising.tukey_fences(same)), same, equal_nan=True
    )


@pytest.mark.parametrize(
    ("hits", "of", "printed"),
    [
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_wilson_agrees_with_printed_intervals(hits, of, printed):
    """Newcombe, Stat Med 17:857 (1998), table I, method 3."""
    assert answer_spread.wilson(hits, of) == pytest.approx(printed, abs=5e-5)


def test_wilson_at_its_ends():
    assert answer_spread.wilson(0, 10)[0] == pytest.approx(0, abs=1e-12)
    assert answer_spread.wilson(10, 10)[1] == pytest.approx(1)
    assert answer_spread.wilson(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert all(map(math.isnan, answer_spread.wilson(0, 0)))


def test_a_plan_fits_its_budget_or_says_that_it_cannot():
    plan = s.SensitivityPlan()
    assert plan.evaluations(100) == 1 + 10 * 101 + 256 * (2 + 13 + 2)
    minutes = plan.minutes(100, 0.3, 30.0, 2)

    def cost(one):
        return one.minutes(100, 0.3, 30.0, 2)

    assert plan.within(minutes, cost) == plan
    less = plan.within(10, cost)
    assert cost(less) <= 10 and less.points == 64 and less.trajectories >= 5
    least = plan.within(3, cost)
    assert cost(least) <= 3 and least.trajectories >= 2 and least.points >= 16
    with pytest.raises(GutexoError, match="smallest analysis takes"):
        plan.within(0.1, cost)
    for budget in (0, -1, math.inf, math.nan):
        with pytest.raises(GutexoError, match="minutes above 0"):
            plan.within(budget, cost)
    for wrong in ({"points": 100}, {"points": 8}, {"trajectories": 1}, {"runs": 0}):
        with pytest.raises(GutexoError):
            s.SensitivityPlan(**wrong)


def test_without_salib_the_extra_is_named(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "SALib.sample.sobol", None)
    with pytest.raises(GutexoError, match=r"\[analysis\]"):
        sobol.saltelli_design(["a"], 16, 1)
