"""Variance of recipients, donors and packets: known answers, and mice that cross."""

import numpy as np
import pytest

from gutexo.analysis.donor_variance import EffectVariance, measure_donor_variance, split_variance
from gutexo.errors import GutexoError
from tests.conftest import SMALL


def test_a_known_table_is_split():
    random = np.random.default_rng(1)
    sums = np.zeros(3)
    for _ in range(200):
        rows, columns = 0.3 * random.standard_normal((6, 1)), 0.2 * random.standard_normal(8)
        table = 0.5 + rows + columns + 0.1 * random.standard_normal((6, 8))
        sums += split_variance(table)
    assert sums / 200 == pytest.approx([0.09, 0.04, 0.01], rel=0.15)


def test_a_table_without_variance_of_one_kind():
    rows = np.array([[0.1], [0.4], [0.9]]) + np.zeros(4)
    recipient, pool, rest = split_variance(rows)
    assert recipient == pytest.approx(rows[:, 0].var(ddof=1)) and pool == 0.0
    assert rest == pytest.approx(0.0, abs=1e-12)
    one = EffectVariance("old to young", "HOMA-IR", 2, 4, 3, 0.1, 0.2, 0.1, 0.1)
    assert one.donor_share == pytest.approx(0.25)


def test_missing_effects_and_uneven_pools_are_refused():
    for table in (np.zeros((1, 4)), np.array([[0.1, np.nan], [0.2, 0.3]])):
        with pytest.raises(GutexoError, match="two recipients and two pools"):
            split_variance(table)
    with pytest.raises(GutexoError, match="do not make two or more whole pools of 4"):
        measure_donor_variance(donors=6, sizes=(2, 4))


@pytest.mark.gate
def test_recipients_and_pools_are_crossed():
    rows = measure_donor_variance(recipients=2, donors=4, sizes=(1, 2), changes=SMALL)
    assert {(row.donors, row.pools) for row in rows} == {(1, 4), (2, 2)}
    assert len(rows) == 8 and all(row.recipients == 2 for row in rows)
    assert all(np.isfinite(row.donor_share) and row.rest > 0 for row in rows)
