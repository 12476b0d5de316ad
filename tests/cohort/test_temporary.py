"""Where the cache cannot be written: temporary folders go, and locks can be shared."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from gutexo.cohort import temporary_folders

ROOT = Path(__file__).resolve().parents[2]
CODE = (
    "import os, sys; from gutexo.cohort.temporary_folders import make_process_folder as made;"
    "assert made() == made(); print(made(), flush=True); os.fork() or os._exit(0);"
    "(made() / 'life.npz').write_text('a'); sys.stdin.read()"
)


@pytest.fixture
def others(tmp_path, monkeypatch):
    """Starts processes whose temporary folder is that of the test."""
    monkeypatch.setattr(temporary_folders.tempfile, "tempdir", str(tmp_path))
    started = []

    def start():
        process = subprocess.Popen(
            [sys.executable, "-c", CODE],
            env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process, Path(process.stdout.readline().strip())

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_a_temporary_folder_goes_with_its_process_however_that_ends(others, tmp_path):
    ends, folder = others()
    killed, left = others()
    assert folder.parent == left.parent == tmp_path and folder != left
    ends.communicate()
    assert ends.returncode == 0 and not folder.exists()
    temporary_folders.remove_abandoned_folders()
    assert left.exists()  # its process lives
    killed.kill()
    killed.wait()
    temporary_folders.remove_abandoned_folders()
    assert list(tmp_path.iterdir()) == []


def test_sweeping_leaves_what_may_be_in_use_or_is_not_ours(tmp_path, monkeypatch):
    monkeypatch.setattr(temporary_folders.tempfile, "tempdir", str(tmp_path))
    for name in ("gutexo-lives-old", "gutexo-lives-new", "somebody"):
        (tmp_path / name).mkdir()
    os.utime(tmp_path / "gutexo-lives-old", (1, 1))
    os.utime(tmp_path / "somebody", (1, 1))
    (tmp_path / "gutexo-lives-link").symlink_to(tmp_path / "somebody")
    (tmp_path / "gutexo-lives-file").write_text("a")
    temporary_folders.remove_abandoned_folders()
    assert {p.name for p in tmp_path.iterdir()} == {
        "gutexo-lives-new", "gutexo-lives-link", "gutexo-lives-file", "somebody",
    }  # fmt: skip


@pytest.mark.parametrize(("folder", "file"), [(0o755, 0o644), (0o2775, 0o664)])
def test_a_lock_can_be_taken_by_whoever_shares_its_folder(tmp_path, folder, file):
    tmp_path.chmod(folder)
    with temporary_folders.hold_lock(tmp_path / "a.lock"):
        assert (tmp_path / "a.lock").stat().st_mode & 0o777 == file


def test_a_lock_that_another_made_for_himself_stops_nobody(tmp_path, monkeypatch):
    def denied(self, *args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(FileLock, "acquire", denied)
    with temporary_folders.hold_lock(tmp_path / "a.lock"):
        pass
