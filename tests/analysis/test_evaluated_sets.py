"""The store of evaluated sets: each set once, saved when it arrives, and read again."""

import math

import numpy as np
import pytest

from gutexo.analysis import evaluated_sets as module
from gutexo.analysis.evaluated_sets import EvaluatedSets
from gutexo.errors import GutexoError

CALLS = []


def model(changes):
    CALLS.append(dict(changes))
    if changes["x"] < 0:
        raise GutexoError("x is negative")
    return {"sum": changes["x"] + changes["y"], "root": math.sqrt(changes["x"])}


def store(path=None, **options):
    settings = {"names": ("x", "y"), "answers": ("sum", "root"), "path": path, **options}
    return EvaluatedSets(settings.pop("model", model), settings.pop("label", "toy"), **settings)


@pytest.fixture(autouse=True)
def fresh():
    CALLS.clear()


def test_a_set_is_evaluated_once_and_answers_are_in_order():
    sets = store()
    found = sets.evaluate([{"x": 4.0, "y": 1.0}, {"x": 1.0, "y": 0.5}, {"x": 4.0, "y": 1.0}])
    assert np.array_equal(found, [[5.0, 2.0], [1.5, 1.0], [5.0, 2.0]])
    assert len(CALLS) == 2 == len(sets)


def test_what_every_set_has_is_passed_and_is_no_column(tmp_path):
    store(tmp_path / "t.csv", base={"z": 7}).evaluate([{"x": 1.0, "y": 1.0}])
    assert CALLS == [{"z": 7, "x": 1.0, "y": 1.0}]
    header = (tmp_path / "t.csv").read_text().splitlines()[0]
    assert header == "code,model,x,y,sum,root,seconds,refused"


def test_a_refused_set_has_its_reason_and_no_answer():
    sets = store()
    found = sets.evaluate([{"x": -1.0, "y": 0.0}, {"x": 1.0, "y": 0.0}])
    assert np.isnan(found[0]).all() and not np.isnan(found[1]).any()
    assert sets.reasons == {"x is negative": 1}


def test_a_model_that_answers_nothing_is_given_up():
    with pytest.raises(GutexoError, match="no parameter set has an answer: x is negative"):
        store().evaluate([{"x": -float(n), "y": 0.0} for n in range(1, 40)])
    assert len(CALLS) == module.HOPELESS


def test_answers_are_saved_to_the_bit_and_an_interrupted_line_is_evaluated_again(tmp_path):
    path = tmp_path / "folder" / "t.csv"
    sets = [{"x": 0.1 * n, "y": 1 / 3} for n in range(4)]
    first = store(path).evaluate(sets)
    whole = path.read_bytes()
    path.write_bytes(whole[:-9])  # the last line is incomplete
    CALLS.clear()
    again = store(path)
    assert np.array_equal(again.evaluate(sets), first) and len(CALLS) == 1
    CALLS.clear()
    assert np.array_equal(store(path).evaluate(sets), first) and not CALLS
    assert store(path).seconds == pytest.approx(0.0, abs=0.1)


def test_answers_of_another_model_or_code_stay_in_the_file_and_are_not_used(tmp_path, monkeypatch):
    path = tmp_path / "t.csv"
    store(path).evaluate([{"x": 1.0, "y": 1.0}])
    store(path, label="other").evaluate([{"x": 1.0, "y": 1.0}])
    assert len(CALLS) == 2
    monkeypatch.setattr(module, "code_version", lambda *_: "another")
    assert len(store(path)) == 0
    monkeypatch.undo()
    assert len(store(path)) == len(store(path, label="other")) == 1


def test_a_table_of_other_columns_is_refused(tmp_path):
    path = tmp_path / "t.csv"
    store(path).evaluate([{"x": 1.0, "y": 1.0}])
    with pytest.raises(GutexoError, match="t.csv holds answers to other questions"):
        store(path, answers=("sum",))
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(GutexoError, match="t.csv cannot be read"):
        store(path)


def test_two_workers_give_what_one_gives():
    sets = [{"x": float(n), "y": 1.0} for n in range(8)]
    steps = []
    found = store(workers=2, progress=lambda *step: steps.append(step)).evaluate(sets, "looking")
    assert np.array_equal(found, store().evaluate(sets))
    assert steps[0] == ("looking", 0, 8) and steps[-1] == ("looking", 8, 8)


def test_timing_evaluates_anew_and_saves_nothing(tmp_path):
    sets = store(tmp_path / "t.csv")
    assert sets.time_sets([{"x": 1.0, "y": 1.0}] * 3) >= 0.0
    assert len(CALLS) == 3 and not (tmp_path / "t.csv").exists() and len(sets) == 0
    with pytest.raises(GutexoError, match="does not answer: x is negative"):
        sets.time_sets([{"x": -1.0, "y": 1.0}])


def test_models_with_another_base_do_not_share_answers(tmp_path):
    path = tmp_path / "t.csv"
    store(path, base={"z": 1}).evaluate([{"x": 1.0, "y": 1.0}])
    assert len(store(path, base={"z": 2})) == 0 and len(store(path, base={"z": 1})) == 1


def test_logarithms_of_what_has_none_are_missing():
    found = store(model=lambda changes: {"sum": changes["x"], "root": 1.0}).log_evaluate(
        [{"x": value, "y": 0.0} for value in (1.0, 0.0, -1.0, math.inf)]
    )
    assert found[0, 0] == 0.0 and np.isnan(found[1:, 0]).all()
