"""Run of a study from the terminal: plan, progress, files, and the report at the end."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from itertools import groupby
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gutexo.cli.cluster import open_workers
from gutexo.cli.options import SWEEP, Options, Request, build_request
from gutexo.cli.posterior import read_requested_draws
from gutexo.cli.progress import progress_bar
from gutexo.cli.run_files import finish_replacement, open_run, replace_run, write_run
from gutexo.cli.run_folder import MICE, choose_run_folder, find_finished_run
from gutexo.cli.runs import resume_options, saved_mice_message
from gutexo.cli.study_job import StudyJob
from gutexo.cli.terminal import print_error, show, show_dry_run, show_json, show_table
from gutexo.support.interrupts import exit_code, interrupt_message
from gutexo.support.printable import make_printable

if TYPE_CHECKING:
    from gutexo.cohort.result import CohortResult
    from gutexo.protocol.study import Study

MOST_FAILURES_PRINTED = 10  # failed mice that are printed one by one


def build_study(requested: Request) -> Study:
    """Build the study that a request names, with its changes."""
    from gutexo.protocol.standard_studies import QUICK, study

    plan = study(requested.of or requested.study)
    if requested.quick:
        plan = plan.change(QUICK)
    if requested.changes:
        plan = plan.change(requested.changes)
    if requested.interventions:
        from gutexo.protocol.intervention_classes import add_interventions

        plan = add_interventions(plan, requested.interventions)
    if requested.study != SWEEP:
        return plan
    from gutexo.protocol.sweep import sweep

    return sweep(plan, requested.grid)


def run_named_study(name: str | None, options: Options) -> int:
    """Run a study by name and return the exit code."""
    if options.resume or options.retry_failed:
        options = resume_options(options)
    requested = build_request(options, name)
    plan = build_study(requested)
    replicates = requested.replicates or plan.replicates
    draws = read_requested_draws(options, requested, replicates)
    job = StudyJob(plan, replicates, requested, draws)
    report = _make_reporter(options)
    if options.dry_run:
        return _print_plan(job, options)
    if options.out is None:
        result = _run_mice(job, options, report)
        return _report_result(result, _estimate_effects(result), options)
    return _run_into_folder(options.out, job, options, report)


def _run_into_folder(out: Path, job: StudyJob, options: Options, report: Any) -> int:
    """Run a study into its folder, unless it is finished there, and return the exit code.

    A run that replaces another one is written beside it until it is finished.
    """
    swapped = finish_replacement(out, job.identity, report)
    force = options.force and not swapped  # the requested run is in its place now
    folder = choose_run_folder(
        out, job.identity, job.plan.figures, force=force, resume=options.resume
    )
    finished = find_finished_run(out, job.identity) if folder == out else None
    if finished is not None and finished.damaged:
        report(f"{out}: not as they were written, made again: {', '.join(finished.damaged)}")
    elif finished is not None and finished.decimal_comma != job.requested.decimal_comma:
        report(f"{out}: tables are written anew, with another decimal mark")
    elif finished is not None and not (options.retry_failed and finished.failed):
        report(finished.line)
        return 1 if finished.failed else 0
    with ExitStack() as stack:
        # Nothing is written before the processes or the cluster have answered.
        begin = open_run(folder, out, job, report)
        result = _run_mice(job, options, report, folder / MICE, lambda: stack.enter_context(begin))
        rows = _estimate_effects(result)
        write_run(result, rows, job, folder, report)
        if folder != out:
            replace_run(out, report)
    return _report_result(result, rows, options)


def _make_reporter(options: Options) -> Any:
    def report(line: str) -> None:
        if not options.quiet and not options.json:
            show(line)

    return report


def _print_plan(job: StudyJob, options: Options) -> int:
    from gutexo.cohort.cost import estimate_cost, estimate_megabytes

    run_cost = estimate_cost(job.plan, job.replicates, job.requested.seed, job.requested.jobs)
    content = {
        "study": job.plan.name,
        "arms": [arm.name for arm in job.plan.arms],
        "mice": run_cost.mice,
        "lives to raise": run_cost.lives,
        "mouse days": round(run_cost.days),
        "minutes": round(run_cost.estimate_minutes(job.requested.jobs, _make_reporter(options)), 1),
        "MB on disk": estimate_megabytes(job.plan, job.replicates),
        "seed": job.requested.seed,
        "jobs": job.requested.jobs,
    }
    if job.draws:
        content["draws"] = len(job.draws)
    show_dry_run(content, options.json)
    return 0


def _run_mice(
    job: StudyJob,
    options: Options,
    report: Any,
    keep: Path | None = None,
    begin: Callable[[], None] = lambda: None,
) -> CohortResult:
    """Run the mice of a study.

    Args:
        job: What is run.
        options: As typed.
        report: Called with a line for people.
        keep: Folder of the store.
        begin: Called before the first mouse, when the processes or the cluster have answered.
    """
    from gutexo.cohort.executors import BrokenWorkers
    from gutexo.cohort.study_run import run_study

    try:
        with (
            open_workers(options, job.requested.jobs, report) as workers,
            progress_bar(options) as progress,
        ):
            begin()
            return run_study(
                job.plan,
                replicates=job.replicates,
                seed=job.requested.seed,
                workers=workers,
                progress=progress,
                report=report,
                keep=keep,
                retry_failed=options.retry_failed,
                draws=job.draws,
            )
    except KeyboardInterrupt as error:
        line = interrupt_message(error)
        if keep is not None:
            line += f"{saved_mice_message(keep)}; the same command continues"
        else:
            line += "; nothing is saved (--out DIR saves mice as they finish)"
        print_error(line)
        raise SystemExit(exit_code(error)) from None
    except BrokenWorkers as error:
        line = str(error).replace("\n", " ")
        if keep is not None:
            line += f": gutexo study --out {options.out} --resume"
        print_error(line)
        raise SystemExit(1) from None


def _estimate_effects(result: CohortResult) -> list[Any]:
    from gutexo.analysis.effects import estimate_effects

    pairs = [tuple(pair) for pair in json.loads(result.data.attrs["comparisons"])]
    return list(estimate_effects(result.data, pairs)) if pairs else []


def _report_result(result: CohortResult, rows: list[Any], options: Options) -> int:
    from gutexo.analysis.effects import PRINTED_READOUTS
    from gutexo.analysis.facts import score_facts
    from gutexo.cohort.failures import format_failure

    pairs = list(dict.fromkeys((row.arm, row.comparator) for row in rows))
    main = [row for row in rows if row.readout in PRINTED_READOUTS]
    main.sort(key=lambda row: pairs.index((row.arm, row.comparator)))
    scored = score_facts(result.data) if rows else []
    scored = [fact for fact in scored if fact.verdict != "unscored"] or scored
    if options.json:
        content = {
            "effects": rows,
            "facts": scored,
            "failures": result.failures,
            "out": str(options.out) if options.out else None,
        }
        show_json(content)
    elif not options.quiet:
        _print_report(result, main, scored, options)
    for failure in result.failures[:MOST_FAILURES_PRINTED]:
        print_error(format_failure(failure))
    if len(result.failures) > MOST_FAILURES_PRINTED:
        where = f"gutexo list {options.out}" if options.out else "--out DIR saves them"
        more = len(result.failures) - MOST_FAILURES_PRINTED
        print_error(f"and {more} more mice failed ({where})")
    if result.failures:
        return 1
    missed = any(fact.verdict == "fail" for fact in scored)
    return 3 if missed else 0


def _print_report(
    result: CohortResult, effects: list[Any], scored: list[Any], options: Options
) -> None:
    from gutexo.analysis.diabetic import describe_diabetic
    from gutexo.cohort.provenance import describe_assumptions

    columns = ("readout", "unit", "arm", "comparator", "ratio", "95 % interval")
    for (arm, comparator, day), of_pair in groupby(
        effects, key=lambda row: (row.arm, row.comparator, row.day)
    ):
        cells = (
            (
                row.readout,
                row.unit,
                f"{row.mean_arm:.3g}",
                f"{row.mean_comparator:.3g}",
                f"{row.ratio:.2f}",
                "" if isnan(row.ratio_low) else f"{row.ratio_low:.2f} to {row.ratio_high:.2f}",
            )
            for row in of_pair
        )
        show_table(f"{arm} / {comparator}, day {day:g}", columns, cells, right=columns[2:])
    if scored:
        show("The four reported signs (the model was built to be able to show them):")
        for fact in scored:
            show(f"  {fact}")
    for line in describe_diabetic(result.data):
        show(line)
    space = result.data["activation over mean field"].mean().item()
    show(f"Effect of space: macrophages are activated x {space:.2f} as much as in equal segments.")
    facts_of_run = result.provenance
    listed = options.out / "manifest.json" if options.out else "gutexo parameters"
    show(describe_assumptions(facts_of_run, f"{listed}"))
    for note in facts_of_run["notes"]:
        show(note)
    if options.out:
        show(f"Figures, tables and data: {make_printable(options.out)}")
