"""The name of the package before 0.2: `import simulation` imports `gutexo` and warns.

It is installed as a package `simulation`. Modules are the same objects under both names, so that
nothing is loaded twice. It will be removed in version 0.3.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

FORMER, NAME = "simulation", "gutexo"


class _SameModule(Loader):
    """A loader that returns the module already loaded under the present name.

    Args:
        name: The present name.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = import_module(self._name)
        self._spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        # The import system has just written the former name into the module.
        module.__spec__ = self._spec


class _Finder(MetaPathFinder):
    """A finder of modules by their former name."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not name.startswith(f"{FORMER}."):
            return None
        return ModuleSpec(name, _SameModule(NAME + name.removeprefix(FORMER)))


def answer_to_former_name() -> None:
    """Make `simulation` and its submodules refer to `gutexo`, and warn that the name changed."""
    warnings.warn(
        "the package is called gutexo now: write `import gutexo as gut`; "
        "`import simulation` ends with version 0.3",
        DeprecationWarning,
        stacklevel=3,
    )
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
    sys.modules[FORMER] = import_module(NAME)


if __name__ == FORMER:
    answer_to_former_name()
