"""Decorators that compile rules with numba, and the folder of the compiled code.

Compiled code is saved under a digest of the content of the rule and of all that it calls
(`compile_cache`): after an edit the next process compiles only what the edit can change.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, cached_property, update_wrapper
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

import numpy as np

from gutexo.support.cache_folder import cache_root, make_shared_folder
from gutexo.support.code_digest import rules_digest

_SAVED_FOLDERS = 3
_DAY = 86400.0
_rules: list[Rule] = []

JIT_OFF = os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")
if JIT_OFF:
    # Hashes overflow on purpose; only NumPy without numba would warn about it.
    np.seterr(over="ignore")


@cache
def model_code_digest() -> str:
    """Return the version of the code that makes results: its syntax, numba, NumPy and Python."""
    import hashlib

    # Not from the module, which may not be loaded yet.
    version = f"{version_of('numba')} {np.__version__} {sys.version_info[:3]}"
    return hashlib.sha256(f"{rules_digest()} {version}".encode()).hexdigest()[:16]


def _remove_old_folders(root: Path, mine: Path) -> None:
    """Remove all but the newest folders; a folder used in the last day may still be in use."""
    folders = sorted(root.glob("kernels-*"), key=lambda f: f.stat().st_mtime, reverse=True)
    for folder in folders[_SAVED_FOLDERS:]:
        if folder != mine and time.time() - folder.stat().st_mtime > _DAY:
            shutil.rmtree(folder, ignore_errors=True)


@cache
def machine_code_folder() -> Path | None:
    """Make and return the folder of compiled code; return None if it cannot be made."""
    root = cache_root()
    versions = f"{version_of('numba')}-{np.__version__}-{sys.implementation.cache_tag}"
    folder = root / f"kernels-{versions}"
    try:
        make_shared_folder(folder)
    except OSError as error:
        from gutexo.support.compile_cache import report_unwritable

        report_unwritable(error)
        return None
    try:
        os.utime(folder)
        _remove_old_folders(root, folder)
    except OSError:  # the folder belongs to another user, or another process was faster
        pass
    return folder


class Rule:
    """A function that is compiled when it is first called; only then numba is loaded.

    Args:
        function: The function.
        options: Options of the compilation, as numba takes them.
    """

    def __init__(self, function: Callable[..., Any], options: dict[str, Any]) -> None:
        update_wrapper(self, function)
        self.py_func = function
        self.targetoptions = options

    def __call__(self, *arguments: Any) -> Any:
        return self.compiled(*arguments)

    def __reduce__(self) -> str:
        return self.py_func.__qualname__  # a pickle names it and its module

    @cached_property
    def compiled(self) -> Any:
        """The function as numba knows it, with its machine code."""
        from gutexo.support.linking import CompiledFunction

        compiled = CompiledFunction(self.py_func, targetoptions=self.targetoptions)
        folder = machine_code_folder()
        if folder is not None:
            compiled.save_in(folder)
        return compiled

    @property
    def _numba_type_(self) -> Any:
        return self.compiled._numba_type_  # what compiled code calls


def compile_function[F: Callable](function: F, **options: Any) -> F:
    """Compile a function with numba's options when it is first called, or load it from disk."""
    if JIT_OFF:
        return function
    found: Any = Rule(function, dict(error_model="numpy", nogil=True, **options))
    _rules.append(found)
    return found


def rule[F: Callable](function: F) -> F:
    """Compile a rule: strict IEEE double arithmetic, no threads, no fused multiply-add."""
    return compile_function(function)


def kernel[F: Callable](function: F) -> F:
    """Compile a loop, or a function that it calls once per row, that makes no new array.

    It may read and write columns. Without new arrays no references need to be counted. That
    counting, atomic and on every column of every row, took nine tenths of the time of a tick.
    """
    return compile_function(function, _nrt=False, forceinline=True)


@contextmanager
def watch_compilation(progress: Callable[[int, int], None]) -> Iterator[None]:
    """Report how many of the imported rules are compiled, while the body of `with` runs.

    Args:
        progress: Called with the number of rules compiled so far and the number of all rules, at
            the start, after each rule, and at the end, when all that is needed is compiled.
    """
    if JIT_OFF:
        yield
        return
    from numba.core.event import Event, Listener, install_listener

    compiled: set[int] = set()

    class Counter(Listener):
        def on_start(self, event: Event) -> None:
            pass

        def on_end(self, event: Event) -> None:
            function = event.data["dispatcher"].py_func
            if function.__module__.startswith("gutexo."):
                compiled.add(id(function))
            progress(min(len(compiled), len(_rules) - 1), len(_rules))

    progress(0, len(_rules))
    with install_listener("numba:compile", Counter()):
        yield
    progress(len(_rules), len(_rules))


def is_compile_cache_warm() -> bool:
    """Return whether most of the imported rules are on disk in their present form."""
    folder = machine_code_folder()
    if folder is None:
        return False
    from gutexo.support.compile_cache import SUFFIX

    cached = {path.name.rpartition("-")[0] for path in folder.glob(f"*{SUFFIX}")}
    if not _rules:
        return bool(cached)
    stems = [rule.compiled.bitcode._cache.stem() for rule in _rules]
    return 2 * sum(stem in cached for stem in stems) >= len(_rules)
