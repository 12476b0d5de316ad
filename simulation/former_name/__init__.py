"""The package under the name it had before 0.2: `import simulation` leads to `gutexo` and warns.

Installed as `simulation` of its own. Modules are the same objects under both names, so that nothing
is loaded twice. It goes with 0.3.
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
    """Gives the module that is loaded under the present name.

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
        # The import system has just written the former name into it.
        module.__spec__ = self._spec


class _Finder(MetaPathFinder):
    """Finds modules by their former name."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not name.startswith(f"{FORMER}."):
            return None
        return ModuleSpec(name, _SameModule(NAME + name.removeprefix(FORMER)))


def answer_to_former_name() -> None:
    """Let `simulation` and all below it be `gutexo`, and warn that the name has changed."""
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
