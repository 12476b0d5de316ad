"""Provenance of a result: versions, code, machine, seed, parameters, command."""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from gutexo.catalogue.variance import assumed_shares
from gutexo.cohort.tasks import arm_digests
from gutexo.compiled import model_code_digest
from gutexo.protocol.citations import reference_keys
from gutexo.protocol.study import Study
from gutexo.support.html import MICE_ONLY_NOTE

PACKAGES = ("gutexo", "mesa", "numba", "numpy", "pydantic", "xarray", "zarr")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def provenance(study: Study, replicates: int, seed: int) -> dict[str, Any]:
    """Collect all that is needed to describe and to repeat a result.

    Args:
        study: The study.
        replicates: Mice per arm.
        seed: Seed of the study.
    """
    parameters = study.arms[0].life.parameters()
    entries = parameters.entries()
    changed = {entry.name: entry.value for entry in entries if entry.value != entry.default}
    # A value that the user set is no longer supported by a source.
    assumed = [e.name for e in entries if e.grade == "assumed" or e.name in changed]
    return {
        "study": study.name,
        "question": study.question,
        "seed": seed,
        "replicates": replicates,
        "arms": [arm.name for arm in study.arms],
        "versions": {name: _version(name) for name in PACKAGES},
        "python": platform.python_version(),
        "platform": platform.platform(),
        "code": model_code_digest(),
        "command": [sys.argv[0].rsplit("/", 1)[-1], *sys.argv[1:]],
        "parameters": parameters.flat(),
        "changed": changed,
        "assumed": len(assumed),
        "sourced": len(entries) - len(assumed),
        "assumed parameters": assumed,
        "sources": list(reference_keys(study)),
        "notes": [*study.notes, MICE_ONLY_NOTE],
    }


def run_identity(
    study: Study, replicates: int, seed: int, draws: Sequence[Mapping[str, float]] = ()
) -> dict[str, Any]:
    """Return the identity of a run: two runs with equal identities are the same.

    Args:
        study: The study.
        replicates: Mice per arm.
        seed: Seed of the study.
        draws: Parameter draws, of which each replicate uses one; none for fixed parameters.
    """
    same = {
        "study": study.name,
        "seed": seed,
        "replicates": replicates,
        "parameters": study.arms[0].life.parameters().flat(),
        "code": model_code_digest(),
        "arms": arm_digests(study),
    }
    return {**same, "draws": [dict(draw) for draw in draws]} if draws else same


def describe_assumptions(facts: dict[str, Any], listed: str) -> str:
    """Describe in three lines which parameters a run assumed and how much depends on them.

    Args:
        facts: Provenance of the run.
        listed: Place where all assumed parameters are listed.
    """
    # The resolution of a mouse is a choice, not an assumption about mice.
    changed = [name for name in facts["changed"] if not name.startswith("resolution.")]
    total = facts["assumed"] + facts["sourced"]
    line = f"{facts['assumed']} of {total} parameters of this run are assumed"
    if changed:
        more = f" and {len(changed) - 4} more" if len(changed) > 4 else ""
        line += f", of these changed by you: {', '.join(changed[:4])}{more}"
    return "\n".join([f"{line}.", *_describe_shares(), f"All of them: {listed}."])


def _describe_shares() -> list[str]:
    shares = [item.share for item in assumed_shares()]
    if not shares:
        return []
    return [
        f"At the defaults they hold {min(shares):.0%} to {max(shares):.0%} of the variance of the "
        f"{len(shares)} answers analysed (gutexo analyse sensitivity)."
    ]


def toml_value(value: Any) -> str:
    """Format a number, text, flag, list or table as TOML."""
    if isinstance(value, Mapping):
        entries = (f"{toml_value(str(key))} = {toml_value(one)}" for key, one in value.items())
        return f"{{ {', '.join(entries)} }}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    text = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{text}"'


def resolved_toml(
    study: Study,
    replicates: int,
    seed: int,
    posterior: str | None = None,
    decimal_comma: bool = False,
    interventions: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Return a TOML configuration that repeats a run.

    Args:
        study: The study.
        replicates: Mice per arm.
        seed: Seed of the study.
        posterior: File of parameter draws in the same folder; each replicate uses one draw.
        decimal_comma: Whether tables are written with decimal commas.
        interventions: Tables of the interventions that a configuration added to its arms.
    """
    lines = [
        "# Everything this run used; rerun with: gutexo study --config resolved.toml --out DIR",
        "# Behind a value stands how well it is known: A to D, or assumed (gutexo parameters).",
        f"study = {toml_value(study.name)}",
        f"seed = {seed}",
        f"replicates = {replicates}",
    ]
    if decimal_comma:
        lines.append("decimal_comma = true")
    if posterior is not None:
        lines.append(f"posterior = {toml_value(posterior)}  # stands above the parameters below")
    if study.grid:
        lines += [
            "",
            "[sweep]  # stands above the parameters below",
            f"of = {toml_value(study.of)}",
        ]
        for name, values in study.grid:
            listed = ", ".join(toml_value(value) for value in values)
            lines.append(f"{toml_value(name)} = [{listed}]")
    for one in interventions:
        lines += ["", "[[interventions]]"]
        lines += [f"{key} = {toml_value(value)}" for key, value in one.items()]
    group = ""
    for entry in study.arms[0].life.parameters().entries():
        table, _, short = entry.name.partition(".")
        if table != group:
            lines += ["", f"[parameters.{table}]"]
            group = table
        from_user = "" if entry.value == entry.default else ", changed"
        lines.append(f"{short} = {toml_value(entry.value)}  # {entry.grade}{from_user}")
    return "\n".join(lines) + "\n"
