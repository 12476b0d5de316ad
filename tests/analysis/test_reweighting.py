"""Known posteriors are recovered, in few dimensions and in many."""

import math

import numpy as np
import pytest

from gutexo.analysis.calibration.importance_sampling import (
    Cloud,
    draw_from,
    effective_size,
    log_mixture,
    log_prior,
    normalise,
)
from gutexo.analysis.calibration.reweighting import GROWTH, POSTERIOR, PRIOR, sample_posterior
from gutexo.analysis.calibration.row_windows import FAR, RowWindows
from gutexo.analysis.calibration.surrogate import RowSurrogate
from gutexo.errors import GutexoError


def linear(ways, rows, scale, seed=5):
    """Rows that are linear in the points, with normal errors: the posterior is a known normal."""
    random = np.random.default_rng(seed)
    turn = np.linalg.qr(random.standard_normal((ways, ways)))[0][:rows]
    goal = random.normal(0.0, 0.8, rows)
    start = turn.T @ goal + 0.1 * random.standard_normal(ways)
    known = goal / (1 + scale**2), scale**2 / (1 + scale**2)
    return turn, goal, start, known


def sample_linear(ways, rows, scale, *, below=-math.inf, **options):
    turn, goal, start, known = linear(ways, rows, scale)

    def measure(points):
        found = points @ turn.T
        found[points[:, 0] < below] = np.nan
        return found

    sizes = {"first": 50, "size": 100, "growth": 8, "enough": 150, "seed": 3}
    windows = RowWindows(goal, goal, np.full(rows, scale))
    found = sample_posterior(measure, windows, start, **{**sizes, **options})
    return found, found.sample.points @ turn.T, known


@pytest.mark.parametrize(
    ("ways", "rows", "scale"),
    [(2, 2, 0.3), (8, 3, 0.1), pytest.param(20, 20, 0.3, marks=pytest.mark.gate)],
)
def test_a_known_posterior_is_recovered(ways, rows, scale):
    found, seen, (mean, variance) = sample_linear(ways, rows, scale)
    assert found.finished and found.sample.size >= 150
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


@pytest.mark.gate
def test_a_curved_posterior_is_recovered():
    """Two numbers of which the product is known: the surrogate cannot follow a row to the end."""

    def measure(points):
        return np.exp(0.8 * (points[:, :1] + points[:, 1:2]) + 0.2 * points[:, :1] ** 2)

    windows = RowWindows(np.array([2.0]), np.array([3.0]), np.array([0.2]))
    found = sample_posterior(
        measure, windows, np.array([0.5, 0.5]), first=50, size=150, growth=8, enough=2000, seed=2,
    )  # fmt: skip
    grid = np.stack(np.meshgrid(*[np.linspace(-6, 6, 1201)] * 2), axis=-1).reshape(-1, 2)
    logs = log_prior(grid) - 0.5 * windows.misfits(measure(grid))
    known = normalise(logs)
    mean, spread = known @ grid, np.sqrt(known @ grid**2 - (known @ grid) ** 2)
    sample = found.sample
    assert sample.size > 300
    assert sample.weights @ sample.points == pytest.approx(mean, abs=0.15)
    middle = sample.weights @ sample.points
    seen = np.sqrt(sample.weights @ (sample.points - middle) ** 2)
    assert seen == pytest.approx(spread, rel=0.15)


def test_stages_are_counted_and_said():
    lines = []
    found, _, _ = sample_linear(3, 2, 0.3, enough=1e9, growth=6, report=lines.append)
    first, second, *_, last = found.generations
    assert (first.stage, first.sets) == (PRIOR, 50) and (second.stage, second.sets) == (GROWTH, 150)
    assert last.stage == POSTERIOR and last.size == found.sample.size and not found.finished
    assert len(found.sample.points) == 5 * 100 == last.sets - second.sets
    assert lines[0].startswith("growth, generation 1: 250 sets") and "worth" in lines[-1]
    grown = [one for one in found.generations if math.isfinite(one.volume)]
    assert grown[-1].volume > grown[0].volume


def test_the_same_plan_gives_the_same_sets():
    first, again = (sample_linear(3, 2, 0.3, growth=3)[0] for _ in range(2))
    assert np.array_equal(first.sample.points, again.sample.points)
    other = sample_linear(3, 2, 0.3, growth=3, seed=4)[0]
    assert not np.array_equal(first.sample.points, other.sample.points)


def test_sets_without_an_answer_have_no_weight():
    start = linear(3, 2, 0.3)[2]
    found, _, _ = sample_linear(3, 2, 0.3, below=start[0] - 0.1)
    refused = ~np.isfinite(found.measured).all(axis=1)
    assert refused.any() and not found.sample.weights[refused].any()
    assert found.sample.weights.sum() == pytest.approx(1.0)


def test_no_answer_near_the_feasible_point_is_told():
    with pytest.raises(GutexoError, match="no set near the feasible point"):
        sample_linear(3, 2, 0.3, below=9.0)


def test_windows_that_cannot_be_met_are_approached():
    """The row is -3 or less nowhere; the sets that come nearest count."""
    found = sample_posterior(
        lambda points: np.abs(points[:, :1]),
        RowWindows(np.array([-3.0]), np.array([-3.0]), np.array([0.1])),
        np.ones(2), first=50, size=100, growth=8, enough=50,
    )  # fmt: skip
    assert found.sample.misfits.min() > 800
    assert np.abs(found.sample.weights @ found.sample.points[:, 0]) < 0.1


def test_draws_have_the_density_they_are_drawn_from():
    cover = np.array([[0.5, 0.2], [0.2, 0.3]])
    inverse, random = np.linalg.inv(cover), np.random.default_rng(1)

    def log_density(points):
        return -0.5 * np.einsum("ij,jk,ik->i", points - 1.0, inverse, points - 1.0)

    points = draw_from(log_density, random.standard_normal((200, 2)), 4000, random)
    assert points.mean(axis=0) == pytest.approx([1.0, 1.0], abs=0.05)
    assert np.cov(points.T) == pytest.approx(cover, abs=0.05)


def test_a_mixture_is_known_without_the_constants_of_its_parts():
    from scipy.stats import norm

    random = np.random.default_rng(4)
    spreads, counts = np.array([0.5, 1.0, 2.0]), [600, 200, 1000]
    points = np.concatenate([random.normal(0.5 * k, spreads[k], counts[k]) for k in range(3)])
    known = np.column_stack([norm(0.5 * k, spreads[k]).logpdf(points) for k in range(3)])
    found = log_mixture(known + np.array([0.0, 7.0, -40.0]), counts)
    wanted = np.log(np.exp(known) @ counts)
    assert (found - wanted) - (found - wanted).mean() == pytest.approx(0.0, abs=0.1)


def test_the_prior_and_weights():
    from scipy.stats import multivariate_normal

    points = np.random.default_rng(2).standard_normal((5, 2))
    assert np.exp(log_prior(points)) == pytest.approx(multivariate_normal(np.zeros(2)).pdf(points))
    assert effective_size(np.full(8, 1 / 8)) == pytest.approx(8.0)
    assert normalise(np.array([700.0, 700.0, -np.inf])).tolist() == [0.5, 0.5, 0.0]


def test_a_cloud_is_round_in_its_own_coordinates():
    random = np.random.default_rng(0)
    points = random.standard_normal((4000, 3)) @ np.diag([0.1, 1.0, 3.0]) + [1.0, 2.0, 3.0]
    cloud = Cloud.fit(points, np.full(4000, 1 / 4000))
    assert cloud.place(cloud.round(points)) == pytest.approx(points)
    assert np.cov(cloud.round(points).T) == pytest.approx(np.eye(3), abs=0.01)
    assert cloud.log_volume == pytest.approx(np.log(0.3), abs=0.05)


def test_a_linear_row_is_learnt_exactly_and_another_one_nearly():
    random = np.random.default_rng(3)
    points = random.standard_normal((800, 3))

    def rows_of(at):
        return np.column_stack([1 + at[:, 0] - 2 * at[:, 1], np.sin(2 * at[:, 2]) * at[:, 0]])

    found = RowSurrogate.fit(points, rows_of(points), np.ones(800), random)
    new = random.uniform(-1.5, 1.5, (200, 3))
    missed = np.sqrt(np.mean((found(new) - rows_of(new)) ** 2, axis=0))
    assert missed[0] < 1e-6 and 0.001 < missed[1] < 0.1
    assert found.errors[0] < 1e-6 and missed[1] < found.errors[1] < 0.5
    noisy = rows_of(points) + 0.3 * random.standard_normal((800, 2))
    errors = RowSurrogate.fit(points, noisy, np.ones(800), random).errors
    assert (errors > 0.25).all() and (errors < 0.5).all()


def test_distances_outside_windows():
    windows = RowWindows(np.array([0.0, -np.inf]), np.array([1.0, 2.0]), np.array([0.1, 0.5]))
    measured = np.array([[0.5, -9.0], [1.2, 3.0], [np.nan, 0.0]])
    assert windows.distances(measured)[:2] == pytest.approx(np.array([[0.0, 0.0], [2.0, 2.0]]))
    assert windows.misfits(measured).tolist() == pytest.approx([0.0, 8.0, np.inf])
    near = np.array([[0.3, 1.0], [1.0 + FAR * 0.1, 2.0 + FAR * 0.5]])
    assert windows.limit(near) == pytest.approx(near)
    far = windows.limit(np.array([[1e6, 1e6], [-1e6, -1e6]]))
    assert 1.3 < far[0, 0] < 6.0 and -6.0 < far[1, 0] < -0.3 and far[1, 1] == -1e6
