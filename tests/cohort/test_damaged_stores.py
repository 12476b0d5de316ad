"""A store of which a file is damaged, or a disk that fills at any write: right bytes or a line."""

import functools
import json

import numpy as np
import pytest

from gutexo.body.observables import OBSERVABLES
from gutexo.cli.app import run_safely
from gutexo.cohort import lock as locks
from gutexo.cohort import readings
from gutexo.cohort.saved_mice import MiceOnDisk
from gutexo.cohort.store import Store
from gutexo.cohort.tasks import ArmRun, ArmTask, LifeTask
from gutexo.errors import GutexoError
from gutexo.protocol import standard_studies
from gutexo.protocol.study import Study
from tests.cohort.damages import DEEP, FullDisk, copied, damage
from tests.cohort.test_cohort import tiny_study
from tests.cohort.test_store import ARMS, MICE, SAME, STUDY, content, made_up, writing

FAILS = (1, 1)
EXPECTED = {"scenario": ARMS[1], "replicate": 1, "seed": 3, "reason": "of my own making"}
DESCRIBED = "readings.zarr/readings/zarr.json"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """A lock that is given up soon; the description of the array is made once."""
    monkeypatch.setattr(locks, "HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr(locks, "STALE_SECONDS", 0.2)
    monkeypatch.setattr(readings, "_describe_array", functools.cache(readings._describe_array))
    real = readings.create_or_repair
    from gutexo.cohort import store

    monkeypatch.setattr(
        store, "create_or_repair", lambda path, arms, *rest: real(path, tuple(arms), *rest)
    )


def run(folder, mice=MICE):
    """Run what is missing, as a study does; the values of all, and the lines for people."""
    lines = []
    with Store.writing(folder, SAME, ARMS, 5, lines.append) as store:
        saved = MiceOnDisk(STUDY, 2, store)
        for place in saved.missing(mice, False, lines.append):
            if place == FAILS:
                saved.fail(place, EXPECTED)
            else:
                saved.put(place, mice[place], made_up(place))
        collected, failures = saved.collect_readings(mice)
    values = b"".join(collected._values[name].tobytes() for name in OBSERVABLES)
    return (values, json.dumps(failures)), lines


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A store with five mice and one that failed, and what it gives."""
    folder = tmp_path_factory.mktemp("whole") / "mice"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(locks, "HEARTBEAT_SECONDS", 0.05)
        return folder, run(folder)[0]


def in_a_line(error, folder):
    line = str(error.value)
    assert str(folder) in line and "\n" not in line and len(line) < 500
    return line


def listed(folder, capsys):
    """The exit code of `gutexo list`, and its one line where it refuses."""
    code = run_safely(["list", str(folder)])
    printed = capsys.readouterr()
    if code:
        assert code == 2 and printed.err.count("\n") == 1 and str(folder) in printed.err
    return code, printed


WRONG = ["", "[]", "null", DEEP, '{"schema": "1"}', '{"schema": 1}', "\x00", "NaN"]


@pytest.mark.parametrize("text", WRONG, ids=range(len(WRONG)))
def test_a_store_file_that_is_not_what_was_written_is_one_line(whole, tmp_path, text, capsys):
    folder = copied(whole[0], tmp_path / "mice")
    (folder / "store.json").write_text(text)
    before = content(folder)
    with pytest.raises(GutexoError) as caught:
        run(folder)
    assert "store.json" in in_a_line(caught, folder)
    assert listed(folder, capsys)[0] == 2
    assert content(folder) == before


def edited(path, change):
    found = json.loads(path.read_text())
    change(found)
    path.write_text(json.dumps(found))


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found["identity"].update(seed=4),
        lambda found: found["identity"].update(replicates=10**18),
        lambda found: found["identity"].update(replicates="2"),
        lambda found: found["identity"].pop("study"),
        lambda found: found["scenarios"].reverse(),
        lambda found: found["scenarios"].clear(),
        lambda found: found.pop("scenarios"),
        lambda found: found.update(extra=1),
    ],
)
@pytest.mark.parametrize("seal", ["kept", "gone"])
def test_a_store_file_that_was_edited_is_one_line(whole, tmp_path, change, seal, capsys):
    folder = copied(whole[0], tmp_path / "mice")
    edited(folder / "store.json", change)
    if seal == "gone":
        edited(folder / "store.json", lambda found: found.pop("check"))
    before = content(folder)
    with pytest.raises(GutexoError) as caught:
        run(folder)
    assert in_a_line(caught, folder) and content(folder) == before
    listed(folder, capsys)


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found.update(shape=[3, 2, len(OBSERVABLES), 4]),
        lambda found: found.update(shape=[9, 2, len(OBSERVABLES), 5]),
        lambda found: found.update(shape=[10**15] * 4),
        lambda found: found.update(data_type="float32"),
        lambda found: found.update(data_type="int64", fill_value=0),
        lambda found: found.update(fill_value=0.0),
        lambda found: found["chunk_grid"]["configuration"].update(chunk_shape=[3, 2, 1, 1]),
        lambda found: found["codecs"].pop(),
        lambda found: found["codecs"].append({"name": "gzip", "configuration": {"level": 5}}),
        lambda found: found["codecs"].append({"name": "nobody"}),
        lambda found: found["codecs"][0]["configuration"].update(endian="big"),
        lambda found: found["chunk_key_encoding"]["configuration"].update(separator="/"),
        lambda found: found.update(dimension_names=["a", "b", "c", "d"]),
        lambda found: found.update(zarr_format=2),
        lambda found: found.pop("shape"),
        lambda found: found.clear(),
    ],
)
def test_what_describes_the_array_is_written_anew_and_no_mouse_is_lost(whole, tmp_path, change):
    folder, right = copied(whole[0], tmp_path / "mice"), whole[1]
    edited(folder / DESCRIBED, change)
    try:
        store = Store(folder)
        found = {place: store.run(place, task) for place, task in MICE.items()}
    except GutexoError as error:
        assert "zarr.json cannot be read" in str(error) and "\n" not in str(error)
    else:
        for place, mouse in found.items():
            assert mouse is None or mouse.values.tobytes() == made_up(place).values.tobytes()
    values, lines = run(folder)
    assert values == right and content(folder) == content(whole[0])
    assert len(lines) == 2 and "written anew, and all mice stay" in lines[0]


def test_marks_and_chunks_that_were_swapped_are_not_believed(whole, tmp_path):
    folder, right = copied(whole[0], tmp_path / "mice"), whole[1]
    for one, two in (
        ("done/0-0.json", "done/2-1.json"),
        ("readings.zarr/readings/c.0.0.0.0", "readings.zarr/readings/c.2.1.0.0"),
    ):
        first = (folder / one).read_bytes()
        (folder / one).write_bytes((folder / two).read_bytes())
        (folder / two).write_bytes(first)
        store = Store(folder)
        assert store.run((0, 0), MICE[0, 0]) is None and store.run((2, 1), MICE[2, 1]) is None
        assert store.counts() == {"mice": 6, "done": 3, "failed": 1, "pending": 2}
    values, lines = run(folder)
    assert values == right and "2 mice" not in str(lines)
    assert any("old + vehicle, mouse 1" in line and "run again" in line for line in lines)


def test_a_failure_that_cannot_be_read_is_told_and_tried_again(whole, tmp_path, capsys):
    folder, right = copied(whole[0], tmp_path / "mice"), whole[1]
    path = folder / "failed" / "1-1.json"
    edited(path, lambda found: found.update(reason="of somebody else's"))
    code, printed = listed(folder, capsys)
    assert code == 2 and "1-1.json cannot be read: it is not what was written" in printed.err
    values, lines = run(folder)
    assert values == right and any(f"{ARMS[1]}, mouse 1" in line for line in lines)
    assert listed(folder, capsys)[0] == 0


def test_list_tells_what_is_there(whole, tmp_path, capsys):
    folder = copied(whole[0], tmp_path / "mice")
    (folder / "readings.zarr" / "readings" / "c.0.0.0.0").unlink()
    (folder / "done" / "0-1.json").write_text(DEEP)
    for name in ("7-7.json", "x.json", "0-0-0.json", "00-0.json"):
        (folder / "done" / name).write_text("{}")
    (folder / "lock").write_text('{"pid": -1, "host": "here"}')
    code, printed = listed(folder, capsys)
    assert code == 0 and "done           3" in printed.out and "pending        2" in printed.out
    assert "an unknown process (its lock cannot be read)" in printed.out


def test_a_folder_where_a_lock_should_be_is_one_line(whole, tmp_path):
    folder = copied(whole[0], tmp_path / "mice")
    (folder / "lock").mkdir()
    with pytest.raises(GutexoError, match="lock is a folder where a lock should be"):
        run(folder)


def test_a_reason_that_is_no_text_is_kept_as_text(tmp_path):
    with writing(tmp_path) as store:
        store.fail(FAILS, {**EXPECTED, "reason": "no file \udcff"})
    assert Store(tmp_path).failures()[0]["reason"] == "no file \\udcff"


FILES = {
    "store": ["store.json"],
    "mark": [f"done/{arm}-{mouse}.json" for arm in (0, 2) for mouse in (0, 1)],
    "failure": ["failed/1-1.json"],
    "chunk": [f"readings.zarr/readings/c.{arm}.0.0.0" for arm in (0, 1, 2)],
    "description": [DESCRIBED, "readings.zarr/zarr.json", "readings.zarr/time/c/0"],
    "lock": ["lock"],
}


@pytest.mark.gate
@pytest.mark.parametrize("kind", FILES)
def test_fifty_damages_end_in_the_right_bytes_or_a_line(whole, tmp_path, kind, capsys):
    rng = np.random.default_rng(18)
    right, bytes_ = whole[1], content(whole[0])
    others = [name for names in FILES.values() for name in names if name != "lock"]
    refusals = 0
    for _ in range(50):
        folder = copied(whole[0], tmp_path / "mice")
        if kind == "lock":
            (folder / "lock").write_text('{"pid": 1, "host": "x", "token": "y", "beat": 1}')
        name = FILES[kind][rng.integers(len(FILES[kind]))]
        other = [other for other in others if other != name][rng.integers(len(others) - 1)]
        damage_done = damage(folder / name, folder / other, rng)
        listed(folder, capsys)
        try:
            values, _ = run(folder)
        except GutexoError as error:
            assert str(folder) in str(error) and "\n" not in str(error), damage_done
            refusals += 1
        else:
            assert values == right and content(folder) == bytes_, damage_done
    assert refusals < 50 or kind == "store"


@pytest.mark.gate
@pytest.mark.parametrize("lasting", [False, True])
def test_a_disk_that_is_full_at_any_write_keeps_what_is_finished(whole, tmp_path, lasting):
    places = [(0, 0), FAILS, (2, 1)]
    mice = {place: MICE[place] for place in places}
    right = run(tmp_path / "whole", mice)[0]
    bytes_ = content(tmp_path / "whole")
    nth, saved = 0, set()
    while True:
        nth += 1
        folder = tmp_path / str(nth)
        with pytest.MonkeyPatch.context() as patch:
            disk = FullDisk(patch, folder, nth, lasting)
            try:
                run(folder, mice)
            except GutexoError as error:
                assert "the disk is full" in str(error) and "\n" not in str(error)
            else:
                assert not disk.failed
        done = 0
        if (folder / "store.json").exists():
            done = Store(folder).counts()["done"]
            found = [Store(folder).run(place, MICE[place]) for place in places]
            assert sum(mouse is not None for mouse in found) == done
        saved.add(done)
        values, _ = run(folder, mice)
        assert values == right and content(folder) == bytes_
        if not disk.failed:
            break
    assert nth > 20 and saved == {0, 1, 2}


@pytest.fixture
def made(monkeypatch):
    """A study of mice that nobody ran, by its name."""
    study = Study(**{**dict(tiny_study()), "figures": ()})

    def values(task, folder):
        place = (ARMS.index(task.scenario.name), task.replicate)
        run = made_up(place)
        return ArmRun(run.days, np.abs(run.values) + 1.0, run.redraws, None)

    monkeypatch.setitem(standard_studies._STUDIES, "tiny", lambda: study)
    monkeypatch.setattr(ArmTask, "run", values)
    monkeypatch.setattr(LifeTask, "run", lambda task, folder: (0, 0))
    return ["run", "tiny", "--replicates", "2", "--seed", "3", "--jobs", "1", "--out"]


TABLES = ("trajectories.csv", "effects.csv", "manifest.json")


def run_and_read(code, capsys):
    printed = capsys.readouterr()
    assert code in (0, 1, 2, 3) and "our mistake" not in printed.err, printed.err
    assert code != 2 or printed.err.count("\n") == 1, printed.err
    return printed


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", DEEP, '{"identity": [], "failures": []}', '{"identity": {}}']
)
def test_a_manifest_that_cannot_be_read_is_one_line(tmp_path, made, text, capsys):
    (tmp_path / "manifest.json").write_text(text)
    assert run_safely([*made, str(tmp_path)]) == 2
    printed = run_and_read(2, capsys)
    assert "manifest.json cannot be read" in printed.err
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


@pytest.mark.gate
def test_fifty_damages_of_a_manifest(tmp_path, made, capsys):
    whole = tmp_path / "whole"
    assert run_safely([*made, str(whole)]) in (0, 3)
    capsys.readouterr()
    before = {name: (whole / name).read_bytes() for name in TABLES[:2]}
    rng = np.random.default_rng(19)
    for _ in range(50):
        folder = copied(whole, tmp_path / "out")
        other = folder / "mice" / FILES["mark"][rng.integers(4)]
        damage_done = damage(folder / "manifest.json", other, rng)
        code = run_safely([*made, str(folder), "--resume"])
        run_and_read(code, capsys)
        assert all((folder / name).read_bytes() == before[name] for name in before), damage_done
        if code != 2:
            found = json.loads((folder / "manifest.json").read_text())
            assert found["failures"] == [] and found["seed"] == 3, damage_done


@pytest.mark.gate
def test_a_disk_that_is_full_while_a_run_is_written_keeps_it(tmp_path, made, capsys):
    whole = tmp_path / "whole"
    assert run_safely([*made, str(whole)]) in (0, 3)
    with pytest.MonkeyPatch.context() as patch:
        disk = FullDisk(patch, tmp_path / "counted", 10**9, lasting=False)
        assert run_safely([*made, str(tmp_path / "counted")]) in (0, 3)
    for nth in range(1, disk.writes, disk.writes // 15):
        out = tmp_path / str(nth)
        with pytest.MonkeyPatch.context() as patch:
            full = FullDisk(patch, out, nth, lasting=nth % 2 == 0)
            capsys.readouterr()
            code = run_safely([*made, str(out)])
        line = run_and_read(code, capsys).err.lower()
        assert code == 2 and ("no space left" in line or "the disk is full" in line)
        assert full.failed
        assert run_safely([*made, str(out)]) in (0, 3)
        for name in TABLES[:2]:
            assert (out / name).read_bytes() == (whole / name).read_bytes()
        assert content(out / "mice") == content(whole / "mice")
