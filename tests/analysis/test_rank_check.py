"""Simulation-based calibration: what is right lies inside its band, what is wrong does not."""

import numpy as np
import pytest

from gutexo.analysis.calibration.rank_check import (
    RowErrors,
    check_ranks,
    ecdf_band,
    ecdf_places,
)
from gutexo.analysis.calibration.reweighting import sample_posterior
from gutexo.analysis.calibration.row_windows import RowWindows
from gutexo.errors import GutexoError

WAYS, ROWS = 5, 8
RANDOM = np.random.default_rng(5)
SLOPES = RANDOM.standard_normal((ROWS, WAYS)) * (RANDOM.random((ROWS, WAYS)) < 0.5) * 0.7
TRUTH = RANDOM.normal(0.0, 0.7, WAYS)
HALF, SCALE = np.full(ROWS, 0.5), np.full(ROWS, 0.15)
HALF[6:] = np.nan  # rows with one end


def measure(points):
    return points @ SLOPES.T + 0.1 * np.sin(2 * points @ SLOPES.T)


SEEN = measure(TRUTH[None])[0]


ENDS = np.array([(s - 0.5, s + 0.5) if n < 6 else (s - 0.1, np.inf) for n, s in enumerate(SEEN)])
WINDOWS = RowWindows(*ENDS.T, SCALE)


@pytest.fixture(scope="module")
def posterior():
    return sample_posterior(
        measure, WINDOWS, TRUTH, first=20, size=200, growth=9, enough=900, seed=3
    )


class TooCertain(RowErrors):
    """A likelihood that takes errors for half as wide as they are."""

    def log_likelihood(self, data, measured):
        return RowErrors(0.5 * self.half, self.scale).log_likelihood(data, measured)


def check(posterior, errors=RowErrors, **options):
    names = [f"p{n}" for n in range(WAYS)]
    settings = {"truths": 300, "seed": 3, **options}
    return check_ranks(names, posterior, errors(HALF, SCALE), **settings)


def test_right_posteriors_cover_their_truths(posterior):
    found = check(posterior)
    assert sum(one.inside for one in found) >= WAYS - 1
    assert found[0].truths > 60 and found[0].draws > 20
    assert all(len(one.ranks) == one.truths for one in found)


def test_posteriors_that_are_too_certain_are_found(posterior):
    found = check(posterior, TooCertain)
    assert sum(one.inside for one in found) <= 1 and max(one.beyond for one in found) > 0.03


def test_the_same_seed_gives_the_same_ranks(posterior):
    assert check(posterior)[0].ranks == check(posterior)[0].ranks
    assert check(posterior)[0].ranks != check(posterior, seed=4)[0].ranks


def test_too_few_truths_are_refused(posterior):
    with pytest.raises(GutexoError, match="ranks need 5 truths"):
        check(posterior, truths=4)


def test_the_band_holds_nineteen_of_twenty_ecdfs():
    low, high = ecdf_band(150)
    random, places = np.random.default_rng(8), ecdf_places()
    ecdfs = (random.random((3000, 150, 1)) <= places).mean(axis=1)
    inside = ((ecdfs >= low) & (ecdfs <= high)).all(axis=1).mean()
    assert inside == pytest.approx(0.95, abs=0.015)


def test_errors_have_the_density_of_the_likelihood():
    errors = RowErrors(np.array([0.5]), np.array([0.3]))
    drawn = errors.draw(200_000, np.random.default_rng(1))[:, 0]
    grid = np.linspace(-3, 3, 6001)
    density = np.exp(errors.log_likelihood(np.zeros(1), grid[:, None]))
    density /= density.sum()
    for edge in (0.2, 0.5, 0.8, 1.1):
        assert (np.abs(drawn) < edge).mean() == pytest.approx(
            density[np.abs(grid) < edge].sum(), abs=0.005
        )
