"""Numbers of mice that are needed: `gutexo analyse consistency` and `gutexo analyse design`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gutexo.cli.analyse import prepare_analysis
from gutexo.cli.cost import RunCost, estimate_cost, estimate_minutes
from gutexo.cli.options import ADOPTED, Options, Request, read_config
from gutexo.cli.posterior import read_requested_draws
from gutexo.cli.progress import progress_bar
from gutexo.cli.terminal import show, show_facts, show_json
from gutexo.errors import GutexoError

if TYPE_CHECKING:
    from gutexo.analysis.consistency import Consistency
    from gutexo.analysis.sample_size import SampleSize
    from gutexo.protocol.study import Study

CONSISTENCY_READOUTS = ("FITC-dextran", "TER", "plasma TNF", "HOMA-IR")
CONSISTENCY_MICE, QUICK_CONSISTENCY_MICE = 320, 80
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
    draws: int | None = None


def _count_mice(options: Options, requested: Request, usual: int, quick: int, least: int) -> int:
    """Return the requested number of mice, or the default number of this analysis.

    Raises:
        GutexoError: There are fewer than `least`.
    """
    replicates = options.replicates
    if replicates is None and options.config is not None:
        replicates = read_config(options.config).get("replicates")
    count = replicates if replicates is not None else quick if requested.quick else usual
    if count < least:
        raise GutexoError(f"replicates must be {least} or more here; got {count}")
    return count


def _prepare_plan(
    options: Options, name: str, files: tuple[str, ...]
) -> tuple[Request, dict[str, Any], Callable[[str], None]]:
    """Check a request as every analysis does; a dry run makes no folder."""
    return prepare_analysis(replace(options, out=None) if options.dry_run else options, name, files)


def _print_cost(
    plan: Study,
    run_cost: RunCost,
    requested: Request,
    options: Options,
    report: Callable[[str], None],
    draws: int = 1,
) -> bool:
    """Print what will be run and how long it takes; returns whether it is a dry run."""
    if options.quiet and not options.dry_run:
        return False
    taken = draws * estimate_minutes(run_cost, requested.jobs, report)
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


def run_consistency(
    options: Options,
    arms: Sequence[str],
    comparator: str,
    readouts: Sequence[str],
    days: Sequence[float],
) -> int:
    """Compare groups of mice with each other and return the exit code."""
    from gutexo.analysis.consistency import (
        CONSISTENCY_COLUMNS,
        GROUP_SIZE_COLUMNS,
        group_size_rows,
        measure_consistency,
    )
    from gutexo.analysis.design import check_readouts
    from gutexo.analysis.tables import csv_text, write_atomically
    from gutexo.cohort.study_run import run_study
    from gutexo.figures.results import save_figures

    files = ("consistency.csv", "consistency_mice.csv", "consistency.png", "consistency.svg")
    requested, changes, report = _prepare_plan(options, "consistency", files)
    mice = _count_mice(options, requested, CONSISTENCY_MICE, QUICK_CONSISTENCY_MICE, 2)
    checked = check_readouts(readouts or CONSISTENCY_READOUTS)
    plan, days_read = _build_grouped_arms(arms or ("young + vehicle",), comparator, days, changes)
    run_cost = estimate_cost(plan, mice, requested.seed, requested.jobs)
    if _print_cost(plan, run_cost, requested, options, report):
        return 0
    with progress_bar(options) as progress:
        result = run_study(
            plan,
            replicates=mice,
            seed=requested.seed,
            workers=requested.jobs,
            progress=progress,
            report=report,
        )
    names = [arm.name for arm in plan.arms if arm.name != comparator or len(plan.arms) == 1]
    found: list[Consistency] = []
    for name in names:
        for day in days_read:
            found += measure_consistency(
                result.data, checked, name, comparator, day, seed=requested.seed
            )
    if options.out is not None:
        curves = csv_text([GROUP_SIZE_COLUMNS, *group_size_rows(found)])
        write_atomically(options.out / files[0], curves.encode(), force=True)
        rows = [[getattr(row, name) for name in CONSISTENCY_COLUMNS] for row in found]
        text = csv_text([CONSISTENCY_COLUMNS, *rows])
        write_atomically(options.out / files[1], text.encode(), force=True)
        save_figures({"consistency": found}, options.out)
    if options.json:
        show_json(found)
    elif not options.quiet:
        _print_groups(found)
    return 1 if result.failures else 0


def _build_grouped_arms(
    arms: Sequence[str], comparator: str, days: Sequence[float], changes: dict[str, Any]
) -> tuple[Study, list[float]]:
    """Build the arms to be grouped, no longer than needed, and the days on which they are read."""
    from gutexo.protocol.standard_studies import scenario
    from gutexo.protocol.study import Scenario, Study

    names = list(dict.fromkeys([*arms, *([comparator] if comparator else [])]))
    if names == [comparator]:
        raise GutexoError(f"arm and comparator are the same: '{comparator}'")
    found = [scenario(name).change(changes) for name in names]
    longest = min(arm.duration for arm in found)
    # Before a dose, paired mice are the same mouse, so their ratios on day 0 cannot be grouped.
    usual = [longest] if comparator else [0.0, longest]
    days_read = sorted(set(days)) if days else usual
    for day in days_read:
        if not (day == int(day) and 0 <= day <= longest):
            raise GutexoError(f"day must be a whole number, 0 to {longest:g}; got {day:g}")
    shortened = tuple(Scenario(**{**dict(arm), "duration": float(max(days_read))}) for arm in found)
    return Study(name="consistency", arms=shortened), [float(day) for day in days_read]


def _print_groups(found: Sequence[Consistency]) -> None:
    from gutexo.analysis.consistency import chance_departures
    from gutexo.cohort.provenance import MICE_ONLY_NOTE

    for row in found:
        most = row.sizes[-1].animals
        pair = f"{row.arm} / {row.comparator}" if row.comparator else row.arm
        number = f"more than {most}" if row.chosen is None else f"{row.chosen}"
        mean = "" if row.precise is None else f"; {row.precise} for a mean within 5 %"
        show(f"  {row.readout:13} {pair}, day {row.day:g}: {number} mice until groups agree{mean}")
    sizes = tuple(size.animals for size in found[0].sizes)
    middle = chance_departures(sizes)[1]
    typical = next((n for n, a in zip(sizes, middle, strict=True) if a <= 0.56), None)
    show(
        "Groups agree: no A of 20 groups beyond a small effect (0.56). A uses ranks only: for"
        f" independent mice, whatever the readout, it needs {typical or 'more than the largest'}"
        " by chance alone. The mean within 5 % (95 % interval) differs by readout."
    )
    shared = next((s.animals for s in found[0].sizes if not s.disjoint), None)
    if shared is not None:
        show(
            f"From groups of {shared} on, mice are drawn with replacement from {found[0].mice}"
            " (--replicates)."
        )
    show(MICE_ONLY_NOTE)


def run_design(options: Options, analysis_options: DesignOptions, readouts: Sequence[str]) -> int:
    """Plan a laboratory's experiment and return the exit code."""
    from gutexo.analysis.design import READOUTS, build_experiment, check_readouts, plan_experiment
    from gutexo.analysis.power import welch_power
    from gutexo.analysis.sample_size import (
        LaboratoryTest,
        PowerPoint,
        SampleSize,
        split_power_curves,
    )
    from gutexo.analysis.tables import write_table
    from gutexo.figures.results import save_figures

    files = ("design.csv", "design_power.csv", "design.png", "design.svg")
    requested, changes, report = _prepare_plan(options, "design", files)
    test = LaboratoryTest(analysis_options.power, analysis_options.alpha, analysis_options.noise)
    checked = check_readouts(readouts or READOUTS)
    plan = build_experiment(
        analysis_options.arm,
        analysis_options.comparator,
        equivalents=analysis_options.equivalents,
        every=analysis_options.every,
        duration=analysis_options.duration,
        route=analysis_options.route,
    ).change(changes)
    # If the library of this function is missing, the command fails now and not after minutes.
    welch_power(0.0, 1.0, 1.0, 2, analysis_options.alpha)
    draws = _read_draws(options, requested, analysis_options)
    usual = (DESIGN_MICE, QUICK_DESIGN_MICE) if len(draws) == 1 else (MICE_PER_DRAW, MICE_PER_DRAW)
    mice = _count_mice(options, requested, *usual, 2)
    run_cost = estimate_cost(plan, mice, requested.seed, requested.jobs)
    if _print_cost(plan, run_cost, requested, options, report, len(draws)):
        return 0
    with progress_bar(options) as progress:
        needs = plan_experiment(
            plan,
            checked,
            test,
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
    show(MICE_ONLY_NOTE)
