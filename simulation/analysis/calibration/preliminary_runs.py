"""Preliminary runs: the mean-field model over the prior, the cohort bias of mice, and a pilot."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from gutexo.analysis.calibration.distance import FittedRow, worst_distance
from gutexo.analysis.calibration.emulator_correction import choose_pilot_sets
from gutexo.analysis.calibration.evaluator import CalibrationEvaluator
from gutexo.analysis.calibration.mean_field_stage import draw_prior
from gutexo.analysis.calibration.mice_stage import estimate_cohort_bias, remove_cohort_bias
from gutexo.analysis.calibration.plan import CalibrationPlan
from gutexo.analysis.calibration.posterior_predictive import (
    EmulatorDiscrepancy,
    measure_discrepancy,
)
from gutexo.analysis.calibration.simulation_based_calibration import (
    RankHistogram,
    half_widths,
    log_answers,
    rank_truths,
)
from gutexo.analysis.calibration.space import CalibrationSpace
from gutexo.errors import GutexoError

Report = Callable[[str], None]


def evaluate_prior(
    plan: CalibrationPlan,
    space: CalibrationSpace,
    rows: tuple[FittedRow, ...],
    mean_field: CalibrationEvaluator,
    end: float,
    report: Report,
) -> tuple[np.ndarray, list[RankHistogram]]:
    """Evaluate the mean-field model over the prior and compute rank statistics from its answers.

    Args:
        plan: Sizes and seeds.
        space: Free parameters and their priors.
        rows: Rows that may be fitted.
        mean_field: Evaluator of the mean-field model.
        end: Process seconds after which it stops.
        report: Called with a line of text for the user.

    Returns:
        float64[draw, parameter], shares of the prior, and ranks of synthetic truths.

    Raises:
        GutexoError: The budget is spent before the end.
    """
    random = np.random.default_rng(np.random.SeedSequence([plan.seed, 3]))
    truths = random.random((plan.truths, len(space.names)))
    points = draw_prior(space, plan.seed, plan.table)
    requested = [space.values(point) for point in (*truths, *points)]
    answers = mean_field.evaluate(requested, until=lambda: mean_field.spent >= end)
    if len(answers) < len(requested):
        raise GutexoError(
            "the budget ended before the prior was evaluated: a larger --budget continues"
        )
    logs = log_answers([one.answers for one in answers], rows)
    refused = (
        f"; {mean_field.failed} of them refused: {mean_field.reason}" if mean_field.failed else ""
    )
    report(
        f"mean-field model: {len(requested)} sets of the prior evaluated,"
        f" {mean_field.typical:.2f} s a set{refused}"
    )
    ranked = rank_truths(
        space.names,
        truths,
        logs[: plan.truths],
        points,
        logs[plan.truths :],
        half_widths(rows),
        plan.seed,
    )
    odd = [one.parameter for one in ranked if not one.uniform]
    report(f"ranks on synthetic truth: {'NOT uniform: ' + ', '.join(odd) if odd else 'uniform'}")
    return points, ranked


def measure_cohort_bias(
    few: CalibrationEvaluator, many: CalibrationEvaluator, rows: Sequence[FittedRow], report: Report
) -> dict[str, float]:
    """Measure at the defaults the cohort bias of the few mice with which every set is evaluated.

    Args:
        few: Evaluator of those mice.
        many: Evaluator of many mice of the default resolution.
        rows: Rows that may be fitted, to report the largest bias.
        report: Called with a line of text for the user.

    Returns:
        Factor by question, see
        `gutexo.analysis.calibration.mice_stage.estimate_cohort_bias`.

    Raises:
        GutexoError: Mice of the defaults cannot be run.
    """
    of_few, of_many = few.evaluate([{}])[0], many.evaluate([{}])[0]
    for one in (of_few, of_many):
        if not one.answers:
            why = one.reason or "they could not be run before"
            raise GutexoError(f"mice do not answer at the defaults: {why}")
    factors = estimate_cohort_bias(of_few.answers, of_many.answers)
    worst = max((one.id for one in rows), key=lambda name: abs(math.log(factors.get(name, 1.0))))
    report(
        "cohort bias of the small mice, compared with many default mice: at most"
        f" x {factors.get(worst, 1.0):.2f}, in {worst}"
    )
    return factors


def run_pilot(
    plan: CalibrationPlan,
    space: CalibrationSpace,
    rows: tuple[FittedRow, ...],
    mean_field: CalibrationEvaluator,
    small: CalibrationEvaluator,
    factors: Mapping[str, float],
    points: np.ndarray,
    until: Callable[[], bool],
    report: Report,
) -> list[EmulatorDiscrepancy]:
    """Evaluate a few sets with the mean-field model and with mice, and compare the answers.

    Args:
        plan: Number of sets, and the seed.
        space: Free parameters and their priors.
        rows: Rows that may be fitted.
        mean_field: Evaluator of the mean-field model.
        small: Evaluator of the small mice.
        factors: Cohort bias of these mice.
        points: float64[draw, parameter], draws of the prior that the mean-field model evaluated.
        until: Called before each set; once it returns True, no further set is started.
        report: Called with a line of text for the user.

    Returns:
        Comparison of mice and mean-field model, row by row.

    Raises:
        GutexoError: The budget is spent before the end.
    """
    answers = [
        one.answers for one in mean_field.evaluate([space.values(point) for point in points])
    ]
    distances = np.array([worst_distance(one, rows) for one in answers])
    numbers = choose_pilot_sets(distances, plan.pilot, plan.seed)
    requested = [space.values(points[number]) for number in numbers]
    found = small.evaluate(requested, until=until)
    if len(found) < len(requested):
        raise GutexoError("the budget ended in the pilot: a larger --budget continues")
    discrepancies = measure_discrepancy(
        [answers[number] for number in numbers[: len(found)]],
        [remove_cohort_bias(one.answers, factors) for one in found],
        [row.id for row in rows],
    )
    if found:
        widest = max(
            (entry for entry in discrepancies if entry.sets), key=lambda x: x.spread, default=None
        )
        far = (
            f"; furthest {widest.question}, x {widest.mice_over_twin:.2f},"
            f" log spread {widest.spread:.2f}"
            if widest
            else ""
        )
        report(
            f"pilot: {len(found)} sets by mean-field model and small mice,"
            f" {small.typical:.0f} s a set{far}"
        )
    return discrepancies
