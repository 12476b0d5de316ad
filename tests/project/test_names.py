"""Names of the package's top: what documentation and notebooks use is there, and is listed."""

import re
from pathlib import Path

import pytest

import gutexo

ROOT = Path(__file__).resolve().parents[2]
TEXTS = sorted(
    path
    for pattern in (
        "*.md",
        "docs/*.md",
        "notebooks/*.py",
        "notebooks/solutions/*.py",
        "experiments/*.py",
    )
    for path in ROOT.glob(pattern)
)
USED = re.compile(r"(?<![/\w.])gut\.([A-Za-z_]\w*)")


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_name_that_a_text_uses_is_there(path):
    text = path.read_text(encoding="utf-8")
    # A worked example may use what it adds to the package itself.
    added = set(re.findall(r'^\+\s+"(\w+)": "[\w.]+",$', text, re.MULTILINE))
    assert not set(USED.findall(text)) - set(dir(gutexo)) - added


def test_texts_were_found():
    used = {name for path in TEXTS for name in USED.findall(path.read_text(encoding="utf-8"))}
    assert {"Mouse", "compare", "GiveExosomes"} <= used and len(TEXTS) > 20


@pytest.mark.parametrize(
    "name",
    [
        "Vehicle",
        "ReleaseInhibitor",
        "LpsMatchedVehicle",
        "VesicleDepletedSupernatant",
        "RATE_NAMES",
    ],
)
def test_what_was_missing_is_there(name):
    assert name in dir(gutexo) and getattr(gutexo, name)


def test_every_named_intervention_is_at_the_top():
    from gutexo.body.interventions import Intervention
    from gutexo.protocol import exosome_treatments, treatments

    for module in (exosome_treatments, treatments):
        for name, thing in vars(module).items():
            if isinstance(thing, type) and issubclass(thing, Intervention):
                assert getattr(gutexo, name) is thing


def test_every_name_is_listed():
    listed = re.findall(
        r"^\.\. (?:auto|py:)\w+:: gutexo\.(\w+)$",
        (ROOT / "docs" / "api.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert sorted(listed) == sorted(gutexo.__all__)
