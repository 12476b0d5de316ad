"""Analyses from the terminal: run, tell, write."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from simulation.cli.options import Options, request
from simulation.errors import GutexoError

if TYPE_CHECKING:
    from simulation.analysis.scorecard import Score

DEFAULT_REPLICATES = 8
FILES = ("scorecard.csv", "scorecard.png", "scorecard.svg")


def run_scorecard(options: Options) -> int:
    """Score every pattern; returns the exit code."""
    from simulation.analysis.scorecard import failed, scorecard
    from simulation.catalogue import Parameters
    from simulation.cohort.provenance import MICE_ONLY
    from simulation.protocol.studies import QUICK

    asked = request(options, "scorecard")
    changes: dict[str, Any] = {**(QUICK if asked.quick else {}), **asked.changes}
    Parameters().change(changes)
    if options.out is not None and not options.force:
        there = [name for name in FILES if (options.out / name).exists()]
        if there:
            raise GutexoError(f"{options.out} holds {there[0]} already (--force to overwrite)")
    silent = options.quiet or options.json

    def say(line: str) -> None:
        if not silent:
            print(line, flush=True)

    scores = scorecard(
        replicates=asked.replicates or DEFAULT_REPLICATES,
        seed=asked.seed,
        workers=asked.jobs,
        changes=changes,
        say=say,
    )
    if options.out is not None:
        _write(scores, options)
    if options.json:
        print(json.dumps([_plain(score) for score in scores], indent=2))
    elif not options.quiet:
        _tell(scores)
        print("A row under `validate` is never fitted; one that fails is told and stands.")
        print(MICE_ONLY)
    return 3 if failed(scores) else 0


def _plain(score: Score) -> dict[str, Any]:
    """A score as JSON, which knows no NaN."""
    return {
        key: None if isinstance(value, float) and math.isnan(value) else value
        for key, value in asdict(score).items()
    }


def _write(scores: list[Score], options: Options) -> None:
    from simulation.analysis.tables import write_scores
    from simulation.figures import draw
    from simulation.figures.style import save

    assert options.out is not None
    write_scores(scores, options.out / "scorecard.csv", force=True)
    save(draw("scorecard")(scores), options.out / "scorecard", force=True)


def _tell(scores: list[Score]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    for use in dict.fromkeys(score.use for score in scores):
        table = Table(title=use, title_justify="left")
        for name in ("pattern", "value", "95 % interval", "window", "unit", "verdict"):
            table.add_column(name, justify="left" if name in ("pattern", "verdict") else "right")
        for score in scores:
            if score.use == use:
                interval = "" if math.isnan(score.low) else f"{score.low:.3g} to {score.high:.3g}"
                window = f"{score.window[0]:g} to {score.window[1]:g}"
                cells = (f"{score.value:.3g}", interval, window, score.unit, score.verdict)
                table.add_row(score.id, *cells)
        console.print(table)
    for score in scores:
        if score.note:
            console.print(f"{score.id}: {score.note}", highlight=False)
