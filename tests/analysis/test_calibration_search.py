"""The search finds a posterior that is known, the same on any machine and after any accident."""

import math
import os

import numpy as np
import pytest

from gutexo.analysis.calibration.distance import FittedRow
from gutexo.analysis.calibration.evaluator import CalibrationEvaluator
from gutexo.analysis.calibration.mean_field_stage import Population, run_abc_smc
from gutexo.analysis.calibration.mice_stage import (
    draw_particles,
    evaluate_draws,
    repeat_by_count,
    select_close,
)
from gutexo.analysis.calibration.space import (
    FREE,
    CalibrationSpace,
    make_calibration_space,
    round_value,
)
from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError
from gutexo.support.interrupts import Interrupted

NAMES = ("barrier.leak", "barrier.repair", "immune.protection")
SPACE = make_calibration_space(NAMES)


def window(name, low, high):
    """A row met by shares of the prior from low to high."""
    return FittedRow(name, "calibrate", math.exp(low), math.exp(high), 0.5 * (high - low))


# The posterior is a rectangle: the first share from 0.3 to 0.5, the second from 0.2 to 0.9.
ROWS = (window("a", 0.3, 0.5), window("b", 0.2, 0.9))


def model(changes):
    """Answers are exponentials of two shares of the prior; the third does nothing."""
    shares = SPACE.shares(changes)
    return {"a": math.exp(shares[0]), "b": math.exp(shares[1])}


def picky(changes):
    """A model that refuses half of the prior."""
    shares = SPACE.shares(changes)
    if shares[2] > 0.5:
        raise GutexoError("a tick is too long for this")
    return model(changes)


def deadly(changes):
    """A model that takes its process with it, now and then."""
    if SPACE.shares(changes)[2] > 0.95:
        os._exit(1)
    return model(changes)


def hopeless(changes):
    raise GutexoError("nothing works")


def evaluator_of(folder=None, workers=1, answering=model):
    path = None if folder is None else folder / "sets.csv"
    return CalibrationEvaluator(answering, ("a", "b"), NAMES, path=path, workers=workers)


def search(folder, **options):
    """A small search; returns its populations."""
    answering = options.pop("answering", model)
    with evaluator_of(folder, options.pop("workers", 1), answering) as evaluator:
        sizes = {"size": 40, "table": 120, **options}
        return run_abc_smc(SPACE, ROWS, evaluator, folder / "populations.db", **sizes)


def same(one, other):
    assert len(one.populations) == len(other.populations)
    np.testing.assert_array_equal(one.distances, other.distances)
    for a, b in zip(one.populations, other.populations, strict=True):
        assert (a.tolerance, a.evaluated) == (b.tolerance, b.evaluated)
        np.testing.assert_array_equal(a.shares, b.shares)
        np.testing.assert_array_equal(a.weights, b.weights)


def test_the_free_parameters_are_assumed_and_sampled():
    known = {entry.name: entry for entry in Parameters().entries()}
    assert 16 <= len(FREE) <= 20
    for name in FREE:
        assert known[name].grade == "assumed" and known[name].sampled, name


def test_shares_and_values_are_two_ways_to_say_the_same():
    whole = make_calibration_space()
    shares = np.linspace(0.02, 0.98, len(whole.names))
    values = whole.values(shares)
    Parameters().change(values)
    assert values == {name: round_value(value) for name, value in values.items()}
    assert whole.shares(values) == pytest.approx(shares, abs=2e-3)
    assert SPACE.shares(dict.fromkeys(NAMES, 1e9)).tolist() == [1.0] * 3
    assert SPACE.shares(dict.fromkeys(NAMES, 0.0)).tolist() == [0.0] * 3


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["barrier.leek"], "did you mean 'barrier.leak'"),
        (["barrier.leak", "barrier.leak"], "named twice"),
        (["resolution.packets"], "no prior"),
    ],
)
def test_a_wrong_name_gets_one_line(names, message):
    with pytest.raises(GutexoError, match=message):
        make_calibration_space(names)


def test_a_rectangle_is_found(tmp_path):
    found = search(tmp_path, size=150, table=450)
    assert found.finished and found.populations[-1].tolerance == 0.0
    last = found.populations[-1]
    assert last.effective > 90
    inside = last.shares[:, :2]
    assert (inside > [0.2999, 0.1999]).all() and (inside < [0.5001, 0.9001]).all()
    mean, square = last.weights @ last.shares, last.weights @ last.shares**2
    assert mean == pytest.approx([0.4, 0.55, 0.5], abs=0.06)
    spread = np.sqrt(square - mean**2)
    assert spread == pytest.approx(np.array([0.2, 0.7, 1.0]) / math.sqrt(12), rel=0.15)
    tolerances = [one.tolerance for one in found.populations]
    assert tolerances == sorted(tolerances, reverse=True)


@pytest.mark.gate
def test_workers_change_nothing(tmp_path):
    one = search(tmp_path / "one", table=60)
    two = search(tmp_path / "two", table=60, workers=2)
    same(one, two)
    assert not np.array_equal(one.table, search(tmp_path / "three", table=60, seed=2).table)


@pytest.mark.parametrize("after", [30, 150, 185])
def test_an_interrupted_search_ends_as_an_undisturbed_one(tmp_path, after):
    """Cut in the table, in a population and in the next; the last line on disk cut short."""
    whole = search(tmp_path / "whole")
    folder = tmp_path / "cut"
    calls = 0

    def interrupted(changes):
        nonlocal calls
        calls += 1
        if calls > after:
            raise Interrupted
        return model(changes)

    with pytest.raises(KeyboardInterrupt):
        search(folder, answering=interrupted)
    with open(folder / "sets.csv", "a") as file:
        file.write("1.0,2")
    again = 0

    def counted(changes):
        nonlocal again
        again += 1
        return model(changes)

    same(whole, search(folder, answering=counted))
    lines = (tmp_path / "whole" / "sets.csv").read_text().splitlines()
    assert again == len(lines) - 1 - after  # nothing is evaluated twice


def test_a_spent_budget_leaves_whole_populations_and_goes_on(tmp_path):
    whole = search(tmp_path / "whole")
    left = 150

    def spent():
        nonlocal left
        left -= 1
        return left < 0

    early = search(tmp_path / "early", until=spent)
    assert 0 < len(early.populations) < len(whole.populations) and not early.finished
    same(whole, search(tmp_path / "early"))
    with pytest.raises(GutexoError, match="larger --budget"):
        search(tmp_path / "never", until=lambda: True)


def test_sets_that_cannot_be_run_are_infinitely_far(tmp_path):
    found = search(tmp_path, answering=picky)
    assert np.isinf(found.distances).any() and np.isfinite(found.distances).any()
    assert (found.populations[-1].shares[:, 2] < 0.5001).all()


def test_a_model_that_never_answers_gets_one_line(tmp_path):
    with pytest.raises(GutexoError, match="no set has an answer: nothing works"):
        search(tmp_path, answering=hopeless)


@pytest.mark.gate
def test_a_worker_that_dies_takes_its_own_set_only():
    points = np.random.default_rng(1).random((9, 3))
    points[:, 2] *= 0.9
    points[8, 2] = 0.99
    with evaluator_of(workers=2, answering=deadly) as evaluator:
        found = evaluator.evaluate([SPACE.values(point) for point in points])
    assert [n for n, one in enumerate(found) if not one.answers] == [8]
    assert evaluator.failed == 1 and "died" in evaluator.reason


def test_answers_of_another_calibration_are_not_read(tmp_path):
    (tmp_path / "sets.csv").write_text("x,y\n1,2\n")
    with pytest.raises(GutexoError, match="another calibration"):
        search(tmp_path)
    search(tmp_path / "good")
    path = tmp_path / "good" / "sets.csv"
    path.write_text(path.read_text() + "this is no answer\n")
    with pytest.raises(GutexoError, match="damaged"):
        search(tmp_path / "good")


def test_a_file_that_is_no_database_gets_one_line(tmp_path):
    (tmp_path / "populations.db").write_text("no database at all, but rather long " * 50)
    with pytest.raises(GutexoError, match="not a database of populations"):
        search(tmp_path)


def test_changed_code_is_noticed(tmp_path, monkeypatch):
    from gutexo.analysis.calibration import evaluator

    monkeypatch.setattr(evaluator.EvaluationTask, "run", lambda self, folder: ({}, 0.1, "older"))
    with pytest.raises(GutexoError, match="code changed"):
        search(tmp_path)


def population(weights, seed=1):
    shares = np.random.default_rng(seed).random((len(weights), 3))
    weights = np.asarray(weights, dtype=float)
    return Population(0, 0.0, len(weights), shares, weights / weights.sum())


def test_draws_come_in_proportion_to_their_weight():
    chosen = dict(draw_particles(population([1, 0, 3, 1, 5]), 100, seed=1))
    assert chosen == {0: 10, 2: 30, 3: 10, 4: 50}
    assert sum(times for _, times in draw_particles(population(np.ones(37)), 20, 3)) == 20


def test_mice_accept_what_is_close_to_them_too():
    """Mice that disagree with the mean-field model: their windows restrict its posterior."""
    posterior = population(np.ones(60))
    with evaluator_of() as mice:
        evaluated = evaluate_draws(SPACE, ROWS, mice, posterior, count=60)
        accepted = select_close(evaluated, 0.0)
        again = evaluate_draws(SPACE, ROWS, mice, posterior, count=60)
    assert mice.evaluated == 60 and [one.values for one in evaluated] == [
        one.values for one in again
    ]
    inside = (posterior.shares[:, :2] > [0.3, 0.2]).all(1) & (
        posterior.shares[:, :2] < [0.5, 0.9]
    ).all(1)
    assert len(accepted) == inside.sum() > 3
    assert len(repeat_by_count(accepted)) == sum(one.count for one in accepted)
    assert set(repeat_by_count(accepted)[0]) == set(NAMES)


def test_mice_stop_when_the_budget_is_spent():
    posterior = population(np.ones(60))
    with evaluator_of() as mice:
        evaluated = evaluate_draws(
            SPACE, ROWS, mice, posterior, count=60, until=lambda: mice.evaluated >= 7
        )
        assert len(evaluated) == 7
        with pytest.raises(GutexoError, match="larger --budget"):
            evaluate_draws(SPACE, ROWS, evaluator_of(), posterior, count=60, until=lambda: True)


def test_a_point_of_a_space_is_inside_every_range():
    for entry in CalibrationSpace(make_calibration_space().entries).entries:
        for share in (0.0, 1.0):
            value = CalibrationSpace((entry,)).values([share])[entry.name]
            assert entry.low <= value <= entry.high
