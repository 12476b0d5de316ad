"""The guide on extending: its changes fit, touch few files, and give mice that live."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.project.extending import PAGES, ROOT, apply, changes, python, section

# What is added, and the most files that are edited by hand for it.
MOST_FILES = {
    "A parameter": 1,
    "A readout": 1,
    "An intervention": 1,
    "A pattern": 2,
    "A signal": 6,
    "An organ": 8,
}
MOST_LINES = 400
OUTSIDE = ("An intervention", "A readout")
BODY = ROOT / "simulation" / "body"


def copied(folder):
    """The package in another place, with the rules of its house."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(
        ROOT / "simulation", folder / "simulation", ignore=shutil.ignore_patterns("__pycache__")
    )
    (folder / "gutexo").symlink_to("simulation")  # the name it is imported by
    return folder


def run(folder, *arguments):
    """Run Python on the copy; only there, it is found before the installed package."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "GUTEXO_CACHE": str(folder / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("heading", "most"), MOST_FILES.items())
def test_few_files_are_edited_and_none_grows_long(heading, most, tmp_path):
    files = {name for name, _, _ in changes(heading)}
    assert 1 <= len(files) <= most
    assert all(name.startswith("simulation/") for name in files)
    apply(copied(tmp_path), heading)
    for name in files:
        if name.endswith((".py", ".js")):
            assert len((tmp_path / name).read_text("utf-8").splitlines()) <= MOST_LINES, name


@pytest.mark.parametrize("heading", MOST_FILES)
def test_changes_fit_the_code_of_today(heading, tmp_path):
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


def test_a_change_that_fits_nowhere_is_reported(tmp_path):
    copied(tmp_path)
    apply(tmp_path, "A readout")
    with pytest.raises(ValueError, match="0 times"):
        apply(tmp_path, "A signal")
        apply(tmp_path, "A signal")


def test_files_and_tests_it_names_exist():
    places = [ROOT, *(ROOT / "simulation" / part for part in ("", "body", "biology"))]
    for name in re.findall(r"`([\w/]+\.(?:py|md|js|toml))`", "\n".join(PAGES)):
        assert any((place / name).exists() for place in places), name


def test_python_that_needs_no_change_runs():
    names: dict[str, object] = {"__name__": "extending"}
    for heading in OUTSIDE:
        exec(python(heading), names)
    assert len(names["course"]) == 3


CONFIGURATION = """
study = "ageing"
quick = true
[[interventions]]
name = "Fasting"
slowing = 0.5
"""
# What a user finds where one line of a table was added.
FOUND = """
from gutexo.catalogue.rates import NAMED_RATES
from gutexo.figures.flow import signal_flow
from gutexo.mean_field.mouse import MeanFieldMouse
from gutexo.page.session import ORGANS
from gutexo.page.wish import arms
from gutexo.scene.signals import read_organ_signals

assert NAMED_RATES["epithelium.scarring"].parameter == "epithelium.scarring"
mouse = gut.Mouse(quick, seed=1)
assert np.allclose(mouse.state.records["epithelium_scarring"], 0.02 / 24)
halved = MeanFieldMouse(quick, factors={"epithelium.scarring": 0.5})
assert halved.numbers["epithelium_scarring"] == 0.01
mouse.run_for("1 d")
readings = mouse.measure()
assert 0 <= readings["worst damage"] < 1 and readings["plasma IL-22"] > 0
assert MeanFieldMouse(quick).measure()["plasma IL-22"] > 0
assert {"il22.secretion", "il22.action", "il22.clearance"} < set(gut.RATE_NAMES)
blocked = gut.CytokineBlockade(which=("IL-22",)).modifiers(0)
assert list(blocked) == ["il22.action"]
assert mouse.agents.select(agent_type=gut.BarrierSegment)[0].il22 > 0
signals = read_organ_signals(mouse)
assert signals.level("epithelium", "IL-22") > 0 and signals.level("heart", "TNF") > 0
signal_flow(signals, signals)
assert ORGANS["heart"] == "heart insulin sensitivity"
assert {"old + Fasting", "young + Fasting"} < set(arms())
"""
MISSING = """
from gutexo.analysis.scorecard import score_patterns
from gutexo.errors import GutexoError
try:
    score_patterns(only=["tnf-ter-12h"])
except GutexoError as error:
    print(error)
"""


@pytest.mark.gate
def test_mice_live_with_all_changes_at_once(tmp_path):
    copied(tmp_path)
    for heading in MOST_FILES:
        apply(tmp_path, heading)
    (tmp_path / "requested.py").write_text(
        python("A signal")
        + python("An organ")
        + FOUND
        + f"\nassert gut.__file__.startswith({str(tmp_path)!r})\n"
    )
    done = run(tmp_path, "requested.py")
    assert done.returncode == 0, done.stderr[-3000:]
    listed = run(tmp_path, "-m", "gutexo", "list", "--json").stdout
    assert '"Fasting": "Days without food' in listed and "plasma IL-22" in listed
    (tmp_path / "run.toml").write_text(CONFIGURATION)
    planned = run(tmp_path, "-m", "gutexo", "study", "--config", "run.toml", "--dry-run")
    assert planned.returncode == 0, planned.stderr
    scored = run(
        tmp_path,
        "-c",
        "from gutexo.analysis.scorecard import score_patterns\n"
        "print(score_patterns(only=['tnf-ter-12h'], replicates=1)[0].verdict)",
    )
    assert scored.stdout == "reported\n", scored.stderr[-2000:]


def test_a_pattern_without_measurement_is_named(tmp_path):
    copied(tmp_path)
    row = next(change for change in changes("A pattern") if change[0].endswith(".toml"))
    path = tmp_path / row[0]
    path.write_text(path.read_text("utf-8").replace(row[1], row[2]))
    assert "pattern 'tnf-ter-12h' has no measurement" in run(tmp_path, "-c", MISSING).stdout


def test_every_change_is_explained():
    for heading in MOST_FILES:
        for block in re.split(r"```diff\n", section(heading))[:-1]:
            assert block.rstrip().endswith((".", ":", "from there on.")), block[-80:]
