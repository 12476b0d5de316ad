"""Paths a user gives: what a file system takes is meant as it is written, the rest is one line."""

import json
import os
import shutil
import tempfile
import unicodedata
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import xarray
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import gutexo as gut
from gutexo.analysis.tables import write_atomically
from gutexo.body.snapshot import Snapshot
from gutexo.cli.app import run_safely
from gutexo.cohort.dataset import read_dataset, write_dataset
from gutexo.cohort.store import Store
from gutexo.errors import GutexoError
from gutexo.support.paths import folder_path, local_path, make_folder, open_atomically
from tests.cohort.test_cohort import tiny_study

SPECIAL = "#?;%&~ *[]\\:'\"$!|<>é中\U0001f42d"
BAD = {"Cc", "Cs", "Zl", "Zp"}
ARMS = {"seed": 1, "replicates": 1}


def tiny():
    """A result of one number."""
    about = {"provenance": '{"study": "tiny"}', "failures": "[]", "comparisons": "[]", "seed": 1}
    values = ("scenario", "replicate", "time"), np.array([[[1.5]]])
    return xarray.Dataset({"TER": values}, attrs=about)


def good(parts):
    """Whether a file system of these days takes a name, and a line can show it."""
    characters = {unicodedata.category(c) for part in parts for c in part}
    return not characters & BAD and all(len(os.fsencode(part)) <= 255 for part in parts)


def written(kind, path):
    """Write a little of some kind, and whether the same is read again."""
    if kind == "dataset":
        return read_dataset(write_dataset(tiny(), path)).equals(tiny())
    if kind == "folder":
        return make_folder(folder_path(path, "--out")).is_dir()
    if kind == "file":
        with open_atomically(local_path(path)) as file:
            file.write(b"x")
        return Path(path).read_bytes() == b"x"
    return write_atomically(path, b"x").read_bytes() == b"x"


plain = st.text(st.sampled_from("ab1._-" + SPECIAL), min_size=1, max_size=9).filter(
    lambda part: part not in (".", "..")
)
wild = st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=9)
long = st.text(st.sampled_from("abé#"), min_size=200, max_size=280)
name = st.one_of(plain, plain, plain, wild, long).filter(lambda part: part not in (".", ".."))
cases = st.one_of(*(st.lists(part, min_size=1, max_size=5) for part in (plain, plain, name)))
kinds = st.sampled_from(["table", "file", "folder"] * 6 + ["dataset"])
counts = {"good": 0, "bad": 0}


def one_path(parts, kind):
    base = Path(tempfile.mkdtemp())
    try:
        # What would be left of the first name if it were read as an address.
        for mark in "#?;%":
            beginning = parts[0].partition(mark)[0]
            if mark in parts[0] and beginning not in ("", ".", "..") and good([beginning]):
                (base / beginning).mkdir(exist_ok=True)
                (base / beginning / "thesis.csv").write_text("mine")
        before = sorted(base.rglob("*"))
        path = str(base) + "/" + "/".join(parts)
        if good(parts):
            counts["good"] += 1
            assert written(kind, path)
            top = {*before, base / parts[0]}
            assert {one for one in base.iterdir()} == {one for one in top if one.parent == base}
        else:
            counts["bad"] += 1
            with pytest.raises(GutexoError) as caught:
                written(kind, path)
            assert len(str(caught.value).splitlines()) == 1 and str(caught.value).isprintable()
            assert sorted(base.rglob("*")) == before
        assert all(one.read_text() == "mine" for one in before if one.name == "thesis.csv")
    finally:
        shutil.rmtree(base)


quietly = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None}


@pytest.mark.parametrize("count", [300, pytest.param(10_000, marks=pytest.mark.long)])
def test_any_path_is_taken_as_it_is_written_or_refused(count):
    counts.update(good=0, bad=0)
    check = given(cases, kinds)(one_path)
    settings(max_examples=count, derandomize=count == 300, **quietly)(check)()
    assert counts["good"] >= counts["bad"] > 0


@pytest.mark.parametrize("where", ["run#1", "exp #2/run", "a?b;c/run"])
def test_mice_are_kept_in_the_folder_that_was_named(where, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for beginning in ("run", "exp ", "a"):
        Path(beginning).mkdir()
        (tmp_path / beginning / "thesis.csv").write_text("mine")
    arms = [arm.name for arm in tiny_study().arms]
    with Store.writing(Path(where), {"study": "tiny", **ARMS}, arms, 1):
        pass
    assert (tmp_path / where / "store.json").exists() and (
        tmp_path / where / "readings.zarr"
    ).is_dir()
    assert all(
        (tmp_path / beginning / "thesis.csv").read_text() == "mine"
        for beginning in ("run", "exp ", "a")
    )


@pytest.mark.gate
def test_compare_keeps_beside_a_folder_of_nearly_that_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("run").mkdir()
    Path("run/thesis.csv").write_text("x\n")
    result = gut.compare(tiny_study(days=0.0), keep="run#1", replicates=1, seed=1)
    assert Path("run/thesis.csv").read_text() == "x\n" and Path("run#1/store.json").exists()
    result.save("exp #2/data?.zarr")
    assert gut.load("exp #2/data?.zarr").data.equals(result.data)
    assert sorted(os.listdir()) == ["exp #2", "run", "run#1"]


def test_a_tilde_is_the_home_of_the_user(tmp_path, monkeypatch):
    home, here = tmp_path / "home", tmp_path / "here"
    home.mkdir()
    here.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(here)
    assert local_path("~/x") == home / "x" and local_path(Path("~")) == home
    write_dataset(tiny(), "~/data.zarr")
    assert read_dataset("~/data.zarr").equals(tiny())
    write_atomically("~/x.csv", b"x")
    assert local_path("./~") == Path("~") and local_path("a~b") == Path("a~b")
    with pytest.raises(GutexoError, match="no such user; for that name write ./~nobody-of-this"):
        local_path("~nobody-of-this-name/x")
    assert sorted(os.listdir(home)) == ["data.zarr", "x.csv"] and os.listdir(here) == []


def strange(tmp_path):
    """Paths that cannot be used, by what is wrong with them."""
    (tmp_path / "one").symlink_to(tmp_path / "two")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    (tmp_path / "file").write_text("mine")
    return {
        "new\nline": "control character",
        "a\ttab": "control character",
        "esc\x1b[31m": "control character",
        "a" * 300: "255 bytes",
        "missing/" + "é" * 130: "255 bytes",
        "/".join(["a" * 200] * 25): "too long",
        "one": "circle",
        "one/run": "circle",
        "file/run": "is a file",
        "\udce9t\udce9": "no UTF-8",
        "line\u2028end": "line break",
    }


def test_what_cannot_be_used_is_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    bad = strange(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    for path, words in bad.items():
        calls = (
            partial(write_dataset, tiny(), path),
            partial(read_dataset, path),
            partial(write_atomically, path, b"x"),
            partial(Snapshot.load, path),
            partial(gut.compare, tiny_study(), keep=path, **ARMS),
            partial(gut.posterior, file=path),
        )
        for call in calls:
            with pytest.raises(GutexoError, match=words) as printed:
                call()
            assert str(printed.value).isprintable() and len(str(printed.value)) < 300
        for command in (
            ["study", "--out", path],
            ["study", f"--config={path}"],
            ["list", path],
            ["analyse", "scorecard", "--out", path],
            ["analyse", "scorecard", "--log", path],
            ["run", "worksheet", "--out", path],
        ):
            assert run_safely(command) == 2
            printed = capsys.readouterr().err
            assert (
                words in printed and printed.count("\n") == 1 and printed.rstrip("\n").isprintable()
            )
    assert sorted(tmp_path.rglob("*")) == before and (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("given", ["", b"x", 3, None, ["x"], "a\0b"])
def test_what_is_no_path_is_one_line(given):
    with pytest.raises(GutexoError, match="path"):
        local_path(given)


def test_a_file_is_no_folder_and_a_folder_no_file(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(GutexoError, match="is no folder"):
        folder_path(tmp_path / "file", "--out")
    with pytest.raises(GutexoError, match="is a folder"):
        write_atomically(tmp_path, b"x", force=True)
    with pytest.raises(GutexoError, match="is a device"):
        write_atomically("/dev/null", b"x", force=True)


# --- a dataset -----------------------------------------------------------------------------------


@pytest.mark.parametrize("there", ["a home", "a file", "a foreign zarr", "a note inside"])
def test_only_a_result_is_replaced(there, tmp_path):
    path = tmp_path / "there"
    if there == "a file":
        path.write_text("mine")
    elif there == "a home":
        (path / "photos").mkdir(parents=True)
        (path / "photos" / "zarr.json").write_text("mine")
    else:
        write_dataset(tiny(), path)
        if there == "a foreign zarr":
            content = json.loads((path / "zarr.json").read_text())
            (path / "zarr.json").write_text(
                json.dumps({**content, "attributes": {"title": "mine"}})
            )
        else:
            (path / "TER" / "notes.txt").write_text("mine")
    before = {one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()}
    for force in (False, True):
        with pytest.raises(GutexoError, match="exists already|left as it is|left as it was"):
            write_dataset(tiny(), path, force=force)
    assert {one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()} == before


def test_a_result_is_replaced_when_the_new_one_is_whole(tmp_path, monkeypatch):
    path = write_dataset(tiny(), tmp_path / "x.zarr")
    (tmp_path / ".x.zarr.part").mkdir()  # of somebody else
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xarray.Dataset, "to_zarr", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            write_dataset(tiny() * 2, path, force=True)
        patch.undo()
        real, count = os.rename, []

        def second(one, other):
            count.append(one)
            if len(count) == 2:
                raise OSError(28, "No space left on device")
            real(one, other)

        patch.setattr(os, "rename", second)
        with pytest.raises(GutexoError, match="disk is full"):
            write_dataset(tiny(), path, force=True)
    assert read_dataset(path).equals(tiny())
    changed = tiny().assign_attrs(seed=2)
    assert read_dataset(write_dataset(changed, path, force=True)).attrs["seed"] == 2
    assert sorted(os.listdir(tmp_path)) == [".x.zarr.part", "x.zarr"]


def test_the_folder_of_a_run_is_loaded(tmp_path):
    write_dataset(tiny(), tmp_path / "results" / "study" / "dataset.zarr")
    assert gut.load(tmp_path / "results" / "study").data.equals(tiny())
    with pytest.raises(GutexoError, match="holds no result"):
        gut.load(tmp_path / "results")


@pytest.mark.parametrize(
    "name,change,words",
    [
        ("zarr.json", {"zarr_format": 4}, "cannot be read"),
        ("TER/zarr.json", {"data_type": "float1024"}, "cannot be read"),
        ("TER/zarr.json", {"codecs": [{"name": "of tomorrow"}]}, "cannot be read"),
        ("zarr.json", {"attributes": {"title": "foreign"}}, "no result of this software"),
        ("zarr.json", {"attributes": 3}, "cannot be read|no result"),
        ("zarr.json", None, "cannot be read"),
    ],
)
def test_a_newer_or_foreign_dataset_is_one_line(name, change, words, tmp_path):
    path = write_dataset(tiny(), tmp_path / "x.zarr")
    text = "[" * 100_000
    if change is not None:
        text = json.dumps({**json.loads((path / name).read_text()), **change})
    (path / name).write_text(text)
    with pytest.raises(GutexoError, match=words) as caught:
        gut.load(path)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("sources", [None, 3, [3], ["smith-1999"]])
def test_a_result_of_another_version_is_not_cited_wrongly(sources):
    about = {"study": "tiny", **({} if sources is None else {"sources": sources})}
    result = gut.Result(tiny().assign_attrs(provenance=json.dumps(about)))
    with pytest.raises(GutexoError, match="written by another version"):
        result.cite()


def test_a_snapshot_replaces_a_snapshot_only(tmp_path):
    (tmp_path / "thesis.docx").write_text("mine")
    mouse = Snapshot.__new__(Snapshot)
    with pytest.raises(GutexoError, match="is no snapshot"):
        mouse.save(tmp_path / "thesis.docx")
    assert (tmp_path / "thesis.docx").read_text() == "mine"


@pytest.mark.parametrize("text", ["mine\n", "date,parameters\n", "\udcff"])
def test_scores_are_added_to_a_log_of_scores_only(text, tmp_path, capsys):
    log = tmp_path / "thesis.csv"
    log.write_bytes(os.fsencode(text))
    assert run_safely(["analyse", "scorecard", "--log", str(log)]) == 2
    assert "is not a log of scores" in capsys.readouterr().err
    assert log.read_bytes() == os.fsencode(text)
