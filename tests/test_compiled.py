"""An edit of a rule reaches the compiled loop in the next process; caches behave."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = """
import numpy as np
from simulation.biology.barrier import two_way
from simulation.body.stages.segments import run_segments
from simulation.body.state import empty_state
from simulation.catalogue import Parameters
state = empty_state(Parameters().change({"resolution.segments": 8, "resolution.packets": 50}), 1)
run_segments(8, state.segments, state.heard, state.records, 24.0)
print(state.segments.pore[0].hex())
"""


def run(folder, cache):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=folder,
        env={**os.environ, "GUTEXO_CACHE": str(cache), "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-1500:]
    return done.stdout.strip(), done.stderr


def test_an_edit_of_a_rule_reaches_the_compiled_loop(tmp_path):
    package = tmp_path / "copy"
    cache = tmp_path / "cache"
    shutil.copytree(
        ROOT / "simulation",
        package / "simulation",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    before, _ = run(package, cache)
    assert run(package, cache)[0] == before
    rule = package / "simulation" / "biology" / "barrier.py"
    text = rule.read_text()
    assert "return saturate(tnf / r.barrier_pore_half)" in text
    rule.write_text(
        text.replace(
            "return saturate(tnf / r.barrier_pore_half)",
            "return 0.5 * saturate(tnf / r.barrier_pore_half)",
        )
    )
    after, _ = run(package, cache)
    assert float.fromhex(after) == pytest.approx(0.5 * float.fromhex(before))
    assert len(list(cache.glob("kernels-*"))) == 2


def test_without_a_writable_cache_it_runs_and_says_so(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    _, told = run(ROOT, blocked)
    assert told.count("cannot be written") == 1 and "Traceback" not in told


def test_the_package_is_imported_lazily():
    code = (
        "import sys, simulation; assert 'numba' not in sys.modules and 'mesa' not in sys.modules;"
        "simulation.Mouse; assert 'mesa' in sys.modules; print(len(dir(simulation)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert int(done.stdout) > 15
