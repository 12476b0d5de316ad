"""A model that is asked: parameters in, numbers out, with the version of the code that answered."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from gutexo.code_digest import digest_of_files, files_of
from gutexo.compiled import digest

Ask = Callable[[Mapping[str, Any]], Mapping[str, float]]
"""Answer by question, of the parameters that differ from the defaults: `from_twin`, `from_mice`,
or a test's own; a function at the top of a module, or a partial of one."""


@cache
def code_version(*parts: str) -> str:
    """Digest of the rules and of parts of the package, such as `analysis/twin`.

    Args:
        parts: Files or folders below the package.
    """
    found = digest_of_files(files_of(parts))
    return hashlib.sha256(f"{digest()} {found}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Question:
    """One set of parameters that is asked; what a worker gets.

    Attributes:
        ask: The model.
        changes: Parameters that differ from the defaults.
        parts: Files or folders of the model's code below the package.
    """

    ask: Ask
    changes: dict[str, Any]
    parts: tuple[str, ...]

    def run(self, folder: Path) -> tuple[dict[str, float], float, str]:
        """Answers, the seconds they took, and the version of the code that answered."""
        start = time.perf_counter()
        found = {name: float(value) for name, value in self.ask(self.changes).items()}
        return found, time.perf_counter() - start, code_version(*self.parts)
