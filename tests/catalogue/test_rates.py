"""A named rate is declared once; a record holds each number once, in one unit."""

import ast
from pathlib import Path

import numpy as np
import pint
import pytest

from gutexo.body.anatomy import build_anatomy
from gutexo.body.rates import DERIVED_FIELDS, RateTable
from gutexo.catalogue import Parameters
from gutexo.catalogue.rates import NAMED_RATES, RATE_NAMES, VARYING_RATES, field_name

ROOT = Path(__file__).resolve().parents[2]
EVEN = Parameters().change({"animal.variation": 0.0})
DECLARED = [rate for rate in NAMED_RATES.values() if rate.parameter]
# What the record held beside its rate until 0.2, each 24 times off, inverted or equal.
TWICE = ("barrier_repair", "barrier_loss", "cargo_decay_time", "immune_relaxation")


def records():
    return RateTable(EVEN, build_anatomy(EVEN), np.uint64(1)).records


def test_each_name_is_declared_once():
    declared = [entry.rate for entry in Parameters().entries() if entry.rate]
    assert len(declared) == len(set(declared)) == len(DECLARED)
    assert len(RATE_NAMES) == len(set(RATE_NAMES)) > 50
    assert list(RATE_NAMES) == sorted(RATE_NAMES)


def test_animals_differ_in_the_rates_that_say_so():
    """The order is that of the draws: another order gives other animals."""
    assert VARYING_RATES == (
        "cargo.load_insulin_resistance",
        "exosome.release",
        "insulin.cytokine_block",
        "macrophage.activation",
        "microbiota.lps",
        "tight_junction.repair",
        "tnf.secretion",
    )


@pytest.mark.parametrize("rate", DECLARED, ids=lambda rate: rate.name)
def test_rules_read_a_declared_rate_per_hour(rate):
    value = Parameters().flat()[rate.parameter]
    quantity = pint.UnitRegistry().Quantity(value, rate.unit.replace("1/", "1 / "))
    if quantity.is_compatible_with("hour"):
        expected = (1 / quantity).to("1/hour").magnitude
    elif quantity.is_compatible_with("1/hour"):
        expected = quantity.to("1/hour").magnitude
    elif quantity.is_compatible_with("1/hour**2"):
        expected = quantity.to("1/hour**2").magnitude
    else:
        expected = quantity.to("").magnitude
    assert np.allclose(records()[rate.field], expected, rtol=1e-14)


def test_a_record_holds_each_number_once():
    fields = set(records().dtype.names)
    entries = Parameters().entries()
    numbers = {field_name(entry.name) for entry in entries if entry.in_record}
    rates = {rate.field for rate in NAMED_RATES.values()}
    assert fields == numbers | rates | set(DERIVED_FIELDS)
    assert not numbers & rates and not (numbers | rates) & set(DERIVED_FIELDS)
    assert not fields & set(TWICE)


def test_every_field_of_a_record_is_read():
    """A field that no rule reads would be a second copy that somebody reads by mistake."""
    read = set()
    for floor in ("biology", "body", "analysis", "scene"):
        for path in (ROOT / "simulation" / floor).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Attribute):
                    read.add(node.attr)
    assert set(records().dtype.names) - read == set()


def test_an_unmodified_factor_is_one():
    table = records()
    for name, rate in NAMED_RATES.items():
        if not rate.parameter and not rate.composed:
            assert np.all(rate.column(table) == 1.0), name
