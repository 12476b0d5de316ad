"""Worksheets for a class: `gutexo run worksheet`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

from gutexo.cli.options import Options, Request
from gutexo.cli.terminal import show_dry_run, show_json
from gutexo.errors import GutexoError

if TYPE_CHECKING:
    from gutexo.protocol.study import Study

FILES = ("student.html", "teacher.html")
MICE = 6


def run_worksheet(options: Options) -> int:
    """Run the exosome transfer on small mice, write both sheets and return the exit code."""
    from gutexo.analysis.tables import write_atomically
    from gutexo.cli.analysis_runner import prepare_analysis, without_folder
    from gutexo.cli.figures import refuse_options
    from gutexo.cli.progress import progress_bar
    from gutexo.cohort.study_run import run_study
    from gutexo.page.worksheet import answers, worksheets
    from gutexo.protocol.standard_studies import QUICK, study

    refuse_options(options, "worksheet")
    requested, changes, report = prepare_analysis(without_folder(options), "worksheet", FILES)
    plan = study("exosome transfer").change({**QUICK, **changes})
    mice = requested.replicates or MICE
    if options.dry_run:
        return _print_plan(options, plan, mice, requested, report)
    if options.out is None:
        raise GutexoError("worksheets are files: name a folder with --out")
    with progress_bar(options) as progress:
        result = run_study(
            plan,
            replicates=mice,
            seed=requested.seed,
            workers=requested.jobs,
            progress=progress,
            report=report,
        )
    note = (
        f"Written from a run of small mice (--quick), {mice} a group, seed {requested.seed}. The"
        " same command and version write the same sheets; another seed gives other mice."
    )
    for name, page in zip(FILES, worksheets(plan, result.data, note), strict=True):
        write_atomically(options.out / name, page.encode(), force=True)
    if options.json:
        rows = [
            {**asdict(one.effect), "verdict": one.verdict}
            for one in answers(result.data, plan.comparisons)
        ]
        content = {"out": str(options.out), "files": list(FILES), "answers": rows}
        show_json(content)
    else:
        report(f"Sheets to print: {options.out / FILES[0]}, {options.out / FILES[1]}")
    return 1 if result.failures else 0


def _print_plan(
    options: Options, plan: Study, mice: int, requested: Request, report: Callable[[str], None]
) -> int:
    from gutexo.cohort.cost import estimate_cost

    run_cost = estimate_cost(plan, mice, requested.seed, requested.jobs)
    content = {
        "files": list(FILES),
        "mice": run_cost.mice,
        "lives to raise": run_cost.lives,
        "minutes": round(run_cost.estimate_minutes(requested.jobs, report), 1),
        "seed": requested.seed,
        "jobs": requested.jobs,
    }
    show_dry_run(content, options.json)
    return 0
