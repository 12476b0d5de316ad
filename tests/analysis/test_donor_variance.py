"""Variance of recipients, donors and packets: known answers, and mice that cross."""

import numpy as np
import pytest

from gutexo.analysis.donor_variance import (
    EffectVariance,
    list_crossed_studies,
    measure_donor_variance,
    split_variance,
)
from gutexo.analysis.tables import read_table
from gutexo.cli.app import run_safely
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


def test_what_will_cost_is_what_is_run():
    raised, crossed = list_crossed_studies(8, SMALL, sizes=(2, 4))[:2]
    assert raised.arms[0].duration == 0 and raised.arms[0].life.age == 730
    assert len(crossed.arms) == 1 + 4 + 2 and crossed.arms[0].duration == 28


@pytest.mark.gate
def test_the_command_writes_its_table(tmp_path, capsys):
    out = tmp_path / "donors"
    command = ["analyse", "donors", "--quick", "--replicates", "2", "--out", str(out)]
    assert run_safely([*command, "--dry-run"]) == 0
    assert "donors of a transfer" in capsys.readouterr().out and not out.exists()
    assert run_safely(command) == 0
    printed = capsys.readouterr().out
    assert "old to young, HOMA-IR, 8 donors a pool" in printed and "Wanted" in printed
    rows = read_table(EffectVariance, out / "donor_variance.csv")
    assert len(rows) == 12 and {row.donors for row in rows} == {2, 4, 8}


@pytest.mark.gate
def test_recipients_and_pools_are_crossed():
    rows = measure_donor_variance(recipients=2, donors=4, sizes=(1, 2), changes=SMALL)
    assert {(row.donors, row.pools) for row in rows} == {(1, 4), (2, 2)}
    assert len(rows) == 8 and all(row.recipients == 2 for row in rows)
    assert all(np.isfinite(row.donor_share) and row.rest > 0 for row in rows)
