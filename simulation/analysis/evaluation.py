"""Evaluation of a model: parameters in, numbers out, with the version of the evaluating code."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from gutexo.compiled import model_code_digest
from gutexo.support.code_digest import digest_files, list_modules

ModelFunction = Callable[[Mapping[str, Any]], Mapping[str, float]]
"""Function from the parameters that differ from the defaults to a number by question:
`evaluate_mean_field`, `evaluate_mice`, or one of a test. It is a function at the top of a module,
or a partial of one."""


@cache
def code_version(*parts: str) -> str:
    """Compute a digest of the rules and of parts of the package, such as `mean_field`.

    Args:
        parts: Files or folders below the package.
    """
    found = digest_files(list_modules(parts))
    return hashlib.sha256(f"{model_code_digest()} {found}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class EvaluationTask:
    """One set of parameters to evaluate: the task that a worker gets.

    Attributes:
        model: The model.
        changes: Parameters that differ from the defaults.
        parts: Files or folders of the model's code below the package.
    """

    model: ModelFunction
    changes: dict[str, Any]
    parts: tuple[str, ...]

    def run(self, folder: Path) -> tuple[dict[str, float], float, str]:
        """Return the answers, the seconds they took, and the version of the evaluating code."""
        start = time.perf_counter()
        found = {name: float(value) for name, value in self.model(self.changes).items()}
        return found, time.perf_counter() - start, code_version(*self.parts)
