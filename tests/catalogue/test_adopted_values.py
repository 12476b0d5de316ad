"""Adopted values replace declared ones, which stay beside them; without a file nothing changes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import gutexo
from gutexo.catalogue import Parameters
from gutexo.catalogue.adopted import ADOPTED_FILE
from gutexo.catalogue.phenotypes import PHENOTYPES

NAME, PART = "barrier.leak", "senescence.production_part"
ADOPTED, OF_MALES = 11.25, 0.4375
TABLE = f"parameter,value\n{NAME},{ADOPTED}\n{PART} (males),{OF_MALES}\n"
DECLARED = {entry.name: entry for entry in Parameters().entries()}
FACTS = """
import json
from gutexo.catalogue import Parameters
from gutexo.catalogue.phenotypes import PHENOTYPES
print(json.dumps({
    "values": Parameters().flat(),
    "of group": Parameters().barrier.leak,
    "back": Parameters().change({"barrier.leak": 11.0}).change({"barrier.leak": 11.25}).digest(),
    "digest": Parameters().digest(),
    "phenotypes": PHENOTYPES,
}))
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package without adopted values, beside which a table may be laid."""
    folder = tmp_path_factory.mktemp("copy")
    hidden = shutil.ignore_patterns("__pycache__", "static", ADOPTED_FILE)
    shutil.copytree(Path(gutexo.__file__).parent, folder / "gutexo", ignore=hidden)
    return folder


@pytest.fixture
def adopted(package: Path) -> Any:
    """The same copy with adopted values."""
    table = package / "gutexo" / "catalogue" / ADOPTED_FILE
    table.write_text(TABLE, encoding="utf-8")
    yield package
    table.unlink()


def said_by(package: Path, *arguments: str) -> str:
    """Run Python with the copy in place of the package, and return what it prints."""
    environment = {**os.environ, "PYTHONPATH": str(package)}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=package, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def shown(package: Path, *options: str) -> str:
    command = "import sys; from gutexo.cli import main; sys.exit(main())"
    return said_by(package, "-c", command, "parameters", "barrier", *options)


@pytest.mark.skipif(
    any(one.source == "calibration" for one in DECLARED.values()),
    reason="the defaults of the package itself are adopted ones",
)
def test_without_a_table_nothing_changes(package: Path) -> None:
    facts = json.loads(said_by(package, "-c", FACTS))
    assert facts["values"] == Parameters().flat()
    assert facts["digest"] == Parameters().digest()
    assert facts["phenotypes"] == PHENOTYPES
    entries = json.loads(shown(package, "--json"))
    assert all(entry["declared"] == entry["default"] for entry in entries)
    assert all(entry["declared_source"] == entry["source"] for entry in entries)
    assert "declared" not in shown(package, "--long")


def test_an_adopted_value_is_the_default(package: Path) -> None:
    before = json.loads(said_by(package, "-c", FACTS))
    table = package / "gutexo" / "catalogue" / ADOPTED_FILE
    table.write_text(TABLE, encoding="utf-8")
    try:
        facts = json.loads(said_by(package, "-c", FACTS))
    finally:
        table.unlink()
    assert facts["of group"] == facts["values"][NAME] == ADOPTED != before["values"][NAME]
    assert facts["values"] == before["values"] | {NAME: ADOPTED}
    assert facts["digest"] == facts["back"] != before["digest"]


def test_values_of_males_are_of_their_phenotype_alone(adopted: Path) -> None:
    facts = json.loads(said_by(adopted, "-c", FACTS))
    assert facts["phenotypes"]["C57BL/6 male"] == PHENOTYPES["C57BL/6 male"] | {PART: OF_MALES}
    assert facts["phenotypes"]["C57BL/6 female"] == PHENOTYPES["C57BL/6 female"]
    assert facts["values"][PART] != OF_MALES


def test_what_was_declared_is_shown_beside_it(adopted: Path) -> None:
    declared = DECLARED[NAME]
    entries = {entry["name"]: entry for entry in json.loads(shown(adopted, "--json"))}
    one = entries.pop(NAME)
    assert (one["value"], one["default"], one["source"]) == (ADOPTED, ADOPTED, "calibration")
    assert one["declared"] == declared.declared
    assert one["declared_source"] == declared.declared_source
    assert one["grade"] == declared.grade
    assert all(entry["source"] != "calibration" for entry in entries.values())
    said = shown(adopted, "--long").split("\n\n")
    (block,) = (block for block in said if block.startswith(f"{NAME} = {ADOPTED:g}"))
    assert f"declared {declared.declared:g}, {declared.declared_source}" in block
    assert "declared" not in "".join(other for other in said if other is not block)


def test_a_table_of_a_wrong_name_is_refused(adopted: Path) -> None:
    table = adopted / "gutexo" / "catalogue" / ADOPTED_FILE
    for text, words in (
        ("parameter,value\nbarrier.leek,1.0\n", "did you mean 'barrier.leak'"),
        ("parameter,value\nbarrier.leak,-1.0\n", "barrier.leak must be"),
    ):
        table.write_text(text, encoding="utf-8")
        with pytest.raises(subprocess.CalledProcessError) as error:
            said_by(adopted, "-c", FACTS)
        assert words in error.value.stderr


def test_the_record_of_a_calibration_is_cited(adopted: Path) -> None:
    command = "import sys; from gutexo.cli import main; sys.exit(main())"
    assert "Own calibration" in said_by(adopted, "-c", command, "cite")
