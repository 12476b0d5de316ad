"""The search for a feasible point: which rows it reads, and that it begins again."""

import builtins
import json
import math
from pathlib import Path

import numpy as np
import pytest

from gutexo.analysis import feasible_point as fp
from gutexo.analysis import feasible_targets as aims
from gutexo.analysis.mean_field_arms import MALE_PART, PART, change_cohort, choose_cohort
from gutexo.catalogue import Parameters
from gutexo.catalogue.patterns import patterns
from gutexo.errors import GutexoError


def middle():
    rows = {}
    for key, (low, high) in aims.windows().items():
        least, most = aims.TARGETS[key][:2] if key in aims.TARGETS else aims.WATCHED[key][2:4]
        rows[key] = 0.5 * (least + most) if math.isfinite(most) else 2.0 * least
        assert low <= rows[key] <= high, key
    return rows


def test_only_rows_that_may_be_fitted_are_scored():
    fitted = {one.id for use in ("calibrate", "constrain") for one in patterns(use)}
    assert {key.split(":")[0] for key in aims.TARGETS} <= fitted
    validated = {one.id for one in patterns("validate")}
    assert not validated & {key.split(":")[0] for key in aims.windows()}
    constrained = {one.id for one in patterns("constrain")}
    assert constrained <= {key.split(":")[0] for key in aims.TARGETS}


def test_targets_lie_within_windows():
    for key, (low, high) in aims.windows().items():
        least, most = aims.TARGETS[key][:2] if key in aims.TARGETS else aims.WATCHED[key][2:4]
        assert low <= least < most <= high, key


def test_residuals_are_zero_in_targets_and_grow_beyond():
    rows = middle()
    assert not aims.residuals(rows).any() and not aims.failing_rows(rows)
    near, far = dict(rows), dict(rows)
    near["old-tnf"], far["old-tnf"] = 1.6, 1.2
    size = [float(np.abs(aims.residuals(one)).sum()) for one in (near, far)]
    assert 0 < size[0] < size[1] and aims.failing_rows(far) == ["old-tnf"]
    del far["old-tnf"]
    assert aims.residuals(far).max() == aims.MISSING and aims.failing_rows(far) == ["old-tnf"]


def test_places_and_numbers_are_inverse():
    place = np.linspace(-3, 3, len(aims.NAMES))
    numbers = aims.numbers_at(place)
    assert np.allclose(aims.place_of(numbers), place)
    for name, (low, high) in aims.BOUNDS.items():
        assert low < numbers[name] < high


def test_numbers_are_parameters_by_name_and_the_defaults_lie_within_bounds():
    known = Parameters().flat()
    assert set(aims.NAMES) - {MALE_PART} <= set(known)
    for name, value in aims.numbers_with().items():
        low, high = aims.BOUNDS[name]
        assert low < value < high, name
        assert name == MALE_PART or value == known[name]
    assert aims.numbers_with({PART: 0.5})[PART] == 0.5
    with pytest.raises(GutexoError, match="did you mean"):
        aims.numbers_with({"senescence.induction_gutt": 0.01})


def test_a_cohort_takes_the_production_of_its_sex():
    numbers = {PART: 0.9, MALE_PART: 0.5, "immune.rest": 0.02}
    female, male = (change_cohort(choose_cohort(sex, 4, 3), numbers) for sex in ("female", "male"))
    assert (female.senescence.production_part, male.senescence.production_part) == (0.9, 0.5)
    assert female.immune.rest == male.immune.rest == 0.02
    plain = change_cohort(choose_cohort("male", 4, 3), {PART: 0.9})
    assert plain.senescence.production_part == aims.numbers_with()[MALE_PART]
    assert male.senescence.removal < female.senescence.removal


def test_a_cohort_is_the_same_each_time():
    one = choose_cohort("female", 4, 3)
    choose_cohort.cache_clear()
    assert choose_cohort("female", 4, 3).seeds == one.seeds and len(set(one.seeds)) == 4


def toy(numbers, mice, seed, males):
    rows = middle()
    rows["old-tnf"] = numbers["immune.tnf_by_activation"] / 20.0
    return rows


@pytest.mark.parametrize("method", ["cma", "descent"])
def test_a_search_improves_and_begins_again(method, tmp_path, monkeypatch):
    monkeypatch.setattr(fp, "score_point", toy)
    if method == "cma":
        pytest.importorskip("cma")
    run = fp.search if method == "cma" else fp.descend
    path = tmp_path / "table.json"
    found = run(path, seconds=3.0)
    assert 28 < found["immune.tnf_by_activation"] < 70
    records = [json.loads(line) for line in path.read_text().splitlines()]
    sizes = [one["objective"] for one in records]
    assert sizes == sorted(sizes, reverse=True) and len(sizes) > 1
    again = fp.Evaluations(path, lambda numbers: toy(numbers, 0, 0, 0))
    assert again.best == sizes[-1]
    assert np.allclose(again.place, aims.place_of(records[-1]["numbers"]))


def test_a_missing_package_is_named(tmp_path, monkeypatch):
    real = builtins.__import__

    def without(name, *rest, **named):
        if name == "cma":
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(GutexoError, match="pip install cma"):
        fp.search(tmp_path / "table.json", seconds=1.0)


def test_too_few_mice_are_refused():
    with pytest.raises(GutexoError, match="four"):
        fp.score_point(mice=3)


@pytest.mark.gate
def test_the_defaults_are_the_point_that_was_found():
    """Rows of the set where the descent ended, kept from it; one row lies outside its window."""
    path = Path(__file__).parents[2] / "docs" / "feasible_point.json"
    kept = json.loads(path.read_text(encoding="utf-8"))["default"]
    for name, value in aims.numbers_with().items():
        assert value == pytest.approx(kept["numbers"][name], rel=5e-4), name
    rows = fp.score_point(None, 16, 1, 8)
    for name, value in kept["rows"].items():
        assert rows[name] == pytest.approx(value, rel=0.006, abs=0.001), name
    assert aims.failing_rows(rows) == ["washout-28d"]


@pytest.mark.gate
def test_every_target_has_a_number():
    rows = fp.score_point(mice=4, males=4)
    assert all(math.isfinite(rows[key]) for key in aims.windows())
    assert rows == fp.score_point(mice=4, males=4)
