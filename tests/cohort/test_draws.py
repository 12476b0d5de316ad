"""Mice with parameter draws, so that bands and intervals include what is not known."""

import json

import numpy as np

from gutexo.cohort.result import CohortResult
from gutexo.cohort.study_run import run_study
from gutexo.figures.trajectories import describe_mice
from tests.cohort.test_cohort import tiny_study

FIRST = {"barrier.leak": 5.0, "immune.lps_half": 8.0}
DRAWS = [FIRST, {"barrier.leak": 25.0, "immune.lps_half": 12.0}]


def readings(data, replicate):
    return {name: values.values[:, replicate].tobytes() for name, values in data.data_vars.items()}


def test_each_mouse_and_its_donors_live_by_the_next_draw(tmp_path):
    study = tiny_study(days=2.0)
    mixed = run_study(study, replicates=3, seed=3, draws=DRAWS)
    for replicate in range(3):
        alone = run_study(study.change(DRAWS[replicate % 2]), replicates=3, seed=3)
        assert readings(mixed.data, replicate) == readings(alone.data, replicate)
    saved = CohortResult.load(mixed.save(tmp_path / "dataset.zarr"))
    assert saved.data["barrier.leak"].values.tolist() == [5.0, 25.0, 5.0]
    assert saved.data["immune.lps_half"].dims == ("replicate",)
    assert saved.provenance["draws"] == [*DRAWS, DRAWS[0]]
    assert "2 parameter draws" in saved.provenance["notes"][0]
    assert describe_mice(saved.data) == "3 mice an arm, each by one of 2 parameter draws."
    assert set(saved.data.data_vars) == set(alone.data.data_vars)


def test_draws_do_not_change_who_the_mice_are():
    study = tiny_study(days=0.0)
    fixed = run_study(study, replicates=2, seed=3)
    same = {name: study.arms[0].life.parameters().flat()[name] for name in DRAWS[0]}
    with_draws = run_study(study, replicates=2, seed=3, draws=[same, same])
    for name in fixed.data.data_vars:
        assert np.array_equal(fixed.data[name], with_draws.data[name])
    assert "draws" not in json.loads(fixed.data.attrs["provenance"])
