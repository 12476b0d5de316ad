"""The whole calibration with a known posterior: a biased mean-field model, mice that decide."""

import math

import numpy as np
import pytest

from gutexo.analysis.calibration.distance import FittedRow
from gutexo.analysis.calibration.emulator_correction import (
    choose_pilot_sets,
    correct_emulator,
    widen_windows,
)
from gutexo.analysis.calibration.evaluator import CalibrationEvaluator
from gutexo.analysis.calibration.mean_field_stage import run_abc_smc
from gutexo.analysis.calibration.mice_stage import estimate_cohort_bias, remove_cohort_bias
from gutexo.analysis.calibration.pipeline import StageModels, calibrate, time_mean_field
from gutexo.analysis.calibration.plan import CalibrationPlan, open_calibration
from gutexo.analysis.calibration.posterior_predictive import EmulatorDiscrepancy
from gutexo.analysis.calibration.simulation_based_calibration import uniformity
from gutexo.analysis.calibration.space import make_calibration_space
from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError

NAMES = ("barrier.leak", "barrier.repair", "immune.protection")
SPACE = make_calibration_space(NAMES)
DEFAULTS = Parameters().flat()
ROWS = tuple(
    FittedRow(name, "calibrate", math.exp(low), math.exp(high), 0.5 * (high - low))
    for name, low, high in (("a", 0.4, 0.6), ("b", 0.7, 1.5))
)


def mice(changes):
    """What counts: the posterior is a band of the first share, and one of the sum of two."""
    shares = SPACE.shares({**DEFAULTS, **changes})
    return {"a": math.exp(shares[0]), "b": math.exp(shares[1] + shares[2])}


def mean_field(changes):
    """A quarter too much of everything, and wrong in a way of its own from set to set."""
    shares = SPACE.shares({**DEFAULTS, **changes})
    wrong = 0.03 * math.sin(40 * shares[1])
    return {name: 1.25 * value * math.exp(wrong) for name, value in mice(changes).items()}


def mute(changes):
    raise GutexoError("no answer")


def plan(**options):
    sizes = {"size": 60, "table": 300, "truths": 100, "pilot": 12, "draws": 120, "quick": True}
    return CalibrationPlan(free=NAMES, **{**sizes, "tolerance": 0.0, "widen": 2.0, **options})


def run(folder, models=None, **options):
    return calibrate(
        plan(**options),
        folder,
        stage_models=models or StageModels(mean_field, mice, mice, mice),
        rows=ROWS,
        questions=("a", "b"),
    )


def spread_of(points, counts):
    mean = counts @ points / counts.sum()
    return mean, np.sqrt(counts @ (points - mean) ** 2 / counts.sum())


def test_a_biased_mean_field_model_is_corrected_and_mice_decide(tmp_path):
    found = run(tmp_path, size=120, table=400, draws=200)
    points = np.array([one.shares for one in found.accepted])
    counts = np.array([one.count for one in found.accepted], dtype=float)
    assert counts.sum() > 60
    # Every draw answers inside, as mice answer; the mean-field model alone would have shifted all.
    assert (points[:, 0] > 0.3999).all() and (points[:, 0] < 0.6001).all()
    assert (points[:, 1:].sum(axis=1) < 1.5001).all()
    (mean, spread) = spread_of(points[:, 0], counts)
    assert mean == pytest.approx(0.5, abs=0.02) and spread == pytest.approx(0.0577, rel=0.2)
    # The two shares are known by their sum only: the exact moments of that band.
    random = np.random.default_rng(1).random((200_000, 2))
    band = random[(random.sum(axis=1) > 0.7) & (random.sum(axis=1) < 1.5)]
    mean, spread = spread_of(points[:, 1], counts)
    assert mean == pytest.approx(band[:, 0].mean(), abs=0.08)
    assert spread == pytest.approx(band[:, 0].std(), rel=0.2)
    assert [row.identifiable for row in found.marginals] == [True, False, False]
    assert all(row.ranks_uniform for row in found.marginals)
    discrepancies = {one.question: one for one in found.discrepancies}
    assert discrepancies["a"].mice_over_twin == pytest.approx(0.8, rel=0.02)
    assert found.adopted is not None and found.adopted.place == 1
    inside = {(p.model, p.id): p.inside for p in found.predictive}
    assert inside["mice", "a"] == inside["mice", "b"] == 1.0 and inside["prior", "a"] < 0.4


def test_without_a_pilot_the_bias_costs_draws(tmp_path):
    accepted = len(run(tmp_path / "with").accepted)
    assert len(run(tmp_path / "without", pilot=0, widen=0.0).accepted) < 0.5 * accepted


def test_windows_for_the_mean_field_model():
    discrepancies = [
        EmulatorDiscrepancy("a", 10, 0.8, 0.1, 0.9),
        EmulatorDiscrepancy("b", 2, 0.5, 0.1, 0.9),
    ]
    first, second = widen_windows(ROWS, discrepancies, widen=1.0)
    assert first.low == pytest.approx(ROWS[0].low / 0.8 * math.exp(-0.1))
    assert first.high == pytest.approx(ROWS[0].high / 0.8 * math.exp(0.1))
    assert first.scale == ROWS[0].scale
    assert second == ROWS[1]  # two sets teach nothing
    assert correct_emulator({"a": 2.0, "b": 2.0}, discrepancies) == {"a": 1.6, "b": 2.0}


def test_a_pilot_is_taken_from_the_nearest_that_answer():
    distances = np.array([5.0, math.inf, 0.1, 0.2, 0.3, 9.0, 0.4])
    assert set(choose_pilot_sets(distances, 1, seed=1)) <= {0, 2, 3, 4, 5, 6}
    assert set(choose_pilot_sets(np.arange(100.0), 3, seed=1)) <= set(range(24))
    assert len(choose_pilot_sets(distances, 50, seed=1)) == 6
    assert choose_pilot_sets(distances, 0, seed=1) == []


def test_a_folder_knows_its_calibration(tmp_path):
    assert open_calibration(tmp_path, plan()) is False
    assert open_calibration(tmp_path, plan(budget=5.0, draws=7)) is True
    with pytest.raises(GutexoError, match="another tolerance"):
        open_calibration(tmp_path, plan(tolerance=0.1))
    (tmp_path / "settings.json").write_text("[1")
    with pytest.raises(GutexoError, match="cannot be read"):
        open_calibration(tmp_path, plan())
    (tmp_path / "settings.json").write_text("[]")
    with pytest.raises(GutexoError, match="cannot be read"):
        open_calibration(tmp_path, plan())


def test_the_mean_field_model_is_timed_or_refused():
    assert 0 <= time_mean_field(plan(), StageModels(mean_field, mice, mice, mice)) < 1
    with pytest.raises(GutexoError, match="does not answer: no answer"):
        time_mean_field(plan(), StageModels(mute, mice, mice, mice))


def test_a_spent_budget_ends_every_stage_in_one_line(tmp_path):
    with pytest.raises(GutexoError, match="larger --budget"):
        run(tmp_path, budget=1e-9)


def biased_cohort(changes):
    """The few mice that evaluate every set are a third above what many would answer."""
    return {name: 1.3 * value for name, value in mice(changes).items()}


def test_the_cohort_bias_of_the_few_mice_is_not_fitted(tmp_path):
    found = run(tmp_path, StageModels(mean_field, biased_cohort, mice, mice))
    points = np.array([one.shares for one in found.accepted])
    assert len(points) > 30 and 0.3999 < points[:, 0].min() < 0.45 < 0.55 < points[:, 0].max() < 0.6
    with pytest.raises(GutexoError, match="mice do not answer at the defaults: no answer"):
        run(tmp_path / "mute", StageModels(mean_field, mice, mute, mice))
    factors = estimate_cohort_bias(
        {"a": 1.3, "b": 2.0, "c": math.nan}, {"a": 1.0, "b": 0.0, "c": 1.0}
    )
    assert factors == {"a": 1.3, "b": 1.0, "c": 1.0}
    assert remove_cohort_bias({"a": 2.6, "d": 5.0}, factors) == {"a": 2.0, "d": 5.0}


def exact(changes):
    """One answer: the first share; the second and third do nothing."""
    return {"a": math.exp(SPACE.shares(changes)[0])}


@pytest.mark.long
@pytest.mark.parametrize(("wrong", "uniform"), [(0.0, True), (0.05, False)])
def test_ranks_of_the_search_itself(tmp_path, wrong, uniform):
    """Forty truths, each searched for: the whole of populations, kernels and weights is ranked."""
    random = np.random.default_rng(7)
    places = []
    for number in range(40):
        truth = random.random(3)
        noisy = truth[0] + wrong + random.uniform(-0.1, 0.1)
        rows = (FittedRow("a", "calibrate", math.exp(noisy - 0.1), math.exp(noisy + 0.1), 0.1),)
        with CalibrationEvaluator(exact, ("a",), NAMES) as model:
            database = tmp_path / f"{number}.db"
            found = run_abc_smc(SPACE, rows, model, database, seed=number, size=40, table=80)
        draws = found.posterior
        places.append(((draws.shares < truth) * draws.weights[:, None]).sum(axis=0))
    for column in range(3):
        counts = np.histogram(np.array(places)[:, column], bins=5, range=(0, 1))[0]
        assert (uniformity(counts) < 3.3) == (uniform or column > 0), (column, counts)
