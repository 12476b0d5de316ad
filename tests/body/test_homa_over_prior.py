"""HOMA-IR over the prior: whatever the uncertain numbers are, it stays one that can be read."""

import math

import pytest

from gutexo.analysis.parameter_space import make_parameter_space
from gutexo.analysis.sensitivity.space import select_uncertain
from gutexo.body.mouse import Mouse
from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError
from tests.conftest import SMALL

qmc = pytest.importorskip("scipy.stats.qmc")
pytest.importorskip("scipy", "1.15", reason="a generator has another name before")
LOWEST, HIGHEST = 0.2, 100.0
YOUNG, OLD = 90.0, 730.0


def draw_sets(count, seed):
    """Sets of all uncertain numbers, a Latin hypercube of the prior."""
    space = make_parameter_space([one.name for one in select_uncertain(Parameters().entries())])
    points = qmc.LatinHypercube(len(space.names), rng=seed).random(count)
    return [space.values(point) for point in points]


def read_homa(values, age, seed):
    """HOMA-IR of a small mouse; None if it dies before that age."""
    for tick in (1.0, 0.1):  # fast rates need shorter ticks
        try:
            parameters = Parameters().change({**SMALL, **values, "resolution.tick": tick})
            return Mouse(parameters, seed=seed, age=age).measure()["HOMA-IR"]
        except GutexoError as error:
            if "too fast for a tick" not in str(error):
                assert "dies at" in str(error)
                return None
    raise AssertionError(f"these numbers make no mouse: {values}")


def readings_over_prior(count, age, seed=1):
    """HOMA-IR of every mouse that lives; NaN of diabetic ones."""
    sets = enumerate(draw_sets(count, seed))
    found = [read_homa(values, age, seed=number) for number, values in sets]
    return [value for value in found if value is not None]


@pytest.mark.parametrize(
    ("count", "age", "least"),
    [
        pytest.param(12, YOUNG, 4, marks=pytest.mark.gate),
        pytest.param(1000, YOUNG, 400, marks=pytest.mark.long),
        pytest.param(200, OLD, 20, marks=pytest.mark.long),
    ],
)
def test_no_defined_homa_ir_is_beyond_reading(count, age, least):
    found = readings_over_prior(count, age)
    defined = [value for value in found if not math.isnan(value)]
    assert len(defined) >= least
    assert LOWEST <= min(defined) and max(defined) <= HIGHEST, (min(defined), max(defined))
