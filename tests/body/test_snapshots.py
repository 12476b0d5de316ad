"""Snapshots: refused where they are not what was written; a mouse goes on from any moment."""

import json
import os
import zipfile

import numpy as np
import pytest

from gutexo.body.interventions import Intervention
from gutexo.body.mouse import Mouse
from gutexo.body.snapshot import CHECKSUM, TEXT, Snapshot, _checksum
from gutexo.errors import GutexoError
from tests.body.test_drivers import assert_same
from tests.cohort.damages import DEEP, damage

WHO = {"kind": "a mouse of these tests", "seed": 9}


class Slower(Intervention):
    """Tight junctions repair by half."""

    def modifiers(self, day):
        return {"tight_junction.repair": 0.5}


@pytest.fixture(scope="module")
def kept(small, tmp_path_factory):
    """A mouse under an intervention, one day on, in a file."""
    mouse = Mouse(small, seed=9, interventions=[Slower()])
    mouse.run_for("1 d")
    return mouse.snapshot().save(tmp_path_factory.mktemp("kept") / "mouse.npz", WHO)


def rewritten(path, target, change=lambda content: None, signed=True, **arrays):
    """The same file with other content; signed: with the checksum that belongs to it."""
    with np.load(path) as file:
        members = {name: file[name] for name in file.files}
    members |= arrays
    content = json.loads(members[TEXT].tobytes())
    change(content)
    members[TEXT] = np.frombuffer(json.dumps(content).encode(), np.uint8)
    if signed:
        del members[CHECKSUM]
        members[CHECKSUM] = _checksum(members)
    np.savez(target, **members)
    return target


def refused(path):
    """What a user reads."""
    with pytest.raises(GutexoError) as caught:
        Mouse.from_snapshot(Snapshot.load(path))
    message = str(caught.value)
    assert "\n" not in message and len(message) < 300
    return message


def test_every_length_it_may_be_cut_to_is_refused(kept, tmp_path):
    content, path = kept.read_bytes(), tmp_path / "cut.npz"
    for length in [*range(0, len(content), len(content) // 97), len(content) - 1]:
        path.write_bytes(content[:length])
        assert "damaged" in refused(path)


def test_a_byte_that_is_wrong_anywhere_is_refused_or_means_nothing(kept, tmp_path):
    """Times and flags of the zip format are of no account; whatever loads says the same."""
    content, path = kept.read_bytes(), tmp_path / "flipped.npz"
    whole = Snapshot.load(kept)
    rng = np.random.default_rng(4)
    loaded = 0
    for place in [*rng.integers(0, len(content), 300), *range(len(content) - 300, len(content))]:
        wrong = bytearray(content)
        wrong[place] ^= 1 << int(rng.integers(8))
        path.write_bytes(wrong)
        try:
            found = Snapshot.load(path)
        except GutexoError as error:
            assert "damaged" in str(error)
            continue
        loaded += 1
        assert found.meta == whole.meta and found.arrays.keys() == whole.arrays.keys()
        assert all((found.arrays[k] == whole.arrays[k]).all() for k in whole.arrays)
    assert loaded < 300


def test_no_file_and_what_is_no_snapshot(tmp_path):
    assert "does not exist" in refused(tmp_path / "none.npz")
    (tmp_path / "text.npz").write_text("a mouse")
    assert "damaged" in refused(tmp_path / "text.npz")
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    assert "damaged" in refused(tmp_path / "other.npz")
    np.savez(tmp_path / "pickled.npz", a=np.array([print], object))
    assert "damaged" in refused(tmp_path / "pickled.npz")
    with zipfile.ZipFile(tmp_path / "bomb.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.npy", bytes(10_000_000))
    assert "larger than the file" in refused(tmp_path / "bomb.npz")


def test_what_is_no_file_is_refused(tmp_path):
    (tmp_path / "folder.npz").mkdir()
    assert "no file" in refused(tmp_path / "folder.npz")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.npz")
        assert "no file" in refused(tmp_path / "pipe.npz")


@pytest.mark.parametrize("text", [DEEP, "null", "[]", "3", "{}", '{"version": 2}', '"text"'])
def test_other_text_in_it_is_refused(kept, tmp_path, text):
    with np.load(kept) as file:
        members = {name: file[name] for name in file.files if name != CHECKSUM}
    members[TEXT] = np.frombuffer(text.encode(), np.uint8)
    members[CHECKSUM] = _checksum(members)
    np.savez(tmp_path / "t.npz", **members)
    assert "damaged" in refused(tmp_path / "t.npz")


def test_fifty_damages_are_refused_or_mean_nothing(kept, small, tmp_path):
    whole, rng = Snapshot.load(kept), np.random.default_rng(16)
    other = Mouse(small, seed=10).snapshot().save(tmp_path / "other.npz").read_bytes()
    for n in range(50):
        path, beside = tmp_path / f"{n}.npz", tmp_path / "beside.npz"
        path.write_bytes(kept.read_bytes())
        beside.write_bytes(other)
        told = damage(path, beside, rng)
        try:
            found = Snapshot.load(path, WHO)
        except GutexoError as error:
            assert str(path) in str(error) and "\n" not in str(error), told
        else:
            assert found.meta == whole.meta, told
            assert all((found.arrays[k] == whole.arrays[k]).all() for k in whole.arrays), told


def test_it_is_asked_what_it_was_kept_for(kept, tmp_path):
    assert Snapshot.load(kept, WHO).meta == Snapshot.load(kept).meta
    with pytest.raises(GutexoError, match="is of another mouse than was kept under its name"):
        Snapshot.load(kept, {**WHO, "seed": 10})
    plain = Snapshot.load(kept).save(tmp_path / "plain.npz")
    with pytest.raises(GutexoError, match="another mouse"):
        Snapshot.load(plain, WHO)


def test_another_version_is_named(kept, tmp_path):
    path = rewritten(kept, tmp_path / "v.npz", lambda content: content.update(version=1))
    said = refused(path)
    assert "is of version 1; this reads 5, of a mouse with other rules and columns" in said


def test_what_the_checksum_does_not_fit_is_refused(kept, tmp_path):
    blood = Snapshot.load(kept).arrays["blood"] * 1.01
    path = rewritten(kept, tmp_path / "b.npz", signed=False, blood=blood)
    assert "not what was written" in refused(path)


@pytest.mark.parametrize(
    ("array", "change", "told"),
    [
        ("cells.fast", lambda a: a[:-1], "'cells.fast' must be float64[480]"),
        ("cells.fast", lambda a: a.astype(np.float32), "got float32"),
        ("packets.cargo", lambda a: a[:, :3], "'packets.cargo' must be int32"),
        ("packets.cargo", lambda a: a + 1, "ledger does not balance in column 0"),
        ("packets.place", lambda a: a + 6, "'packets.place' must be 0 to 5"),
        ("packets.position", lambda a: a - 2**30, "'packets.position' must be 0 to"),
        ("segments.lps", lambda a: a * np.nan, "'segments.lps' holds values that are not finite"),
        ("cells.kind", lambda a: a[::-1], "'cells.kind' is of another anatomy"),
        ("recorder.values", lambda a: a[:2], "readings must be"),
    ],
)
def test_wrong_shapes_types_and_values_are_named(kept, tmp_path, array, change, told):
    changed = change(Snapshot.load(kept).arrays[array])
    told = told.replace("[480]", str(list(Snapshot.load(kept).arrays["cells.fast"].shape)))
    assert told in refused(rewritten(kept, tmp_path / "w.npz", **{array: changed}))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda c: c["meta"].update(count="many"), "count: input should be a valid integer"),
        (lambda c: c["meta"].update(count=3), "must be int64[3]"),
        (lambda c: c["meta"].update(tick=-1), "tick: input should be greater"),
        (lambda c: c["meta"].update(age=3), "age: extra inputs are not permitted"),
        (lambda c: c["meta"].pop("seed"), "seed: field required"),
        (lambda c: c["meta"]["parameters"].update({"insulin.sped": 1.0}), "insulin.sped"),
        (lambda c: c["meta"]["parameters"].update({"resolution.segments": 13}), "must be float64"),
        (lambda c: c["meta"].update(driver="gpu"), "gpu"),
        (lambda c: c["courses"][0].pop("added"), "added: field required"),
        (lambda c: c["courses"][0].update(added="soon"), "added: input should be a valid number"),
        (lambda c: c["courses"][0].update(given=-1), "given: input should be greater"),
        (lambda c: c["courses"][0].update(fields=[]), "fields: input should be a valid dict"),
        (lambda c: c["courses"][0]["fields"].update(speed=2), "Slower has no field 'speed'"),
        (lambda c: c.update(courses=[3]), "valid dictionary"),
        (lambda c: c.update(courses=3), "damaged (TypeError"),
        (lambda c: c.update(meta=[]), "valid dictionary"),
        (lambda c: c["courses"][0].update({"module": "antigravity"}), "import or define it first"),
        (lambda c: c["courses"][0].update({"class": "Mouse"}), "import or define it first"),
    ],
)
def test_wrong_facts_are_named(kept, tmp_path, change, told):
    assert told in refused(rewritten(kept, tmp_path / "m.npz", change))


def test_no_module_is_imported_on_a_files_word(kept, tmp_path):
    import sys

    def change(content):
        content["courses"][0]["module"] = "wave"

    sys.modules.pop("wave", None)
    refused(rewritten(kept, tmp_path / "m.npz", change))
    assert "wave" not in sys.modules


def test_other_rules_and_rewritten_interventions_are_told(kept, tmp_path):
    path = rewritten(kept, tmp_path / "r.npz", lambda c: c["meta"].update(code="0" * 16))
    with pytest.warns(UserWarning, match="written by other rules"):
        Snapshot.load(path)
    path = rewritten(kept, tmp_path / "i.npz", lambda c: c["courses"][0].update(digest="0" * 16))
    with pytest.warns(UserWarning, match="Slower is written otherwise"):
        Snapshot.load(path)


def test_of_two_interventions_of_one_name_it_finds_its_own(small, tmp_path):
    def first():
        class Cell(Intervention):
            def modifiers(self, day):
                return {"tnf.secretion": 2.0}

        return Cell

    def second():
        class Cell(Intervention):
            def modifiers(self, day):
                return {"tnf.secretion": 3.0}

        return Cell

    kinds = [first(), second()]
    for kind in kinds:
        kind.__qualname__ = "Cell"
    paths = [
        Mouse(small, seed=1, interventions=[kind()]).snapshot().save(tmp_path / f"{n}.npz")
        for n, kind in enumerate(kinds)
    ]
    for path, kind in zip(paths, kinds, strict=True):
        assert type(Snapshot.load(path).courses[0].intervention) is kind


@pytest.mark.parametrize("tick", ["1 h", "12 min", "0.7 h"])
def test_a_mouse_goes_on_from_any_moment_to_the_bit(small, tick):
    parameters = small.change({"resolution.tick": tick})
    whole, parts = Mouse(parameters, seed=3), Mouse(parameters, seed=3)
    whole.run_for(60)
    for hours in (11.3, 0.05, 20.0, 60 - 31.35):
        parts.run_for(hours)
        parts = Mouse.from_snapshot(parts.snapshot())
    assert parts.time == whole.time and parts.tick == int(60 / whole.state.hours + 1e-9)
    assert_same(whole, parts)


def test_step_is_a_tick_whatever_a_tick_is(small):
    mouse = Mouse(small.change({"resolution.tick": "12 min"}), seed=3)
    for _ in range(5):
        mouse.step()
    assert mouse.tick == 5 and mouse.time == 1.0
