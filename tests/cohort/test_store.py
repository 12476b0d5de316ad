"""The store of a study: whole mice or none, one study, one writer, and bytes that do not depend."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray

from gutexo.body.observables import OBSERVABLES
from gutexo.cohort import lock as locks
from gutexo.cohort.lock import Lock
from gutexo.cohort.store import Store, delete_mice
from gutexo.cohort.study_run import run_study
from gutexo.cohort.tasks import ArmRun, arm_tasks
from gutexo.errors import GutexoError
from tests.cohort.test_cohort import tiny_study

STUDY = tiny_study()
ARMS = [arm.name for arm in STUDY.arms]
MICE = {(ARMS.index(t.scenario.name), t.replicate): t for t in arm_tasks(STUDY, 2, 3)}
SAME = {"study": "tiny", "seed": 3, "replicates": 2}


def made_up(place, days=5):
    """A mouse nobody ran; the same for the same place."""
    values = np.random.default_rng(place).normal(size=(len(OBSERVABLES), days))
    return ArmRun(
        np.arange(float(days)), values, redraws=place[0], died=None if days == 5 else 93.1
    )


def writing(path, identity=SAME):
    return Store.writing(path, identity, ARMS, 5)


def filled(path, places=tuple(MICE)):
    with writing(path) as store:
        for place in places:
            store.put(place, MICE[place], made_up(place))
    return path


def content(path):
    """Bytes of all arrays and marks."""
    files = [*path.glob("readings.zarr/readings/*"), *path.glob("done/*")]
    return {str(p.relative_to(path)): p.read_bytes() for p in files}


def test_a_mouse_comes_back_to_the_bit(tmp_path):
    run = made_up((1, 0), days=3)
    with writing(tmp_path) as store:
        store.put((1, 0), MICE[1, 0], run)
    again = Store(tmp_path).run((1, 0), MICE[1, 0])
    assert again.values.tobytes() == run.values.tobytes() and again.days.tolist() == [0, 1, 2]
    assert again.redraws == 1 and again.died == 93.1
    assert Store(tmp_path).run((0, 0), MICE[0, 0]) is None
    assert Store(tmp_path).run((1, 0), MICE[1, 1]) is None  # another mouse was asked for


def test_bytes_depend_on_neither_order_nor_interruption(tmp_path):
    one = content(filled(tmp_path / "one"))
    filled(tmp_path / "two", list(MICE)[4:])
    (tmp_path / "two" / "readings.zarr" / "readings" / "c.0.0.0.ab.partial").write_bytes(b"half")
    filled(tmp_path / "two", list(MICE)[3::-1])
    assert content(tmp_path / "two") == one and len(one) == 2 * len(MICE) + 1


def test_it_is_read_while_it_grows(tmp_path):
    with writing(tmp_path) as store:
        store.put((2, 1), MICE[2, 1], made_up((2, 1)))
        store.fail((0, 0), {"scenario": ARMS[0], "replicate": 0, "reason": "of my own making"})
        seen = Store(tmp_path)
        assert seen.counts() == {"mice": 6, "done": 1, "failed": 1, "pending": 4}
        assert [f["reason"] for f in seen.failures()] == ["of my own making"]
        grown = xarray.open_zarr(tmp_path / "readings.zarr", consolidated=False)
        one = grown["readings"].sel(scenario=ARMS[2], replicate=1, readout="plasma TNF")
        row = list(OBSERVABLES).index("plasma TNF")
        assert (one.values == made_up((2, 1)).values[row]).all()
        assert np.isnan(grown["readings"].sel(scenario=ARMS[0])).all()
        with pytest.raises(GutexoError, match="opened to be read"):
            seen.put((0, 1), MICE[0, 1], made_up((0, 1)))


def flip(path):
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 3] ^= 1
    path.write_bytes(bytes(raw))


@pytest.mark.parametrize(
    "name", ["readings.zarr/readings/c.0.1.0.0", "done/0-1.json"], ids=["chunk", "mark"]
)
@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "gone"])
def test_a_damaged_mouse_is_missing_never_wrong(tmp_path, name, damage):
    path = filled(tmp_path) / name
    if damage == "flip":
        flip(path)
    elif damage == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[: 40 if damage == "cut" else 0])
    store = Store(tmp_path)
    assert store.run((0, 1), MICE[0, 1]) is None
    assert all(store.run(place, task) for place, task in MICE.items() if place != (0, 1))


def test_a_number_changed_by_hand_is_seen(tmp_path):
    mark = filled(tmp_path) / "done" / "2-0.json"
    content = json.loads(mark.read_text())
    mark.write_text(json.dumps({**content, "redraws": 7}))
    assert Store(tmp_path).run((2, 0), MICE[2, 0]) is None
    # A whole chunk of another mouse has a good checksum of its own, but not this mouse's.
    chunks = tmp_path / "readings.zarr" / "readings"
    shutil.copy(chunks / "c.0.0.0.0", chunks / "c.0.1.0.0")
    assert Store(tmp_path).run((0, 1), MICE[0, 1]) is None


def test_a_study_runs_damaged_mice_again_and_says_so(tmp_path):
    first = run_study(STUDY, replicates=2, seed=3, keep=tmp_path)
    before = content(tmp_path)
    flip(tmp_path / "readings.zarr" / "readings" / "c.0.1.0.0")
    (tmp_path / "done" / "2-0.json").write_text("{")
    lines, steps = [], []
    again = run_study(
        STUDY, replicates=2, seed=3, keep=tmp_path, report=lines.append,
        progress=lambda *step: steps.append(step),
    )  # fmt: skip
    reports = [line for line in lines if "cannot be read as written and will be run again" in line]
    assert len(reports) == 1 and "old + vehicle, mouse 0; young + vehicle, mouse 1" in reports[0]
    assert ("arms", 4, 6) in steps and content(tmp_path) == before
    assert again.data.equals(first.data)


def test_another_study_is_refused_by_what_differs(tmp_path):
    filled(tmp_path)
    before = content(tmp_path)
    with pytest.raises(GutexoError, match=r"holds another run \(seed differ\)"):
        with writing(tmp_path, {**SAME, "seed": 4}):
            pass
    assert content(tmp_path) == before and not (tmp_path / "lock").exists()


def test_arms_that_were_changed_are_another_study(tmp_path):
    run_study(tiny_study(days=0.0), replicates=1, seed=3, keep=tmp_path)
    with pytest.raises(GutexoError, match=r"\(arms differ\)"):
        run_study(tiny_study(days=1.0), replicates=1, seed=3, keep=tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"schema": 2, "identity": {}}', "a newer version .schema 2, this one reads 1"),
        ('{"schema": 0, "identity": {}}', "an older version"),
        ('{"schema": 1', "store.json cannot be read"),
        ("[]", "store.json cannot be read"),
    ],
)
def test_a_store_of_another_version_is_refused(tmp_path, text, words):
    filled(tmp_path)
    before = content(tmp_path)
    (tmp_path / "store.json").write_text(text)
    with pytest.raises(GutexoError, match=words):
        with writing(tmp_path):
            pass
    with pytest.raises(GutexoError, match=words):
        Store(tmp_path)
    assert content(tmp_path) == before


def test_a_folder_with_something_else_is_left_alone(tmp_path):
    (tmp_path / "done").mkdir()
    with pytest.raises(GutexoError, match="not of a store of mice"):
        with writing(tmp_path):
            pass
    with pytest.raises(GutexoError, match="holds no mice of a study"):
        Store(tmp_path / "nowhere")


def test_a_store_is_cleared(tmp_path):
    delete_mice(filled(tmp_path))
    assert [p for p in tmp_path.iterdir() if not p.name.startswith(".")] == []
    delete_mice(tmp_path / "nowhere")
    filled(tmp_path)


def test_a_full_disk_is_one_line_and_loses_nothing(tmp_path, monkeypatch):
    replace, open_path = os.replace, Path.open

    def full(source, target, **more):
        if "c.1.1.0.0" in str(target):
            raise OSError(28, "No space left on device")
        replace(source, target, **more)

    def full_at_once(path, mode="r", *more, **options):
        if path.name == "c.1.1.0.0" and "r" not in mode:
            raise OSError(28, "No space left on device")
        return open_path(path, mode, *more, **options)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        patch.setattr(Path, "open", full_at_once)  # older releases of Zarr write in place
        with pytest.raises(GutexoError, match="the disk is full; finished mice are saved"):
            run_study(STUDY, replicates=2, seed=3, keep=tmp_path)
    left = Store(tmp_path).counts()
    assert left["done"] == 4 and left["failed"] == 0 and not (tmp_path / "lock").exists()
    whole = run_study(STUDY, replicates=2, seed=3, keep=tmp_path)
    assert whole.data.equals(run_study(STUDY, replicates=2, seed=3).data)


def test_a_mark_that_cannot_be_written_leaves_the_mouse_missing(tmp_path, monkeypatch):
    def full(path, text, **more):
        path.write_bytes(text.encode()[:10])
        raise OSError(28, "No space left on device")

    with pytest.raises(GutexoError, match="disk is full"), writing(tmp_path) as store:
        monkeypatch.setattr(Path, "write_text", full)
        store.put((0, 0), MICE[0, 0], made_up((0, 0)))
    monkeypatch.undo()
    assert not list(tmp_path.glob("done/*")) and Store(tmp_path).counts()["done"] == 0


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file" / "mice", tmp_path / "file"):
        with pytest.raises(GutexoError, match="part of it is a file|is no folder"):
            run_study(STUDY, replicates=1, seed=3, keep=path)

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(GutexoError, match="cannot be written: permission denied"):
        run_study(STUDY, replicates=1, seed=3, keep=tmp_path / "mice")


def test_a_read_only_folder_is_one_line(tmp_path):
    tmp_path.chmod(0o555)
    try:
        if os.access(tmp_path, os.W_OK):
            pytest.skip("this user writes everywhere")
        with pytest.raises(GutexoError, match="cannot be written"):
            run_study(STUDY, replicates=1, seed=3, keep=tmp_path)
    finally:
        tmp_path.chmod(0o755)


HOLD = """
import sys, time
from pathlib import Path
from gutexo.cohort.lock import Lock
with Lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_of_two_parents_the_second_is_told_and_takes_over_from_a_dead_one(tmp_path):
    filled(tmp_path)
    first = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert first.stdout.readline() == "held\n"
        before = content(tmp_path)
        with pytest.raises(GutexoError, match=f"in use by process {first.pid} on .*; wait until"):
            with writing(tmp_path):
                pass
        with pytest.raises(GutexoError, match="in use by"):
            delete_mice(tmp_path)
        assert content(tmp_path) == before
    finally:
        first.send_signal(signal.SIGKILL)
        first.communicate()
    assert (tmp_path / "lock").exists()
    filled(tmp_path)
    assert not (tmp_path / "lock").exists()


def test_a_lock_whose_beat_stands_still_is_taken_whoever_has_its_number(tmp_path, monkeypatch):
    monkeypatch.setattr(locks, "HEARTBEAT_SECONDS", 0.1)
    monkeypatch.setattr(locks, "STALE_SECONDS", 0.8)
    reused = {"pid": os.getpid(), "host": locks._machine_name(), "token": "another", "beat": 12}
    (tmp_path / "lock").write_text(json.dumps(reused))
    lines = []
    with Lock(tmp_path, lines.append) as lock:
        assert len(lines) == 1 and f"process {os.getpid()}" in lines[0]
        # The other way round: this one stood still, somebody took over.
        (tmp_path / "lock").write_text(json.dumps(reused))
        lock._thread.join(timeout=5)
        with pytest.raises(GutexoError, match="taken over by another process"):
            lock.check()
    assert json.loads((tmp_path / "lock").read_text()) == reused


def test_a_lock_that_cannot_be_read_is_not_trusted_forever(tmp_path, monkeypatch):
    monkeypatch.setattr(locks, "STALE_SECONDS", 0.5)
    monkeypatch.setattr(locks, "HEARTBEAT_SECONDS", 0.1)
    (tmp_path / "lock").write_text("")
    with Lock(tmp_path):
        assert locks.read_holder(tmp_path)["pid"] == os.getpid()
