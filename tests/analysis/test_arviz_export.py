"""Draws for ArviZ: groups, dims, units, and a missing package."""

import sys

import numpy as np
import pytest

import gutexo as gut
from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError

DRAWS = [
    {"barrier.leak": leak, "immune.lps_half": half, "insulin.cargo_block": 2.0}
    for leak, half in ((4.0, 10.0), (5.0, 12.0), (6.0, 9.0))
]


def test_free_parameters_become_variables_with_chain_and_draw():
    tree = gut.to_arviz(DRAWS)
    found = tree["posterior"]["barrier.leak"]
    assert found.dims == ("chain", "draw") and found.values.tolist() == [[4.0, 5.0, 6.0]]
    assert set(tree["posterior"].data_vars) == {"barrier.leak", "immune.lps_half"}
    units = {one.name: one.unit for one in Parameters().entries()}
    assert found.attrs["units"] == units["barrier.leak"]


def test_the_prior_is_beside_and_the_same_again():
    tree, again = gut.to_arviz(DRAWS), gut.to_arviz(DRAWS)
    prior = tree["prior"]["barrier.leak"].values
    assert prior.shape[1] >= 1000
    entry = next(one for one in Parameters().entries() if one.name == "barrier.leak")
    assert np.mean(prior < entry.quantile(0.5)) == pytest.approx(0.5, abs=0.05)
    assert np.array_equal(prior, again["prior"]["barrier.leak"].values)


def test_what_is_missing_is_told(monkeypatch):
    with pytest.raises(GutexoError, match="without a draw"):
        gut.to_arviz([])
    monkeypatch.setitem(sys.modules, "arviz_base", None)
    with pytest.raises(GutexoError, match="arviz"):
        gut.to_arviz(DRAWS)
