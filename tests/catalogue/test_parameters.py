"""Declarations: every number has a unit, a range, a grade and a source; mistakes get one line."""

import math
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gutexo.catalogue import Parameters
from gutexo.catalogue.declaration import GRADES, PRIORS
from gutexo.catalogue.durations import duration_days, duration_hours
from gutexo.catalogue.organs import ORGANS
from gutexo.catalogue.patterns import pattern, patterns, reported_signs
from gutexo.catalogue.phenotypes import PHENOTYPES, phenotype
from gutexo.catalogue.rates import field_name
from gutexo.catalogue.signals import CYTOKINES, SIGNALS
from gutexo.catalogue.sources import REFERENCES
from gutexo.catalogue.units import convert, registry
from gutexo.errors import GutexoError

ROOT = Path(__file__).parents[2]
ENTRIES = {entry.name: entry for entry in Parameters().entries()}


@pytest.mark.parametrize("name", ENTRIES)
def test_a_parameter_is_complete(name):
    entry = ENTRIES[name]
    assert entry.low <= entry.default <= entry.high
    assert entry.meaning and entry.unit
    assert entry.grade in GRADES
    assert entry.source == "assumed" or entry.source in REFERENCES
    assert set(entry.also) <= set(REFERENCES) - {entry.source}
    # An adopted value keeps the grade of the declared one.
    own = entry.declared_source == "assumed" or REFERENCES[entry.declared_source].own
    assert own == (entry.grade == "assumed"), "graded assumed, or with a record that is not our own"
    if entry.unit != "1":
        registry().Unit(entry.unit)


@pytest.mark.parametrize("name", ENTRIES)
def test_a_prior_can_be_drawn_from(name):
    entry = ENTRIES[name]
    assert entry.prior in PRIORS
    if name.startswith("resolution."):
        assert not entry.sampled
    if not entry.sampled:
        with pytest.raises(GutexoError, match="is a setting"):
            entry.quantile(0.5)
        return
    assert isinstance(entry.default, float), "whole numbers are not sampled"
    assert entry.low <= entry.prior_low < entry.prior_high <= entry.high
    assert entry.prior_low <= entry.default <= entry.prior_high
    if entry.prior == "loguniform":
        assert entry.prior_low > 0, "declare it uniform, or give prior_low or prior_factor"
    draws = [entry.quantile(p) for p in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert draws == sorted(draws) and len(set(draws)) == 5
    assert draws[0] == pytest.approx(entry.prior_low) and draws[-1] == pytest.approx(
        entry.prior_high
    )
    for draw in draws:
        Parameters().change({name: draw})


def test_quantiles_are_those_of_the_shape():
    log, flat = ENTRIES["exosome.transcytosis"], ENTRIES["immune.threshold_spread"]
    assert (log.prior, flat.prior) == ("loguniform", "uniform")
    assert log.quantile(0.5) == pytest.approx(math.sqrt(0.001 * 10.0))
    assert log.quantile(0.25) == pytest.approx(0.01)
    assert flat.quantile(0.25) == pytest.approx(0.25 * 0.95)
    assert ENTRIES["insulin.liver_cytokine"].quantile(0.0) == pytest.approx(0.05)
    assert ENTRIES["insulin.liver_cytokine"].quantile(1.0) == pytest.approx(2.0), "cut by the range"
    for wrong in (-0.1, 1.1, math.nan):
        with pytest.raises(GutexoError, match="a share of 0 to 1"):
            log.quantile(wrong)


def test_the_largest_shares_of_the_priors_fit_together():
    shares = ("hepatocyte_share", "myocyte_share", "adipocyte_share")
    assert sum(ENTRIES[f"exosome.{name}"].prior_high for name in shares) <= 1.0


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


@settings(max_examples=1000)
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
    assert duration_days("1 month") == 30
    assert duration_hours(5) == 5
    assert convert("1 EU/mL", "EU/mL") == 1
    assert convert("6 ng/L", "pg/mL") == pytest.approx(6)
    for bad in ("-1 d", "x", True, None, math.nan):
        with pytest.raises(GutexoError):
            duration_hours(bad)


def test_patterns_and_phenotypes():
    assert len(patterns()) == 52 and len(patterns("constrain")) == 20
    assert {row.use for row in reported_signs()} == {"constrain"}
    assert pattern("young-to-old-insulin-resistance").window == (0.3, 0.95)
    with pytest.raises(GutexoError, match="did you mean"):
        pattern("young-to-old-insulin")
    for name in PHENOTYPES:
        Parameters().change(phenotype(name))
    with pytest.raises(GutexoError):
        phenotype("rat")


def test_every_parameter_is_read_by_the_model():
    """A number that nothing reads would be a promise that nobody keeps."""
    floors = (ROOT / "simulation" / name for name in ("biology", "body", "cohort"))
    text = "\n".join(path.read_text() for floor in floors for path in floor.rglob("*.py"))
    regions = ("duodenum", "jejunum", "ileum", "colon")  # read by the name of a segment's region
    of_tables = {
        *(f"{organ.cell}{end}" for organ in ORGANS for end in ("s", "_share")),
        *(f"{organ.tissue}_mitochondria" for organ in ORGANS),
        *(f"{one.key}_{what}" for one in SIGNALS for what in ("half_life", "unit")),
        *(f"{one.key}_by_{cause}" for one in CYTOKINES for cause in ("activation", "senescence")),
    }
    for entry in Parameters().entries():
        group, name = entry.name.split(".")
        if group == "microbiota" and name in regions:
            continue
        if entry.rate:
            assert re.search(rf"\.{field_name(entry.rate)}\b", text), (
                f"{entry.rate} is read nowhere"
            )
            continue
        found = re.search(rf"\b{group}_{name}\b|\.{name}\b", text)
        assert found or name in of_tables, f"{entry.name} is read nowhere"
