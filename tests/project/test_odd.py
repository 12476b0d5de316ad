"""The description of the model is that of the code."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from gutexo.body.tick import STAGES
from gutexo.catalogue import Parameters
from gutexo.catalogue.rates import RATE_NAMES
from tests.project.parameter_table import FILE, text

ODD = (Path(__file__).resolve().parents[2] / "docs" / "ODD.md").read_text()
NAMES = sorted(set(re.findall(r"`((?:body|biology|catalogue)\.[a-z_.A-Z0-9]+)`", ODD)))
MARKED = set(re.findall(r"`([^`]+)`", ODD))
RULES = (
    "barrier",
    "microbiota",
    "macrophage",
    "cargo",
    "exosome",
    "insulin_signalling",
    "senescence",
)


@pytest.mark.parametrize("name", NAMES)
def test_what_the_description_names_exists(name):
    module, _, last = name.rpartition(".")
    try:
        import_module(f"gutexo.{name}")
    except ModuleNotFoundError:
        assert hasattr(import_module(f"gutexo.{module}"), last)


def test_the_seven_elements_stand_in_their_order():
    assert re.findall(r"^## (\d)", ODD, re.MULTILINE) == [str(n) for n in range(1, 8)]


def test_every_stage_is_described_in_its_order():
    assert re.findall(r"^\d\. \*(\w+)\*", ODD, re.MULTILINE) == [stage.name for stage in STAGES]


@pytest.mark.parametrize("module", RULES)
def test_every_rule_is_described(module):
    rules = import_module(f"gutexo.biology.{module}")
    small = {"approach", "saturate", "exp", "log", "power", "hill"}
    for name, thing in vars(rules).items():
        if hasattr(thing, "py_func") and thing.py_func.__module__ == rules.__name__:
            assert name in small or f"biology.{module}.{name}" in NAMES, name


@pytest.mark.parametrize("name", Parameters.names())
def test_every_parameter_has_its_place(name):
    assert name in MARKED or name.split(".")[1] in MARKED


def test_every_named_rate_is_in_its_table():
    table = ODD[ODD.index("### 7.1") : ODD.index("### 7.2")]
    for rate in RATE_NAMES:
        group, name = rate.split(".")
        assert any(
            f"`{group}." in row and re.search(rf"\b{name}\b", row) for row in table.splitlines()
        ), rate


def test_the_table_of_parameters_is_that_of_the_catalogue():
    assert FILE.read_text() == text(), "run: python -m tests.project.parameter_table"
