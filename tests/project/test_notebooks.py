"""Notebooks are kept as pairs without outputs, and run from top to bottom; so do the solutions."""

import json
import os
import re
import subprocess
import sys

import pytest

from tests.project.notebooks import FOLDER, SCRIPTS, text

NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
SOLUTIONS = sorted((FOLDER / "solutions").glob("*.py"))
README = (FOLDER.parent / "README.md").read_text()
NAMES = [
    "01_first_mouse",
    "02_change_a_parameter",
    "03_the_two_transfers",
    "04_your_own_intervention",
    "05_where_the_numbers_come_from",
    "06_what_matters_most",
    "07_teaching_ageing_as_signalling",
]
SECONDS = 300  # a cell, on a busy machine with nothing compiled
PATHS = re.compile(r"/(?:home|root|work|tmp|Users)/|[A-Z]:\\\\")


def named(path):
    return path.stem


def test_all_are_there_in_pairs_with_two_solutions_each():
    assert [p.stem for p in NOTEBOOKS] == [p.stem for p in SCRIPTS] == NAMES
    assert [p.stem for p in SOLUTIONS] == [f"{name}_{n}" for name in NAMES for n in (1, 2)]


@pytest.mark.parametrize("script", SCRIPTS, ids=named)
def test_a_pair_is_in_step(script):
    pytest.importorskip("jupytext")
    written = script.with_suffix(".ipynb").read_text(encoding="utf-8")
    assert written == text(script), "run: python -m tests.project.notebooks"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_no_outputs_and_no_paths_are_committed(path):
    for cell in json.loads(path.read_text())["cells"]:
        assert not cell.get("outputs") and cell.get("execution_count") is None
        assert not PATHS.search("".join(cell["source"]))


@pytest.mark.parametrize("script", SCRIPTS, ids=named)
def test_it_says_mice_ends_with_two_exercises_and_stands_in_the_readme(script):
    content = script.read_text()
    assert "nothing here speaks for people" in " ".join(content.replace("\n#", " ").split())
    last = content.split("# %% [markdown]")[-1]
    assert "## Exercises" in last and f"solutions/{script.stem}_1.py" in last
    assert f"solutions/{script.stem}_2.py" in last
    assert f"`notebooks/{script.stem}.ipynb`" in README


def executed(path):
    """Run a notebook as nbmake does, and say what went wrong."""
    found = pytest.importorskip("nbmake.nb_run").NotebookRun(path, SECONDS).execute()
    assert found.error is None, found.error.trace
    return found.nb


@pytest.mark.gate
def test_the_first_runs_and_shows_what_it_made():
    cells = executed(NOTEBOOKS[0]).cells
    outputs = [o.get("data", {}) for cell in cells for o in cell.get("outputs", [])]
    assert any("image/png" in data for data in outputs)
    assert any("<caption>" in data.get("text/html", "") for data in outputs)
    said = "".join(o.get("text", "") for cell in cells for o in cell.get("outputs", []))
    assert "Warning" not in said


@pytest.mark.gate
@pytest.mark.parametrize("path", NOTEBOOKS[1:], ids=named)
def test_it_runs(path):
    executed(path)


@pytest.mark.gate
@pytest.mark.parametrize("script", SOLUTIONS, ids=named)
def test_a_solution_holds(script):
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        check=False,
        cwd=FOLDER,
        env={**os.environ, "PYTHONPATH": str(FOLDER.parent), "MPLBACKEND": "agg"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip()
