"""Commands of `gutexo analyse` and their options; the code they run is imported when needed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gutexo.cli.arguments import (
    Changes,
    Config,
    Debug,
    DryRun,
    Force,
    Jobs,
    Json,
    Out,
    Posterior,
    Quick,
    Quiet,
    Replicates,
    Seed,
    file_checker,
)
from gutexo.cli.arguments import make_options as typed
from gutexo.errors import GutexoError

analyse = typer.Typer(
    help="Compare the model with what is known.", no_args_is_help=True, rich_markup_mode=None
)


@analyse.command()
def scorecard(
    out: Out = None,
    seed: Seed = None,
    replicates: Replicates = None,
    jobs: Jobs = None,
    set_: Changes = None,
    config: Config = None,
    posterior: Posterior = None,
    log: Annotated[
        Path | None,
        typer.Option(
            help="CSV to which the scores of a parameter set are added once.",
            callback=file_checker("--log"),
        ),
    ] = None,
    validate: Annotated[
        Path | None,
        typer.Option(
            help="Score the predictions too, and add this look at them to a CSV.",
            callback=file_checker("--validate"),
        ),
    ] = None,
    quick: Quick = False,
    quiet: Quiet = False,
    json_: Json = False,
    debug: Debug = False,
    force: Force = False,
) -> None:
    """Score the patterns that were fixed beforehand (minutes); exit 3 where a target is missed."""
    from gutexo.cli.analyse import run_scorecard

    options = typed(
        out=out, seed=seed, replicates=replicates, jobs=jobs, changes=set_, config=config,
        posterior=posterior, quick=quick, quiet=quiet, json=json_, debug=debug, force=force,
    )  # fmt: skip
    raise typer.Exit(run_scorecard(options, log, validate))


@analyse.command()
def ablations(
    out: Out = None,
    seed: Seed = None,
    replicates: Replicates = None,
    jobs: Jobs = None,
    set_: Changes = None,
    config: Config = None,
    cut: Annotated[list[str] | None, typer.Option(help="Only this ablation; repeatable.")] = None,
    quick: Quick = False,
    quiet: Quiet = False,
    json_: Json = False,
    debug: Debug = False,
    force: Force = False,
) -> None:
    """Remove one mechanism at a time and report which effects survive (minutes each)."""
    from gutexo.cli.analyse import run_ablations

    options = typed(
        out=out, seed=seed, replicates=replicates, jobs=jobs, changes=set_, config=config,
        quick=quick, quiet=quiet, json=json_, debug=debug, force=force,
    )  # fmt: skip
    raise typer.Exit(run_ablations(options, cut))


@analyse.command()
def stability(
    out: Out = None,
    set_: Changes = None,
    config: Config = None,
    quick: Quick = False,
    quiet: Quiet = False,
    json_: Json = False,
    debug: Debug = False,
    force: Force = False,
) -> None:
    """Compute gains and rest points of the burden (a minute); exit 3 where it can run away."""
    from gutexo.cli.analyse_stability import run_stability

    options = typed(
        out=out, changes=set_, config=config, quick=quick, quiet=quiet, json=json_, debug=debug,
        force=force,
    )  # fmt: skip
    raise typer.Exit(run_stability(options))


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
    from gutexo.cli.analyse import run_verify

    options = typed(
        out=out, replicates=replicates, jobs=jobs, changes=set_, config=config,
        quick=quick, quiet=quiet, json=json_, debug=debug, force=force,
    )  # fmt: skip
    raise typer.Exit(run_verify(options))


@analyse.command(
    hidden=True,
    context_settings={
        "allow_extra_args": True,
        "ignore_unknown_options": True,
        "help_option_names": [],
    },  # fmt: skip
)
def consistency() -> None:
    """Say that this command is gone."""
    raise GutexoError(
        "`gutexo analyse consistency` is gone: `gutexo analyse design` says how many mice give a"
        " mean or a ratio to a stated precision (--precision)"
    )


@analyse.command()
def design(
    out: Out = None,
    seed: Seed = None,
    replicates: Replicates = None,
    jobs: Jobs = None,
    set_: Changes = None,
    config: Config = None,
    readout: Annotated[list[str] | None, typer.Option(help="Readout; may be repeated.")] = None,
    arm: Annotated[str, typer.Option(help="Treated group.")] = "young + old exosomes",
    comparator: Annotated[str, typer.Option(help="Control group.")] = "young + vehicle",
    equivalents: Annotated[float, typer.Option(help="Donor equivalents a dose.")] = 1.0,
    every: Annotated[str, typer.Option(help="Days between doses.")] = "1 d",
    duration: Annotated[str, typer.Option(help="Days of dosing; read on the last.")] = "28 d",
    route: Annotated[str, typer.Option(help="gavage, intravenous or intraperitoneal.")] = "gavage",
    power: Annotated[float, typer.Option(help="Requested power.")] = 0.8,
    alpha: Annotated[float, typer.Option(help="Two-sided level of the test.")] = 0.05,
    noise: Annotated[
        float, typer.Option(help="Coefficient of variation of the assay; assumed.")
    ] = 0.15,
    precision: Annotated[
        float, typer.Option(help="Half width of the 95 % interval of a simulated mean or ratio.")
    ] = 0.05,
    posterior: Posterior = None,
    draws: Annotated[int | None, typer.Option(help="Draws taken from it (default 16).")] = None,
    quick: Quick = False,
    dry_run: DryRun = False,
    quiet: Quiet = False,
    json_: Json = False,
    debug: Debug = False,
    force: Force = False,
) -> None:
    """Plan an experiment: animals a group for a power, simulated mice for a precision (minutes)."""
    from gutexo.cli.analyse_design import DesignOptions, run_design

    options = typed(
        out=out, seed=seed, replicates=replicates, jobs=jobs, changes=set_, config=config,
        posterior=posterior, quick=quick, dry_run=dry_run, quiet=quiet, json=json_, debug=debug,
        force=force,
    )  # fmt: skip
    analysis_options = DesignOptions(
        arm, comparator, equivalents, every, duration, route, power, alpha, noise, precision, draws
    )
    raise typer.Exit(run_design(options, analysis_options, readout or ()))


@analyse.command()
def sensitivity(
    out: Out = None,
    seed: Seed = None,
    jobs: Jobs = None,
    set_: Changes = None,
    config: Config = None,
    range_: Annotated[
        str, typer.Option("--range", help="near (a factor of 1.5) or prior (its central 90 %).")
    ] = "near",
    budget: Annotated[float | None, typer.Option(help="Minutes it may take (default 30).")] = None,
    trajectories: Annotated[
        int | None, typer.Option(help="Walks of Morris's design (default 10).")
    ] = None,
    points: Annotated[
        int | None, typer.Option(help="Rows N of Sobol's design, a power of two (default 256).")
    ] = None,
    quick: Quick = False,
    dry_run: DryRun = False,
    quiet: Quiet = False,
    json_: Json = False,
    debug: Debug = False,
    force: Force = False,
) -> None:
    """Find which uncertain numbers move which answer (half an hour at most)."""
    from gutexo.cli.analyse_sensitivity import SensitivityOptions, run_sensitivity

    options = typed(
        out=out, seed=seed, jobs=jobs, changes=set_, config=config,
        quick=quick, dry_run=dry_run, quiet=quiet, json=json_, debug=debug, force=force,
    )  # fmt: skip
    raise typer.Exit(
        run_sensitivity(options, SensitivityOptions(range_, budget, trajectories, points))
    )


@analyse.command()
def calibrate(
    out: Out = None,
    seed: Seed = None,
    replicates: Annotated[
        int | None, typer.Option(help="Mice an arm of the posterior predictive study (default 16).")
    ] = None,
    jobs: Jobs = None,
    set_: Changes = None,
    config: Config = None,
    free: Annotated[
        list[str] | None,
        typer.Option(help="A free parameter, instead of those that are screened; repeat it."),
    ] = None,
    quick: Quick = False,
    dry_run: DryRun = False,
    quiet: Quiet = False,
    json_: Json = False,
    debug: Debug = False,
    force: Force = False,
) -> None:
    """Fit the rows that may be fitted with the mean field (two hours, resumable)."""
    from gutexo.cli.analyse_calibrate import run_calibrate

    options = typed(
        out=out, seed=seed, replicates=replicates, jobs=jobs, changes=set_, config=config,
        quick=quick, dry_run=dry_run, quiet=quiet, json=json_, debug=debug, force=force,
    )  # fmt: skip
    raise typer.Exit(run_calibrate(options, tuple(free or ())))


@analyse.command()
def adopt(
    out: Out = None,
    seed: Seed = None,
    replicates: Replicates = None,
    jobs: Jobs = None,
    most: Annotated[int | None, typer.Option(help="Sets to score at most (default 3).")] = None,
    quiet: Quiet = False,
    json_: Json = False,
    debug: Debug = False,
) -> None:
    """Find the set of a calibration that mice confirm (hours, resumable); exit 3 where none is."""
    from gutexo.cli.analyse_adopt import run_adopt

    options = typed(
        out=out, seed=seed, replicates=replicates, jobs=jobs, quiet=quiet, json=json_, debug=debug,
    )  # fmt: skip
    raise typer.Exit(run_adopt(options, most))


@analyse.command()
def box(
    out: Out = None,
    seed: Seed = None,
    jobs: Jobs = None,
    set_: Changes = None,
    config: Config = None,
    posterior: Posterior = None,
    draws: Annotated[int | None, typer.Option(help="Draws taken from it (default 60).")] = None,
    quick: Quick = False,
    quiet: Quiet = False,
    json_: Json = False,
    debug: Debug = False,
    force: Force = False,
) -> None:
    """Report in what share of doses, schedules and posterior draws the reported signs hold."""
    from gutexo.cli.analyse_box import run_box

    options = typed(
        out=out, seed=seed, jobs=jobs, changes=set_, config=config,
        posterior=posterior, quick=quick, quiet=quiet, json=json_, debug=debug, force=force,
    )  # fmt: skip
    raise typer.Exit(run_box(options, draws))
