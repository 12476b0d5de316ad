"""Interventions that differ only in a number they close over are never taken for each other."""

import numpy as np
import pytest

from gutexo.body.interventions import Intervention
from gutexo.cohort import lives
from gutexo.cohort.study_run import run_study
from gutexo.errors import GutexoError
from gutexo.protocol.life import Life
from gutexo.protocol.study import Scenario, Study
from tests.cohort.damages import TINY

FACTORS = (0.2, 5.0)


def repair(factor):
    """An intervention as a notebook makes it, in a function or a loop."""

    class Repair(Intervention):
        def modifiers(self, day):
            return {"tight_junction.repair": factor}

    return Repair()


def dosed(factor):
    """An arm that differs in what its mice are given."""
    return Scenario(
        name=f"dosed {factor:g}",
        life=Life(age=92, changes=TINY),
        interventions=(repair(factor),),
        duration=2,
    )


def raised(factor):
    """An arm that differs in how its mice are raised."""
    life = Life(age=92, changes=TINY, interventions=(repair(factor),))
    return Scenario(name=f"raised {factor:g}", life=life, duration=2)


def study(*arms):
    return Study(name="closed over", arms=arms, figures=())


def readings(result):
    """Readings of each arm of one mouse, as bytes, by the name of the arm."""
    names = [str(name) for name in result.data["scenario"].values]
    values = np.array([result.data[name].values for name in sorted(result.data.data_vars)])
    return {name: values[:, place].tobytes() for place, name in enumerate(names)}


@pytest.fixture
def empty_cache(tmp_path, monkeypatch):
    """Caches without lives: a new one at each call; what is compiled stays where it is."""
    made = []

    def new():
        made.append(tmp_path / f"cache{len(made)}")
        monkeypatch.setattr(lives, "cache_root", lambda: made[-1])
        return made[-1]

    new()
    return new


@pytest.mark.parametrize("arm", [dosed, raised])
def test_arms_of_one_study_are_not_mixed_up(arm, empty_cache, tmp_path):
    both = study(*map(arm, FACTORS))
    options = {"replicates": 1, "seed": 3, "keep": tmp_path / "run"}
    found = readings(run_study(both, **options))
    assert len(set(found.values())) == 2
    # From what is kept, and each on its own, with a warm and with an empty cache.
    assert readings(run_study(both, **options)) == found
    for clean in (False, True):
        for factor in FACTORS:
            if clean:
                empty_cache()
            alone = readings(run_study(study(arm(factor)), replicates=1, seed=3))
            assert alone == {name: found[name] for name in alone}


def test_each_way_to_be_raised_is_a_life_of_its_own(empty_cache):
    cache = empty_cache()
    run_study(study(*map(raised, FACTORS)), replicates=1, seed=3)
    assert len(list(cache.glob("lives-*/*.npz"))) == 2
    run_study(study(*map(dosed, FACTORS)), replicates=1, seed=3)
    assert len(list(cache.glob("lives-*/*.npz"))) == 3


@pytest.mark.parametrize("arm", [dosed, raised])
def test_mice_of_another_number_are_not_read_from_a_folder(arm, empty_cache, tmp_path):
    names = {"name": "the same"}
    one, other = (study(arm(factor).model_copy(update=names)) for factor in FACTORS)
    run_study(one, replicates=1, seed=3, keep=tmp_path / "run")
    with pytest.raises(GutexoError, match="another"):
        run_study(other, replicates=1, seed=3, keep=tmp_path / "run")
