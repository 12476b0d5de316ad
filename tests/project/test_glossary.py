"""The glossary and the table of renames name modules and symbols that exist."""

import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
TERMS = re.findall(
    r"^\| (.+?) \| .+ \| `([\w.]+)` \|$", (DOCS / "glossary.md").read_text("utf-8"), re.M
)
RENAMES = re.findall(
    r"^\| `([\w.]+)` \| `([\w.]+)` \|$", (DOCS / "renames.md").read_text("utf-8"), re.M
)


@pytest.mark.parametrize("module", sorted({module for _, module in TERMS}))
def test_a_module_of_the_glossary_exists(module):
    assert find_spec(f"gutexo.{module}") is not None


def test_a_term_stands_once():
    terms = [term for terms, _ in TERMS for term in terms.split(", ")]
    assert len(terms) > 80 and len(terms) == len(set(terms))


def found(name):
    """What a dotted name below the package leads to, or None."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        try:
            thing = import_module(".".join(["gutexo", *parts[:end]]))
        except ImportError:
            continue
        for part in parts[end:]:
            # Fields without a default are no attributes of their class.
            fields = vars(thing).get("__annotations__", {}) if isinstance(thing, type) else {}
            if part in fields:
                return part
            thing = getattr(thing, part, None)
        return thing
    return None


def test_new_names_exist_and_old_ones_do_not():
    assert len(RENAMES) > 500
    assert not [new for _, new in RENAMES if found(new) is None]
    news = {new for _, new in RENAMES}
    assert not [old for old, _ in RENAMES if old not in news and found(old) is not None]
