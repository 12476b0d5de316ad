"""The space of parameters: shares of priors, and back."""

import numpy as np
import pytest

from gutexo.analysis.parameter_space import Dimension, ParameterSpace, make_parameter_space
from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError

ENTRIES = {entry.name: entry for entry in Parameters().entries()}
NAMES = ("barrier.leak", "senescence.production_part")  # a loguniform prior and a uniform one


@pytest.mark.parametrize("name", [name for name, entry in ENTRIES.items() if entry.sampled])
def test_share_and_value_are_inverse(name):
    entry = ENTRIES[name]
    for share in (0.0, 0.1, 0.5, 0.93, 1.0):
        assert entry.cdf(entry.quantile(share)) == pytest.approx(share, abs=1e-12)


def test_a_value_outside_its_prior_has_share_0_or_1():
    entry = ENTRIES["barrier.leak"]
    assert entry.cdf(0.5 * entry.prior_low) == 0.0 and entry.cdf(2 * entry.prior_high) == 1.0
    with pytest.raises(GutexoError, match="its prior is fixed"):
        ENTRIES["resolution.packets"].cdf(3.0)


def test_points_and_values_are_inverse():
    space = make_parameter_space(NAMES, base={"barrier.repair": 0.5})
    point = np.array([0.3, 0.8])
    values = space.values(point)
    assert space.point(values) == pytest.approx(point)
    assert space.changes(point) == {"barrier.repair": 0.5, **values}
    assert space.names == NAMES


def test_values_are_rounded_where_asked():
    values = make_parameter_space(NAMES, digits=3).values([0.123456, 0.654321])
    assert all(value == float(f"{value:.3g}") for value in values.values())


def test_a_part_of_a_prior():
    entry = ENTRIES["barrier.leak"]
    space = ParameterSpace((Dimension(entry, 0.25, 0.75),))
    assert space.values([0.0]) == {entry.name: entry.quantile(0.25)}
    assert space.point({entry.name: entry.quantile(0.5)}) == pytest.approx([0.5])
    assert space.point({entry.name: entry.quantile(0.9)}) == [1.0]


@pytest.mark.parametrize(
    ("names", "base", "message"),
    [
        (("barrier.leek",), {}, "did you mean 'barrier.leak'"),
        (("resolution.packets",), {}, "it has no prior"),
        (("barrier.leak", "barrier.leak"), {}, "named twice"),
        (("barrier.leak",), {"barrier.leak": 5.0}, "cannot be set as well"),
        ((), {}, "one is needed"),
    ],
)
def test_mistakes(names, base, message):
    with pytest.raises(GutexoError, match=message):
        make_parameter_space(names, base=base)
