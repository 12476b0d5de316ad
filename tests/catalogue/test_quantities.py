"""A quantity is one number, then one unit; everything else is refused with the nearest form."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gutexo.body.observables import OBSERVABLES
from gutexo.catalogue import Parameters, units
from gutexo.catalogue.quantity import parse_quantity, possible_meanings
from gutexo.catalogue.units import convert
from gutexo.errors import GutexoError
from tests.catalogue.quantities import CASES

ENTRIES = Parameters().entries()


def through_the_grammar(count):
    """So many quantities, right and wrong; each has its value or one line."""
    seen = []

    @settings(max_examples=count, database=None)
    @given(CASES)
    def run(case):
        text, unit, expected = case
        right = not isinstance(expected, str)
        seen.append(right)
        if right:
            assert convert(text, unit) == pytest.approx(float(expected), rel=1e-12, abs=0), text
            return
        with pytest.raises(GutexoError) as caught:
            convert(text, unit)
        message = str(caught.value)
        assert "\n" not in message and message.isprintable() and len(message) < 300, message
        assert expected in message, (text, message)

    run()
    assert len(seen) >= count and sum(seen) >= len(seen) / 2


def test_three_hundred_quantities():
    through_the_grammar(300)


@pytest.mark.long
def test_ten_thousand_quantities():
    through_the_grammar(10_000)


@settings(max_examples=100, database=None)
@given(st.text(max_size=70), st.sampled_from(["min", "1", "mg/dL"]))
def test_any_text_is_a_number_or_one_line(text, unit):
    try:
        assert isinstance(convert(text, unit), float)
    except GutexoError as error:
        assert str(error).isprintable() and len(str(error)) < 300


@pytest.mark.parametrize(
    "text,unit,line",
    [
        ("1,5", "1", "write 1.5"),
        ("1,5 d", "d", "write 1.5 d"),
        ("1,500", "1", "write 1.500 or 1500"),
        ("1.500,0", "1", "write 1500.0"),
        ("1 500 mg/kg", "mg/kg", "write 1500 mg/kg"),
        ("1\u202f500 mg/kg", "mg/kg", "write 1500 mg/kg"),
        ("1'500", "1", "write 1500"),
        ("1’500’000,5", "1", "write 1500000.5"),
        ("1_000", "1", "write 1000"),
        ("−3", "1", "write -3"),
        ("min", "min", "it has no number; write 1 min"),
        ("9**9**9 min", "min", "write one number, then its unit, such as 1.5 min"),
        ("60 1", "1", "write one number"),
        ("2*3 min", "min", "write one number, then its unit"),
        ("5 min^9", "min", "write one number, then its unit"),
        ("5 (" * 15, "min", "write one number, then its unit"),
        ("20,60,120", "1", "write one number"),
        ("5 minuts", "min", "unit 'minuts' is not known; did you mean 'min'"),
        ("3 kg", "min", "cannot be given in min"),
        ("3 radian", "1", "is a number without a unit"),
        ("3 packets", "1", "is a number without a unit"),
        ("nan", "1", "must be finite"),
        ("inf min", "min", "must be finite"),
        ("1 ng/mL", "EU/mL", "its certificate says"),
        ("1 IU/mL", "pg/mL", "cannot be given in pg/mL"),
        ("3 mmol", "mg", "cannot be given in mg"),
        ("\x1b[31m5", "1", "cannot be read as a number"),
    ],
)
def test_what_is_refused_and_what_it_says(text, unit, line):
    with pytest.raises(GutexoError) as caught:
        convert(text, unit, "x")
    message = str(caught.value)
    assert message.startswith("x") and line in message and message.isprintable()


@pytest.mark.parametrize(
    "text,unit,value",
    [
        ("5 mmol/L", "mg/dL", 90.078),
        ("60 pmol/L", "uU/mL", 10.0),
        ("1 ng/mL", "uU/mL", 1000 / 34.8),
        ("0.5 ug/L", "uU/mL", 500 / 34.8),
        ("12 mIU/L", "uU/mL", 12.0),
        ("1 pmol/L/min/mg", "uU/mL/d/mg", 240.0),
        ("1 L/pmol/d", "mL/uU/d", 6.0),
        ("1 mmol^2/L^2", "mg^2/dL^2", 18.0156**2),
        ("2 %", "1", 0.02),
        ("4 1/week", "1/d", 4 / 7),
        ("1 month", "d", 365 / 12),
    ],
)
def test_units_of_a_laboratory(text, unit, value):
    assert convert(text, unit) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("unit", sorted({e.unit for e in ENTRIES} | {"ohm cm^2"}))
def test_a_unit_that_is_printed_is_taken(unit):
    """With every parameter, and in the forms of our own tables."""
    if unit == "1":
        return
    assert convert(f"2.5 {unit}", unit) == 2.5
    assert convert(f"2.5 {unit.replace('*', ' ')}", unit) == 2.5


@pytest.mark.parametrize("name", OBSERVABLES)
def test_a_unit_of_a_readout_is_taken(name):
    unit = OBSERVABLES[name].unit
    assert unit == "1" or convert(f"2.5 {unit}", unit) == 2.5


def test_every_parameter_takes_its_own_unit():
    changed = {e.name: f"{e.value!r}" + f" {e.unit}" * (e.unit != "1") for e in ENTRIES}
    assert Parameters().change(changed) == Parameters()


def test_nothing_is_evaluated_and_nothing_read_twice():
    assert parse_quantity("2 min") == (2.0, (("min", 1),))
    assert (
        parse_quantity("1/h") == parse_quantity("1 1/h") == (1.0, (("h", -1),))
        and parse_quantity("h") is None
    )
    assert possible_meanings("1.5") == [] and possible_meanings("20,60") == ["20.60"]


@pytest.mark.parametrize(
    "value",
    ["1,5", "1 5", "5 1", "1.5 kg", "nan", 10**5000, True, [1], float("inf"), "\ud800", b"1", 1j],
    ids=range(12),
)
def test_a_parameter_refuses_in_one_line(value):
    with pytest.raises(GutexoError) as caught:
        Parameters().change({"barrier.leak": value})
    message = str(caught.value)
    assert "barrier.leak" in message and message.isprintable() and len(message) < 300


def test_an_import_that_fails_is_not_swallowed(monkeypatch):
    monkeypatch.setattr(units, "registry", units.registry.__wrapped__)
    monkeypatch.setitem(sys.modules, "pint", None)
    with pytest.raises(ImportError):
        convert("12 min", "min")


def test_a_mistake_of_ours_is_not_swallowed(monkeypatch):
    monkeypatch.setattr(units, "registry", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        convert("12 min", "min")
