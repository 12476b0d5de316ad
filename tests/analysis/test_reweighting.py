"""Known posteriors are recovered, in few dimensions and in many."""

import math

import numpy as np
import pytest

from gutexo.analysis.calibration.importance_sampling import (
    Proposal,
    WeightedSample,
    effective_size,
    fit_to_function,
    log_prior,
)
from gutexo.analysis.calibration.reweighting import fit_quadratic, sample_posterior


def linear(ways, rows, scale, seed=5):
    """Rows that are linear in the points, with normal errors: the posterior is a known normal."""
    random = np.random.default_rng(seed)
    turn = np.linalg.qr(random.standard_normal((ways, ways)))[0][:rows]
    goal = random.normal(0.0, 0.8, rows)
    start = turn.T @ goal + 0.1 * random.standard_normal(ways)
    known = goal / (1 + scale**2), scale**2 / (1 + scale**2)
    return turn, goal, start, known


def sample_linear(ways, rows, scale, *, refuse=0.0, **options):
    turn, goal, start, known = linear(ways, rows, scale)

    def measure(points):
        found = points @ turn.T / scale
        found[points[:, 0] < refuse - 10.0] = np.nan
        return found

    sizes = {"first": 300, "size": 300, "enough": 500, "most": 10, "seed": 3, **options}
    found = sample_posterior(measure, lambda rows: rows - goal / scale, start, **sizes)
    return found, found.sample.points @ turn.T, known


@pytest.mark.parametrize(("ways", "rows", "scale"), [(2, 2, 0.3), (8, 3, 0.1), (25, 25, 0.3)])
def test_a_known_posterior_is_recovered(ways, rows, scale):
    found, seen, (mean, variance) = sample_linear(ways, rows, scale)
    assert found.finished and found.sample.size >= 400
    weights = found.sample.weights
    middle = weights @ seen
    error = math.sqrt(variance / found.sample.size)
    assert np.abs(middle - mean).max() < 4 * error
    assert (weights @ (seen - middle) ** 2 / variance) == pytest.approx(1.0, abs=0.25)


def test_directions_without_a_row_keep_their_prior():
    found, _, _ = sample_linear(6, 2, 0.2)
    turn = np.linalg.qr(np.random.default_rng(5).standard_normal((6, 6)))[0][2:]
    free = found.sample.points @ turn.T
    assert found.sample.weights @ free**2 == pytest.approx(1.0, abs=0.25)


def test_the_same_plan_gives_the_same_sets():
    first, again = (sample_linear(3, 2, 0.3, most=2)[0] for _ in range(2))
    assert np.array_equal(first.sample.points, again.sample.points)
    other = sample_linear(3, 2, 0.3, most=2, seed=4)[0]
    assert not np.array_equal(first.sample.points, other.sample.points)


def test_sets_without_an_answer_have_no_weight():
    found, _, _ = sample_linear(3, 2, 0.3, refuse=9.5)
    refused = ~np.isfinite(found.measured).all(axis=1)
    assert refused.any() and not found.sample.weights[refused].any()
    assert found.sample.weights.sum() == pytest.approx(1.0)


def test_windows_that_cannot_be_met_leave_a_tolerance_above_one():
    found = sample_posterior(
        lambda points: np.zeros((len(points), 1)) + np.abs(points[:, :1]),
        lambda rows: (rows + 3.0) * 40.0,
        np.zeros(2),
        first=200, size=50, enough=100, most=1,
    )  # fmt: skip
    assert not found.finished and found.sample.tolerance > 1
    assert found.sample.size == pytest.approx(6.0, rel=0.02)  # three draws a dimension


def test_a_prior_without_rows_is_itself():
    sample, proposal = WeightedSample(2), Proposal(np.array([1.0, 0.0]), 4.0 * np.eye(2))
    points = proposal.draw(20_000, np.random.default_rng(1))
    sample.add(points, np.zeros(len(points)), proposal, 10)
    assert sample.tolerance == 1.0
    assert sample.weights @ points == pytest.approx([0.0, 0.0], abs=0.05)
    assert sample.weights @ points**2 == pytest.approx([1.0, 1.0], abs=0.05)


def test_densities_of_proposals():
    from scipy.stats import multivariate_normal

    cover = np.array([[0.5, 0.2], [0.2, 0.3]])
    points = np.random.default_rng(2).standard_normal((5, 2))
    prior = multivariate_normal(np.zeros(2)).pdf(points)
    assert np.exp(log_prior(points)) == pytest.approx(prior)
    mixed = 0.95 * multivariate_normal([1.0, 2.0], cover).pdf(points) + 0.05 * prior
    found = Proposal(np.array([1.0, 2.0]), cover).log_density(points)
    assert np.exp(found) == pytest.approx(mixed)
    assert effective_size(np.full(8, 1 / 8)) == pytest.approx(8.0)


def test_the_nearest_normal_of_a_cheap_function():
    found = fit_to_function(
        lambda points: ((points[:, 0] - 2.0) / 0.1) ** 2,
        Proposal.prior(3),
        np.random.default_rng(0),
    )
    assert found.mean == pytest.approx([2.0 / 1.01, 0.0, 0.0], abs=0.1)
    assert np.diag(found.factor @ found.factor.T) == pytest.approx([0.01 / 1.01, 1, 1], rel=0.2)


def test_a_quadratic_row_is_learnt():
    random = np.random.default_rng(3)
    points = random.standard_normal((400, 3))
    rows = np.column_stack([1 + points[:, 0] * points[:, 1], 2 * points[:, 2] ** 2 - points[:, 0]])
    found = fit_quadratic(points, rows, np.ones(400))
    new = random.standard_normal((50, 3))
    wanted = np.column_stack([1 + new[:, 0] * new[:, 1], 2 * new[:, 2] ** 2 - new[:, 0]])
    assert found(new) == pytest.approx(wanted, abs=0.01)
