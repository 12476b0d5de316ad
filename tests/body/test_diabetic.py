"""A mouse without insulin: everything stays finite, and its HOMA-IR is not defined."""

import math

import numpy as np
import pytest

from gutexo.analysis.diabetic import count_diabetic, describe_diabetic, find_diabetic
from gutexo.body.mouse import Mouse
from gutexo.body.observables import OBSERVABLES
from gutexo.cohort.study_run import run_study
from gutexo.errors import ModelError
from gutexo.protocol.life import Life
from gutexo.protocol.study import Scenario, Study
from tests.conftest import SMALL

NO_BETA_CELLS = {"glucose.beta_death": 0.15}  # they are lost at every glucose level


@pytest.fixture(scope="module")
def diabetic(small):
    mouse = Mouse(small.change(NO_BETA_CELLS), seed=1)
    mouse.run_for("60 d")
    return mouse


def test_all_but_homa_is_a_number_that_one_can_read(diabetic):
    found = diabetic.measure()
    assert found["fasting glucose"] > diabetic.parameters.glucose.diabetic
    assert math.isnan(found.pop("HOMA-IR"))
    assert all(math.isfinite(value) for value in found.values())
    assert 1e-6 < found["fasting insulin"] < 0.1 and found["beta-cell mass"] > 1e-6


def test_its_record_says_the_same(diabetic):
    assert np.isnan(diabetic.recorder["HOMA-IR"]).all()
    assert np.isfinite(diabetic.recorder["fasting glucose"]).all()
    again = Mouse.from_snapshot(diabetic.snapshot())
    assert np.array_equal(again.recorder.values, diabetic.recorder.values, equal_nan=True)


def test_another_reading_that_is_no_number_is_refused(diabetic):
    assert [name for name, row in OBSERVABLES.items() if not row.of_diabetic] == ["HOMA-IR"]
    with pytest.raises(ModelError, match="TER is nan"):
        diabetic.recorder.record(99.0, {**diabetic.measure(), "TER": math.nan})


def test_a_study_names_its_diabetic_mice(tmp_path):
    without = Life(changes={**SMALL, **NO_BETA_CELLS})
    arms = (
        Scenario(name="well", life=Life(changes=SMALL), duration=1.0),
        Scenario(name="no beta cells", life=without, duration=1.0),
    )
    data = run_study(Study(name="two", arms=arms), replicates=2, seed=1).data
    assert count_diabetic(data, "no beta cells", 1.0) == (2, 2)
    assert count_diabetic(data, "well", 1.0) == (0, 2)
    assert not find_diabetic(data, "TER", "no beta cells", 1.0).any()
    assert describe_diabetic(data) == [
        "no beta cells, day 1: 2 of 2 mice are diabetic; their HOMA-IR is not defined and not in"
        " the means"
    ]
