"""What the released version wrote is read, or refused in one line, and stays as it was."""

import json
import warnings
import zipfile
from pathlib import Path

import pytest
import zarr

from gutexo.body.mouse import Mouse
from gutexo.body.snapshot import Snapshot
from gutexo.cli.app import run_safely
from gutexo.cohort.lives import LifeFiles, raise_life
from gutexo.cohort.provenance import run_identity
from gutexo.cohort.store import Store
from gutexo.cohort.tasks import arm_tasks
from gutexo.errors import GutexoError
from gutexo.protocol import standard_studies
from gutexo.protocol.life import Life
from gutexo.protocol.study import Scenario, Study
from tests.cohort.damages import TINY

RELEASED = Path(__file__).parent / "data" / "released.zip"
LIFE = Life(age=90, changes=TINY)
STUDY = Study(name="two", arms=(Scenario(name="young", life=LIFE, duration=1.0),))


@pytest.fixture
def released(tmp_path):
    """A store of two mice, a life and a death, as they were written before this version."""
    with zipfile.ZipFile(RELEASED) as archive:
        archive.extractall(tmp_path)
    return tmp_path


def files(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_store_is_listed_and_read_and_not_gone_on_with(released, capsys):
    before = files(released)
    assert run_safely(["list", str(released / "mice")]) == 0
    printed = capsys.readouterr().out
    assert "two, seed 3, 1 arms of 2 mice" in printed and "done           2" in printed
    with pytest.raises(GutexoError, match="holds 28 readouts of a mouse, those of another version"):
        _ = Store(released / "mice")._readings
    # Its names have a type of text that the oldest zarr does not read; the numbers it does.
    found = zarr.open_array(released / "mice" / "readings.zarr" / "readings", mode="r")
    assert found.shape == (1, 2, 28, 2)
    with pytest.raises(GutexoError, match=r"holds another run \(.*code.* differ\)"):
        with Store.writing(released / "mice", run_identity(STUDY, 2, 3), ["young"], 2):
            pass
    assert {k: v for k, v in files(released).items() if k.name != ".guard"} == before


def test_a_store_of_the_same_code_is_gone_on_with(released):
    """Its layout is this version's; what a mouse is asked is told by its mark."""
    path = released / "mice"
    same = json.loads((path / "store.json").read_text())["identity"]
    with Store.writing(path, same, ["young"], 2) as store:
        for task in arm_tasks(STUDY, 2, 3):
            assert store.was_finished((0, task.replicate))
        assert store.counts()["done"] == 2


def test_a_snapshot_is_read(released):
    (path,) = released.glob("lives/*05.npz")
    before = path.read_bytes()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # It lived by other rules, and that is told.
            mouse = Mouse.from_snapshot(Snapshot.load(path))
    except GutexoError as error:
        assert str(path) in str(error) and "\n" not in str(error)
    else:
        assert mouse.alive and round(mouse.age) == 90
        mouse.run_for(2.0)
    assert path.read_bytes() == before


def test_a_life_or_a_death_without_a_word_of_what_it_is_is_not_believed(released, tmp_path):
    lives = released / "lives"
    mine = [LifeFiles(lives, LIFE, seed) for seed in (5, 7)]
    (life,), (death,) = lives.glob("*05.npz"), lives.glob("*.died")
    life.replace(mine[0].path)
    death.replace(mine[1].path.with_suffix(".died"))
    for seed in (5, 7):
        raised = raise_life(LIFE, lambda attempt, seed=seed: seed + attempt, lives)
        assert raised.fresh and raised.redraws == 0


def test_a_finished_run_is_known_or_refused_and_stays(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(standard_studies._STUDIES, "two", lambda: STUDY)
    facts = {**run_identity(STUDY, 2, 3), "code": "0" * 16}
    manifest = {"identity": facts, "study": "two", "seed": 3, "failures": []}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest, indent=2))
    (tmp_path / "effects.csv").write_text("of a year ago")
    before = files(tmp_path)
    command = ["run", "two", "--replicates", "2", "--seed", "3", "--out", str(tmp_path)]
    assert run_safely(command) == 2
    error = capsys.readouterr().err
    assert "holds another run (code differ)" in error and error.count("\n") == 1
    assert files(tmp_path) == before
