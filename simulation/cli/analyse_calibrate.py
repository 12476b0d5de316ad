"""Fit the rows that may be fitted: `gutexo analyse calibrate`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gutexo.cli.analyse import prepare_analysis
from gutexo.cli.options import Options, Request
from gutexo.cli.terminal import print_error, show, show_json
from gutexo.errors import GutexoError
from gutexo.support.interrupts import exit_code, interrupt_message
from gutexo.support.paths import NEW_RUN_FOLDER, make_folder, report_write_errors

if TYPE_CHECKING:
    from gutexo.analysis.calibration.pipeline import Calibration
    from gutexo.analysis.calibration.plan import CalibrationPlan

Report = Callable[[str], None]
FINISHED_CODES = (
    0,
    3,
)  # exit codes of a calibration that ended: with a draw that may be adopted, or without one


@dataclass(frozen=True)
class CalibrationOptions:
    """Options that set the size of a calibration, as they were typed."""

    free: tuple[str, ...] = ()
    budget: float | None = None
    population: int | None = None
    tolerance: float | None = None


def run_calibrate(options: Options, analysis_options: CalibrationOptions) -> int:
    """Run all stages of a calibration (mean-field model, small mice, default mice, diagnostics).

    Returns:
        The exit code: 3 if no draw may be adopted.
    """
    from gutexo.analysis.calibration import output_files
    from gutexo.analysis.calibration.mean_field_stage import require_pyabc
    from gutexo.cohort.lock import Lock

    require_pyabc()
    requested, _, report = prepare_analysis(replace(options, out=None), "calibrate", ())
    plan = _build_plan(requested, options, analysis_options)
    folder = options.out
    if options.dry_run:
        _print_cost(_estimate_cost(plan, requested, report), options, show)
        return 0
    if folder is None:
        raise GutexoError("calibrate keeps its populations on disk: name a folder with --out")
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
        if code in FINISHED_CODES:
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
    from gutexo.analysis.calibration.pipeline import calibrate
    from gutexo.analysis.calibration.plan import open_calibration

    begun = open_calibration(folder, plan)
    done = output_files.read_summary(folder) if begun else None
    if done is not None and plan.budget <= done.get("budget", 0.0):
        report(f"{folder} holds this calibration already (--force starts anew, --budget continues)")
        if options.json:
            show_json(done)
        return 0 if done.get("landed") else 3
    with open(folder / output_files.LOG, "a", encoding="utf-8") as log:
        start = time.monotonic()

        def report_and_log(line: str) -> None:
            log.write(f"{(time.monotonic() - start) / 60:7.2f} min  {line}\n")
            log.flush()
            report(line)

        state = "continued" if begun else "started"
        report_and_log(f"seed {plan.seed}, {requested.jobs} workers, {state}")
        _print_cost(_estimate_cost(plan, requested, report_and_log), options, report_and_log)
        try:
            found = calibrate(plan, folder, workers=requested.jobs, report=report_and_log)
        except KeyboardInterrupt as error:
            line = f"all answers so far are in {folder}; the same command continues"
            print_error(f"{interrupt_message(error)}; {line}")
            return exit_code(error)
        for line in summary_lines(found):
            report_and_log(line)
    output_files.write_calibration(found, plan, folder)
    _draw_figures(found, folder)
    if options.json:
        show_json(output_files.summarise_calibration(found, plan))
    return 0 if found.adopted is not None else 3


def _build_plan(
    requested: Request, options: Options, analysis_options: CalibrationOptions
) -> CalibrationPlan:
    """Build the plan of the requested calibration, with all defaults filled in."""
    from gutexo.analysis.calibration.plan import CalibrationPlan, demonstration_plan
    from gutexo.analysis.calibration.space import make_calibration_space
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
    typed: dict[str, Any] = {"seed": requested.seed}
    if analysis_options.free:
        typed["free"] = make_calibration_space(analysis_options.free).names
    if options.replicates is not None:
        typed["replicates"] = options.replicates
    for name, value in (
        ("budget", analysis_options.budget),
        ("size", analysis_options.population),
        ("tolerance", analysis_options.tolerance),
    ):
        if value is not None:
            typed[name] = value
    if analysis_options.population is not None:
        typed["table"] = max(plan.table, 10 * analysis_options.population)
    return replace(plan, **typed)


def _estimate_cost(plan: CalibrationPlan, requested: Request, report: Report) -> dict[str, Any]:
    """Estimate how long a calibration takes.

    The times are measured on a few parameter sets of the mean-field model and a few days of a
    mouse.
    """
    from gutexo.analysis.calibration.pipeline import time_mean_field
    from gutexo.analysis.outcomes import build_question_study
    from gutexo.cli.cost import estimate_cost, estimate_minutes

    mean_field = time_mean_field(plan)
    small = build_question_study().change({**plan.small, **plan.changes})
    mice = 60 * estimate_minutes(estimate_cost(small, plan.replicates, requested.seed), 1, report)
    default = build_question_study().change({**plan.default, **plan.changes})
    check = estimate_minutes(
        estimate_cost(default, plan.confirming, requested.seed, requested.jobs),
        requested.jobs,
        report,
    )
    shares = [part * plan.budget for part in plan.parts]
    first = plan.table + plan.truths
    return {
        "free parameters": len(plan.free),
        "seconds a set, mean-field model": round(mean_field, 3),
        "sets of the prior": first,
        "minutes of them": round(first * mean_field / 60 / requested.jobs, 1),
        "sets of populations, at most": max(
            0, int(60 * shares[0] * requested.jobs / mean_field) - first
        ),
        "seconds a set of small mice": round(mice, 1),
        "sets of small mice, at most": min(
            plan.draws + plan.pilot, int(60 * shares[1] * requested.jobs / mice)
        ),
        "minutes for the cohort bias": round(check * plan.reference / plan.confirming, 1),
        "minutes a draw of default mice": round(check, 1),
        "draws of default mice, at most": plan.most_checks,
        "minutes in all, at most": round(plan.budget, 1),
        "jobs": requested.jobs,
        "seed": plan.seed,
    }


def _print_cost(facts: dict[str, Any], options: Options, report: Report) -> None:
    if options.dry_run and options.json:
        show_json(facts)
        return
    for name, value in facts.items():
        report(f"{name:31s} {value}")


def _draw_figures(found: Calibration, folder: Path) -> None:
    from gutexo.figures.results import save_figures

    content = {
        "calibration_posterior": found.marginals,
        "calibration_predictive": found.predictive,
        "calibration_ranks": found.ranked,
    }
    save_figures({name: list(rows) for name, rows in content.items() if rows}, folder)


def summary_lines(found: Calibration) -> list[str]:
    """Return the lines that are printed at the end of a calibration."""
    from gutexo.catalogue import Parameters
    from gutexo.cohort.provenance import MICE_ONLY_NOTE

    lines = []
    for row in found.marginals:
        words = "identifiable" if row.identifiable else "NOT identifiable"
        ranks = "" if row.ranks_uniform else "; its ranks on synthetic truth are not uniform"
        unit = "" if row.unit == "1" else f" {row.unit}"
        lines.append(
            f"  {words:16s} {row.parameter}: {row.median:.3g} ({row.low:.3g} to {row.high:.3g})"
            f"{unit}, {row.width:.2f} of its prior{ranks}"
        )
    for pair in found.pairs:
        lines.append(f"  correlated: {pair.one} and {pair.other} ({pair.correlation:+.2f})")
    for answer in found.discrepancies:
        if answer.sets >= 3:
            lines.append(
                f"  mice / mean-field model, {answer.question}: x {answer.mice_over_twin:.2f},"
                f" log spread {answer.spread:.2f} ({answer.sets} sets)"
            )
    odd = [step for step in found.steps if step.z > 4]
    for step in odd:
        lines.append(
            f"  POPULATION {step.population} DIFFERS FROM PLAIN REJECTION by {step.z:.1f} errors"
        )
    if found.adopted is not None:
        entries = {entry.name: entry for entry in Parameters().entries()}
        lines.append("Default mice hold every row at this draw:")
        for name, value in found.adopted.values.items():
            lines.append(f"  {name} = {value:g} (was {entries[name].default:g})")
    else:
        lines.append("Default mice hold every row at no draw: none may be adopted.")
    lines.append(
        "These rows were fitted; that they hold is no evidence. Rows under `validate` were"
    )
    lines.append(f"not used. {MICE_ONLY_NOTE}")
    return lines
