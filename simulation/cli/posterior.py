"""Parameter draws that a command was given: --posterior landed, none, or a CSV file."""

from __future__ import annotations

from gutexo.cli.changes import typed_values
from gutexo.cli.options import LANDED, NONE, Options, Request
from gutexo.errors import GutexoError
from gutexo.paths import local_path


def drawn(
    options: Options, asked: Request, count: int, usual: str = NONE
) -> list[dict[str, float]]:
    """Draws that were asked for.

    Args:
        options: As typed.
        asked: What is to be run.
        count: Draws wanted, at most.
        usual: What is meant where nobody says: none or landed.

    Returns:
        Value by parameter name, draw by draw; none where the parameters are fixed.

    Raises:
        GutexoError: There are no such draws, or one of their parameters was set by hand.
    """
    from gutexo.analysis.posterior import landed_draws, pick, read_draws

    name = asked.posterior or usual
    if name == NONE:
        return []
    there = None if name == LANDED else local_path(name, "--posterior")
    draws, weights = landed_draws() if there is None else read_draws(there)
    for typed in (*typed_values(options.changes), *asked.grid):
        if typed in draws[0]:
            raise GutexoError(
                f"--set {typed}: the posterior gives it already (--posterior none fixes all)"
            )
    return pick(draws, weights, count, asked.seed)
