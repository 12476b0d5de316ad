"""The package is called gutexo; what a user calls `simulation` is the user's own."""

import subprocess
import sys
from pathlib import Path

import pytest

import gutexo as gut
from tests.conftest import SMALL

ROOT = Path(__file__).resolve().parents[1]
STUDY = f"""
import gutexo as gut
import simulation

simulation.mine()
if __name__ == "__main__":
    arms = tuple(gut.Scenario(name=name, duration=1) for name in ("one", "other"))
    study = gut.Study(name="mine", arms=arms).change({SMALL!r})
    print(gut.compare(study, replicates=2, seed=1, workers=2).data.sizes["replicate"], "mice")
"""


def ran(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-W", "always", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_file_of_the_former_name_beside_a_script_is_the_users(tmp_path):
    (tmp_path / "simulation.py").write_text("def mine():\n    print('my own simulation')\n")
    (tmp_path / "study.py").write_text(STUDY)
    done = ran(tmp_path, "study.py")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "my own simulation"
    assert done.stdout.splitlines()[-1] == "2 mice"


SAME = """
import simulation as gut
import gutexo
import simulation.body.mouse as old
import gutexo.body.mouse as new
from simulation.protocol.study import Study
from simulation import Mouse
assert gut is gutexo and old is new and Mouse is gutexo.Mouse is new.Mouse
assert Study is gutexo.Study and new.__spec__.name == "gutexo.body.mouse"
print(Mouse.__module__)
"""


@pytest.mark.parametrize("folder", ["anywhere", "the repository"])
def test_the_former_name_is_the_same_package_and_warns(tmp_path, folder):
    done = ran(tmp_path if folder == "anywhere" else ROOT, "-c", SAME)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "gutexo.body.mouse\n"
    assert "import gutexo as gut" in done.stderr and "DeprecationWarning" in done.stderr


@pytest.mark.parametrize("code", ["import simulation.nothing", "from simulation import nothing"])
def test_what_is_not_there_is_an_import_error(tmp_path, code):
    done = ran(tmp_path, "-c", code)
    assert done.returncode == 1 and "gutexo" in done.stderr.splitlines()[-1], done.stderr
    assert "Error: " in done.stderr.splitlines()[-1]


def test_the_present_name_warns_of_nothing(tmp_path):
    done = ran(tmp_path, "-W", "error", "-c", "import gutexo, gutexo.cli, sys; print(*sys.modules)")
    assert done.returncode == 0, done.stderr
    assert "simulation" not in done.stdout.split()


def test_former_public_names_lead_to_the_present_ones_and_warn():
    with pytest.warns(DeprecationWarning, match="carrying is called designed_exosomes now"):
        assert gut.carrying is gut.designed_exosomes
    assert "carrying" not in dir(gut)


def test_a_former_option_still_works_and_warns():
    lines = []
    arm = gut.Scenario(name="mine", duration=1).change(SMALL)
    with pytest.warns(DeprecationWarning, match="say is called report now"):
        gut.simulate(arm, seed=1, say=lines.append)


def test_our_own_use_of_a_former_name_is_an_error():
    with pytest.raises(DeprecationWarning):
        _ = gut.carrying
