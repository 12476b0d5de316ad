"""Write sheets for a class: `gutexo run worksheet`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

from gutexo.cli.options import Options, Request
from gutexo.cli.terminal import show_facts, show_json
from gutexo.errors import GutexoError

if TYPE_CHECKING:
    from gutexo.protocol.study import Study

FILES = ("student.html", "teacher.html")
MICE = 6


def run_worksheet(options: Options) -> int:
    """Run the exosome transfer on small mice and write both sheets; returns the exit code."""
    from gutexo.analysis.tables import write_atomically
    from gutexo.cli.analyse import prepared
    from gutexo.cli.figures import asks_only, refuse
    from gutexo.cli.progress import progress_bar
    from gutexo.cohort.compare import run_study
    from gutexo.page.worksheet import answers, worksheets
    from gutexo.protocol.studies import QUICK, study

    refuse(options, "worksheet")
    asked, changes, say = prepared(asks_only(options), "worksheet", FILES)
    plan = study("exosome transfer").change({**QUICK, **changes})
    mice = asked.replicates or MICE
    if options.dry_run:
        return _tell(options, plan, mice, asked, say)
    if options.out is None:
        raise GutexoError("worksheets are files: name a folder with --out")
    with progress_bar(options) as progress:
        result = run_study(
            plan, replicates=mice, seed=asked.seed, workers=asked.jobs, progress=progress, say=say
        )
    note = (
        f"Written from a run of small mice (--quick), {mice} a group, seed {asked.seed}. The same"
        " command and version write the same sheets; another seed gives other mice."
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
        say(f"Sheets to print: {options.out / FILES[0]}, {options.out / FILES[1]}")
    return 1 if result.failures else 0


def _tell(
    options: Options, plan: Study, mice: int, asked: Request, say: Callable[[str], None]
) -> int:
    from gutexo.cli.cost import cost, minutes

    asks = cost(plan, mice, asked.seed, asked.jobs)
    content = {
        "files": list(FILES),
        "mice": asks.mice,
        "lives to raise": asks.lives,
        "minutes": round(minutes(asks, asked.jobs, say), 1),
        "seed": asked.seed,
        "jobs": asked.jobs,
    }
    if options.json:
        show_json(content)
    else:
        show_facts(content, 15)
    return 0
