"""Every parameter at both ends of its range: a small mouse lives ten days, or it is wrong."""

import numpy as np
import pytest

from gutexo.body.mouse import Mouse
from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError

ENTRIES = {entry.name: entry for entry in Parameters().entries()}
ENDS = [(name, end) for name in ENTRIES for end in ("low", "high")]
NO_OTHER_ORGAN = {f"exosome.{organ}_share": 0.0 for organ in ("hepatocyte", "myocyte", "adipocyte")}
# Ends that need another number too; without it they are refused in a line that names it.
COMPANIONS = {
    ("exosome.hepatocyte_share", "high"): NO_OTHER_ORGAN,
    ("exosome.myocyte_share", "high"): NO_OTHER_ORGAN,
    ("exosome.adipocyte_share", "high"): NO_OTHER_ORGAN,
    ("cargo.decay_time", "low"): {"resolution.thinning": 1},
    ("epithelium.restitution", "high"): {"resolution.tick": 0.4},
    ("resolution.packets", "high"): {"resolution.enterocytes": 1000},
}
# Ends that only ask for more computing: a day at the gate, ten days in the long tier.
LARGE = {
    (f"resolution.{name}", "high") for name in ("hepatocytes", "myocytes", "adipocytes", "packets")
}
SEEDS = (1, 2, 3, 4, 5)
"""Where ageing is fastest, some mice die young; as in a study, another is drawn then."""


def lives(small, name, end, days):
    """A mouse at this end that lives so long."""
    value = getattr(ENTRIES[name], end)
    changes = {**COMPANIONS.get((name, end), {}), name: value}
    for seed in SEEDS:
        mouse = Mouse(small.change(changes), seed=seed, age=21)
        mouse.run_for(24.0 * days)
        if mouse.alive:
            return mouse
    raise AssertionError(f"{name} = {value}: no mouse of {len(SEEDS)} lived for {days} d")


def check(mouse):
    """Nothing of it is beyond a number."""
    readings = mouse.measure()
    diabetic = readings["fasting glucose"] > mouse.parameters.glucose.diabetic
    wrong = [key for key, value in readings.items() if not np.isfinite(value)]
    assert wrong == (["HOMA-IR"] if diabetic else [])


@pytest.mark.gate
def test_a_mouse_lives_at_every_end(small):
    for name, end in ENDS:
        if (name, end) not in LARGE:
            mouse = lives(small, name, end, 10)
            assert mouse.day == pytest.approx(10.0), name
            check(mouse)


@pytest.mark.gate
@pytest.mark.parametrize("name", ["hepatocytes", "myocytes", "adipocytes"])
def test_a_mouse_of_the_most_cells_lives(small, name):
    check(lives(small, f"resolution.{name}", "high", 1))


@pytest.mark.long
@pytest.mark.parametrize(("name", "end"), sorted(LARGE))
def test_a_mouse_of_the_largest_size_lives(small, name, end):
    coarse = small.change({"resolution.tick": 2.0})
    check(lives(coarse, name, end, 10))


@pytest.mark.parametrize(("name", "end"), sorted(COMPANIONS))
def test_an_end_that_needs_another_number_says_so(small, name, end):
    value = getattr(ENTRIES[name], end)
    with pytest.raises(GutexoError) as caught:
        Mouse(small.change({name: value}), seed=1)
    named = {"cargo.decay_time": "resolution.thinning", "epithelium.restitution": "resolution.tick"}
    named["resolution.packets"] = "resolution.enterocytes"
    assert named.get(name, "may not exceed 1 together") in str(caught.value)


@pytest.mark.parametrize("name", ["senescence.noise", "animal.variation"])
def test_nothing_of_it_is_possible(small, name):
    mouse = Mouse(small.change({name: 0.0}), seed=1)
    mouse.run_for("1 d")
    check(mouse)


def test_without_senescent_cells_nothing_of_theirs_is_felt(small):
    none = small.change(
        {
            "senescence.noise": 0.0,
            "senescence.production": 1e-7,
            "senescence.induction_gut": 0.0,
            "senescence.induction_organs": 0.0,
        }
    )
    assert not Mouse(none, seed=1, age=100).state.cells.senescence.any()
    axes = ("barrier", "inflammatory", "insulin", "protective")
    deaf = none.change(
        {
            "insulin.senescent_block": 0.0,
            "immune.tnf_by_senescence": 0.0,
            "immune.il6_by_senescence": 0.0,
            **{f"cargo.{axis}_by_senescence": 0.0 for axis in axes},
        }
    )
    # Before the first tick all cells count, by the expected share, which is not quite 0.
    felt, unfelt = Mouse(none, seed=1, age=100).measure(), Mouse(deaf, seed=1, age=100).measure()
    assert felt == pytest.approx(unfelt, rel=1e-3)
