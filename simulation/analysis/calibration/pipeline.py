"""Whole calibration: mean-field model, mice, confirmation, checks. Every step is saved on disk."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from gutexo.analysis.calibration.diagnostics import (
    MarginalSummary,
    ParameterCorrelation,
    PopulationSummary,
    find_correlations,
    summarise_marginals,
    summarise_populations,
)
from gutexo.analysis.calibration.distance import FittedRow, fitted_rows
from gutexo.analysis.calibration.emulator_correction import correct_emulator, widen_windows
from gutexo.analysis.calibration.evaluator import CalibrationEvaluator
from gutexo.analysis.calibration.full_resolution_check import (
    FullResolutionCheck,
    check_full_resolution,
)
from gutexo.analysis.calibration.mean_field_stage import AbcSmcResult, run_abc_smc
from gutexo.analysis.calibration.mice_stage import EvaluatedSet, evaluate_draws, select_close
from gutexo.analysis.calibration.plan import CalibrationPlan
from gutexo.analysis.calibration.posterior_predictive import (
    EmulatorDiscrepancy,
    PredictiveSummary,
    fitted_windows,
    measure_discrepancy,
    summarise_predictive,
)
from gutexo.analysis.calibration.preliminary_runs import (
    evaluate_prior,
    measure_cohort_bias,
    run_pilot,
)
from gutexo.analysis.calibration.simulation_based_calibration import RankHistogram
from gutexo.analysis.calibration.space import CalibrationSpace, make_calibration_space
from gutexo.analysis.evaluation import ModelFunction
from gutexo.analysis.outcomes import QUESTIONS, evaluate_mice
from gutexo.errors import GutexoError

TIMED_SETS = 4  # sets on which the mean-field model is timed, the first of which warms it up
Report = Callable[[str], None]


@dataclass(frozen=True)
class StageModels:
    """Model that is evaluated in each stage; functions that processes can import.

    Attributes:
        mean_field: The mean-field model.
        small: Small mice, the same few for every set.
        many: Mice of the default resolution, many.
        default: Mice of the default resolution.
    """

    mean_field: ModelFunction
    small: ModelFunction
    many: ModelFunction
    default: ModelFunction


def make_stage_models(plan: CalibrationPlan, workers: int) -> StageModels:
    """Make the models of a plan: default mice use all workers for one set, others one per set."""
    from gutexo.analysis.mean_field_outcomes import evaluate_mean_field

    return StageModels(
        partial(evaluate_mean_field, seed=plan.seed),
        partial(evaluate_mice, replicates=plan.replicates, seed=plan.seed),
        partial(evaluate_mice, replicates=plan.reference, seed=plan.seed, workers=workers),
        partial(evaluate_mice, replicates=plan.confirming, seed=plan.seed, workers=workers),
    )


def time_mean_field(plan: CalibrationPlan, stage_models: StageModels | None = None) -> float:
    """Measure the mean-field model's seconds per set on one process, on a few sets of the prior.

    Args:
        plan: Free parameters, and other parameters that differ from the defaults.
        stage_models: Models to time; those of the plan if None.

    Raises:
        GutexoError: The model answers none of the sets.
    """
    where = make_calibration_space(plan.free)
    who = make_stage_models(plan, 1) if stage_models is None else stage_models
    points = np.random.default_rng(0).random((TIMED_SETS, len(where.names)))
    with CalibrationEvaluator(who.mean_field, QUESTIONS, where.names, plan.changes) as twin:
        found = twin.evaluate([where.values(point) for point in points])
    took = [one.seconds for one in found if one.reason is None]
    if not took:
        raise GutexoError(f"the twin does not answer: {twin.reason}")
    return float(np.mean(took[1:] or took))


@dataclass(frozen=True)
class Calibration:
    """All results of a calibration.

    Attributes:
        space: Free parameters and their priors.
        rows: Rows that were fitted.
        abc_smc_result: Populations of the mean-field model.
        ranked: Rank statistics on synthetic truth.
        evaluated: Sets that were evaluated with small mice.
        kept: Those that are close enough: the posterior.
        marginals: Prior and posterior of each parameter.
        pairs: Correlations of the posterior.
        predictive: Answers of prior, mean-field model's posterior and posterior.
        discrepancies: Answers of the mean-field model compared with those of mice.
        steps: Populations, and plain rejection.
        full_resolution_checks: Draws run with default mice, from the centre outwards.
        seconds: Process seconds of mean-field model, small and default mice.
    """

    space: CalibrationSpace
    rows: tuple[FittedRow, ...]
    abc_smc_result: AbcSmcResult
    ranked: tuple[RankHistogram, ...]
    evaluated: tuple[EvaluatedSet, ...]
    kept: tuple[EvaluatedSet, ...]
    marginals: tuple[MarginalSummary, ...]
    pairs: tuple[ParameterCorrelation, ...]
    predictive: tuple[PredictiveSummary, ...]
    discrepancies: tuple[EmulatorDiscrepancy, ...]
    steps: tuple[PopulationSummary, ...]
    full_resolution_checks: tuple[FullResolutionCheck, ...]
    seconds: tuple[float, float, float]

    @property
    def adopted(self) -> FullResolutionCheck | None:
        """Draw that holds in every row with default mice: it may be adopted as the defaults."""
        last = self.full_resolution_checks[-1] if self.full_resolution_checks else None
        return last if last is not None and last.holds else None


def calibrate(
    plan: CalibrationPlan,
    folder: Path,
    *,
    workers: int = 1,
    report: Report = lambda line: None,
    stage_models: StageModels | None = None,
    rows: Sequence[FittedRow] | None = None,
    questions: Sequence[str] = QUESTIONS,
) -> Calibration:
    """Calibrate: the mean-field model narrows the priors, small mice refine, default mice confirm.

    Args:
        plan: Sizes, seeds and thresholds.
        folder: Folder where everything is saved; a run that it contains is continued.
        workers: Processes.
        report: Called with a line of text for the user.
        stage_models: Models to evaluate; those of the plan if None.
        rows: Rows to fit; every row that may be fitted if None.
        questions: Names of the answers.

    Returns:
        The results. They depend on plan and code, not on workers or interruptions, as long as the
        budget ends nothing early.

    Raises:
        GutexoError: A stage could not be run.
    """
    where = make_calibration_space(plan.free)
    fitted = tuple(fitted_rows() if rows is None else rows)
    who = make_stage_models(plan, workers) if stage_models is None else stage_models
    whole = 60.0 * plan.budget * workers
    ends = np.cumsum(plan.parts) * whole
    twin = CalibrationEvaluator(
        who.mean_field, questions, where.names, plan.changes, folder / "twin_sets.csv", workers
    )
    small = CalibrationEvaluator(
        who.small,
        questions,
        where.names,
        {**plan.small, **plan.changes},
        folder / "mice_sets.csv",
        workers,
    )
    lone = CalibrationEvaluator(
        who.small, questions, (), {**plan.small, **plan.changes}, folder / "few_sets.csv"
    )
    many = CalibrationEvaluator(
        who.many, questions, (), {**plan.default, **plan.changes}, folder / "many_sets.csv"
    )
    default = CalibrationEvaluator(
        who.default,
        questions,
        where.names,
        {**plan.default, **plan.changes},
        folder / "default_sets.csv",
    )
    with twin, small, lone, many, default:

        def mice_spent() -> float:
            return small.spent + workers * (many.spent + lone.spent)

        points, ranked = evaluate_prior(plan, where, fitted, twin, ends[0], report)
        factors = measure_cohort_bias(lone, many, fitted, report)
        pilot = run_pilot(
            plan,
            where,
            fitted,
            twin,
            small,
            factors,
            points,
            lambda: twin.spent + mice_spent() >= ends[1],
            report,
        )
        seen = widen_windows(fitted, pilot, plan.widen)
        narrowed = run_abc_smc(
            where,
            seen,
            twin,
            folder / "populations.db",
            seed=plan.seed,
            size=plan.size,
            table=plan.table,
            tolerance=plan.twin_tolerance,
            most=plan.most,
            until=lambda: twin.spent >= ends[0],
            report=report,
        )
        last = narrowed.populations[-1]
        if not narrowed.finished:
            report(
                "the twin's stage ends before every window is met: what is left is the posterior"
                f" of windows widened by {last.tolerance:.2f} scales"
            )
        tried = evaluate_draws(
            where,
            fitted,
            small,
            narrowed.posterior,
            count=plan.draws,
            seed=plan.seed,
            factors=factors,
            until=lambda: twin.spent + mice_spent() >= ends[1],
        )
        kept = select_close(tried, plan.tolerance)
        report(
            f"{len(tried)} sets run with small mice ({small.typical:.0f} s a set); {len(kept)} are"
            f" within {plan.tolerance:g} scales of every window"
        )
        _report_nearest(tried, kept, report)
        confirmations = check_full_resolution(
            fitted,
            default,
            kept,
            most=plan.most_confirmed,
            until=lambda: twin.spent + mice_spent() + workers * default.spent >= ends[2],
            report=report,
        )
        spent = (twin.spent, mice_spent(), workers * default.spent)
        found = _run_diagnostics(where, fitted, narrowed, ranked, pilot, tried, kept, twin)
    return Calibration(
        where,
        fitted,
        narrowed,
        tuple(ranked),
        tuple(tried),
        tuple(kept),
        found.marginals,
        found.pairs,
        found.predictive,
        found.discrepancies,
        tuple(summarise_populations(narrowed)),
        tuple(confirmations),
        spent,
    )


def _report_nearest(
    tried: Sequence[EvaluatedSet], kept: Sequence[EvaluatedSet], report: Report
) -> None:
    if kept:
        return
    nearest = min(tried, key=lambda one: one.distance)
    if math.isinf(nearest.distance):
        report("small mice answered none of the sets in full")
    else:
        report(f"the nearest of them misses a window by {nearest.distance:.2f} scales")


@dataclass(frozen=True)
class _Diagnostics:
    marginals: tuple[MarginalSummary, ...]
    pairs: tuple[ParameterCorrelation, ...]
    predictive: tuple[PredictiveSummary, ...]
    discrepancies: tuple[EmulatorDiscrepancy, ...]


def _run_diagnostics(
    where: CalibrationSpace,
    rows: tuple[FittedRow, ...],
    narrowed: AbcSmcResult,
    ranked: Sequence[RankHistogram],
    pilot: Sequence[EmulatorDiscrepancy],
    tried: Sequence[EvaluatedSet],
    kept: Sequence[EvaluatedSet],
    twin: CalibrationEvaluator,
) -> _Diagnostics:
    """Compare prior and posterior, answers and windows, and the mean-field model and mice."""
    windows = fitted_windows(rows)

    def of(points: np.ndarray) -> list[Mapping[str, float]]:
        found = [twin.known(where.values(point)) for point in points]
        return [correct_emulator(one.answers, pilot) if one is not None else {} for one in found]

    last = narrowed.posterior
    predictive = [
        *summarise_predictive("prior", of(narrowed.table), windows),
        *summarise_predictive("twin", of(last.shares), windows, last.weights),
    ]
    points: Any = np.array([one.shares for one in kept])
    counts = np.array([one.count for one in kept], dtype=float)
    if kept:
        predictive += summarise_predictive("mice", [one.answers for one in kept], windows, counts)
    both = [twin.known(one.values) for one in tried]
    return _Diagnostics(
        tuple(summarise_marginals(where, points, counts, ranked)) if kept else (),
        tuple(find_correlations(where.names, points, counts)) if kept else (),
        tuple(predictive),
        tuple(
            measure_discrepancy(
                [one.answers if one is not None else {} for one in both],
                [one.answers for one in tried],
                twin.questions,
            )
        ),
    )
