"""The folder of a run: nothing that is not ours is replaced, nothing is lost, all is checked."""

import json
import os
import shutil

import pytest

from gutexo.analysis import tables
from gutexo.cli import cluster, run_folder
from gutexo.cli.run_files import finish_replacement, replace_run
from gutexo.cli.run_folder import (
    NEW_RUN_FOLDER,
    choose_run_folder,
    find_finished_run,
    fingerprint,
    list_run_names,
)
from gutexo.cohort import dataset, store
from gutexo.cohort.lock import Lock
from gutexo.cohort.result import CohortResult
from gutexo.errors import GutexoError
from tests.cli.made_up_run import content, gutexo, without_mice

FILES = {
    "dataset.zarr", "effects.csv", "manifest.json", "mice", "resolved.toml", "trajectories.csv"
}  # fmt: skip
RESULTS = ("effects.csv", "trajectories.csv", "resolved.toml")


def study(out, *more):
    return gutexo("study", "--out", out, *(() if "--seed" in more else ("--seed", "1")), *more)


def of_run(out):
    """What the tables of a run hold, and its mice."""
    tables = {name: (out / name).read_bytes() for name in RESULTS}
    marks = {path.name: path.read_bytes() for path in (out / "mice" / "done").iterdir()}
    return {**tables, **marks}


def unsealed(manifest):
    """A manifest that was changed, as an older version wrote it: without its own checksum."""
    return {key: value for key, value in manifest.items() if key != "check"}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Two finished runs that differ in their seed."""
    folder = tmp_path_factory.mktemp("runs")
    with without_mice():
        for seed in (1, 2):
            assert study(folder / f"{seed}", "--seed", seed, "--quiet") in (0, 3)
            assert {path.name for path in (folder / f"{seed}").iterdir()} == FILES
    return folder


@pytest.fixture
def made_up():
    """`gutexo study` without a mouse."""
    with without_mice() as run:
        yield run


@pytest.fixture
def out(tmp_path, runs, made_up):
    """A finished run, and a file of the user's in its folder."""
    folder = tmp_path / "run #1"
    shutil.copytree(runs / "1", folder)
    (folder / "thesis.csv").write_text("mine")
    return folder


def test_names_are_written_down_twice_and_are_the_same():
    assert run_folder.DATASET == dataset.DATASET and run_folder.STORE == store.INFO_FILE
    assert FILES <= set(list_run_names(()))


@pytest.mark.parametrize("name", sorted({*list_run_names(()), "dataset.zarr", "mice"}))
def test_a_file_of_somebody_else_is_not_replaced_unasked(name, tmp_path, made_up, capsys):
    (tmp_path / name).write_text("mine")
    assert study(tmp_path) == 2
    printed = capsys.readouterr().err
    assert name in printed and "--force" in printed and printed.count("\n") == 1
    assert content(tmp_path) == {name: b"mine"} and made_up.ran == []


def test_a_figure_is_a_name_of_a_run_if_the_study_draws_it(tmp_path):
    (tmp_path / "life.png").write_text("mine")
    assert choose_run_folder(tmp_path, {}, ["barrier"]) == tmp_path
    with pytest.raises(GutexoError, match="life.png, but no run"):
        choose_run_folder(tmp_path, {}, ["life"])
    assert choose_run_folder(tmp_path, {}, ["life"], force=True) == tmp_path / NEW_RUN_FOLDER


def test_force_replaces_files_of_somebody_else_that_the_run_writes(tmp_path, made_up):
    for name in ("effects.csv", "manifest.json", "dataset.zarr", "mice", "sweep.csv"):
        (tmp_path / name).write_text("mine")
    assert study(tmp_path, "--force") in (0, 3)
    assert {path.name for path in tmp_path.iterdir()} == FILES | {"sweep.csv"}
    assert (tmp_path / "sweep.csv").read_text() == "mine"  # this run writes none
    assert CohortResult.load(tmp_path).data.sizes["replicate"] == 2


@pytest.mark.parametrize("name", ["dataset.zarr", "mice", "effects.csv"])
def test_a_folder_of_somebody_else_is_never_replaced(name, tmp_path, made_up, capsys):
    (tmp_path / name).mkdir()
    (tmp_path / name / "thesis.txt").write_text("mine")
    for more in ([], ["--force"]):
        assert study(tmp_path, *more) == 2
        assert capsys.readouterr().err.count("\n") == 1
        assert content(tmp_path) == {f"{name}/thesis.txt": b"mine"} and made_up.ran == []


@pytest.mark.parametrize("name", ["dataset.zarr/notes.txt", "mice/done/notes.txt"])
def test_a_file_of_somebody_else_inside_stops_a_replacement(name, out, made_up, capsys):
    (out / name).write_text("mine")
    before = content(out)
    assert study(out, "--seed", "2", "--force") == 2
    assert "notes.txt" in capsys.readouterr().err
    assert content(out) == before and made_up.ran == []


def test_force_replaces_names_of_a_run_and_nothing_else(out, made_up):
    (out / "effects_of_mine.png").write_text("mine too")
    before = of_run(out)
    assert study(out, "--seed", "2", "--force") in (0, 3)
    assert of_run(out) != before
    assert {p.name for p in out.iterdir()} == FILES | {"thesis.csv", "effects_of_mine.png"}
    assert (out / "thesis.csv").read_text() == "mine"
    assert json.loads((out / "manifest.json").read_text())["seed"] == 2
    assert study(out, "--seed", "2") == 0 and len(made_up.ran) == 1


@pytest.mark.parametrize("stops", ["no scheduler", "contradiction", "no mouse lives", "in use"])
def test_force_loses_nothing_where_the_new_run_cannot_start(
    stops,
    out,
    made_up,
    monkeypatch,
    capsys,
):
    before = content(out)
    monkeypatch.setattr(cluster, "SCHEDULER_TIMEOUT", 0.2)
    more = {
        "no scheduler": ["--dask", "tcp://127.0.0.1:1"],
        "contradiction": ["--dask", "tcp://127.0.0.1:1", "--jobs", "2"],
    }.get(stops, [])
    if stops == "no mouse lives":
        made_up.reason = "all died"
    if stops == "in use":
        with Lock(out / "mice"):
            assert study(out, "--seed", "2", "--force") == 2
        assert "in use" in capsys.readouterr().err
    else:
        assert study(out, "--seed", "2", "--force", *more) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert content(out) == before and not (out / NEW_RUN_FOLDER).exists()


def test_an_interrupted_replacement_goes_on(out, made_up, capsys):
    before = content(out)
    made_up.stops_at = 3, KeyboardInterrupt()
    assert study(out, "--seed", "2", "--force") == 130
    assert "3 of 4 mice are finished and saved" in capsys.readouterr().err
    left = {name: raw for name, raw in content(out).items() if not name.startswith(NEW_RUN_FOLDER)}
    assert left == before
    made_up.stops_at = None
    assert study(out) == 0  # what was there is whole, and says that another one is on its way
    assert "--resume continues it" in capsys.readouterr().out
    assert gutexo("list", out) == 0 and "--force" in capsys.readouterr().out
    assert gutexo("study", "--out", out, "--resume") in (0, 3)
    assert made_up.ran[-1] == [(1, 1)] and not (out / NEW_RUN_FOLDER).exists()
    assert json.loads((out / "manifest.json").read_text())["seed"] == 2
    assert (out / "thesis.csv").read_text() == "mine"


def test_the_same_command_goes_on_and_another_one_begins_anew(out, made_up):
    made_up.stops_at = 3, KeyboardInterrupt()
    assert study(out, "--seed", "2", "--force") == 130
    made_up.stops_at = 1, KeyboardInterrupt()
    assert study(out, "--seed", "2", "--force") in (0, 3)  # one mouse was left
    made_up.stops_at = 3, KeyboardInterrupt()
    assert study(out, "--seed", "4", "--force") == 130
    made_up.stops_at = None
    assert study(out, "--seed", "3", "--force") in (0, 3) and len(made_up.ran[-1]) == 4
    assert not (out / NEW_RUN_FOLDER).exists()


@pytest.mark.parametrize("old", ["a run", "files of somebody else"])
@pytest.mark.parametrize("at", [*range(0, 16, 3), 1, None])
def test_a_swap_that_is_stopped_anywhere_goes_on(at, old, tmp_path, runs):
    out = tmp_path / "out"
    if old == "a run":
        shutil.copytree(runs / "1", out)
        manifest = json.loads((out / "manifest.json").read_text())
        (out / "sweep.csv").write_text("of the old run alone")
        manifest["files"]["sweep.csv"] = fingerprint(out / "sweep.csv")
        (out / "manifest.json").write_text(json.dumps(unsealed(manifest)))
    else:
        out.mkdir()
        (out / "effects.csv").write_text("mine, but --force")
    (out / "thesis.csv").write_text("mine")
    shutil.copytree(runs / "2", out / NEW_RUN_FOLDER)
    identity = json.loads((out / NEW_RUN_FOLDER / "manifest.json").read_text())["identity"]
    count, rename = 0, os.rename

    def stops(one, other):
        nonlocal count
        count += 1
        if count == (at or 0) + 1 and at is not None:
            raise KeyboardInterrupt
        rename(one, other)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "rename", stops)
        try:
            replace_run(out, str)
        except KeyboardInterrupt:
            pass
    assert finish_replacement(out, identity, str) and not finish_replacement(out, identity, str)
    assert find_finished_run(out, identity).damaged == ()
    assert content(out) == content(runs / "2") | {"thesis.csv": b"mine"}


def damage(path, how):
    if path.is_dir():
        path = next(p for p in sorted(path.rglob("*")) if p.is_file()) if how != "gone" else path
    if how == "gone":
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    else:
        path.write_bytes(path.read_bytes()[: {"empty": 0, "cut": 20}[how]])


@pytest.mark.parametrize(
    "name,how",
    [
        ("dataset.zarr", "gone"),
        ("dataset.zarr", "empty"),
        ("dataset.zarr", "cut"),
        ("effects.csv", "gone"),
        ("trajectories.csv", "cut"),
        ("resolved.toml", "empty"),
    ],
)
def test_what_is_not_whole_is_made_again_from_the_mice(name, how, out, made_up, capsys):
    before, data = of_run(out), CohortResult.load(out).data
    damage(out / name, how)
    capsys.readouterr()
    assert study(out) in (0, 3)
    printed = capsys.readouterr().out
    assert "already holds this run" not in printed and name in printed
    assert of_run(out) == before and CohortResult.load(out).data.equals(data)
    assert made_up.ran == [[]]
    assert study(out) == 0 and "already holds this run" in capsys.readouterr().out


def test_mice_that_are_gone_too_are_run_again(out, made_up):
    before = of_run(out)
    shutil.rmtree(out / "mice")
    assert study(out) == 0 and made_up.ran == []  # the results are whole
    (out / "effects.csv").unlink()
    assert study(out) in (0, 3) and len(made_up.ran[0]) == 4
    assert of_run(out) == before


def test_a_table_that_was_changed_is_not_written_over(out, capsys):
    text = (out / "effects.csv").read_text() + "mine\n"
    (out / "effects.csv").write_text(text)
    assert study(out) == 2
    printed = capsys.readouterr().err
    assert "is not what this run wrote" in printed and printed.count("\n") == 1
    assert (out / "effects.csv").read_text() == text
    (out / "effects.csv").unlink()
    assert study(out) in (0, 3)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"identity": 3}', "[" * 100_000, "\x00"])
def test_a_manifest_that_is_no_manifest_is_one_line(text, out, capsys):
    (out / "manifest.json").write_text(text)
    assert study(out) == 2
    printed = capsys.readouterr().err
    assert "manifest" in printed and printed.count("\n") == 1
    assert study(out, "--force") in (0, 3)
    assert json.loads((out / "manifest.json").read_text())["seed"] == 1


@pytest.mark.parametrize("files", [3, {"../x": {}, "mice": None, "effects.csv": 3}])
def test_a_manifest_of_strange_files_is_checked_not_believed(files, out):
    (out.parent / "x").write_text("mine")
    manifest = json.loads((out / "manifest.json").read_text())
    (out / "manifest.json").write_text(json.dumps(unsealed({**manifest, "files": files})))
    assert study(out) in (0, 2, 3)
    assert study(out, "--force", "--seed", "2") in (0, 3)
    assert (out.parent / "x").read_text() == "mine" and (out / "thesis.csv").exists()


@pytest.mark.parametrize("at", range(4))
def test_a_disk_that_fills_at_any_file_keeps_the_mice(at, tmp_path, made_up, monkeypatch, capsys):
    alone = tmp_path / "alone"
    assert study(alone) in (0, 3)
    out, count = tmp_path / "full", 0
    whole_file = tables.open_atomically

    def full(path, *more):
        nonlocal count
        count += 1
        if count > at + 1:  # the first is resolved.toml, before any mouse
            raise OSError(28, "No space left on device")
        return whole_file(path, *more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "open_atomically", full)
        assert study(out) == 2
        printed = capsys.readouterr().err
        assert "disk is full" in printed and printed.count("\n") == 1
    if made_up.ran[1:]:
        assert len(list((out / "mice" / "done").iterdir())) == 4
    assert not (out / "manifest.json").exists() or at > 2
    assert study(out) in (0, 3) and of_run(out) == of_run(alone)


def test_what_somebody_else_probes_with_stays(tmp_path, made_up):
    (tmp_path / ".probe").write_text("mine")
    assert study(tmp_path) in (0, 3)
    assert (tmp_path / ".probe").read_text() == "mine"


def test_an_interrupted_run_goes_on(tmp_path, made_up):
    made_up.stops_at = 2, KeyboardInterrupt()
    assert study(tmp_path) == 130
    made_up.stops_at = None
    assert gutexo("study", "--out", tmp_path, "--resume") in (0, 3)
    assert len(made_up.ran[1]) == 2 and FILES == {path.name for path in tmp_path.iterdir()}


def test_a_hidden_folder_of_somebody_else_is_left(out, capsys):
    (out / NEW_RUN_FOLDER).mkdir()
    (out / NEW_RUN_FOLDER / "notes.txt").write_text("mine")
    assert study(out, "--seed", "2", "--force") == 2
    assert "notes.txt" in capsys.readouterr().err
    assert (out / NEW_RUN_FOLDER / "notes.txt").read_text() == "mine"


def test_a_tilde_in_front_is_the_home_of_the_user(tmp_path, made_up, monkeypatch):
    home, here = tmp_path / "home", tmp_path / "here"
    home.mkdir()
    here.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(here)
    assert gutexo("study", "--out=~/x", "--seed", "1") in (0, 3)
    assert FILES == {path.name for path in (home / "x").iterdir()}
    assert gutexo("list", "~/x") == 0 and list(here.iterdir()) == []


def test_our_own_files_are_replaced_when_what_they_say_changes(out, runs):
    """As --retry-failed does; stopped in the middle, the same command makes it whole."""
    manifest = json.loads((out / "manifest.json").read_text())
    text = (out / "effects.csv").read_text().replace("1", "2")
    (out / "effects.csv").write_text(text)
    manifest["files"]["effects.csv"] = fingerprint(out / "effects.csv")
    (out / "manifest.json").write_text(json.dumps(unsealed(manifest)))
    (out / "trajectories.csv").unlink()
    replace, count = os.replace, []

    def stops(one, other):
        count.append(other)
        if str(other).endswith("resolved.toml") and len(count) > 3:
            raise KeyboardInterrupt
        replace(one, other)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", stops)
        try:
            study(out)
        except KeyboardInterrupt:
            pass
    assert study(out) in (0, 3)
    assert of_run(out) == of_run(runs / "1")
