"""What is installed is what stands in the folder: every module, every file of data, no more."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILD = "import sys; from setuptools import build_meta; print(build_meta.build_wheel(sys.argv[1]))"
UNWANTED = shutil.ignore_patterns("__pycache__", "*.egg-info")


def files(folder):
    """Files below a folder, but for what Python itself writes."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix() for path in found if "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Names in the wheel, without what describes it."""
    copy = tmp_path_factory.mktemp("build")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    shutil.copytree(ROOT / "simulation", copy / "simulation", ignore=UNWANTED)
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(copy)],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with ZipFile(next(copy.glob("*.whl"))) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def test_the_wheel_holds_the_folder(wheel):
    assert wheel == {
        *(f"gutexo/{name}" for name in files(ROOT / "simulation")),
        "simulation/__init__.py",
    }


def test_every_folder_of_modules_is_a_package():
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    here = ROOT / "simulation"
    folders = {path.parent.relative_to(here).parts for path in here.rglob("*.py")}
    assert sorted(listed["packages"]) == sorted(
        ["simulation", *(".".join(("gutexo", *parts)) for parts in folders)]
    )
