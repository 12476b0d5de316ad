"""Runner of analyses from the terminal: check, estimate the cost, compute, write, draw, report."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from gutexo.cli.options import Options, Request, build_request
from gutexo.cli.terminal import show, show_dry_run, show_json
from gutexo.errors import GutexoError
from gutexo.support.memory import run_memory_message
from gutexo.support.paths import make_folder

if TYPE_CHECKING:
    from gutexo.protocol.study import Study


@dataclass(frozen=True)
class Analysis:
    """Name of an analysis, and the files it writes with `--out`.

    Attributes:
        name: Name of its command.
        tables: Row type by file name of each table.
        figures: Names of its figures; each is saved as PNG and as SVG.
        texts: File names of its other files.
    """

    name: str
    tables: Mapping[str, type] = field(default_factory=dict)
    figures: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()

    def list_files(self) -> tuple[str, ...]:
        """List the names of all its files."""
        drawn = (f"{name}.{end}" for name in self.figures for end in ("png", "svg"))
        return (*self.tables, *self.texts, *drawn)


@dataclass(frozen=True)
class AnalysisRun:
    """An analysis that was requested and may start.

    Attributes:
        options: Options as typed; a dry run has no folder.
        requested: What is to be run, with all defaults filled in.
        changes: All changes of parameters, those of `--quick` included.
        report: Prints a line, unless `--quiet` or `--json` was given.
        resources: What is closed when the analysis ends, such as processes.
    """

    options: Options
    requested: Request
    changes: dict[str, Any]
    report: Callable[[str], None]
    resources: ExitStack = field(default_factory=ExitStack)


@dataclass(frozen=True)
class AnalysisCost:
    """What will be run, and how long it takes.

    Attributes:
        facts: Value, or list of values, by name; a dry run prints them.
        line: Line that is printed before an analysis starts.
    """

    facts: dict[str, Any]
    line: str


@dataclass(frozen=True)
class Findings:
    """What an analysis has found.

    Attributes:
        content: Content that `--json` prints.
        lines: Lines that are printed otherwise.
        rows: Rows by file name of their table.
        figures: What each figure draws, by its name.
        texts: Content by file name of the other files.
        exit_code: Exit code of the command.
    """

    content: Any
    lines: Iterable[str] = ()
    rows: Mapping[str, Iterable[Any]] = field(default_factory=dict)
    figures: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    exit_code: int = 0


@dataclass(frozen=True)
class AnalysisPlan:
    """What an analysis does, after its options were checked.

    Attributes:
        compute: Computes the findings.
        estimate: Estimates the cost; None for an analysis of seconds.
    """

    compute: Callable[[], Findings]
    estimate: Callable[[], AnalysisCost] | None = None


def prepare_analysis(
    options: Options, name: str, files: tuple[str, ...]
) -> tuple[Request, dict[str, Any], Callable[[str], None]]:
    """Check a request before anything is run: its parameters, and that no file would be replaced.

    Args:
        options: As typed; the folder is made.
        name: Name of the analysis.
        files: Names of the files that it writes.

    Returns:
        The request, all changes of parameters, and a function that prints a line.

    Raises:
        GutexoError: An option is wrong, or the folder holds one of the files.
    """
    from gutexo.catalogue import Parameters
    from gutexo.protocol.standard_studies import QUICK

    requested = build_request(options, name)
    if line := run_memory_message():
        raise GutexoError(line)
    changes: dict[str, Any] = {**(QUICK if requested.quick else {}), **requested.changes}
    Parameters().change(changes)
    if options.out is not None and not options.force:
        existing = [file for file in files if os.path.lexists(options.out / file)]
        if existing:
            raise GutexoError(f"{options.out} holds {existing[0]} already (--force to overwrite)")

    if options.out is not None:
        make_folder(options.out, "--out")

    def report(line: str) -> None:
        if not (options.quiet or options.json):
            show(line)

    return requested, changes, report


def without_folder(options: Options) -> Options:
    """Return the options, without `--out` for a dry run, which makes no folder."""
    return replace(options, out=None) if options.dry_run else options


def run_analysis(
    analysis: Analysis, options: Options, plan: Callable[[AnalysisRun], AnalysisPlan]
) -> int:
    """Run an analysis, or print its cost in a dry run.

    Args:
        analysis: Its name and files.
        options: Options as typed.
        plan: Checks what the analysis alone knows of, and returns what it does.

    Returns:
        The exit code.

    Raises:
        GutexoError: An option is wrong, or the folder holds one of the files.
    """
    options = without_folder(options)
    prepared = prepare_analysis(options, analysis.name, analysis.list_files())
    with ExitStack() as resources:
        planned = plan(AnalysisRun(options, *prepared, resources))
        report = prepared[-1]
        if planned.estimate is not None and (
            options.dry_run or not (options.quiet or options.json)
        ):
            cost = planned.estimate()
            if options.dry_run:
                show_dry_run(cost.facts, options.json)
                return 0
            report(cost.line)
        found = planned.compute()
    _write_findings(analysis, found, options)
    if options.json:
        show_json(found.content)
    elif not options.quiet:
        for line in found.lines:
            show(line)
    return found.exit_code


def _write_findings(analysis: Analysis, found: Findings, options: Options) -> None:
    if options.out is None:
        return
    from gutexo.analysis.tables import write_atomically, write_table
    from gutexo.figures.results import save_figures

    for name, row in analysis.tables.items():
        write_table(row, found.rows[name], options.out / name, force=True)
    for name in analysis.texts:
        write_atomically(options.out / name, found.texts[name].encode(), force=True)
    save_figures({name: found.figures[name] for name in analysis.figures}, options.out)


def estimate_mice(
    run: AnalysisRun,
    studies: Sequence[tuple[Study, int]],
    about: Mapping[str, Any],
    times: int = 1,
) -> AnalysisCost:
    """Estimate the cost of an analysis that runs studies of mice.

    Args:
        run: The analysis.
        studies: Each study with its mice per arm.
        about: Facts that are printed first, by name.
        times: How often the studies are run, each time with other parameters.
    """
    from gutexo.cohort.cost import estimate_cost, estimate_minutes

    requested = run.requested
    costs = [estimate_cost(study, mice, requested.seed, requested.jobs) for study, mice in studies]
    mice, lives = (times * sum(getattr(one, name) for one in costs) for name in ("mice", "lives"))
    minutes = times * estimate_minutes(costs, requested.jobs, run.report)
    facts = {
        **about,
        "mice": mice,
        "lives to raise": lives,
        "mouse days": round(times * sum(one.days for one in costs)),
        "minutes": round(minutes, 1),
        "seed": requested.seed,
        "jobs": requested.jobs,
    }
    arms = sum(len(study.arms) for study, _ in studies)
    line = (
        f"{mice} mice in {arms} arm(s), {lives} lives to raise: some {minutes:.1f} minutes on"
        f" {requested.jobs} worker(s), less if lives are saved"
    )
    return AnalysisCost(facts, line)
