"""Analyses from the terminal: run, tell, write."""

from __future__ import annotations

import csv
import datetime
import io
import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulation.cli.options import Options, request
from simulation.errors import GutexoError

if TYPE_CHECKING:
    from simulation.analysis.scorecard import Score

DEFAULT_REPLICATES = 8
LOG_COLUMNS = "date parameters seed mice id use value low high verdict".split()
FILES = ("scorecard.csv", "scorecard.png", "scorecard.svg")


def run_scorecard(options: Options, log: Path | None = None) -> int:
    """Score every pattern; returns the exit code."""
    from simulation.analysis.scorecard import failed, scorecard
    from simulation.catalogue import Parameters
    from simulation.cohort.provenance import MICE_ONLY
    from simulation.protocol.studies import QUICK

    asked = request(options, "scorecard")
    changes: dict[str, Any] = {**(QUICK if asked.quick else {}), **asked.changes}
    parameters = Parameters().change(changes).digest()
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
    if log is not None:
        say(_add_to_log(scores, log, parameters, asked.seed))
    if options.json:
        print(json.dumps([_plain(score) for score in scores], indent=2))
    elif not options.quiet:
        _tell(scores)
        print("A row under `validate` is never fitted; one that fails is told and stands.")
        print(MICE_ONLY)
    return 3 if failed(scores) else 0


def _add_to_log(scores: list[Score], log: Path, parameters: str, seed: int) -> str:
    """Add the scores of a parameter set to a log, once: no row is scored until it pleases."""
    from simulation.analysis.tables import number

    known = log.read_text(encoding="utf-8") if log.exists() else ""
    if f",{parameters},{seed}," in known:
        return f"{log} holds the scores of these parameters and this seed already"
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if not known:
        writer.writerow(LOG_COLUMNS)
    day = datetime.date.today().isoformat()
    for s in scores:
        values = [number(value) for value in (s.value, s.low, s.high)]
        writer.writerow([day, parameters, seed, s.mice, s.id, s.use, *values, s.verdict])
    with open(log, "a", encoding="utf-8", newline="") as file:
        file.write(text.getvalue())
    return f"scores added to {log}"


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

    console = Console(highlight=False, soft_wrap=True)
    for use in dict.fromkeys(score.use for score in scores):
        console.print(f"[bold]{use}[/bold]")
        for score in scores:
            if score.use == use:
                interval = (
                    "" if math.isnan(score.low) else f" ({score.low:.3g} to {score.high:.3g})"
                )
                unit = "" if score.unit == "1" else f" {score.unit}"
                window = f"window {score.window[0]:g} to {score.window[1]:g}{unit}"
                note = f"; {score.note}" if score.note else ""
                console.print(
                    f"  {score.verdict:8} {score.id:31} {score.value:.3g}{interval}, {window}{note}"
                )
