"""Analyses from the terminal: run them, print their results, write their files."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gutexo.cli.options import Options, Request, build_request
from gutexo.cli.posterior import read_requested_draws
from gutexo.cli.score_logs import add_predictions, add_scores, check_score_log
from gutexo.cli.terminal import show, show_json
from gutexo.compiled import model_code_digest
from gutexo.errors import GutexoError
from gutexo.support.memory import run_memory_message
from gutexo.support.paths import make_folder

if TYPE_CHECKING:
    from gutexo.analysis.scorecard import Score

SCORED_MICE = 8
ABLATION_MICE = 6
VERIFIED_MICE = 64


def prepare_analysis(
    options: Options, name: str, files: tuple[str, ...]
) -> tuple[Request, dict[str, Any], Callable[[str], None]]:
    """Check a request before anything is run: its parameters, and that no file would be replaced.

    Returns:
        The request, all changes of parameters, and a function that prints a line.
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


def run_scorecard(options: Options, log: Path | None = None, validate: Path | None = None) -> int:
    """Score the patterns and return the exit code.

    Args:
        options: Options of the command.
        log: CSV to which the scores are added once.
        validate: CSV to which each look at the predictions is added; None leaves them out.
    """
    from gutexo.analysis.estimates import PREDICTIVE_MICE
    from gutexo.analysis.scorecard import Score, score_patterns, select_failed
    from gutexo.analysis.tables import write_table
    from gutexo.catalogue import Parameters
    from gutexo.cohort.provenance import MICE_ONLY_NOTE
    from gutexo.figures.results import save_figures

    files = ("scorecard.csv", "scorecard.png", "scorecard.svg")
    requested, changes, report = prepare_analysis(options, "scorecard", files)
    if log is not None:
        check_score_log(log, "--log")
    if validate is not None:
        check_score_log(validate, "--validate", predictions=True)
    mice = requested.replicates or SCORED_MICE
    draws = read_requested_draws(options, requested, PREDICTIVE_MICE)
    scores = score_patterns(
        replicates=mice,
        seed=requested.seed,
        workers=requested.jobs,
        changes=changes,
        draws=draws,
        validate=validate is not None,
        report=report,
    )
    parameters = Parameters().change(changes).digest()
    if options.out is not None:
        write_table(Score, scores, options.out / files[0], force=True)
        save_figures({"scorecard": scores}, options.out)
    if log is not None:
        report(add_scores(scores, log, parameters, requested.seed))
    if validate is not None:
        code = model_code_digest()
        report(add_predictions(scores, validate, code, parameters, requested.seed))
    if options.json:
        show_json(scores)
    elif not options.quiet:
        _print_scores(scores)
        if validate is None:
            show(
                "Predictions (`validate` rows) are left out; --validate FILE scores and logs them."
            )
        else:
            show("A row under `validate` is never fitted; one that fails is reported and stays.")
        show(MICE_ONLY_NOTE)
    return 3 if select_failed(scores) else 0


def run_ablations(options: Options, names: list[str] | None = None) -> int:
    """Simulate the six arms under every ablation and return the exit code."""
    from gutexo.analysis.ablations import (
        ABLATIONS,
        AblatedEffect,
        LoopGain,
        loop_gains,
        simulate_ablations,
    )
    from gutexo.analysis.tables import write_table
    from gutexo.cohort.provenance import MICE_ONLY_NOTE
    from gutexo.figures.results import save_figures

    files = ("ablations.csv", "ablations.png", "ablations.svg", "loop_gain.csv")
    requested, changes, report = prepare_analysis(options, "ablations", files)
    rows = simulate_ablations(
        names,
        replicates=requested.replicates or ABLATION_MICE,
        seed=requested.seed,
        workers=requested.jobs,
        changes=changes,
        report=report,
    )
    gains = loop_gains(changes)
    if options.out is not None:
        write_table(AblatedEffect, rows, options.out / files[0], force=True)
        write_table(LoopGain, gains, options.out / files[3], force=True)
        save_figures({"ablations": rows}, options.out)
    if options.json:
        show_json(rows)
    elif not options.quiet:
        words = {True: "stays", False: "LOST", None: "no effect without an ablation either"}
        for ablation in ABLATIONS:
            found = [row for row in rows if row.cut == ablation.name]
            if found:
                show(f"{ablation.name}: {ablation.meaning}")
            for row in found:
                show(
                    f"  {row.readout:13} {row.arm} / {row.comparator}: x {row.ratio:.2f} "
                    f"({row.ratio_low:.2f} to {row.ratio_high:.2f}) {words[row.survives]}"
                )
        show("Gain of the loop from LPS over senescent cells, macrophages and wall back to LPS:")
        for one in gains:
            show(f"  {one.age}, through {one.through}: {one.gain:.3f}")
        show(MICE_ONLY_NOTE)
    return 0


def run_verify(options: Options) -> int:
    """Check that the software solves its own equations and return the exit code."""
    from gutexo.analysis.tables import write_table
    from gutexo.analysis.verification import run_verification
    from gutexo.analysis.verification_checks import CurvePoint, VerificationCheck, split_curves
    from gutexo.figures.results import save_figures

    files = (
        "verification.csv", "verification_curves.csv", "verification.png", "verification.svg"
    )  # fmt: skip
    requested, changes, report = prepare_analysis(options, "verify", files)
    checks, curves = run_verification(
        replicates=requested.replicates or VERIFIED_MICE,
        workers=requested.jobs,
        changes=changes,
        report=report,
    )
    if options.out is not None:
        write_table(VerificationCheck, checks, options.out / files[0], force=True)
        write_table(CurvePoint, split_curves(curves), options.out / files[1], force=True)
        save_figures({"verification": (checks, curves)}, options.out)
    if options.json:
        show_json(checks)
    elif not options.quiet:
        for one in checks:
            noise = one.standard_error
            error = "" if math.isnan(noise) else f" +- {noise:.2g}"
            verdict = "holds" if one.holds else "FAILS"
            show(f"  {verdict} {one.id}: {one.value:.3g}{error}, bound {one.bound:g}; {one.what}")
    return 0 if all(one.holds for one in checks) else 3


def _print_scores(scores: list[Score]) -> None:
    for use in dict.fromkeys(score.use for score in scores):
        show(use)
        for score in scores:
            if score.use == use:
                interval = (
                    "" if math.isnan(score.low) else f" ({score.low:.3g} to {score.high:.3g})"
                )
                unit = "" if score.unit == "1" else f" {score.unit}"
                window = f"window {score.window[0]:g} to {score.window[1]:g}{unit}"
                if not math.isnan(score.predicted):
                    window += f", {score.predicted:.0%} of posterior-predictive studies in it"
                note = f"; {score.note}" if score.note else ""
                value = "no value" if math.isnan(score.value) else f"{score.value:.3g}"
                show(f"  {score.verdict:8} {score.id:31} {value}{interval}, {window}{note}")
