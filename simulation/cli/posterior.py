"""Parameter draws of a command: `--posterior landed`, `--posterior none`, or a CSV file."""

from __future__ import annotations

from gutexo.cli.changes import parse_changes
from gutexo.cli.options import ADOPTED, FIXED, Options, Request
from gutexo.errors import GutexoError
from gutexo.support.paths import local_path


def read_requested_draws(
    options: Options, requested: Request, count: int, usual: str = FIXED
) -> list[dict[str, float]]:
    """Read the parameter draws that were requested.

    Args:
        options: As typed.
        requested: What is to be run.
        count: Largest number of draws.
        usual: Used if no posterior was given and this version has one: `FIXED` or `ADOPTED`.

    Returns:
        Value by parameter name, one mapping per draw; empty if the parameters are fixed.

    Raises:
        GutexoError: There are no such draws, or `--set` or a sweep changes one of their
            parameters.
    """
    from gutexo.analysis.posterior import (
        has_adopted_draws,
        read_adopted_draws,
        read_draws,
        sample_draws,
    )

    name = requested.posterior or (usual if has_adopted_draws() else FIXED)
    if name == FIXED:
        return []
    path = None if name == ADOPTED else local_path(name, "--posterior")
    draws, weights = read_adopted_draws() if path is None else read_draws(path)
    for typed in (*parse_changes(options.changes), *requested.grid):
        if typed in draws[0]:
            raise GutexoError(
                f"--set {typed}: the posterior gives it already (--posterior none fixes all)"
            )
    return sample_draws(draws, weights, count, requested.seed)
