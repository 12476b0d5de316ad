"""Numbers of mice that are needed: `gutexo analyse design`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gutexo.cli.analysis_runner import (
    Analysis,
    AnalysisCost,
    AnalysisPlan,
    AnalysisRun,
    Findings,
    estimate_mice,
    run_analysis,
)
from gutexo.cli.options import ADOPTED, Options, read_config
from gutexo.cli.posterior import read_requested_draws
from gutexo.cli.progress import progress_bar
from gutexo.cohort.cost import estimate_cost
from gutexo.errors import GutexoError

if TYPE_CHECKING:
    from gutexo.analysis.sample_size import SampleSize

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


def _count_mice(run: AnalysisRun, usual: int, quick: int) -> int:
    """Return the requested number of mice an arm, or the default number of this analysis.

    Raises:
        GutexoError: There are fewer than two, which have no spread.
    """
    replicates, config = run.options.replicates, run.options.config
    if replicates is None and config is not None:
        replicates = read_config(config).get("replicates")
    count = replicates if replicates is not None else quick if run.requested.quick else usual
    if count < 2:
        raise GutexoError(f"replicates must be 2 or more here; got {count}")
    return count


def run_design(options: Options, analysis_options: DesignOptions, readouts: Sequence[str]) -> int:
    """Plan a laboratory's experiment and return the exit code.

    Args:
        options: Options of the command.
        analysis_options: The experiment.
        readouts: Names of readouts; the usual ones if none.
    """
    from gutexo.analysis.design import READOUTS, build_experiment, check_readouts, plan_experiment
    from gutexo.analysis.precision import check_precision
    from gutexo.analysis.sample_size import (
        LaboratoryTest,
        PowerPoint,
        SampleSize,
        split_power_curves,
    )

    def plan(run: AnalysisRun) -> AnalysisPlan:
        requested = run.requested
        test = LaboratoryTest(
            analysis_options.power, analysis_options.alpha, analysis_options.noise
        )
        precision = check_precision(analysis_options.precision)
        checked = check_readouts(readouts or READOUTS)
        experiment = build_experiment(
            analysis_options.arm,
            analysis_options.comparator,
            equivalents=analysis_options.equivalents,
            every=analysis_options.every,
            duration=analysis_options.duration,
            route=analysis_options.route,
        ).change(run.changes)
        draws = _read_draws(run, analysis_options)
        fixed = len(draws) == 1
        usual = (DESIGN_MICE, QUICK_DESIGN_MICE) if fixed else (MICE_PER_DRAW, MICE_PER_DRAW)
        mice = _count_mice(run, *usual)
        # A mouse that memory cannot hold is refused before anything is run, also with --quiet.
        estimate_cost(experiment, mice, requested.seed, requested.jobs)

        def estimate() -> AnalysisCost:
            arms = [arm.name for arm in experiment.arms]
            about = {"arms": arms, "parameter draws": len(draws)}
            return estimate_mice(run, [(experiment, mice)], about, times=len(draws))

        def compute() -> Findings:
            with progress_bar(run.options) as progress:
                needs = plan_experiment(
                    experiment,
                    checked,
                    test,
                    precision=precision,
                    draws=draws,
                    replicates=mice,
                    seed=requested.seed,
                    workers=requested.jobs,
                    progress=progress,
                    report=run.report,
                )
            return Findings(
                needs,
                describe_sample_sizes(needs),
                {"design.csv": needs, "design_power.csv": split_power_curves(needs)},
                {"design": needs},
            )

        return AnalysisPlan(compute, estimate)

    tables = {"design.csv": SampleSize, "design_power.csv": PowerPoint}
    return run_analysis(Analysis("design", tables, ("design",)), options, plan)


def _read_draws(run: AnalysisRun, analysis_options: DesignOptions) -> list[dict[str, float]]:
    """Read the parameter draws that are run; one empty draw if the parameters are fixed."""
    usual = QUICK_DRAWS if run.requested.quick else DRAWS
    draws = read_requested_draws(
        run.options,
        run.requested,
        usual if analysis_options.draws is None else analysis_options.draws,
        ADOPTED,
    )
    if analysis_options.draws is not None and not draws:
        raise GutexoError("--draws needs a posterior; --posterior none gives no draws")
    return draws or [{}]


def describe_sample_sizes(needs: Sequence[SampleSize]) -> Iterator[str]:
    """Describe in lines how many animals, and how many simulated mice, are needed.

    Args:
        needs: Sample size of each readout.
    """
    from gutexo.cohort.provenance import MICE_ONLY_NOTE

    def number(animals: int | None) -> str:
        return f"more than {MOST_ANIMALS_PRINTED}" if animals is None else f"{animals}"

    first = needs[0]
    yield (
        f"Animals a group for power {first.wanted:g} (two-sided Welch t test on logarithms, alpha"
        f" {first.alpha:g}), {first.arm} / {first.comparator}, day {first.day:g}:"
    )
    for one in needs:
        if one.note:
            yield f"  {one.readout:13} no number: {one.note}"
            continue
        limit = (
            ""
            if one.draws == 1
            else f"; sign expected in {100 * one.assurance_limit:.0f} % of draws"
        )
        yield (
            f"  {one.readout:13} {number(one.animals)} ({number(one.animals_low)} to"
            f" {number(one.animals_high)}): x {one.ratio:.2f} ({one.ratio_low:.2f} to"
            f" {one.ratio_high:.2f}), animals differ by {100 * one.variation_arm:.0f} % and"
            f" {100 * one.variation_comparator:.0f} %{limit}"
        )
    if first.draws == 1:
        yield (
            "The parameters are fixed, so the uncertainty of the model is not in these numbers"
            " (--posterior landed); brackets: middle 80 % over resampled simulated mice."
        )
    else:
        yield f"Power is the mean over {first.draws} parameter draws; brackets: their middle 80 %."
    yield (
        f"Assumed: an error of the assay of {100 * first.noise:g} % (--noise), and how much"
        " rates differ between animals (animal.variation). Animals that are lost, and donors that"
        " are shared, come on top."
    )
    yield from _describe_precise_sizes([one for one in needs if not one.note])
    yield MICE_ONLY_NOTE


def _describe_precise_sizes(needs: Sequence[SampleSize]) -> Iterator[str]:
    """Describe how many mice a simulation needs; these are not the animals of a laboratory."""
    from gutexo.analysis.precision import MOST_MICE

    def number(mice: int | None) -> str:
        return f"more than {MOST_MICE}" if mice is None else f"{mice}"

    if needs:
        yield (
            "Simulated mice an arm (--replicates) for 95 % intervals within"
            f" {100 * needs[0].precision:g} %, from standard errors:"
        )
    for one in needs:
        yield (
            f"  {one.readout:13} {number(one.mice_ratio)} for the ratio of pairs; for means"
            f" {number(one.mice_arm)} ({one.arm}), {number(one.mice_comparator)} ({one.comparator})"
        )
