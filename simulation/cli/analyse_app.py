"""Commands of `gutexo analyse` and their options; the code they run is imported when needed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gutexo.cli.arguments import FIRST, Posterior, file_checker, with_options
from gutexo.errors import GutexoError

if TYPE_CHECKING:
    from gutexo.cli.options import Options

analyse = typer.Typer(
    help="Compare the model with what is known.", no_args_is_help=True, rich_markup_mode=None
)


@analyse.command()
@with_options((*FIRST, "posterior"))
def scorecard(
    options: Options,
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
) -> int:
    """Score the patterns that were fixed beforehand (minutes); exit 3 where a target is missed."""
    from gutexo.cli.analyse import run_scorecard

    return run_scorecard(options, log, validate)


@analyse.command()
@with_options()
def ablations(
    options: Options,
    cut: Annotated[list[str] | None, typer.Option(help="Only this ablation; repeatable.")] = None,
) -> int:
    """Remove one mechanism at a time and report which effects survive (minutes each)."""
    from gutexo.cli.analyse import run_ablations

    return run_ablations(options, cut)


@analyse.command()
@with_options(without=("seed", "replicates", "jobs", "dry_run"))
def stability(options: Options) -> int:
    """Compute gains and rest points of the burden (a minute); exit 3 where it can run away."""
    from gutexo.cli.analyse_stability import run_stability

    return run_stability(options)


@analyse.command()
@with_options(without=("seed",))
def verify(options: Options) -> int:
    """Check that the software solves its own equations; exit 3 where a bound is missed."""
    from gutexo.cli.analyse import run_verify

    return run_verify(options)


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
@with_options()
def design(
    options: Options,
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
) -> int:
    """Plan an experiment: animals a group for a power, simulated mice for a precision (minutes)."""
    from gutexo.cli.analyse_design import DesignOptions, run_design

    analysis_options = DesignOptions(
        arm, comparator, equivalents, every, duration, route, power, alpha, noise, precision, draws
    )
    return run_design(replace(options, posterior=posterior), analysis_options, readout or ())


@analyse.command()
@with_options(without=("replicates",))
def sensitivity(
    options: Options,
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
) -> int:
    """Find which uncertain numbers move which answer (half an hour at most)."""
    from gutexo.cli.analyse_sensitivity import SensitivityOptions, run_sensitivity

    return run_sensitivity(options, SensitivityOptions(range_, budget, trajectories, points))


@analyse.command()
@with_options(
    replicates=Annotated[
        int | None, typer.Option(help="Mice an arm of the posterior predictive study (default 24).")
    ]
)
def calibrate(
    options: Options,
    free: Annotated[
        list[str] | None,
        typer.Option(help="A free parameter, instead of those that are screened; repeat it."),
    ] = None,
) -> int:
    """Fit the rows that may be fitted with the mean field (two hours, resumable)."""
    from gutexo.cli.analyse_calibrate import run_calibrate

    return run_calibrate(options, tuple(free or ()))


@analyse.command()
@with_options(without=("changes", "config", "quick", "dry_run", "force"))
def adopt(
    options: Options,
    most: Annotated[int | None, typer.Option(help="Sets to score at most (default 3).")] = None,
) -> int:
    """Find the set of a calibration that mice confirm (hours, resumable); exit 3 where none is."""
    from gutexo.cli.analyse_adopt import run_adopt

    return run_adopt(options, most)


@analyse.command()
@with_options()
def donors(options: Options) -> int:
    """Report how much of an effect's variance donors cause, for pools of 2, 4 and 8 (minutes)."""
    from gutexo.cli.analyse_donors import run_donors

    return run_donors(options)


@analyse.command()
@with_options((*FIRST, "posterior"), without=("replicates",))
def box(
    options: Options,
    draws: Annotated[int | None, typer.Option(help="Draws taken from it (default 60).")] = None,
) -> int:
    """Report in what share of doses, schedules and posterior draws the reported signs hold."""
    from gutexo.cli.analyse_box import run_box

    return run_box(options, draws)
