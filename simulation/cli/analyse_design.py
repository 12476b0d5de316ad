"""Numbers of mice that are needed: `gutexo analyse design`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gutexo.cli.analyse import prepare_analysis
from gutexo.cli.options import ADOPTED, Options, Request, read_config
from gutexo.cli.posterior import read_requested_draws
from gutexo.cli.progress import progress_bar
from gutexo.cli.terminal import show, show_facts, show_json
from gutexo.cohort.cost import RunCost, estimate_cost
from gutexo.errors import GutexoError

if TYPE_CHECKING:
    from gutexo.analysis.sample_size import SampleSize
    from gutexo.protocol.study import Study

DESIGN_MICE, QUICK_DESIGN_MICE = 24, 8
MICE_PER_DRAW = 2  # many draws with few mice each give the most information
DRAWS, QUICK_DRAWS = 16, 6
MOST_ANIMALS_PRINTED = 500


@dataclass(frozen=True)
class DesignOptions:
    """Experiment that a laboratory would do, as it was typed."""

    arm: str = "young + old exosomes"
    comparator: str = "young + vehicle"
    equivalents: float = 1.0
    every: float | str = 1.0
    duration: float | str = 28.0
    route: str = "gavage"
    power: float = 0.8
    alpha: float = 0.05
    noise: float = 0.15
    precision: float = 0.05
    draws: int | None = None


def _count_mice(options: Options, requested: Request, usual: int, quick: int) -> int:
    """Return the requested number of mice, or the default number of this analysis.

    Raises:
        GutexoError: There are fewer than two, which have no spread.
    """
    replicates = options.replicates
    if replicates is None and options.config is not None:
        replicates = read_config(options.config).get("replicates")
    count = replicates if replicates is not None else quick if requested.quick else usual
    if count < 2:
        raise GutexoError(f"replicates must be 2 or more here; got {count}")
    return count


def _print_cost(
    plan: Study,
    run_cost: RunCost,
    requested: Request,
    options: Options,
    report: Callable[[str], None],
    draws: int,
) -> bool:
    """Print what will be run and how long it takes; returns whether it is a dry run."""
    if options.quiet and not options.dry_run:
        return False
    taken = draws * run_cost.estimate_minutes(requested.jobs, report)
    content = {
        "arms": [arm.name for arm in plan.arms],
        "parameter draws": draws,
        "mice": draws * run_cost.mice,
        "lives to raise": draws * run_cost.lives,
        "mouse days": round(draws * run_cost.days),
        "minutes": round(taken, 1),
        "seed": requested.seed,
        "jobs": requested.jobs,
    }
    if options.dry_run:
        if options.json:
            show_json(content)
        else:
            show_facts(content, 15)
        return True
    report(
        f"{content['mice']} mice in {len(plan.arms)} arm(s), {content['lives to raise']} lives to"
        f" raise: some {taken:.1f} minutes on {requested.jobs} worker(s), less if lives are saved"
    )
    return False


def run_design(options: Options, analysis_options: DesignOptions, readouts: Sequence[str]) -> int:
    """Plan a laboratory's experiment and return the exit code."""
    from gutexo.analysis.design import READOUTS, build_experiment, check_readouts, plan_experiment
    from gutexo.analysis.precision import check_precision
    from gutexo.analysis.sample_size import (
        LaboratoryTest,
        PowerPoint,
        SampleSize,
        split_power_curves,
    )
    from gutexo.analysis.tables import write_table
    from gutexo.figures.results import save_figures

    files = ("design.csv", "design_power.csv", "design.png", "design.svg")
    in_folder = replace(options, out=None) if options.dry_run else options  # it makes no folder
    requested, changes, report = prepare_analysis(in_folder, "design", files)
    test = LaboratoryTest(analysis_options.power, analysis_options.alpha, analysis_options.noise)
    precision = check_precision(analysis_options.precision)
    checked = check_readouts(readouts or READOUTS)
    plan = build_experiment(
        analysis_options.arm,
        analysis_options.comparator,
        equivalents=analysis_options.equivalents,
        every=analysis_options.every,
        duration=analysis_options.duration,
        route=analysis_options.route,
    ).change(changes)
    draws = _read_draws(options, requested, analysis_options)
    usual = (DESIGN_MICE, QUICK_DESIGN_MICE) if len(draws) == 1 else (MICE_PER_DRAW, MICE_PER_DRAW)
    mice = _count_mice(options, requested, *usual)
    run_cost = estimate_cost(plan, mice, requested.seed, requested.jobs)
    if _print_cost(plan, run_cost, requested, options, report, len(draws)):
        return 0
    with progress_bar(options) as progress:
        needs = plan_experiment(
            plan,
            checked,
            test,
            precision=precision,
            draws=draws,
            replicates=mice,
            seed=requested.seed,
            workers=requested.jobs,
            progress=progress,
            report=report,
        )
    if options.out is not None:
        write_table(SampleSize, needs, options.out / files[0], force=True)
        curves = split_power_curves(needs)
        write_table(PowerPoint, curves, options.out / files[1], force=True)
        save_figures({"design": needs}, options.out)
    if options.json:
        show_json(needs)
    elif not options.quiet:
        _print_sample_sizes(needs)
    return 0


def _read_draws(
    options: Options, requested: Request, analysis_options: DesignOptions
) -> list[dict[str, float]]:
    """Read the parameter draws that are run; one empty draw if the parameters are fixed."""
    usual = QUICK_DRAWS if requested.quick else DRAWS
    draws = read_requested_draws(
        options,
        requested,
        usual if analysis_options.draws is None else analysis_options.draws,
        ADOPTED,
    )
    if analysis_options.draws is not None and not draws:
        raise GutexoError("--draws needs a posterior; --posterior none gives no draws")
    return draws or [{}]


def _print_sample_sizes(needs: Sequence[SampleSize]) -> None:
    from gutexo.cohort.provenance import MICE_ONLY_NOTE

    def number(animals: int | None) -> str:
        return f"more than {MOST_ANIMALS_PRINTED}" if animals is None else f"{animals}"

    first = needs[0]
    show(
        f"Animals a group for power {first.wanted:g} (two-sided Welch t test on logarithms, alpha"
        f" {first.alpha:g}), {first.arm} / {first.comparator}, day {first.day:g}:"
    )
    for one in needs:
        if one.note:
            show(f"  {one.readout:13} no number: {one.note}")
            continue
        limit = (
            ""
            if one.draws == 1
            else f"; sign expected in {100 * one.assurance_limit:.0f} % of draws"
        )
        show(
            f"  {one.readout:13} {number(one.animals)} ({number(one.animals_low)} to"
            f" {number(one.animals_high)}): x {one.ratio:.2f} ({one.ratio_low:.2f} to"
            f" {one.ratio_high:.2f}), animals differ by {100 * one.variation_arm:.0f} % and"
            f" {100 * one.variation_comparator:.0f} %{limit}"
        )
    if first.draws == 1:
        show(
            "The parameters are fixed, so the uncertainty of the model is not in these numbers"
            " (--posterior landed); brackets: middle 80 % over resampled simulated mice."
        )
    else:
        show(f"Power is the mean over {first.draws} parameter draws; brackets: their middle 80 %.")
    show(
        f"Assumed: an error of the assay of {100 * first.noise:g} % (--noise), and how much"
        " rates differ between animals (animal.variation). Animals that are lost, and donors that"
        " are shared, come on top."
    )
    _print_precise_sizes([one for one in needs if not one.note])
    show(MICE_ONLY_NOTE)


def _print_precise_sizes(needs: Sequence[SampleSize]) -> None:
    """Print how many mice a simulation needs; these are not the animals of a laboratory."""
    from gutexo.analysis.precision import MOST_MICE

    def number(mice: int | None) -> str:
        return f"more than {MOST_MICE}" if mice is None else f"{mice}"

    if needs:
        show(
            "Simulated mice an arm (--replicates) for 95 % intervals within"
            f" {100 * needs[0].precision:g} %, from standard errors:"
        )
    for one in needs:
        show(
            f"  {one.readout:13} {number(one.mice_ratio)} for the ratio of pairs; for means"
            f" {number(one.mice_arm)} ({one.arm}), {number(one.mice_comparator)} ({one.comparator})"
        )
