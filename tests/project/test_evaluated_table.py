"""The kept table of evaluated sets is what the mean field of this version answers."""

import csv
import gzip
import io

import pytest

from gutexo.analysis.calibration import targets
from gutexo.analysis.calibration.plan import CalibrationPlan
from gutexo.analysis.calibration.run import SETS_FILE, score_mean_field, screened_names
from gutexo.analysis.evaluated_sets import FIRST_COLUMNS, LAST_COLUMNS
from gutexo.analysis.mean_field_arms import MALE_PART
from tests.project.adoption import DOCS

TABLE = DOCS / "calibration" / "second_mouse" / f"{SETS_FILE}.gz"


def rows():
    text = gzip.decompress(TABLE.read_bytes()).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_kept_table_has_every_answer_of_one_model():
    found, names = rows(), (*screened_names({}), MALE_PART)
    wanted = [*FIRST_COLUMNS, *names, *targets.target_names(), *LAST_COLUMNS]
    assert list(found[0]) == wanted
    assert len({(row["code"], row["model"]) for row in found}) == 1
    plan = CalibrationPlan()
    assert found[0]["model"].startswith(f"mean field, {plan.mice} females, {plan.males} males")
    assert len({tuple(row[name] for name in names) for row in found}) == len(found)


@pytest.mark.gate
def test_the_mean_field_still_gives_these_answers():
    found, plan = rows(), CalibrationPlan()
    for row in (found[0], found[-1]):
        changes = {name: float(row[name]) for name in (*screened_names({}), MALE_PART)}
        again = score_mean_field(changes, mice=plan.mice, males=plan.males, seed=plan.seed)
        kept = {name: float(row[name]) for name in targets.target_names()}
        assert again == pytest.approx(kept, rel=1e-6)
