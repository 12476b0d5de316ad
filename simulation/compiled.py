"""The decorators that compile rules, and how they compile them.

What was compiled is kept by the content of each rule and of all it calls (`compile_cache`): after
an edit the next process compiles what the edit can change, and nothing else.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numba
import numpy as np

from gutexo.cache_folder import cache_root, make_folder
from gutexo.code_digest import rules_digest
from gutexo.compile_cache import SUFFIX, MachineCode, say_unwritable

_KEPT_FOLDERS = 3
_DAY = 86400.0
_rules: list[MachineCode] = []

JIT_OFF = bool(numba.config.DISABLE_JIT)  # type: ignore[attr-defined]
if JIT_OFF:
    # Hashes wrap around on purpose; only plain NumPy would warn of it.
    np.seterr(over="ignore")


@cache
def digest() -> str:
    """Version of the code that makes results: its syntax, numba, NumPy and Python."""
    import hashlib

    version = f"{numba.__version__} {np.__version__} {sys.version_info[:3]}"
    return hashlib.sha256(f"{rules_digest()} {version}".encode()).hexdigest()[:16]


def _forget_old(root: Path, mine: Path) -> None:
    """Keep the newest folders; one that was used in the last day may still be in use."""
    folders = sorted(root.glob("kernels-*"), key=lambda f: f.stat().st_mtime, reverse=True)
    for folder in folders[_KEPT_FOLDERS:]:
        if folder != mine and time.time() - folder.stat().st_mtime > _DAY:
            shutil.rmtree(folder, ignore_errors=True)


@cache
def cache_folder() -> Path | None:
    """Folder of compiled code, None where there can be none."""
    root = cache_root()
    folder = root / f"kernels-{numba.__version__}-{np.__version__}-{sys.implementation.cache_tag}"
    try:
        make_folder(folder)
    except OSError as error:
        say_unwritable(error)
        return None
    try:
        os.utime(folder)
        _forget_old(root, folder)
    except OSError:  # another's, or another process was faster
        pass
    return folder


def compiled[F: Callable](function: F, **options: Any) -> F:
    """A function compiled with numba's options, from disk where it was compiled before."""
    if JIT_OFF:
        return function
    dispatcher: Any = numba.njit(error_model="numpy", nogil=True, **options)(function)
    folder = cache_folder()
    if folder is not None:
        # What numba's own `cache=True` would set.
        dispatcher._cache = MachineCode(dispatcher, folder)
        _rules.append(dispatcher._cache)
    return dispatcher


def rule[F: Callable](function: F) -> F:
    """Compile a rule: strict IEEE double arithmetic, no threads, no fused multiply-add."""
    return compiled(function)


def kernel[F: Callable](function: F) -> F:
    """Compile a loop, or what it calls once a row, that touches columns but makes no array.

    Without new arrays there is nothing to count references of, and that counting, atomic and on
    every column of every row, took nine tenths of the time of a tick.
    """
    return compiled(function, _nrt=False, forceinline=True)


def is_warm() -> bool:
    """Whether most of the rules that were imported are on disk as they are now."""
    folder = cache_folder()
    if folder is None:
        return False
    kept = {path.name.rpartition("-")[0] for path in folder.glob(f"*{SUFFIX}")}
    if not _rules:
        return bool(kept)
    return 2 * sum(rule.stem() in kept for rule in _rules) >= len(_rules)
