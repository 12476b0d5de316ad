"""The one decorator that compiles rules, and the cache folder of what it compiled.

numba's cache on disk does not see an edit in another module, so the folder is named by a digest of
every compiled source: after an edit the next process starts in a new folder. The same digest is
the code version of the life cache and of provenance.
"""

from __future__ import annotations

import hashlib
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

_HERE = Path(__file__).resolve().parent
_KEPT_FOLDERS = 3
_DAY = 86400.0

JIT_OFF = bool(numba.config.DISABLE_JIT)  # type: ignore[attr-defined]
if JIT_OFF:
    # Hashes wrap around on purpose; only plain NumPy would warn of it.
    np.seterr(over="ignore")


@cache
def digest() -> str:
    """Version of the compiled code: its sources, numba, NumPy and Python."""
    content = hashlib.sha256()
    for folder in ("biology", "body", "catalogue"):
        for path in sorted((_HERE / folder).rglob("*.py")):
            content.update(path.relative_to(_HERE).as_posix().encode())
            content.update(path.read_bytes())
    content.update((_HERE / "compiled.py").read_bytes())
    version = f"{numba.__version__} {np.__version__} {sys.version_info[:3]}"
    content.update(version.encode())
    return content.hexdigest()[:16]


def cache_root() -> Path:
    """Folder of everything this software keeps between runs: GUTEXO_CACHE or the platform's."""
    if chosen := os.environ.get("GUTEXO_CACHE"):
        return Path(chosen)
    from platformdirs import user_cache_path

    return user_cache_path("gutexo")


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError:
        return False
    return True


def _forget_old(root: Path, mine: Path) -> None:
    """Keep the newest folders; one that was used in the last day may still be in use."""
    folders = sorted(root.glob("kernels-*"), key=lambda f: f.stat().st_mtime, reverse=True)
    for folder in folders[_KEPT_FOLDERS:]:
        if folder != mine and time.time() - folder.stat().st_mtime > _DAY:
            shutil.rmtree(folder, ignore_errors=True)


@cache
def cache_folder() -> Path | None:
    """Folder of compiled code, None where nothing can be written."""
    root = cache_root()
    folder = root / f"kernels-{digest()}"
    if not _writable(folder):
        print(f"gutexo: {root} cannot be written; rules are compiled anew", file=sys.stderr)
        return None
    os.utime(folder)
    _forget_old(root, folder)
    return folder


def _compile[F: Callable](function: F, **options: Any) -> F:
    if JIT_OFF:
        return function
    folder = cache_folder()
    if folder is not None:
        numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    stored = folder is not None
    options |= {"error_model": "numpy", "cache": stored, "nogil": True}
    return numba.njit(**options)(function)


def rule[F: Callable](function: F) -> F:
    """Compile a rule: strict IEEE double arithmetic, no threads, no fused multiply-add."""
    return _compile(function)


def kernel[F: Callable](function: F) -> F:
    """Compile a loop, or what it calls once a row, that touches columns but makes no array.

    Without new arrays there is nothing to count references of, and that counting, atomic and on
    every column of every row, took nine tenths of the time of a tick.
    """
    return _compile(function, _nrt=False, forceinline=True)


def is_warm() -> bool:
    """Whether compiled code is already on disk."""
    folder = cache_folder()
    return folder is not None and any(folder.rglob("*.nbc"))
