"""The house: pins, addresses, paths."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.project.pins import FILE, closure

ROOT = Path(__file__).resolve().parents[2]


def committed():
    """Text files under version control."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.split():
        path = ROOT / name
        if path.suffix not in {".png", ".gif", ".zip", ".gz"} and path.exists():
            yield name, path.read_text(encoding="utf-8")


def test_constraints_pin_the_whole_closure():
    pins = dict(line.split("==") for line in FILE.read_text().split())
    assert pins == closure(), "run: python -m tests.project.pins"


def test_no_registry_address_and_no_path_of_a_machine():
    addresses = re.compile(r"pypi\.org/simple|files\.pythonhosted|index-url|/root/|/work/")
    for name, text in committed():
        if name == "tests/project/test_project.py":
            continue
        found = addresses.search(text)
        assert not found, f"{name}: {found.group()}"


def test_the_readme_gives_the_gate_its_commands():
    readme = (ROOT / "README.md").read_text()
    gate = (ROOT / ".ci" / "run").read_text()
    assert '.venv/bin/pip install -c constraints.txt -e ".[test,analysis,page,docs]"' in readme
    assert '-c constraints.txt -e ".[test,analysis,page,docs]"' in gate
    assert ".venv/bin/pytest" in readme and ".venv/bin/pytest" in gate


@pytest.mark.parametrize("name", ["pyproject.toml", "LICENSE", "CITATION.cff", "CHANGELOG.md"])
def test_the_house_has_its_papers(name):
    assert (ROOT / name).stat().st_size > 100
