"""Run a study from the terminal: plan, progress, files, and what to say at the end."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gutexo.cli.cluster import workers_of
from gutexo.cli.options import SWEEP, Options, Request, request
from gutexo.cli.posterior import drawn
from gutexo.cli.progress import progress_bar
from gutexo.cli.run_files import begun, finish_swap, swap, write_run
from gutexo.cli.run_folder import MICE, finished, target
from gutexo.cli.runs import resumed, told_kept
from gutexo.cli.terminal import complain, show, show_facts, show_json, show_table
from gutexo.interrupts import exit_code, reason
from gutexo.printable import printable

if TYPE_CHECKING:
    from gutexo.cohort.result import Result
    from gutexo.protocol.study import Study

MOST_TOLD = 10  # failed mice that are told one by one


@dataclass(frozen=True)
class Job:
    """A study with all that decides what it answers.

    Attributes:
        plan: The study.
        replicates: Mice an arm.
        asked: Seed and processes.
        draws: Parameter draws, of which each replicate lives by one; none for fixed parameters.
    """

    plan: Study
    replicates: int
    asked: Request
    draws: list[dict[str, float]]

    @property
    def identity(self) -> dict[str, Any]:
        """What makes two runs the same."""
        from gutexo.cohort.provenance import identity

        return identity(self.plan, self.replicates, self.asked.seed, self.draws)


def build(asked: Request) -> Study:
    """The study a request names, with its changes."""
    from gutexo.protocol.studies import QUICK, study

    plan = study(asked.of or asked.study)
    if asked.quick:
        plan = plan.change(QUICK)
    if asked.changes:
        plan = plan.change(asked.changes)
    if asked.study != SWEEP:
        return plan
    from gutexo.protocol.sweep import sweep

    return sweep(plan, asked.grid)


def run_named(name: str | None, options: Options) -> int:
    """Run a study; returns the exit code."""
    if options.resume or options.retry_failed:
        options = resumed(options)
    asked = request(options, name)
    plan = build(asked)
    replicates = asked.replicates or plan.replicates
    job = Job(plan, replicates, asked, drawn(options, asked, replicates))
    say = _speaker(options)
    if options.dry_run:
        return _tell_plan(job, options)
    if options.out is None:
        result = _run(job, options, say)
        return _report(result, _effects(result), options)
    return _run_into(options.out, job, options, say)


def _run_into(out: Path, job: Job, options: Options, say: Any) -> int:
    """Run a study into its folder, unless it is there; beside what is there if it replaces it."""
    swapped = finish_swap(out, job.identity, say)
    force = options.force and not swapped  # what it asked for is there now
    folder = target(out, job.identity, job.plan.figures, force=force, resume=options.resume)
    there = finished(out, job.identity) if folder == out else None
    if there is not None and there.damaged:
        say(f"{out}: not as they were written, made again: {', '.join(there.damaged)}")
    elif there is not None and there.decimal_comma != job.asked.decimal_comma:
        say(f"{out}: tables are written anew, with another decimal mark")
    elif there is not None and not (options.retry_failed and there.failed):
        say(there.line)
        return 1 if there.failed else 0
    with ExitStack() as held:
        # What runs the mice is known to answer before anything is written.
        begin = begun(folder, out, job, say)
        result = _run(job, options, say, folder / MICE, lambda: held.enter_context(begin))
        rows = _effects(result)
        write_run(result, rows, job, folder, say)
        if folder != out:
            swap(out, say)
    return _report(result, rows, options)


def _speaker(options: Options) -> Any:
    def say(line: str) -> None:
        if not options.quiet and not options.json:
            show(line)

    return say


def _tell_plan(job: Job, options: Options) -> int:
    from gutexo.cli.cost import cost, megabytes, minutes

    asks = cost(job.plan, job.replicates, job.asked.seed, job.asked.jobs)
    content = {
        "study": job.plan.name,
        "arms": [arm.name for arm in job.plan.arms],
        "mice": asks.mice,
        "lives to raise": asks.lives,
        "mouse days": round(asks.days),
        "minutes": round(minutes(asks, job.asked.jobs, _speaker(options)), 1),
        "MB on disk": megabytes(job.plan, job.replicates),
        "seed": job.asked.seed,
        "jobs": job.asked.jobs,
    }
    if job.draws:
        content["draws"] = len(job.draws)
    if options.json:
        show_json(content)
    else:
        show_facts(content, 15)
    return 0


def _run(
    job: Job,
    options: Options,
    say: Any,
    keep: Path | None = None,
    begin: Callable[[], None] = lambda: None,
) -> Result:
    """Run the mice.

    Args:
        job: What is run.
        options: As typed.
        say: Called with a line for people.
        keep: Folder of the store.
        begin: Called once what runs the mice has answered, before the first mouse.
    """
    from gutexo.cohort.compare import run_study
    from gutexo.cohort.crews import BrokenWorkers

    try:
        with (
            workers_of(options, job.asked.jobs, say) as workers,
            progress_bar(options) as progress,
        ):
            begin()
            return run_study(
                job.plan,
                replicates=job.replicates,
                seed=job.asked.seed,
                workers=workers,
                progress=progress,
                say=say,
                keep=keep,
                retry_failed=options.retry_failed,
                draws=job.draws,
            )
    except KeyboardInterrupt as error:
        line = reason(error)
        if keep is not None:
            line += f"{told_kept(keep)}; the same command goes on"
        else:
            line += "; nothing is kept (--out DIR keeps mice as they finish)"
        complain(line)
        raise SystemExit(exit_code(error)) from None
    except BrokenWorkers as error:
        line = str(error).replace("\n", " ")
        if keep is not None:
            line += f": gutexo study --out {options.out} --resume"
        complain(line)
        raise SystemExit(1) from None


def _effects(result: Result) -> list[Any]:
    from gutexo.analysis.effects import effects

    pairs = [tuple(pair) for pair in json.loads(result.data.attrs["comparisons"])]
    return list(effects(result.data, pairs)) if pairs else []


def _report(result: Result, rows: list[Any], options: Options) -> int:
    from gutexo.analysis.effects import TOLD
    from gutexo.analysis.facts import facts
    from gutexo.cohort.failures import told

    pairs = list(dict.fromkeys((row.arm, row.comparator) for row in rows))
    main = [row for row in rows if row.readout in TOLD]
    main.sort(key=lambda row: pairs.index((row.arm, row.comparator)))
    scored = facts(result.data) if rows else []
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
    for failure in result.failures[:MOST_TOLD]:
        complain(told(failure))
    if len(result.failures) > MOST_TOLD:
        where = f"gutexo list {options.out}" if options.out else "--out DIR keeps them"
        more = len(result.failures) - MOST_TOLD
        complain(f"and {more} more mice failed ({where})")
    if result.failures:
        return 1
    missed = any(fact.verdict == "fail" for fact in scored)
    return 3 if missed else 0


def _print_report(result: Result, told: list[Any], scored: list[Any], options: Options) -> None:
    from gutexo.cohort.provenance import told_assumptions

    columns = ("readout", "unit", "arm", "comparator", "ratio", "95 % interval")
    for (arm, comparator, day), of_pair in groupby(
        told, key=lambda row: (row.arm, row.comparator, row.day)
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
    space = result.data["activation over mean field"].mean().item()
    show(f"What space adds: macrophages are driven x {space:.2f} of what equal segments would be.")
    facts_of_run = result.provenance
    listed = options.out / "manifest.json" if options.out else "gutexo parameters"
    show(told_assumptions(facts_of_run, f"{listed}"))
    for note in facts_of_run["notes"]:
        show(note)
    if options.out:
        show(f"Figures, tables and data: {printable(options.out)}")
