"""The decorator of the twin's laws: compiled, and kept in a folder named by their own sources.

`simulation.compiled` names its folder by the sources of the mouse, which an edit of the twin does
not change; numba's cache in turn does not see an edit in another module. So the twin's folder is
named by a digest of every module of the twin, and a stale law cannot be found.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numba

from simulation import compiled


@cache
def digest() -> str:
    """Version of the twin: its sources, and the compiler's version and options."""
    content = hashlib.sha256(Path(compiled.__file__).read_bytes())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        content.update(path.name.encode())
        content.update(path.read_bytes())
    content.update(numba.__version__.encode())
    return content.hexdigest()[:16]


@cache
def folder() -> Path | None:
    """Where compiled laws are kept, None where nothing can be written."""
    root = compiled.cache_folder()
    if root is None:
        return None
    mine = root.parent / f"kernels-twin-{digest()}"
    mine.mkdir(parents=True, exist_ok=True)
    os.utime(mine)
    return mine


def law[F: Callable](function: F) -> F:
    """Compile a law of the twin; plain Python where compilation is off."""
    if compiled.JIT_OFF:
        return function
    where = folder()
    if where is not None:
        numba.config.CACHE_DIR = str(where)  # type: ignore[attr-defined]
    compile_it: Any = numba.njit(error_model="numpy", cache=where is not None, nogil=True)
    compiled_law: F = compile_it(function)
    return compiled_law
