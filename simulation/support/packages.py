"""Versions of modules: which modules belong to an installed package with a known version."""

from __future__ import annotations

import sys
import sysconfig
from functools import cache
from pathlib import Path
from typing import Any

_OWN = __name__.partition(".")[0]
_HEAP_TYPE = 1 << 9
"""Flag of a class that was created at run time; classes built into Python do not have it."""


def is_own_module(module: str) -> bool:
    """Return whether a module belongs to this package."""
    return module.partition(".")[0] == _OWN


def short_name(module: str) -> str:
    """Return the name of a module; for a module of this package, without the package's name."""
    top, _, rest = module.partition(".")
    return f".{rest}" if top == _OWN else module


@cache
def package_version(module: str) -> str | None:
    """Return the version of a module's package; None for a module of a user or of this package.

    Args:
        module: Full name of the module.
    """
    top = module.partition(".")[0]
    if top == _OWN or top == "__main__":
        return None
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if top in sys.stdlib_module_names or top in sys.builtin_module_names:
        return python
    known = sys.modules.get(top)
    file = getattr(known, "__file__", None) or next(iter(getattr(known, "__path__", ())), None)
    if known is None or file is None:
        return None
    if not {"site-packages", "dist-packages"} & set(Path(file).parts):
        stdlib = sysconfig.get_path("stdlib")
        return python if stdlib and Path(file).is_relative_to(stdlib) else None
    version = getattr(known, "__version__", None)
    if isinstance(version, str):
        return version
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as version_of

    try:
        return version_of(top)
    except PackageNotFoundError:
        return "unknown"


def is_defined_in(kind: type, module: str) -> bool:
    """Return whether a class is really defined in the module that it names.

    Args:
        kind: The class.
        module: Full name of the module, from the class.
    """
    if not kind.__flags__ & _HEAP_TYPE:
        return True
    found: Any = sys.modules.get(module)
    for part in kind.__qualname__.split("."):
        if part == "<locals>":
            return module != "builtins"
        found = getattr(found, part, None)
    return found is kind
