"""Every experiment runs, as a user would run it, on coarse mice."""

import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "experiments"
MANY_ARMS = ("cargo_not_age", "dose_and_duration")
SCRIPTS = sorted(p for p in FOLDER.glob("*.py") if not p.name.startswith("_"))


def test_all_six_are_there():
    names = {p.stem for p in SCRIPTS}
    assert names == {
        "ageing",
        "cargo_not_age",
        "dose_and_duration",
        "old_to_young",
        "transfer_study",
        "young_to_old",
    }


@pytest.mark.gate
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda p: p.stem)
def test_it_runs(script, tmp_path):
    # Seed 1 and coarse mice throughout, so the lives are raised once for all six.
    mice = "1" if script.stem in MANY_ARMS else "2"
    done = subprocess.run(
        [sys.executable, str(script), "--quick", "--replicates", mice, "--out", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=FOLDER.parent,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "people" in done.stdout
    (folder,) = tmp_path.iterdir()
    assert list(folder.glob("*.png")) and list(folder.glob("*.svg"))
    assert {"effects.csv", "trajectories.csv", "dataset.zarr"} <= {p.name for p in folder.iterdir()}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda p: p.stem)
def test_it_is_short(script):
    assert len(script.read_text().splitlines()) <= 30
