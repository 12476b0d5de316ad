"""An edit of a rule reaches the compiled loop in the next process; caches behave."""

import copy
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gutexo.biology.draws import normal

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = """
import numpy as np
from gutexo.biology.draws import normal
from gutexo.body.stages.segments import run_segments
from gutexo.body.state import empty_state
from gutexo.catalogue import Parameters
state = empty_state(Parameters().change({"resolution.segments": 8, "resolution.packets": 50}), 1)
run_segments(8, state.segments, state.sensed, state.records, 24.0)
print(state.segments.pore[0].hex())
for rule in (run_segments, normal):
    stats = rule.compiled.stats
    print(sum(stats.cache_hits.values()), sum(stats.cache_misses.values()))
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
    return done.stdout.splitlines()


def test_an_edit_of_a_rule_reaches_the_compiled_loop_and_no_other(tmp_path):
    package = tmp_path / "copy"
    cache = tmp_path / "cache"
    shutil.copytree(
        ROOT / "simulation",
        package / "gutexo",
        ignore=shutil.ignore_patterns("__pycache__"),
    )

    def edit(name, old, new):
        rule = package / "gutexo" / "biology" / name
        text = rule.read_text(encoding="utf-8")
        assert old in text
        rule.write_text(text.replace(old, new), encoding="utf-8")

    before, loop, other = run(package, cache)
    assert (loop, other) == ("0 1", "0 1")
    remark = "# every rule calls what stands here\nfrom __future__"
    edit("portable_math.py", "from __future__", remark)
    assert run(package, cache) == [before, "1 0", "1 0"]
    rule = "return hill_square(tnf / r.barrier_pore_half)"
    edit("barrier.py", rule, rule.replace("return", "return 0.5 *"))
    after, loop, other = run(package, cache)
    assert float.fromhex(after) == pytest.approx(0.5 * float.fromhex(before))
    assert (loop, other) == ("0 1", "1 0")


def test_the_version_of_the_code_is_known_before_the_compiler_is_loaded():
    code = (
        "import sys; from gutexo.compiled import machine_code_folder, model_code_digest as digest;"
        "before = digest(), machine_code_folder(); assert 'numba' not in sys.modules; import numba;"
        "digest.cache_clear(); machine_code_folder.cache_clear();"
        "assert before == (digest(), machine_code_folder()) and numba.__version__ in str(before[1])"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_a_rule_is_pickled_by_name():
    assert pickle.loads(pickle.dumps(normal)) is normal and copy.deepcopy(normal) is normal


def test_the_package_is_imported_lazily():
    code = (
        "import sys, gutexo; assert 'numba' not in sys.modules and 'mesa' not in sys.modules;"
        "gutexo.Mouse; assert 'mesa' in sys.modules; print(len(dir(gutexo)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert int(done.stdout) > 15


@pytest.mark.parametrize("arguments", [["--help"], ["study", "--help"], ["list"], ["parameters"]])
def test_a_command_that_only_prints_loads_neither_compiler_nor_scipy(arguments):
    code = (
        "import sys\nfrom gutexo.cli import main\n"
        "try:\n    main()\nfinally:\n    print({'numba', 'scipy'} & {*sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout.splitlines()[-1] == "set()" and len(done.stdout) > 500
