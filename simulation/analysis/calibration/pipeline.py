"""Whole calibration: mean-field model, small mice, default mice, diagnostics; saved on disk."""

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
    space = make_calibration_space(plan.free)
    models = make_stage_models(plan, 1) if stage_models is None else stage_models
    points = np.random.default_rng(0).random((TIMED_SETS, len(space.names)))
    evaluator = CalibrationEvaluator(models.mean_field, QUESTIONS, space.names, plan.changes)
    with evaluator as mean_field:
        found = mean_field.evaluate([space.values(point) for point in points])
    took = [one.seconds for one in found if one.reason is None]
    if not took:
        raise GutexoError(f"the mean-field model does not answer: {mean_field.reason}")
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
        accepted: Those that are close enough: the posterior.
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
    accepted: tuple[EvaluatedSet, ...]
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
    """Calibrate: the mean-field model restricts the priors, small mice refine, default mice check.

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
    space = make_calibration_space(plan.free)
    fitted = tuple(fitted_rows() if rows is None else rows)
    models = make_stage_models(plan, workers) if stage_models is None else stage_models
    whole = 60.0 * plan.budget * workers
    ends = np.cumsum(plan.parts) * whole
    mean_field = CalibrationEvaluator(
        models.mean_field, questions, space.names, plan.changes, folder / "twin_sets.csv", workers
    )
    small = CalibrationEvaluator(
        models.small,
        questions,
        space.names,
        {**plan.small, **plan.changes},
        folder / "mice_sets.csv",
        workers,
    )
    few = CalibrationEvaluator(
        models.small, questions, (), {**plan.small, **plan.changes}, folder / "few_sets.csv"
    )
    many = CalibrationEvaluator(
        models.many, questions, (), {**plan.default, **plan.changes}, folder / "many_sets.csv"
    )
    default = CalibrationEvaluator(
        models.default,
        questions,
        space.names,
        {**plan.default, **plan.changes},
        folder / "default_sets.csv",
    )
    with mean_field, small, few, many, default:

        def mice_spent() -> float:
            return small.spent + workers * (many.spent + few.spent)

        points, ranked = evaluate_prior(plan, space, fitted, mean_field, ends[0], report)
        factors = measure_cohort_bias(few, many, fitted, report)
        pilot = run_pilot(
            plan,
            space,
            fitted,
            mean_field,
            small,
            factors,
            points,
            lambda: mean_field.spent + mice_spent() >= ends[1],
            report,
        )
        widened = widen_windows(fitted, pilot, plan.widen)
        abc_smc = run_abc_smc(
            space,
            widened,
            mean_field,
            folder / "populations.db",
            seed=plan.seed,
            size=plan.size,
            table=plan.table,
            tolerance=plan.twin_tolerance,
            most=plan.most,
            until=lambda: mean_field.spent >= ends[0],
            report=report,
        )
        last = abc_smc.populations[-1]
        if not abc_smc.finished:
            report(
                "the mean-field stage ends before every window is reached: the result is the"
                f" posterior of windows widened by {last.tolerance:.2f} scales"
            )
        evaluated = evaluate_draws(
            space,
            fitted,
            small,
            abc_smc.posterior,
            count=plan.draws,
            seed=plan.seed,
            factors=factors,
            until=lambda: mean_field.spent + mice_spent() >= ends[1],
        )
        accepted = select_close(evaluated, plan.tolerance)
        report(
            f"{len(evaluated)} sets run with small mice ({small.typical:.0f} s a set);"
            f" {len(accepted)} are within {plan.tolerance:g} scales of every window"
        )
        _report_nearest(evaluated, accepted, report)
        confirmations = check_full_resolution(
            fitted,
            default,
            accepted,
            most=plan.most_checks,
            until=lambda: mean_field.spent + mice_spent() + workers * default.spent >= ends[2],
            report=report,
        )
        spent = (mean_field.spent, mice_spent(), workers * default.spent)
        found = _run_diagnostics(
            space, fitted, abc_smc, ranked, pilot, evaluated, accepted, mean_field
        )
    return Calibration(
        space,
        fitted,
        abc_smc,
        tuple(ranked),
        tuple(evaluated),
        tuple(accepted),
        found.marginals,
        found.pairs,
        found.predictive,
        found.discrepancies,
        tuple(summarise_populations(abc_smc)),
        tuple(confirmations),
        spent,
    )


def _report_nearest(
    evaluated: Sequence[EvaluatedSet], accepted: Sequence[EvaluatedSet], report: Report
) -> None:
    if accepted:
        return
    nearest = min(evaluated, key=lambda one: one.distance)
    if math.isinf(nearest.distance):
        report("small mice answered none of the sets in full")
    else:
        report(f"the nearest of them is {nearest.distance:.2f} scales outside a window")


@dataclass(frozen=True)
class _Diagnostics:
    marginals: tuple[MarginalSummary, ...]
    pairs: tuple[ParameterCorrelation, ...]
    predictive: tuple[PredictiveSummary, ...]
    discrepancies: tuple[EmulatorDiscrepancy, ...]


def _run_diagnostics(
    space: CalibrationSpace,
    rows: tuple[FittedRow, ...],
    abc_smc: AbcSmcResult,
    ranked: Sequence[RankHistogram],
    pilot: Sequence[EmulatorDiscrepancy],
    evaluated: Sequence[EvaluatedSet],
    accepted: Sequence[EvaluatedSet],
    mean_field: CalibrationEvaluator,
) -> _Diagnostics:
    """Compare prior and posterior, answers and windows, and the mean-field model and mice."""
    windows = fitted_windows(rows)

    def of(points: np.ndarray) -> list[Mapping[str, float]]:
        found = [mean_field.known(space.values(point)) for point in points]
        return [correct_emulator(one.answers, pilot) if one is not None else {} for one in found]

    last = abc_smc.posterior
    predictive = [
        *summarise_predictive("prior", of(abc_smc.table), windows),
        *summarise_predictive("twin", of(last.shares), windows, last.weights),
    ]
    points: Any = np.array([one.shares for one in accepted])
    counts = np.array([one.count for one in accepted], dtype=float)
    if accepted:
        predictive += summarise_predictive(
            "mice", [one.answers for one in accepted], windows, counts
        )
    both = [mean_field.known(one.values) for one in evaluated]
    return _Diagnostics(
        tuple(summarise_marginals(space, points, counts, ranked)) if accepted else (),
        tuple(find_correlations(space.names, points, counts)) if accepted else (),
        tuple(predictive),
        tuple(
            measure_discrepancy(
                [one.answers if one is not None else {} for one in both],
                [one.answers for one in evaluated],
                mean_field.questions,
            )
        ),
    )
