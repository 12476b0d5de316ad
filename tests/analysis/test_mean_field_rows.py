"""The rows that the mean field answers on a fixed cohort."""

import json
import math
from pathlib import Path

import pytest

from gutexo.analysis.calibration import targets
from gutexo.analysis.calibration.feasible_point import SEARCHED
from gutexo.analysis.mean_field_arms import MALE_PART, PART, change_cohort, choose_cohort
from gutexo.analysis.mean_field_rows import score_point
from gutexo.catalogue import Parameters
from gutexo.catalogue.phenotypes import phenotype
from gutexo.errors import GutexoError


def test_a_cohort_takes_the_production_of_its_sex():
    numbers = {PART: 0.9, MALE_PART: 0.5, "immune.rest": 0.02}
    female, male = (change_cohort(choose_cohort(sex, 4, 3), numbers) for sex in ("female", "male"))
    assert (female.senescence.production_part, male.senescence.production_part) == (0.9, 0.5)
    assert female.immune.rest == male.immune.rest == 0.02
    plain = change_cohort(choose_cohort("male", 4, 3), {PART: 0.9})
    assert plain.senescence.production_part == phenotype("C57BL/6 male")[PART]
    assert male.senescence.removal < female.senescence.removal


def test_a_cohort_is_the_same_each_time():
    one = choose_cohort("female", 4, 3)
    choose_cohort.cache_clear()
    assert choose_cohort("female", 4, 3).seeds == one.seeds and len(set(one.seeds)) == 4


def test_too_few_mice_are_refused():
    with pytest.raises(GutexoError, match="four"):
        score_point(mice=3)


@pytest.mark.gate
def test_the_defaults_are_the_point_that_was_found():
    """Rows of the set where the search ended, kept from it; one row lies outside its window."""
    path = Path(__file__).parents[2] / "docs" / "feasible_point.json"
    kept = json.loads(path.read_text(encoding="utf-8"))["default"]
    values = Parameters().flat() | {MALE_PART: phenotype("C57BL/6 male")[PART]}
    for name in (*SEARCHED, MALE_PART):
        assert values[name] == pytest.approx(kept["numbers"][name], rel=5e-4), name
    rows = score_point(None, 16, 1, 8)
    for name, value in kept["rows"].items():
        assert rows[name] == pytest.approx(value, rel=0.006, abs=0.001), name
    assert targets.failing_rows(rows) == ["washout-28d"]


@pytest.mark.gate
def test_every_target_has_a_number():
    rows = score_point(mice=4, males=4)
    assert all(math.isfinite(rows[key]) for key in targets.windows())
    assert rows == score_point(mice=4, males=4)
