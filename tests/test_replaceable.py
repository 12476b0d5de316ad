"""A file takes the place of a file or of nothing; a device, a pipe, a folder stay what they are."""

import os
import socket
import stat
from pathlib import Path

import pytest

from gutexo.errors import GutexoError
from gutexo.support.paths import check_replaceable


def made(folder, kind):
    """Something of a kind at a path."""
    path = folder / "it"
    if kind == "a folder":
        path.mkdir()
    elif kind == "a pipe":
        os.mkfifo(path)
    elif kind == "a socket":
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("it")  # from its folder: the name of a socket must be short
    else:
        path.symlink_to("/dev/null")
    return path


@pytest.mark.parametrize("kind", ["a folder", "a pipe", "a socket", "a device"])
def test_what_is_no_file_stays(tmp_path, kind, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = made(tmp_path, kind)
    before = path.lstat()
    with pytest.raises(GutexoError, match=f"it is {kind}, and a file does not take its place"):
        check_replaceable(path)
    assert path.lstat() == before


def test_a_device_by_its_own_name():
    with pytest.raises(GutexoError, match="/dev/null is a device"):
        check_replaceable(Path("/dev/null"))


def test_a_file_and_nothing_may_be_replaced(tmp_path):
    check_replaceable(tmp_path / "nothing")
    (tmp_path / "file").write_text("x")
    check_replaceable(tmp_path / "file")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    check_replaceable(tmp_path / "link")
    (tmp_path / "loop").symlink_to("loop")
    check_replaceable(tmp_path / "loop")


def test_a_snapshot_leaves_a_pipe_and_a_device_alone(small, tmp_path):
    from gutexo.body.mouse import Mouse

    mouse = Mouse(small, seed=1).snapshot()
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, "/dev/null"):
        with pytest.raises(GutexoError, match="does not take its place"):
            mouse.save(path)
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode) and os.listdir(tmp_path) == ["pipe"]
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
