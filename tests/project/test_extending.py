"""What the pages on extending show works: Python runs, changes fit and give mice that live."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.project.extending import PAGES, ROOT, apply, changes, python, section

CHANGED = ("A readout", "A signal", "A cell type")
OUTSIDE = ("An intervention", "A readout")


def copied(folder):
    """The package in another place, with the rules of its house."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(
        ROOT / "simulation", folder / "simulation", ignore=shutil.ignore_patterns("__pycache__")
    )
    (folder / "gutexo").symlink_to("simulation")  # the name it is imported by
    return folder


@pytest.mark.parametrize("heading", CHANGED)
def test_changes_fit_the_code_of_today(heading, tmp_path):
    assert len(changes(heading)) >= 2
    apply(copied(tmp_path), heading)
    for ask in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *ask, "simulation"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout


def test_a_change_that_fits_nowhere_is_told(tmp_path):
    copied(tmp_path)
    apply(tmp_path, "A readout")
    with pytest.raises(ValueError, match="0 times"):
        apply(tmp_path, "A signal")
        apply(tmp_path, "A signal")


def test_files_and_tests_it_names_exist():
    places = [ROOT, *(ROOT / "simulation" / part for part in ("", "body", "biology"))]
    for name in re.findall(r"`([\w/]+\.(?:py|md|js))`", "\n".join(PAGES)):
        assert any((place / name).exists() for place in places) or name in _mean_field_modules(), (
            name
        )


def _mean_field_modules():
    return {path.name for path in (ROOT / "simulation" / "mean_field").glob("*.py")}


def test_python_that_needs_no_change_runs():
    names: dict[str, object] = {"__name__": "extending"}
    for heading in OUTSIDE:
        exec(python(heading), names)
    assert len(names["course"]) == 3


@pytest.mark.gate
def test_mice_live_with_all_changes_at_once(tmp_path):
    copied(tmp_path)
    for heading in CHANGED:
        apply(tmp_path, heading)
    (tmp_path / "asked.py").write_text(
        python("A signal")
        + python("A cell type")
        + f"\nassert gut.__file__.startswith({str(tmp_path)!r})\n"
        + "assert 0 <= signalling.measure()['worst damage'] < 1\n"
    )
    done = subprocess.run(
        [sys.executable, "asked.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "GUTEXO_CACHE": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]


def test_every_change_is_explained():
    for heading in CHANGED:
        for block in re.split(r"```diff\n", section(heading))[:-1]:
            assert block.rstrip().endswith((".", ":", "from there on.")), block[-80:]
