"""Where a result came from: versions, code, machine, seed, parameters, command."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from simulation.catalogue import Parameters
from simulation.compiled import digest
from simulation.protocol.study import Study

PACKAGES = ("gut-exosome-ageing", "mesa", "numba", "numpy", "pydantic", "xarray", "zarr")
MICE_ONLY = "Simulated mice; nothing here speaks for people."


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def provenance(study: Study, replicates: int, seed: int) -> dict[str, Any]:
    """All that is needed to know, and to repeat, a result.

    Args:
        study: What was run.
        replicates: Mice an arm.
        seed: Seed of the study.
    """
    parameters = study.arms[0].life.parameters()
    assumed = parameters.assumed()
    return {
        "study": study.name,
        "question": study.question,
        "seed": seed,
        "replicates": replicates,
        "arms": [arm.name for arm in study.arms],
        "versions": {name: _version(name) for name in PACKAGES},
        "python": platform.python_version(),
        "platform": platform.platform(),
        "code": digest(),
        "command": [sys.argv[0].rsplit("/", 1)[-1], *sys.argv[1:]],
        "parameters": parameters.flat(),
        "changed": {
            name: value
            for name, value in parameters.flat().items()
            if value != Parameters().flat()[name]
        },
        "assumed": len(assumed),
        "sourced": len(parameters.entries()) - len(assumed),
        "notes": [*study.notes, MICE_ONLY],
    }


def toml_value(value: Any) -> str:
    """A number, text or flag as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    text = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{text}"'


def resolved_toml(study: str, replicates: int, seed: int, parameters: Parameters) -> str:
    """A configuration that reruns the same.

    Args:
        study: Name of the study.
        replicates: Mice an arm.
        seed: Seed of the study.
        parameters: All parameters.
    """
    lines = [
        "# Everything this run used; rerun with: gutexo study --config resolved.toml --out DIR",
        f"study = {toml_value(study)}",
        f"seed = {seed}",
        f"replicates = {replicates}",
    ]
    group = ""
    for name, value in parameters.flat().items():
        head, _, short = name.partition(".")
        if head != group:
            lines += ["", f"[parameters.{head}]"]
            group = head
        lines.append(f"{short} = {toml_value(value)}")
    return "\n".join(lines) + "\n"
