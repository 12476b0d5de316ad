"""Sensitivity of every answer to the uncertain parameters: `gutexo analyse sensitivity`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gutexo.cli.analysis_runner import (
    Analysis,
    AnalysisCost,
    AnalysisPlan,
    AnalysisRun,
    Findings,
    run_analysis,
)
from gutexo.cli.changes import parse_changes
from gutexo.cli.options import Options, Request
from gutexo.cli.progress import progress_bar
from gutexo.cohort.cost import estimate_cost
from gutexo.support.json_text import format_json

if TYPE_CHECKING:
    from gutexo.analysis.evaluated_sets import EvaluatedSets
    from gutexo.analysis.parameter_space import ParameterSpace
    from gutexo.analysis.sensitivity import Sensitivity, SensitivityPlan

TIMED_PARAMETER_SETS = (
    4  # parameter sets on which the emulator is timed; the first one is a warm-up
)
PRINTED_PARAMETERS = 3  # parameters named for each answer
EVALUATIONS_FILE, CONTENT_FILE = "evaluations.csv", "sensitivity.json"
FIGURES = ("morris", "tornado")


@dataclass(frozen=True)
class SensitivityOptions:
    """Options that set the size of an analysis, as they were typed."""

    range: str = "near"
    budget: float | None = None
    trajectories: int | None = None
    points: int | None = None


def run_sensitivity(options: Options, analysis_options: SensitivityOptions) -> int:
    """Run a sensitivity analysis and return the exit code.

    Its steps: screen the parameters, estimate their indices, attribute the variance to groups, and
    compare the emulator with mice.

    Args:
        options: Options of the command.
        analysis_options: Its range and size.
    """
    from gutexo.analysis.sensitivity import TABLES, measure_sensitivity
    from gutexo.analysis.sensitivity.evaluators import open_mean_field, open_mice
    from gutexo.protocol.standard_studies import QUICK

    def plan(run: AnalysisRun) -> AnalysisPlan:
        requested, out = run.requested, run.options.out
        space, held = _build_space(run, analysis_options)
        keep = None if out is None else out / EVALUATIONS_FILE
        small = {**QUICK, **{k: v for k, v in held.items() if k.startswith("resolution.")}}
        progress = run.resources.enter_context(progress_bar(run.options))
        workers = run.resources.enter_context(_open_processes(requested.jobs))
        how: dict[str, Any] = {"path": keep, "workers": workers, "progress": progress}
        sizes = _build_plan(requested, analysis_options)
        emulator = open_mean_field(space, sizes.mean_field_mice, requested.seed, **how)
        sizes, cost = _fit_to_budget(sizes, space, emulator, small, run, analysis_options)

        def compute() -> Findings:
            how["resolution"] = small
            try:
                found = measure_sensitivity(
                    space,
                    sizes,
                    emulator,
                    [
                        open_mice(space, sizes.replicates, requested.seed + number, **how)
                        for number in range(sizes.runs)
                    ],
                    open_mean_field(space, sizes.mean_field_mice, requested.seed, **how),
                    range=analysis_options.range,
                    seed=requested.seed,
                    report=run.report,
                )
            except KeyboardInterrupt as error:
                saved = [] if keep is None else [f"answers so far are saved in {keep}"]
                error.__notes__ = [*saved, "the same command continues"]
                raise
            content = json_content(found)
            return Findings(
                content,
                describe_indices(found),
                {f"{name}.csv": getattr(found, name) for name in TABLES},
                {f"sensitivity_{name}": found for name in FIGURES},
                {CONTENT_FILE: format_json(content) + "\n"},
            )

        return AnalysisPlan(compute, lambda: cost)

    analysis = Analysis(
        "sensitivity",
        {f"{name}.csv": kind for name, kind in TABLES.items()},
        tuple(f"sensitivity_{name}" for name in FIGURES),
        (CONTENT_FILE,),
    )
    return run_analysis(analysis, options, plan)


@contextmanager
def _open_processes(jobs: int) -> Iterator[Any]:
    """Open the processes of all stages, so that not every stage starts its own; 1 for this one."""
    from gutexo.cohort.executors import choose_executor

    processes = choose_executor(jobs)
    try:
        yield processes or 1
    finally:
        if processes is not None:
            processes.stop()


def _build_space(
    run: AnalysisRun, analysis_options: SensitivityOptions
) -> tuple[ParameterSpace, dict[str, float]]:
    """Build the space of the parameters that are varied.

    A parameter that `--set` names is held at its value. A configuration changes only the defaults
    around which parameters are varied.

    Returns:
        The space, and the values of the held parameters by name.
    """
    from gutexo.analysis.sensitivity import make_sensitivity_space
    from gutexo.catalogue import Parameters

    requested = run.requested
    names: list[str] = []
    for name, value in requested.changes.items():
        names += [f"{name}.{one}" for one in value] if isinstance(value, Mapping) else [name]
    values = Parameters().change(requested.changes).flat()
    held = {name: values[name] for name in parse_changes(run.options.changes)}
    base = {name: values[name] for name in names}
    return make_sensitivity_space(analysis_options.range, base=base, held=held), held


def _build_plan(requested: Request, analysis_options: SensitivityOptions) -> SensitivityPlan:
    """Build the plan of the requested analysis."""
    from gutexo.analysis.sensitivity import QUICK_PLAN, SensitivityPlan

    plan = QUICK_PLAN if requested.quick else SensitivityPlan()
    if analysis_options.trajectories is not None:
        plan = replace(plan, trajectories=analysis_options.trajectories)
    return (
        plan if analysis_options.points is None else replace(plan, points=analysis_options.points)
    )


def _fit_to_budget(
    plan: SensitivityPlan,
    space: ParameterSpace,
    emulator: EvaluatedSets,
    small: Mapping[str, Any],
    run: AnalysisRun,
    analysis_options: SensitivityOptions,
) -> tuple[SensitivityPlan, AnalysisCost]:
    """Reduce a plan until it fits the budget; return it with its cost."""
    from gutexo.analysis.outcomes import build_question_study
    from gutexo.analysis.sensitivity import BUDGET, describe_range
    from gutexo.analysis.sensitivity.morris import trajectories

    requested, count = run.requested, len(space.names)
    walk = trajectories(count, 1, requested.seed)[0]
    seconds = emulator.time_sets([space.values(point) for point in walk[:TIMED_PARAMETER_SETS]])
    study = build_question_study().change({**space.base, **small})
    cost = estimate_cost(study, plan.replicates, requested.seed)
    mice = 60 * cost.estimate_minutes(1, run.report)

    def lasts(one: SensitivityPlan) -> float:
        return one.minutes(count, seconds, mice, requested.jobs)

    budget = BUDGET if analysis_options.budget is None else analysis_options.budget
    fits = plan.within(budget, lasts)
    if fits != plan:
        run.report(
            f"--budget {budget:g}: {plan.trajectories} walks, N {plan.points} and"
            f" {plan.checked} sets for mice would take {lasts(plan):.0f} minutes; reduced"
        )
    facts = {
        "uncertain parameters": count,
        "assumed of them": sum(one.assumed for one in space.dimensions),
        "range": describe_range(analysis_options.range),
        "walks (Morris)": fits.trajectories,
        "rows N (Sobol)": fits.points,
        "evaluations": fits.evaluations(count),
        "seconds each": round(seconds, 3),
        "runs of mice": fits.mouse_runs(),
        "seconds a run": round(mice, 1),
        "minutes": round(lasts(fits), 1),
        "jobs": requested.jobs,
        "seed": requested.seed,
    }
    line = (
        f"{count} uncertain parameters ({facts['assumed of them']} assumed), each moved through"
        f" {facts['range']}; {facts['evaluations']} evaluations of {seconds:.2f} s and"
        f" {facts['runs of mice']} runs of small mice of {mice:.0f} s: some"
        f" {facts['minutes']:.1f} minutes on {requested.jobs} worker(s), less where answers are"
        " saved"
    )
    return fits, AnalysisCost(facts, line)


def json_content(found: Sensitivity) -> dict[str, Any]:
    """Return all content of an analysis for JSON."""
    from gutexo.analysis.sensitivity import TABLES

    return describe_analysis(found) | {name: getattr(found, name) for name in TABLES}


def describe_analysis(found: Sensitivity) -> dict[str, Any]:
    """Return all content of an analysis except its tables: ranges, plan, seed and so on."""
    from gutexo.analysis.sensitivity import describe_range, largest_move, lost_share

    return {
        "seed": found.seed,
        "range": found.range,
        "moved": describe_range(found.range),
        "plan": found.plan.settings(),
        "parameters": {
            one.name: {
                "low": one.value(0.0),
                "high": one.value(1.0),
                "grade": one.entry.grade,
                "importance": found.importance[one.name],
            }
            for one in found.space.dimensions
        },
        "base": found.space.base,
        "picked": list(found.picked),
        "evaluations": found.evaluations,
        "points passed over for mice": found.passed_over,
        "refused": found.reasons,
        "share of effects lost": lost_share(found.morris),
        "largest move of a total index": largest_move(found.sobol),
    }


def _interval(value: float, low: float, high: float) -> str:
    return f"{value:.2f} ({low:.2f} to {high:.2f})"


def describe_indices(found: Sensitivity) -> Iterator[str]:
    """Describe in lines which parameters move which answer, and how sure that is.

    Args:
        found: The analysis.
    """
    from gutexo.analysis.sensitivity import (
        OTHERS,
        REPORT_LOST,
        label_question,
        largest_move,
        lost_share,
    )
    from gutexo.cohort.provenance import MICE_ONLY_NOTE

    spreads = {row.question: row for row in found.answers}
    assumed = {row.question: row for row in found.groups if row.name == "assumed"}
    errors = {row.question: row for row in found.emulator}
    yield "Share of the variance of each log answer: total index and its 95 % interval."
    for question in found.questions:
        spread = spreads[question]
        sign = ""
        if not math.isnan(spread.above_one):
            sign = (
                f"; above 1 in {spread.above_one:.0%} ({spread.above_one_low:.0%} to"
                f" {spread.above_one_high:.0%}) of sets"
            )
        yield (
            f"{label_question(question)}: {spread.default:.3g} at the defaults, {spread.low:.3g} to"
            f" {spread.high:.3g} in 90 % of parameter sets{sign}"
        )
        own = [row for row in found.sobol if row.question == question and not math.isnan(row.st)]
        single = sorted((r for r in own if r.name != OTHERS), key=lambda r: -r.st)[
            :PRINTED_PARAMETERS
        ]
        for row in [*single, *(r for r in own if r.name == OTHERS)]:
            yield f"  {row.name:34s} {_interval(row.st, row.st_low, row.st_high)}"
        if question in assumed and not math.isnan(assumed[question].st):
            row = assumed[question]
            total = _interval(row.st, row.st_low, row.st_high)
            alone = _interval(row.s1, row.s1_low, row.s1_high)
            yield f"  {'assumed parameters together':34s} {total}; first order {alone}"
        if question in errors and not math.isnan(errors[question].rms):
            error = errors[question]
            chance = "" if math.isnan(error.noise) else f", {error.noise:.3f} by chance among mice"
            part = "" if math.isnan(error.share) else f"; {error.share:.2f} of the variance"
            yield (
                f"  emulator against small mice, log: {error.rms:.3f} rms, {error.largest:.3f} at"
                f" most{chance}{part} ({error.points} sets)"
            )
    lost = lost_share(found.morris)
    yield (
        f"From half of the rows to all, total indices move by {largest_move(found.sobol):.2f} at"
        f" most. Effects lost to refused answers: {lost:.1%}."
    )
    lost_rows = max((row.lost / max(1, row.lost + row.rows) for row in found.sobol), default=0.0)
    if max(lost, lost_rows) > REPORT_LOST:
        yield (
            f"MANY ANSWERS WERE REFUSED ({max(lost, lost_rows):.0%} of effects or rows): the rest"
            " describes only sets in which mice live."
        )
    far = max((row for row in found.answers if row.far > 0), key=lambda r: r.far, default=None)
    if far is not None:
        yield (
            "Answers far outside are winsorised at three interquartile ranges beyond the"
            f" quartiles: {far.far:.1%} of sets at most ({label_question(far.question)})."
        )
    for reason, count in list(found.reasons.items())[:PRINTED_PARAMETERS]:
        yield f"  refused {count} times: {reason}"
    yield (
        "The indices hold for these ranges and no others; that a parameter does not matter here"
        " does not mean that its process does not."
    )
    yield MICE_ONLY_NOTE
