"""Write constraints.txt: what is installed of all this project asks for, extras included.

Usage: python -m tests.project.pins
"""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "constraints.txt"


def closure() -> dict[str, str]:
    """Name and version of every package the project needs, directly or not."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    required = list(project["project"]["dependencies"])
    for extra in project["project"]["optional-dependencies"].values():
        required += extra
    required += project["build-system"]["requires"]
    found: dict[str, str] = {}
    waiting = [(Requirement(text), frozenset[str]()) for text in required]
    seen = set()
    while waiting:
        requirement, _ = waiting.pop()
        name = canonicalize_name(requirement.name)
        extras = frozenset(requirement.extras)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
        for text in requires(name) or []:
            needed = Requirement(text)
            contexts = [{"extra": extra} for extra in extras | {""}]
            if needed.marker is None or any(needed.marker.evaluate(c) for c in contexts):
                waiting.append((needed, frozenset()))
    return dict(sorted(found.items()))


def text() -> str:
    """Content of the constraints file."""
    return "".join(f"{name}=={release}\n" for name, release in closure().items())


if __name__ == "__main__":
    FILE.write_text(text())
    print(f"{FILE.name}: {len(closure())} packages")
