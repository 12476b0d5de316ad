"""Declarations: every number has a unit, a range, a grade and a source; mistakes get one line."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.catalogue import Parameters
from simulation.catalogue.patterns import pattern, patterns
from simulation.catalogue.phenotypes import PHENOTYPES, phenotype
from simulation.catalogue.references import REFERENCES, bibtex, cite
from simulation.catalogue.units import convert, duration_days, duration_hours, registry
from simulation.errors import GutexoError


def test_every_parameter_is_complete():
    for entry in Parameters().entries():
        assert entry.low <= entry.default <= entry.high, entry.name
        assert entry.meaning and entry.unit, entry.name
        assert entry.grade in {"A", "B", "C", "D", "assumed"}, entry.name
        assert entry.source == "assumed" or entry.source in REFERENCES, entry.name
        if entry.source in {"assumed", "feasibility-search", "constrained-signs"}:
            assert entry.grade == "assumed", entry.name
        if entry.unit != "1" and entry.unit != "packets":
            registry().Unit(entry.unit)


def test_change_takes_units_and_leaves_the_rest():
    changed = Parameters().change({"exosome.clearance_half_life": "0.2 h", "barrier.repair": 0.5})
    assert changed.exosome.clearance_half_life == pytest.approx(12.0)
    assert changed.barrier.repair == 0.5
    assert changed.barrier.loss == Parameters().barrier.loss
    assert changed.digest() != Parameters().digest() == Parameters().digest()
    assert Parameters.from_mapping({"barrier": {"repair": 0.5}}).barrier.repair == 0.5
    assert Parameters.from_mapping(changed.flat()) == changed


@pytest.mark.parametrize(
    "changes,words",
    [
        ({"exosome.clearence_half_life": 3}, "did you mean 'exosome.clearance_half_life'"),
        ({"exosome.clearance_half_life": "3 kg"}, "cannot be given in min"),
        ({"exosome.clearance_half_life": "soon"}, "cannot be read"),
        ({"exosome.clearance_half_life": 1e9}, "must be 1 to 60 min; got 1e+09"),
        ({"exosome.clearance_half_life": math.nan}, "must be finite"),
        ({"exosome.clearance_half_life": True}, "must be a number in min"),
        ({"exosome.clearance_half_life": [1]}, "must be a number in min"),
        ({"resolution.segments": 12.5}, "whole number"),
        ({"exosome": 3}, "does not exist"),
        ({3: 3}, "must be text"),
        ([1], "must map names to values"),
    ],
)
def test_a_mistake_is_told_in_one_line(changes, words):
    with pytest.raises(GutexoError) as caught:
        Parameters().change(changes)
    assert words in str(caught.value) and "\n" not in str(caught.value)


names = st.one_of(st.sampled_from(Parameters.names()), st.text(max_size=30))
values = st.one_of(
    st.floats(), st.integers(), st.text(max_size=20), st.booleans(), st.none(),
    st.lists(st.integers(), max_size=2), st.sampled_from(["3 min", "1e400", "nan", "-1 h", "5 °C"]),
)  # fmt: skip


@settings(max_examples=1000, deadline=None)
@given(st.dictionaries(names, values, max_size=3))
def test_a_thousand_random_configurations(changes):
    try:
        changed = Parameters().change(changes)
    except GutexoError as error:
        assert "\n" not in str(error) and len(str(error)) < 400
    else:
        assert all(math.isfinite(v) for v in changed.flat().values())


def test_durations():
    assert duration_hours("28 d") == pytest.approx(672)
    assert duration_days("1 month") == pytest.approx(30.4375)
    assert duration_hours(5) == 5
    assert convert("1 EU/mL", "EU/mL") == 1
    assert convert("6 ng/L", "pg/mL") == pytest.approx(6)
    for bad in ("-1 d", "x", True, None, math.nan):
        with pytest.raises(GutexoError):
            duration_hours(bad)


def test_patterns_and_phenotypes():
    assert len(patterns()) == 33 and len(patterns("constrain")) == 4
    assert pattern("young-to-old-insulin-resistance").window == (0.3, 0.95)
    with pytest.raises(GutexoError, match="did you mean"):
        pattern("young-to-old-insulin")
    for name in PHENOTYPES:
        Parameters().change(phenotype(name))
    with pytest.raises(GutexoError):
        phenotype("rat")


def test_references_can_be_cited():
    assert "41888049" in cite(["khalyfa-2026", "khalyfa-2026"])
    assert cite(["khalyfa-2026", "khalyfa-2026"]).count("\n") == 0
    assert "@misc{topp-2000" in bibtex(["topp-2000"])
