"""Compiled code on disk: right or compiled again, whatever became of its files."""

import errno
import json
import os
import random
import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from gutexo import compiled
from gutexo.support import cache_folder, compile_cache
from gutexo.support.linking import CompiledFunction
from tests.conftest import SMALL

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.skipif(compiled.JIT_OFF, reason="nothing is compiled")
RULES = """
FACTOR = 2.0
def inner(x):
    return x * FACTOR
inner = stored(inner)
def outer(x):
    return inner(x) + 1.0
outer = stored(outer)
def apart(x):
    return x - 1.0
apart = stored(apart)
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("GUTEXO_CACHE", str(tmp_path))
    monkeypatch.setattr(cache_folder, "_printed", set())
    monkeypatch.setattr(compile_cache, "_unwritable", False)
    return tmp_path / "kernels"


def rules(folder, text=RULES, **names):
    """Rules as a new process would find them: written, not yet loaded or compiled."""

    def stored(function):
        found = CompiledFunction(function, targetoptions={"error_model": "numpy"})
        found.save_in(folder)
        return found

    names = {"stored": stored, "__name__": "rules", **names}
    exec(text, names)
    return names


def hits(rule):
    """How often it was found, and how often compiled."""
    return sum(rule.stats.cache_hits.values()), sum(rule.stats.cache_misses.values())


def test_a_rule_is_compiled_once(folder, capsys):
    first, second = rules(folder), rules(folder)
    assert first["outer"](1.0) == second["outer"](1.0) == 3.0
    assert (hits(first["outer"]), hits(second["outer"])) == ((0, 1), (1, 0))
    assert second["outer"](1) == 3.0 and hits(second["outer"]) == (1, 1)  # another signature
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("old", "new", "voided"),
    [
        ("x - 1.0", "x - 2.0", {"apart"}),
        ("+ 1.0", "+ 2.0", {"outer"}),
        ("x * FACTOR", "x / FACTOR", {"inner", "outer"}),
        ("FACTOR = 2.0", "FACTOR = 4.0", {"inner", "outer"}),
        ("FACTOR = 2.0", "FACTOR = 2", {"inner", "outer"}),
        ("def apart(x):", "# a word\n\ndef apart(x):\n    'It stands apart.'", set()),
    ],
)
def test_an_edit_voids_what_it_can_change_and_nothing_else(folder, old, new, voided):
    for text in (RULES, RULES.replace(old, new)):
        found = rules(folder, text)
        for name in ("apart", "outer", "inner"):
            found[name](3.0)
    expected = {name: (0, 1) if name in voided else (1, 0) for name in ("apart", "outer", "inner")}
    assert {name: hits(found[name]) for name in expected} == expected
    # Only a caller that is linked anew needs the bitcode of what it calls.
    needed = {frozenset({"outer"}): (1, 0), frozenset({"inner", "outer"}): (0, 1)}
    assert hits(found["inner"].bitcode) == needed.get(frozenset(voided), (0, 0))


def test_what_is_read_of_a_module_and_how_fields_are_called_counts(folder):
    text = "def f(p): return p.a + n.X\nf = stored(f)"
    values = []
    for fields, x in (("a b", 1.0), ("b a", 1.0), ("a b", 2.0), ("a b", 1.0)):
        module = type(sys)("n")
        module.X = x
        found = rules(folder, text, n=module)
        values.append(found["f"](namedtuple("P", fields)(10.0, 20.0)))
    assert values == [11.0, 21.0, 12.0, 11.0] and hits(found["f"]) == (1, 0)


def damaged(files, rng):
    """One of the ways in which a power cut, a full disk or a bad disk leaves files."""
    path = rng.choice(files)
    whole = path.read_bytes()
    kind = rng.choice(["empty", "cut", "bit", "bit", "swapped", "zeros", "longer", "other", "gone"])
    place = rng.randrange(len(whole))
    if kind == "empty":
        path.write_bytes(b"")
    elif kind == "cut":
        path.write_bytes(whole[:place])
    elif kind == "bit":
        path.write_bytes(
            whole[:place] + bytes([whole[place] ^ 1 << place % 8]) + whole[place + 1 :]
        )
    elif kind == "swapped":
        other = rng.choice([f for f in files if f != path])
        path.write_bytes(other.read_bytes())
        other.write_bytes(whole)
    elif kind == "zeros":
        path.write_bytes(whole[:place] + bytes(len(whole) - place))
    elif kind == "longer":
        path.write_bytes(whole + b"more")
    elif kind == "other":
        path.write_bytes(rng.randbytes(200))
    else:
        path.unlink()
    return kind


@pytest.mark.parametrize("seeds", [range(6), pytest.param(range(6, 56), marks=pytest.mark.gate)])
@pytest.mark.parametrize("kind", ["machine", "bitcode"])
def test_whatever_becomes_of_its_files_the_right_code_runs(
    folder, capsys, monkeypatch, seeds, kind
):
    def run(found):
        return found["outer"](1.5), found["apart"](1.5), found["inner"](1.5)

    assert run(rules(folder)) == (4.0, 0.5, 3.0)
    files = sorted(folder.glob("*.nbc"))
    ours = [path for path in files if f"-{kind}-" in path.name]
    assert len(ours) == 3 and len(files) == 6
    reports = 0
    for seed in seeds:
        monkeypatch.setattr(cache_folder, "_printed", set())
        done = damaged(ours, random.Random(seed))
        if kind == "bitcode":  # it is read where machine code is made
            for path in set(files) - set(ours):
                path.unlink()
        assert run(rules(folder)) == (4.0, 0.5, 3.0)
        lines = capsys.readouterr().err.splitlines()
        assert len(lines) <= 1 and all("damaged; it is compiled again" in line for line in lines)
        reports += len(lines)
        assert sorted(folder.glob("*")) == files, done
        again = rules(folder)
        run(again)
        assert {hits(again[name]) for name in ("outer", "apart", "inner")} == {(1, 0)}, done
        if kind == "bitcode":
            for path in set(files) - set(ours):
                path.unlink()
            again = rules(folder)
            run(again)
            loaded = {hits(again[name].bitcode) for name in ("outer", "apart", "inner")}
            assert loaded == {(1, 0)}, done
    assert reports > len(seeds) / 2 and capsys.readouterr().err == ""


ARRAYS = """
import sys
from pathlib import Path
import numpy as np
from gutexo.support.linking import CompiledFunction
def stored(function):
    found = CompiledFunction(function)
    found.save_in(Path(sys.argv[1]))
    return found
def make(n):
    return np.arange(n)
make = stored(make)
def total(n):
    return make(n).sum()
total = stored(total)
print(total(4), make(3).tolist(), make(3).tolist(), total(5))
"""


def test_an_array_is_returned_whichever_files_are_made_anew(folder, tmp_path):
    script = tmp_path / "arrays.py"
    script.write_text(ARRAYS)
    for kind in ("", "*.total-*-machine-*", "*.make-*-machine-*", "*-bitcode-*", "*-machine-*"):
        for path in folder.glob(kind) if kind else []:
            path.unlink()
        done = subprocess.run(
            [sys.executable, str(script), str(folder)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout == "6 [0, 1, 2] [0, 1, 2] 10\n", (kind, done.stderr[-800:])


def test_a_disk_that_fills_up_on_the_way_is_told_once(folder, capsys, monkeypatch):
    found = rules(folder)
    assert found["apart"](1.0) == 0.0

    def full(self, content):
        self.touch()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    assert found["outer"](1.0) == 3.0 and rules(folder)["outer"](1.0) == 3.0
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1 and "no space left on device" in lines[0]
    assert len(list(folder.iterdir())) == 2


def test_what_was_used_longest_ago_is_dropped_first(folder, monkeypatch):
    found = rules(folder)
    found["apart"](1.0), found["outer"](1.0)
    old = next(folder.glob("*apart*"))
    os.utime(old, (1, 1))
    size = sum(path.stat().st_size for path in folder.iterdir())
    monkeypatch.setattr(compile_cache, "_MOST_BYTES", size - 1)
    monkeypatch.setattr(compile_cache, "_trimmed", False)
    rules(folder, RULES.replace("- 1.0", "- 7.0"))["apart"](1.0)
    assert not old.exists() and len(list(folder.iterdir())) == 6


def test_a_group_that_shares_the_cache_can_write_what_one_of_it_made(folder, tmp_path):
    for mode, expected in ((0o2775, 0o664), (0o755, 0o644), (0o1777, 0o664)):
        tmp_path.chmod(mode)
        mine = cache_folder.make_shared_folder(tmp_path / f"{mode:o}" / "lives")
        rules(mine)["apart"](1.0)
        assert next(mine.glob("*.nbc")).stat().st_mode & 0o777 == expected
        assert mine.stat().st_mode & 0o020 == mode & 0o020
        assert mine.stat().st_mode & 0o002 == 0
    tmp_path.chmod(0o755)


MOUSE = """
import json, sys
from gutexo.body.mouse import Mouse
from gutexo.catalogue import Parameters
mouse = Mouse(Parameters().change(json.loads(sys.argv[1])), seed=1)
mouse.run_for(24)
print(json.dumps(mouse.measure()))
"""


@pytest.mark.gate
def test_a_mouse_lives_on_a_damaged_cache_as_on_a_whole_one(tmp_path):
    def live(cache):
        done = subprocess.run(
            [sys.executable, "-c", MOUSE, json.dumps(SMALL)],
            env={**os.environ, "GUTEXO_CACHE": str(cache), "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-800:]
        return done.stdout, done.stderr

    warm = cache_folder.cache_root()
    whole, _ = live(warm)
    mine = tmp_path / compiled.machine_code_folder().name
    shutil.copytree(warm / mine.name, mine)
    assert live(tmp_path) == (whole, "")
    files = [
        next(mine.glob(f"{name}-*"))
        for name in ("barrier.pore_target", "ledger.*", "portable_math.*")
    ]
    for path in files:
        path.write_bytes(b"")
    for path in mine.glob("many_ticks.run_ticks-*.nbc"):  # of this code and of earlier code
        raw = bytearray(path.read_bytes())
        raw[len(raw) // 2] ^= 4
        path.write_bytes(raw)
    again, reports = live(tmp_path)
    assert again == whole and reports.count("\n") == 1 and "damaged" in reports
    assert live(tmp_path) == (whole, "")


@pytest.mark.parametrize("cache", ["a file", "a full disk"])
def test_a_process_that_cannot_keep_anything_runs_and_says_so_once(tmp_path, cache):
    code = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100));"
        "from gutexo.biology.portable_math import exp, log; print(log(exp(1.0)))"
    )
    where = tmp_path / "cache"
    if cache == "a file":
        where.write_text("no folder")
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "GUTEXO_CACHE": str(where), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "1.0\n"), done.stderr[-800:]
    assert done.stderr.count("cannot be written") == done.stderr.count("\n") == 1
