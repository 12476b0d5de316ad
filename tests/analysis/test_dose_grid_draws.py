"""The dose grid over posterior draws: every point has an answer, a small dose holds nothing."""

import numpy as np
import pytest

from gutexo.analysis.dose_grid import describe_shares
from gutexo.analysis.dose_grid_draws import dose_grid_rows, simulate_dose_grid
from gutexo.catalogue import Parameters
from gutexo.cli.app import run_safely

COARSE = {
    "resolution.segments": 8,
    "exosome.mucus_entry": 0.1,
}


DEFAULT = {"cargo.barrier_by_senescence": Parameters().cargo.barrier_by_senescence}
MILD = {"cargo.barrier_by_senescence": 0.0}  # old cells load no more barrier cargo


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    return tmp_path_factory.mktemp("dose_grid") / "evaluated_sets.csv"


@pytest.fixture(scope="module")
def holds(table):
    return simulate_dose_grid([DEFAULT, MILD], seed=2, changes=COARSE, path=table)


@pytest.mark.gate
def test_every_point_of_the_dose_grid_is_answered(holds):
    assert holds.dims == ("fact", "dose", "duration", "every", "route", "draw")
    assert set(np.unique(holds.values)) <= {0.0, 1.0}
    rows = dose_grid_rows(holds)
    assert len(rows) == holds.size // 2 and {row.draws for row in rows} == {2}
    assert sum("holds in" in line for line in describe_shares(holds)) == 4


@pytest.mark.gate
def test_a_faint_dose_holds_little_and_a_strong_one_leaks(holds):
    """One tenth of an equivalent hardly reaches a window; ten a day for four weeks leak."""
    faint = holds.sel(dose=0.1, duration=3, every=7)
    assert float(faint.mean()) < 0.2
    strong = holds.sel(dose=10.0, duration=28, every=1, route="gavage").isel(draw=0)
    assert float(strong.sel(fact="young + old exosomes: FITC-dextran")) == 1.0


def test_a_posterior_that_does_not_exist_gets_one_line(tmp_path, capsys):
    assert run_safely(["analyse", "box", "--posterior", str(tmp_path / "none.csv")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.gate
def test_a_saved_grid_is_not_simulated_again(holds, table):
    before = table.read_bytes()
    again = simulate_dose_grid([MILD, DEFAULT], seed=2, changes=COARSE, path=table)
    assert table.read_bytes() == before
    assert again.isel(draw=[1, 0]).equals(holds)
