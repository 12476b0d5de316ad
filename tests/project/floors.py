"""The oldest releases that pyproject.toml allows, as constraints for pip.

Usage: python -m tests.project.floors > floors.txt
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]


def floors() -> dict[str, str]:
    """Lowest allowed version by package, of the core and of all extras.

    Raises:
        ValueError: A requirement has no lowest version.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    texts = list(project["dependencies"])
    for extra in project["optional-dependencies"].values():
        texts += extra
    found = {}
    for requirement in map(Requirement, texts):
        lowest = [spec.version for spec in requirement.specifier if spec.operator == ">="]
        if len(lowest) != 1:
            raise ValueError(f"{requirement} must have one lowest version (>=)")
        found[canonicalize_name(requirement.name)] = lowest[0]
    return dict(sorted(found.items()))


if __name__ == "__main__":
    for name, release in floors().items():
        print(f"{name}=={release}")
