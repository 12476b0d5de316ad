"""Another revision beside this one: both live mice turn about, and ratios are printed."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
# Lives mice on demand; it uses nothing that release 0.2 has not.
WORKER = """
import json, sys, time
import gutexo as gut
mice = {}
def mouse_of(kind):
    if kind not in mice:
        changes = gut.QUICK if kind == "quick" else {"resolution.packets": float(kind)}
        mice[kind] = gut.Mouse(gut.Parameters().change(changes), seed=1)
        mice[kind].run_for("1 d")
    return mice[kind]
print(json.dumps(gut.__file__), flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    mouse = mouse_of(asked["mouse"])
    start = time.perf_counter()
    mouse.run_for(24.0 * asked["days"])
    seconds = time.perf_counter() - start
    print(json.dumps([seconds, mouse.measure()["HOMA-IR"]]), flush=True)
"""
STEP = "import gutexo; gutexo.Mouse(seed=1).run_for(1)"
STUDY = "from gutexo.cli import main; main()"
# Name of a row: the mouse, and days in one turn.
LIVES = {
    "a quick mouse's day": ("quick", 10),
    "a default mouse's day": ("10000", 5),
    "a day of 1e3 packets": ("1000", 10),
    "a day of 1e5 packets": ("100000", 1),
}


@contextmanager
def checked_out(revision: str) -> Iterator[Path]:
    """Put a revision into a folder of its own, importable as `gutexo`.

    Args:
        revision: Commit, branch or tag.

    Yields:
        The folder.
    """
    with tempfile.TemporaryDirectory(prefix="gutexo-against-") as name:
        folder = Path(name)
        archive = subprocess.run(
            ["git", "archive", revision, "simulation"], cwd=ROOT, check=True, capture_output=True
        )
        subprocess.run(["tar", "-x", "-C", name], input=archive.stdout, check=True)
        (folder / "gutexo").symlink_to("simulation")
        yield folder


class Tree:
    """One tree of sources: a process that lives its mice, and new processes for cold starts.

    Args:
        folder: Folder with `gutexo` in it.
        cache: Folder of its compiled code and lives.
    """

    def __init__(self, folder: Path, cache: Path) -> None:
        self._env = {**os.environ, "PYTHONPATH": str(folder), "GUTEXO_CACHE": str(cache)}
        self._folder = folder
        self._worker = subprocess.Popen(
            [sys.executable, "-c", WORKER],
            cwd=folder,
            env=self._env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        home = json.loads(self._read())
        if not home.startswith(str(folder)):
            raise RuntimeError(f"{folder} imports another gutexo: {home}")

    def _read(self) -> str:
        assert self._worker.stdout is not None
        return self._worker.stdout.readline()

    def live(self, mouse: str, days: float) -> tuple[float, float]:
        """Live some days of a mouse; return seconds and a reading."""
        assert self._worker.stdin is not None
        self._worker.stdin.write(json.dumps({"mouse": mouse, "days": days}) + "\n")
        self._worker.stdin.flush()
        seconds, reading = json.loads(self._read())
        return seconds, reading

    def cold(self, code: str, *arguments: str) -> float:
        """Seconds of a new process with empty caches."""
        with tempfile.TemporaryDirectory() as cache:
            start = time.perf_counter()
            subprocess.run(
                [sys.executable, "-c", code, *arguments],
                cwd=self._folder,
                env={**self._env, "GUTEXO_CACHE": cache},
                check=True,
                capture_output=True,
            )
            return time.perf_counter() - start

    def close(self) -> None:
        """End its process."""
        self._worker.kill()
        self._worker.wait()


def compare_with(
    revision: str, rounds: int, cold_rounds: int, study: bool, report: Callable[[str], None]
) -> dict[str, dict[str, Any]]:
    """Measure this tree and another revision, turn about.

    Args:
        revision: The other revision.
        rounds: Turns of each kind of mouse, after one that does not count.
        cold_rounds: First steps with empty caches.
        study: Whether the default study with empty caches is run once in each (minutes).
        report: Called with a line for people.

    Returns:
        Per row: seconds of this tree and of the other, and the ratio of medians, this / other.
    """
    rows: dict[str, list[tuple[float, float]]] = {}
    with checked_out(revision) as folder, tempfile.TemporaryDirectory() as caches:
        here = Path(caches) / "here"
        here.mkdir()
        (here / "gutexo").symlink_to(ROOT / "simulation")
        trees = [Tree(here, Path(caches) / "a"), Tree(folder, Path(caches) / "b")]
        try:
            for name, (mouse, days) in LIVES.items():
                report(name)
                for number in range(rounds + 1):
                    found = [tree.live(mouse, days) for tree in trees]
                    if found[0][1] != found[1][1] and not number:
                        report("  the two revisions give other mice: their work may differ too")
                    if number:
                        turn = (found[0][0] / days, found[1][0] / days)
                        rows.setdefault(name, []).append(turn)
            report("first steps with empty caches")
            for _ in range(cold_rounds):
                turn = (trees[0].cold(STEP), trees[1].cold(STEP))
                rows.setdefault("first step, cold caches", []).append(turn)
            if study:
                report("the default study with empty caches, once in each (minutes)")
                turn = (trees[0].cold(STUDY, "study"), trees[1].cold(STUDY, "study"))
                rows["default study, cold caches"] = [turn]
        finally:
            for tree in trees:
                tree.close()
    return {name: summarise(turns) for name, turns in rows.items()}


def summarise(turns: list[tuple[float, float]]) -> dict[str, Any]:
    """Medians over turns, and the median of the ratio of each turn, this tree / the other."""
    median = statistics.median
    return {
        "this (s)": median(ours for ours, _ in turns),
        "other (s)": median(theirs for _, theirs in turns),
        "ratio": median(ours / theirs for ours, theirs in turns),
        "turns": len(turns),
    }
