"""Lives that are kept: a file is believed by what it says it is, never by its name."""

import json
import shutil

import numpy as np
import pytest

from gutexo.body.mouse import Mouse
from gutexo.body.snapshot import Snapshot
from gutexo.cohort import checkpoints, lives
from gutexo.cohort.checkpoints import Checkpoint
from gutexo.cohort.lives import LifeFiles, raise_life
from gutexo.cohort.tasks import ArmTask
from gutexo.protocol.life import Life
from gutexo.protocol.study import Scenario
from tests.cohort.damages import TINY, FullDisk, copied, damage

LIFE = Life(age=92, changes=TINY)
OLDER = Life(age=96, changes=TINY)
FRAIL = Life(age=100, changes={**TINY, "senescence.production": 3.5e-4, "senescence.noise": 0.01})


def raised(life, seed, folder):
    return raise_life(life, lambda attempt: seed + attempt, folder)


def same(one, other):
    assert one.meta == other.meta and one.arrays.keys() == other.arrays.keys()
    assert all((one.arrays[name] == other.arrays[name]).all() for name in one.arrays)


@pytest.fixture(scope="module")
def truth(tmp_path_factory):
    """Lives as they are raised with an empty cache."""
    folder = tmp_path_factory.mktemp("lives")
    return folder, {
        (life.age, seed): raised(life, seed, folder) for life in (LIFE, OLDER) for seed in (5, 6)
    }


def test_a_life_says_what_it_is(truth):
    folder, found = truth
    again = raised(LIFE, 5, folder)
    assert not again.fresh and again == found[92, 5].__class__(again.path, 5, 0, False, None)
    same(again.snapshot, found[92, 5].snapshot)
    with np.load(again.path) as file:
        about = json.loads(file["__json__"].tobytes())["identity"]
    assert about["life"] == LIFE.digest() and about["seed"] == 5 and about["age"] == 92.0


def test_two_lives_that_were_swapped_are_raised_again(truth, tmp_path):
    folder, found = truth
    copied(folder, tmp_path / "lives")
    one, two = (tmp_path / "lives" / found[key].path.name for key in ((92, 5), (96, 6)))
    content = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(content)
    for life, seed in ((LIFE, 5), (OLDER, 6)):
        again = raised(life, seed, tmp_path / "lives")
        assert again.fresh
        same(again.snapshot, found[life.age, seed].snapshot)
        assert not raised(life, seed, tmp_path / "lives").fresh


def test_an_unfinished_mouse_under_the_name_of_a_life_is_not_taken(truth, tmp_path):
    _, found = truth
    files = LifeFiles(tmp_path, OLDER, 5)
    young = Mouse(OLDER.parameters(), seed=5, age=90)
    for identity in (None, files.checkpoint.identity):
        young.snapshot().save(files.path, identity)
        again = raised(OLDER, 5, tmp_path)
        assert again.fresh
        same(again.snapshot, found[96, 5].snapshot)


def test_the_checkpoint_of_another_life_is_not_taken(truth, tmp_path):
    _, found = truth
    other = Mouse(OLDER.parameters(), seed=6, age=90)
    theirs, mine = (LifeFiles(tmp_path, OLDER, seed) for seed in (6, 5))
    for identity in (None, theirs.checkpoint.identity):
        other.snapshot().save(mine.checkpoint.path, identity)
        same(raised(OLDER, 5, tmp_path).snapshot, found[96, 5].snapshot)
        mine.path.unlink()


def test_the_checkpoint_of_another_arm_is_not_taken(tmp_path):
    arms = [
        ArmTask(Scenario(name="a", life=LIFE, duration=days), 1, 0) for days in (2.0, 3.0)
    ]  # fmt: skip
    whole = arms[0].run(tmp_path)
    begun = arms[1].prepare_mouse(tmp_path).mouse
    begun.run_for(5.0)
    theirs = {"kind": "a mouse of an arm under way", "mouse": arms[1].digest()}
    Checkpoint(tmp_path / f"arm-{arms[0].digest()}.going.npz", theirs)._save(begun)
    again = arms[0].run(tmp_path)
    assert again.values.tobytes() == whole.values.tobytes()
    assert not list(tmp_path.glob("arm-*"))


def test_a_death_of_another_mouse_kills_nobody(truth, tmp_path):
    folder, found = truth
    seed = 0
    while not raised(FRAIL, seed, tmp_path).redraws:
        seed += 1
    (died, *_) = tmp_path.glob("*.died")
    death = json.loads(died.read_text())
    assert death["identity"]["life"] == FRAIL.digest() and 21 < death["died"] < 100
    before = raised(FRAIL, seed, tmp_path)
    shutil.copytree(folder, tmp_path / "lives")
    mine = LifeFiles(tmp_path / "lives", LIFE, 5)
    for content in (died.read_text(), "93.1 days\n", "", "[" * 200_000):
        mine.path.with_suffix(".died").write_text(content)
        again = raised(LIFE, 5, tmp_path / "lives")
        assert (again.seed, again.redraws) == (5, 0)
        same(again.snapshot, found[92, 5].snapshot)
    died.write_text("{")  # It dies again, and is redrawn again.
    assert raised(FRAIL, seed, tmp_path) == before
    assert json.loads(died.read_text()) == death


def test_a_folder_in_the_place_of_a_life_is_not_lost(truth, tmp_path):
    _, found = truth
    files = LifeFiles(tmp_path, LIFE, 5)
    for path in (files.path, files.checkpoint.path, files.path.with_suffix(".died")):
        path.mkdir()
        (path / "thesis.csv").write_text("x")
    same(raised(LIFE, 5, tmp_path).snapshot, found[92, 5].snapshot)
    assert not raised(LIFE, 5, tmp_path).fresh
    assert len(list(tmp_path.glob("*/thesis.csv"))) == 3


def test_folders_of_lives_of_somebody_else_stay(tmp_path, monkeypatch):
    monkeypatch.setattr(lives, "cache_root", lambda: tmp_path)
    theirs = tmp_path / "lives-of-others"
    theirs.mkdir()
    (theirs / "book.npz").write_text("x")
    (tmp_path / "lives-0123456789abcdef").mkdir()
    lives.trim_cache(most_bytes=0)
    lives.delete_cache()
    assert [path.name for path in tmp_path.rglob("*")] == ["lives-of-others", "book.npz"]


@pytest.mark.gate
@pytest.mark.parametrize("lasting", [False, True])
def test_a_life_is_raised_on_a_disk_that_is_full_at_any_write(truth, tmp_path, lasting):
    _, found = truth
    nth = 1
    while True:
        folder = tmp_path / str(nth)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(checkpoints, "CHECKPOINT_SECONDS", 0.0)
            patch.setattr(checkpoints, "LEG_HOURS", 72.0)
            disk = FullDisk(patch, folder, nth, lasting)
            same(raised(OLDER, 5, folder).snapshot, found[96, 5].snapshot)
        same(raised(OLDER, 5, folder).snapshot, found[96, 5].snapshot)
        if not disk.failed:
            break
        nth += 1
    assert nth > 4, disk.told


@pytest.mark.gate
@pytest.mark.parametrize("kind", ["life", "checkpoint", "death"])
def test_fifty_damages_end_in_the_right_bytes(tmp_path, kind):
    life = FRAIL if kind == "death" else OLDER
    seed = 5
    whole = tmp_path / "whole"
    if kind == "death":
        while not raised(life, seed, whole).redraws:
            seed += 1
    right = raised(life, seed, whole)
    files = LifeFiles(whole, life, seed)
    mouse = Mouse(life.parameters(), seed=seed, age=21)
    if kind == "checkpoint":
        files.path.unlink()
        mouse.run_for(48.0)
        files.checkpoint._save(mouse)
    path = {
        "life": files.path,
        "checkpoint": files.checkpoint.path,
        "death": files.path.with_suffix(".died"),
    }[kind]
    other = raised(LIFE, 6, whole).path
    rng = np.random.default_rng(16)
    for _ in range(50):
        folder = copied(whole, tmp_path / "damaged")
        damage_done = damage(folder / path.name, folder / other.name, rng)
        again = raised(life, seed, folder)
        assert (again.seed, again.redraws) == (right.seed, right.redraws), damage_done
        same(again.snapshot, right.snapshot)
        same(raised(LIFE, 6, folder).snapshot, Snapshot.load(other))
