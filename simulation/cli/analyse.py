"""Analyses of mice from the terminal: scorecard, ablations, verification."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gutexo.cli.analysis_runner import (
    Analysis,
    AnalysisCost,
    AnalysisPlan,
    AnalysisRun,
    Findings,
    estimate_mice,
    run_analysis,
)
from gutexo.cli.options import Options
from gutexo.cli.posterior import read_requested_draws
from gutexo.cli.score_logs import add_predictions, add_scores, check_score_log
from gutexo.compiled import model_code_digest

if TYPE_CHECKING:
    from gutexo.analysis.ablations import AblatedEffect, LoopGain
    from gutexo.analysis.scorecard import Score
    from gutexo.analysis.verification_checks import VerificationCheck

SCORED_MICE = 8
ABLATION_MICE = 6
VERIFIED_MICE = 64


def run_scorecard(options: Options, log: Path | None = None, validate: Path | None = None) -> int:
    """Score the patterns and return the exit code.

    Args:
        options: Options of the command.
        log: CSV to which the scores are added once.
        validate: CSV to which each look at the predictions is added; None leaves them out.
    """
    from gutexo.analysis.estimates import PREDICTIVE_MICE
    from gutexo.analysis.scorecard import Score, score_patterns, select_failed
    from gutexo.analysis.scorecard.card import select_rows
    from gutexo.analysis.scorecard.scored_studies import list_scored_studies
    from gutexo.catalogue import Parameters

    def plan(run: AnalysisRun) -> AnalysisPlan:
        if log is not None:
            check_score_log(log, "--log")
        if validate is not None:
            check_score_log(validate, "--validate", predictions=True)
        requested, changes = run.requested, run.changes
        mice = requested.replicates or SCORED_MICE
        draws = read_requested_draws(run.options, requested, PREDICTIVE_MICE)
        predicts = validate is not None

        def estimate() -> AnalysisCost:
            studies = list_scored_studies(mice, changes, predicts)
            if draws:
                studies += list_scored_studies(len(draws), changes, predicts)
            about = {"rows": len(select_rows(validate=predicts)), "parameter draws": len(draws)}
            return estimate_mice(run, studies, about)

        def compute() -> Findings:
            scores = score_patterns(
                replicates=mice,
                seed=requested.seed,
                workers=requested.jobs,
                changes=changes,
                draws=draws,
                validate=predicts,
                report=run.report,
            )
            parameters = Parameters().change(changes).digest()
            if log is not None:
                run.report(add_scores(scores, log, parameters, requested.seed))
            if validate is not None:
                code = model_code_digest()
                run.report(add_predictions(scores, validate, code, parameters, requested.seed))
            return Findings(
                scores,
                describe_scores(scores, predicts),
                {"scorecard.csv": scores},
                {"scorecard": scores},
                exit_code=3 if select_failed(scores) else 0,
            )

        return AnalysisPlan(compute, estimate)

    analysis = Analysis("scorecard", {"scorecard.csv": Score}, ("scorecard",))
    return run_analysis(analysis, options, plan)


def run_ablations(options: Options, names: list[str] | None = None) -> int:
    """Simulate the six arms under every ablation and return the exit code.

    Args:
        options: Options of the command.
        names: Names of ablations; all if None.
    """
    from gutexo.analysis.ablations import (
        AblatedEffect,
        LoopGain,
        build_ablated_study,
        choose_ablations,
        loop_gains,
        simulate_ablations,
    )

    def plan(run: AnalysisRun) -> AnalysisPlan:
        requested, changes = run.requested, run.changes
        mice = requested.replicates or ABLATION_MICE
        chosen = choose_ablations(names)

        def estimate() -> AnalysisCost:
            studies = [(build_ablated_study(one, changes), mice) for one in chosen]
            return estimate_mice(run, studies, {"ablations": [one.name for one in chosen]})

        def compute() -> Findings:
            rows = simulate_ablations(
                names,
                replicates=mice,
                seed=requested.seed,
                workers=requested.jobs,
                changes=changes,
                report=run.report,
            )
            gains = loop_gains(changes)
            return Findings(
                rows,
                describe_ablations(rows, gains),
                {"ablations.csv": rows, "loop_gain.csv": gains},
                {"ablations": rows},
            )

        return AnalysisPlan(compute, estimate)

    tables = {"ablations.csv": AblatedEffect, "loop_gain.csv": LoopGain}
    return run_analysis(Analysis("ablations", tables, ("ablations",)), options, plan)


def run_verify(options: Options) -> int:
    """Check that the software solves its own equations and return the exit code."""
    from gutexo.analysis.verification import list_verified_studies, run_verification
    from gutexo.analysis.verification_checks import CurvePoint, VerificationCheck, split_curves

    def plan(run: AnalysisRun) -> AnalysisPlan:
        requested, changes = run.requested, run.changes
        mice = requested.replicates or VERIFIED_MICE

        def estimate() -> AnalysisCost:
            return estimate_mice(run, list_verified_studies(mice, changes), {})

        def compute() -> Findings:
            checks, curves = run_verification(
                replicates=mice, workers=requested.jobs, changes=changes, report=run.report
            )
            return Findings(
                checks,
                describe_checks(checks),
                {"verification.csv": checks, "verification_curves.csv": split_curves(curves)},
                {"verification": (checks, curves)},
                exit_code=0 if all(one.holds for one in checks) else 3,
            )

        return AnalysisPlan(compute, estimate)

    tables = {"verification.csv": VerificationCheck, "verification_curves.csv": CurvePoint}
    return run_analysis(Analysis("verify", tables, ("verification",)), options, plan)


def describe_scores(scores: Sequence[Score], predicts: bool) -> Iterator[str]:
    """Describe scores in lines, use by use.

    Args:
        scores: The scores.
        predicts: Whether predictions are among them.
    """
    from gutexo.cohort.provenance import MICE_ONLY_NOTE

    for use in dict.fromkeys(score.use for score in scores):
        yield use
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
                yield f"  {score.verdict:8} {score.id:31} {value}{interval}, {window}{note}"
    yield (
        "A row under `validate` is never fitted; one that fails is reported and stays."
        if predicts
        else "Predictions (`validate` rows) are left out; --validate FILE scores and logs them."
    )
    yield MICE_ONLY_NOTE


def describe_ablations(rows: Sequence[AblatedEffect], gains: Sequence[LoopGain]) -> Iterator[str]:
    """Describe in lines which effects survive, ablation by ablation, and the gains of the loop.

    Args:
        rows: Effects under ablations.
        gains: Gains of the barrier's loop.
    """
    from gutexo.analysis.ablations import ABLATIONS
    from gutexo.cohort.provenance import MICE_ONLY_NOTE

    words = {True: "stays", False: "LOST", None: "no effect without an ablation either"}
    for ablation in ABLATIONS:
        found = [row for row in rows if row.cut == ablation.name]
        if found:
            yield f"{ablation.name}: {ablation.meaning}"
        for row in found:
            yield (
                f"  {row.readout:13} {row.arm} / {row.comparator}: x {row.ratio:.2f} "
                f"({row.ratio_low:.2f} to {row.ratio_high:.2f}) {words[row.survives]}"
            )
    yield "Gain of the loop from LPS over senescent cells, macrophages and wall back to LPS:"
    for one in gains:
        yield f"  {one.age}, through {one.through}: {one.gain:.3f}"
    yield MICE_ONLY_NOTE


def describe_checks(checks: Sequence[VerificationCheck]) -> Iterator[str]:
    """Describe in lines which checks of the verification hold.

    Args:
        checks: The checks.
    """
    for one in checks:
        noise = one.standard_error
        error = "" if math.isnan(noise) else f" +- {noise:.2g}"
        verdict = "holds" if one.holds else "FAILS"
        yield f"  {verdict} {one.id}: {one.value:.3g}{error}, bound {one.bound:g}; {one.what}"
