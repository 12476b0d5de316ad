"""Files of figures: the same bytes each time, nothing overwritten, no trace outside."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import Thread

import matplotlib
import pytest

from gutexo.errors import GutexoError
from gutexo.figures.style import save
from gutexo.figures.trajectories import trajectories
from tests.figures.every import PICTURES
from tests.figures.made_up import result
from tests.figures.rules import complaints


@pytest.mark.parametrize("name", ["overview", "barrier_snapshots"])
def test_files_are_the_same_to_the_byte(name: str, tmp_path: Path) -> None:
    first = save(PICTURES[name](), tmp_path / "first")
    assert [path.suffix for path in first] == [".png", ".svg"]
    for one, two in zip(first, save(PICTURES[name](), tmp_path / "again"), strict=True):
        assert one.read_bytes() == two.read_bytes()


def test_saving_does_not_move_the_panels(tmp_path: Path) -> None:
    for name in ("overview", "dose_and_duration"):
        figure = PICTURES[name]()
        save(figure, tmp_path / name)
        assert complaints(figure) == []


def test_files_do_not_depend_on_the_users_settings(tmp_path: Path) -> None:
    one = save(trajectories(result(), ["TER"]), tmp_path / "one")
    with matplotlib.rc_context({"font.size": 30, "svg.hashsalt": "mine", "axes.grid": False}):
        two = save(trajectories(result(), ["TER"]), tmp_path / "two")
        assert matplotlib.rcParams["font.size"] == 30
    assert one[1].read_bytes() == two[1].read_bytes()


def test_threads_draw_the_same(tmp_path: Path) -> None:
    data = result()
    threads = [
        Thread(target=lambda i=i: save(trajectories(data, ["TER"]), tmp_path / f"{i}"))
        for i in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({(tmp_path / f"{i}.svg").read_bytes() for i in range(3)}) == 1


def test_a_figure_is_not_overwritten_unasked(tmp_path: Path) -> None:
    figure = trajectories(result(), ["TER"])
    png, _ = save(figure, tmp_path / "v1.2 barrier")
    assert png.name == "v1.2 barrier.png"
    with pytest.raises(GutexoError, match="--force"):
        save(figure, tmp_path / "v1.2 barrier")
    save(figure, tmp_path / "v1.2 barrier", force=True)


def test_no_pyplot_and_nothing_before_a_figure_is_asked_for() -> None:
    code = (
        "import sys, gutexo.figures as f; assert 'matplotlib' not in sys.modules;"
        "f.find_figure('overview'); f.find_figure('life'); f.find_figure('dose_and_duration');"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
