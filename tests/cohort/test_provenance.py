"""What a run says it assumed."""

import csv
import tomllib
from pathlib import Path

import pytest

from gutexo.analysis.sensitivity.space import SENSITIVITY_QUESTIONS
from gutexo.catalogue import Parameters, variance
from gutexo.cohort.provenance import describe_assumptions, provenance, resolved_toml
from gutexo.protocol.standard_studies import QUICK, study

PLAN = study("old to young")


@pytest.fixture
def of_analysed_defaults(monkeypatch):
    """The defaults are those of which the sensitivity analysis in the package speaks."""
    text = (Path(variance.__file__).parent / variance.FILE).read_text("utf-8")
    defaults = next(csv.DictReader(text.splitlines()))["defaults"]
    monkeypatch.setattr(variance.Parameters, "digest", lambda self: defaults)
    variance.assumed_shares.cache_clear()
    yield
    monkeypatch.undo()
    variance.assumed_shares.cache_clear()


def test_a_run_counts_and_lists_what_it_assumed(of_analysed_defaults):
    facts = provenance(PLAN, 2, 1)
    assumed = [entry.name for entry in Parameters().assumed()]
    assert facts["assumed parameters"] == assumed and facts["assumed"] == len(assumed)
    assert facts["assumed"] + facts["sourced"] == len(Parameters().entries())
    assert {"khalyfa-2026", "topp-2000"} <= set(facts["sources"])
    total = len(Parameters().entries())
    assert describe_assumptions(facts, "manifest.json") == (
        f"{len(assumed)} of {total} parameters of this run are assumed.\n"
        "At the defaults they hold 11% to 97% of the variance of the 14 answers analysed "
        "(gutexo analyse sensitivity).\n"
        "All of them: manifest.json."
    )


def test_shares_of_other_defaults_are_not_told(of_analysed_defaults, monkeypatch):
    assert [item.question for item in variance.assumed_shares()] == list(SENSITIVITY_QUESTIONS)
    assert all(item.low <= item.share <= item.high for item in variance.assumed_shares())
    monkeypatch.setattr(variance.Parameters, "digest", lambda self: "others")
    variance.assumed_shares.cache_clear()
    assert variance.assumed_shares() == ()
    assert "variance" not in describe_assumptions(provenance(PLAN, 2, 1), "manifest.json")


def test_a_value_that_was_changed_is_assumed_and_named():
    plan = PLAN.change({**QUICK, "immune.tnf_half_life": "40 min", "immune.lps_half": 8.0})
    facts = provenance(plan, 2, 1)
    assert "immune.tnf_half_life" in facts["assumed parameters"]
    assert "ferraiolo-1988" not in facts["sources"]
    text = describe_assumptions(facts, "manifest.json")
    assert "changed by you: immune.lps_half, immune.tnf_half_life.\n" in text
    assert "resolution" not in text


def test_many_changes_stay_one_line(of_analysed_defaults):
    names = [name for name in Parameters.names() if name.startswith("cargo.")]
    values = Parameters().flat()
    plan = PLAN.change({name: values[name] * 1.1 for name in names})
    text = describe_assumptions(provenance(plan, 1, 1), "manifest.json")
    assert text.count("\n") == 2 and f"and {len(names) - 4} more" in text


def test_the_configuration_says_how_well_each_value_is_known():
    text = resolved_toml(PLAN.change({"barrier.repair": 0.5}), 2, 1)
    assert "repair = 0.5  # assumed, changed" in text
    assert "tnf_half_life = 18.9  # A" in text
    assert tomllib.loads(text)["parameters"]["barrier"]["repair"] == 0.5
