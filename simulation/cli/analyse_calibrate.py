"""Fit the rows that may be fitted: `gutexo analyse calibrate`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gutexo.cli.analysis_runner import prepare_analysis
from gutexo.cli.options import Options, Request
from gutexo.cli.terminal import format_facts, print_error, show_dry_run, show_json
from gutexo.errors import GutexoError
from gutexo.support.interrupts import exit_code, interrupt_message
from gutexo.support.paths import NEW_RUN_FOLDER, make_folder, report_write_errors

if TYPE_CHECKING:
    from gutexo.analysis.calibration.plan import CalibrationPlan
    from gutexo.analysis.calibration.run import Calibration

Report = Callable[[str], None]


def run_calibrate(options: Options, free: tuple[str, ...]) -> int:
    """Run the steps of a calibration up to the posterior predictive.

    Args:
        options: Options of the command.
        free: Free parameters; those that the screening chooses if empty.

    Returns:
        The exit code.
    """
    from gutexo.analysis.calibration import output_files
    from gutexo.cohort.lock import Lock

    requested, _, report = prepare_analysis(replace(options, out=None), "calibrate", ())
    plan = _build_plan(requested, options, free)
    folder = options.out
    if options.dry_run:
        show_dry_run(_estimate_cost(plan, requested, report), options.json)
        return 0
    if folder is None:
        raise GutexoError("calibrate keeps its evaluated sets on disk: name a folder with --out")
    if not options.force and (name := output_files.find_conflict(folder)) is not None:
        raise GutexoError(
            f"{folder} holds {name}, but no calibration that can be continued; use another "
            "--out, or --force to replace it"
        )
    make_folder(folder, "--out")
    with Lock(folder, report):  # a second calibration would write answers to the same files
        if not options.force:
            return _run_in_folder(plan, folder, options, requested, report)
        # The old calibration stays in the folder until the new one is finished.
        new = make_folder(folder / NEW_RUN_FOLDER)
        if not output_files.holds_calibration(new, plan):
            output_files.remove_calibration(new)
        code = _run_in_folder(plan, new, options, requested, report)
        if code == 0:
            with report_write_errors(folder, "--out"):
                output_files.replace_calibration(new, folder)
            with suppress(OSError):
                new.rmdir()
        return code


def _run_in_folder(
    plan: CalibrationPlan, folder: Path, options: Options, requested: Request, report: Report
) -> int:
    """Start or continue a calibration in its folder and return the exit code."""
    from gutexo.analysis.calibration import output_files
    from gutexo.analysis.calibration.plan import open_calibration
    from gutexo.analysis.calibration.run import calibrate

    begun = open_calibration(folder, plan)
    done = output_files.read_summary(folder) if begun else None
    if done is not None:
        report(f"{folder} holds this calibration already (--force starts anew)")
        if options.json:
            show_json(done)
        return 0
    with open(folder / output_files.LOG, "a", encoding="utf-8") as log:
        start = time.monotonic()

        def report_and_log(line: str) -> None:
            log.write(f"{(time.monotonic() - start) / 60:7.2f} min  {line}\n")
            log.flush()
            report(line)

        state = "continued" if begun else "started"
        report_and_log(f"seed {plan.seed}, {requested.jobs} workers, {state}")
        for line in format_facts(_estimate_cost(plan, requested, report_and_log)):
            report_and_log(line)
        try:
            found = calibrate(plan, folder, workers=requested.jobs, report=report_and_log)
        except KeyboardInterrupt as error:
            line = f"all evaluated sets are in {folder}; the same command continues"
            print_error(f"{interrupt_message(error)}; {line}")
            return exit_code(error)
        for line in summary_lines(found):
            report_and_log(line)
    output_files.write_calibration(found, plan, folder)
    _draw_figures(found, folder)
    if options.json:
        show_json(output_files.summarise_calibration(found, plan))
    return 0


def _build_plan(requested: Request, options: Options, free: tuple[str, ...]) -> CalibrationPlan:
    """Build the plan of the requested calibration, with all defaults filled in."""
    from gutexo.analysis.calibration.plan import CalibrationPlan, demonstration_plan
    from gutexo.analysis.parameter_space import make_parameter_space
    from gutexo.catalogue import Parameters

    names: list[str] = []
    for name, value in requested.changes.items():
        names += [f"{name}.{one}" for one in value] if isinstance(value, Mapping) else [name]
    values = Parameters().change(requested.changes).flat()
    changes = {name: values[name] for name in names}
    plan = (
        demonstration_plan(requested.seed, changes)
        if requested.quick
        else CalibrationPlan(changes=changes)
    )
    typed: dict[str, Any] = {}
    if options.seed is not None:
        typed["seed"] = options.seed
    if free:
        typed["free"] = free
    if options.replicates is not None:
        typed["predictive"] = options.replicates
    plan = replace(plan, **typed)
    if plan.free:
        make_parameter_space(plan.free, base=changes)
    return plan


def _estimate_cost(plan: CalibrationPlan, requested: Request, report: Report) -> dict[str, Any]:
    """Estimate how long a calibration takes, from a few sets and a few days of a mouse."""
    from gutexo.analysis.calibration.feasible_point import SEARCHED
    from gutexo.analysis.calibration.run import screened_names, time_mean_field
    from gutexo.analysis.outcomes import build_question_study
    from gutexo.cohort.cost import estimate_cost

    seconds = time_mean_field(plan)
    counts = plan.evaluations(len(screened_names(plan.changes)), len(SEARCHED))
    minutes = {name: count * seconds / 60 / requested.jobs for name, count in counts.items()}
    if plan.predictive:
        study = build_question_study().change(plan.changes)
        cost = estimate_cost(study, plan.predictive, requested.seed, requested.jobs)
        minutes["posterior predictive"] = cost.estimate_minutes(requested.jobs, report)
    return {
        "seconds a set": round(seconds, 2),
        **{f"sets, {name}, at most": count for name, count in counts.items()},
        **{f"minutes, {name}": round(value, 1) for name, value in minutes.items()},
        "minutes in all, at most": round(sum(minutes.values()), 1),
        "jobs": requested.jobs,
        "seed": plan.seed,
    }


def _draw_figures(found: Calibration, folder: Path) -> None:
    from gutexo.figures.results import save_figures

    content = {
        "calibration_posterior": found.marginals,
        "calibration_predictive": found.predictive,
        "calibration_ranks": found.ranks,
    }
    save_figures({name: list(rows) for name, rows in content.items() if rows}, folder)


def summary_lines(found: Calibration) -> list[str]:
    """Return the lines that are printed at the end of a calibration."""
    from gutexo.cohort.provenance import MICE_ONLY_NOTE

    lines = []
    for row in found.marginals:
        words = "identifiable" if row.identifiable else "NOT identifiable"
        ranks = "" if row.uniform else "; its ranks are not uniform"
        unit = "" if row.unit == "1" else f" {row.unit}"
        lines.append(
            f"  {words:16s} {row.parameter}: {row.median:.3g} ({row.low:.3g} to {row.high:.3g})"
            f"{unit}, {row.width:.2f} of its prior{ranks}"
        )
    for pair in found.pairs:
        lines.append(f"  correlated: {pair.one} and {pair.other} ({pair.correlation:+.2f})")
    if not found.posterior.finished:
        lines.append(
            f"  the posterior is worth {found.posterior.sample.size:.0f} draws of equal weight,"
            f" fewer than the {found.posterior.enough:.0f} that were wanted"
        )
    for one in found.predictive:
        if one.model == "posterior" and one.inside < 0.5:
            lines.append(f"  {one.id}: only {one.inside:.0%} of the posterior is in its window")
    for score in found.mice:
        lines.append(f"  mice, {score.id}: {score.value:.3g}, {score.verdict}")
    lines.append(
        "These rows were fitted; that they hold is no evidence. Rows under `validate` were"
    )
    lines.append(f"not used. {MICE_ONLY_NOTE}")
    return lines
