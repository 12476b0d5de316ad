"""Commands of `gutexo analyse`: what they are called with; what they do is imported when run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simulation.cli.arguments import (
    Changes,
    Config,
    Debug,
    Force,
    Jobs,
    Json,
    Out,
    Quick,
    Quiet,
    Replicates,
    Seed,
)
from simulation.cli.arguments import options as typed

analyse = typer.Typer(
    help="Hold the model against what is known.", no_args_is_help=True, rich_markup_mode=None
)


@analyse.command()
def scorecard(
    out: Out = None,
    seed: Seed = None,
    replicates: Replicates = None,
    jobs: Jobs = None,
    set_: Changes = None,
    config: Config = None,
    log: Annotated[
        Path | None, typer.Option(help="CSV to which the scores of a parameter set are added once.")
    ] = None,
    quick: Quick = False,
    quiet: Quiet = False,
    json_: Json = False,
    debug: Debug = False,
    force: Force = False,
) -> None:
    """Score every pattern that was fixed beforehand (minutes); exit 3 where a target is missed."""
    from simulation.cli.analyse import run_scorecard

    options = typed(
        out=out, seed=seed, replicates=replicates, jobs=jobs, changes=set_, config=config,
        quick=quick, quiet=quiet, json=json_, debug=debug, force=force,
    )  # fmt: skip
    raise typer.Exit(run_scorecard(options, log))


@analyse.command()
def ablations(
    out: Out = None,
    seed: Seed = None,
    replicates: Replicates = None,
    jobs: Jobs = None,
    set_: Changes = None,
    config: Config = None,
    cut: Annotated[list[str] | None, typer.Option(help="Only this cut; may be repeated.")] = None,
    quick: Quick = False,
    quiet: Quiet = False,
    json_: Json = False,
    debug: Debug = False,
    force: Force = False,
) -> None:
    """Cut one mechanism after the other and see which effects survive (minutes a cut)."""
    from simulation.cli.analyse import run_ablations

    options = typed(
        out=out, seed=seed, replicates=replicates, jobs=jobs, changes=set_, config=config,
        quick=quick, quiet=quiet, json=json_, debug=debug, force=force,
    )  # fmt: skip
    raise typer.Exit(run_ablations(options, cut))


@analyse.command()
def verify(
    out: Out = None,
    replicates: Replicates = None,
    jobs: Jobs = None,
    set_: Changes = None,
    config: Config = None,
    quick: Quick = False,
    quiet: Quiet = False,
    json_: Json = False,
    debug: Debug = False,
    force: Force = False,
) -> None:
    """Check that the software solves its own equations; exit 3 where a bound is missed."""
    from simulation.cli.analyse import run_verify

    options = typed(
        out=out, replicates=replicates, jobs=jobs, changes=set_, config=config,
        quick=quick, quiet=quiet, json=json_, debug=debug, force=force,
    )  # fmt: skip
    raise typer.Exit(run_verify(options))
