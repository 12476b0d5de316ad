"""Times of whole processes: start, import, first step with cold and warm caches, help."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STEP = "from gutexo.body.mouse import Mouse; Mouse(seed=1).run_for(1)"
HELP = "from gutexo.cli import main; main()"
STUDY = """
import sys, time
import gutexo as gut
from gutexo.cohort.study_run import compile_rules
compile_rules()
start = time.perf_counter()
gut.compare(gut.study("exosome transfer"), seed=1, workers=int(sys.argv[1]))
print(time.perf_counter() - start)
"""


MANY = """
import sys, time, tempfile
from pathlib import Path
import gutexo as gut
from gutexo.cohort import study_run
study_run.compile_rules()
life = gut.Life(age=29, changes=gut.QUICK)
arms = tuple(gut.Scenario(name=str(n), life=life, duration=20) for n in range(2))
study = gut.Study(name="many", arms=arms)
with tempfile.TemporaryDirectory() as folder:
    study_run.working_folder = lambda: Path(folder)
    start = time.perf_counter()
    result = gut.compare(study, replicates=int(sys.argv[2]), seed=1, workers=int(sys.argv[1]))
    print(time.perf_counter() - start)
"""


def seconds(code: str, *arguments: str, cache: Path | None = None) -> float:
    """Time of a new Python process that runs some code."""
    env = dict(os.environ)
    if cache is not None:
        env["GUTEXO_CACHE"] = str(cache)
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env=env,
        check=True,
        capture_output=True,
    )
    return time.perf_counter() - start


def process_times(rounds: int) -> dict[str, float]:
    """Seconds by what is done; medians over rounds where it is quick."""
    median = statistics.median
    found = {
        "python -c pass": median(seconds("pass") for _ in range(rounds)),
        "gutexo --help": median(seconds(HELP, "--help") for _ in range(rounds)),
        "import gutexo": median(seconds("import gutexo") for _ in range(rounds)),
        "import the mouse": median(seconds("import gutexo; gutexo.Mouse") for _ in range(rounds)),
    }
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder)
        found["first step, cold caches"] = seconds(STEP, cache=cache)
        found["first step, warm caches"] = median(seconds(STEP, cache=cache) for _ in range(3))
    return found


def study_times() -> dict[str, float]:
    """The default study with one and with two workers, no lives kept, rules compiled before."""
    found = {}
    for workers in (1, 2):
        with tempfile.TemporaryDirectory() as folder:
            env = {**os.environ, "GUTEXO_CACHE": folder}
            done = subprocess.run(
                [sys.executable, "-c", STUDY, str(workers)],
                cwd=ROOT,
                env=env,
                check=True,
                capture_output=True,
                text=True,
            )
            found[f"default study, {workers} workers"] = float(done.stdout.split()[-1])
    return found


def crew_times(replicates: int, rounds: int) -> dict[str, float]:
    """Many small mice one after the other in this process, and on two workers, turn about.

    Args:
        replicates: Mice of each of two arms; half as many lives are raised besides.
        rounds: Turns of each; medians count.

    Returns:
        Seconds of both, how many times faster two workers are, and the share of their time that is
        not spent on mice: starting them, sending, waiting for the last.
    """
    times: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(rounds):
        for workers, found in times.items():
            command = [sys.executable, "-c", MANY, str(workers), str(replicates)]
            done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
            found.append(float(done.stdout.split()[-1]))
    one, two = statistics.median(times[1]), statistics.median(times[2])
    return {
        f"{2 * replicates} small mice, in one process": one,
        f"{2 * replicates} small mice, 2 workers": two,
        "two workers, times faster": one / two,
        "overhead of two workers": 1.0 - one / (2.0 * two),
    }
