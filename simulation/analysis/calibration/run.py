"""A whole calibration, step by step: each step is a file of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from gutexo.analysis.calibration import targets
from gutexo.analysis.calibration.adoption import Candidate, order_from_centre
from gutexo.analysis.calibration.feasible_point import (
    DIGITS,
    SEARCHED,
    find_feasible_point,
    make_search_space,
    probits,
    shares,
)
from gutexo.analysis.calibration.free_parameters import (
    ScreenedParameter,
    choose_free_parameters,
)
from gutexo.analysis.calibration.marginals import (
    MarginalSummary,
    ParameterCorrelation,
    find_correlations,
    summarise_marginals,
)
from gutexo.analysis.calibration.plan import PARTS, CalibrationPlan
from gutexo.analysis.calibration.predictive_check import (
    PredictiveSummary,
    predict_with_mice,
    summarise_predictive,
)
from gutexo.analysis.calibration.rank_check import RankCheck, RowErrors, check_ranks
from gutexo.analysis.calibration.reweighting import Posterior, sample_posterior
from gutexo.analysis.calibration.row_windows import RowWindows
from gutexo.analysis.evaluated_sets import EvaluatedSets
from gutexo.analysis.evaluation import ModelFunction
from gutexo.analysis.mean_field_arms import MALE_PART
from gutexo.analysis.parameter_space import ParameterSpace, make_parameter_space
from gutexo.analysis.posterior import sample_draws
from gutexo.analysis.scorecard import Score
from gutexo.analysis.sensitivity.space import select_uncertain
from gutexo.catalogue import Parameters
from gutexo.catalogue.phenotypes import phenotype
from gutexo.cohort.study_run import Progress, ignore_messages

SETS_FILE = "evaluated_sets.csv"
TIMED_SETS = 3
LEAST_WEIGHT = 1e-6  # of a draw of the posterior
Report = Callable[[str], None]
Predict = Callable[..., Sequence[Score]]


@dataclass(frozen=True)
class Calibration:
    """All results of a calibration.

    Attributes:
        point: The feasible point: value by name of every number that was searched.
        screened: Numbers that may be freed, the most important first; empty where they were given.
        space: Free parameters over their priors; its base is the feasible point of the others.
        posterior: Evaluated sets with their weights.
        ranks: Rank check of each free parameter.
        marginals: Prior and posterior of each free parameter.
        pairs: Correlations of the posterior.
        predictive: Answers of prior and posterior to each row, by the mean field.
        mice: Scores of a study of mice with draws of the posterior.
        seconds: Process seconds of the mean field.
    """

    point: dict[str, float]
    screened: tuple[ScreenedParameter, ...]
    space: ParameterSpace
    posterior: Posterior
    ranks: tuple[RankCheck, ...]
    marginals: tuple[MarginalSummary, ...]
    pairs: tuple[ParameterCorrelation, ...]
    predictive: tuple[PredictiveSummary, ...]
    mice: tuple[Score, ...]
    seconds: float

    def draws(self) -> tuple[list[dict[str, float]], np.ndarray]:
        """Return the draws of the posterior and float64[draw] weights, which sum to one."""
        weights = self.posterior.sample.weights
        used = np.flatnonzero(weights > LEAST_WEIGHT)
        return [self.values(int(n)) for n in used], weights[used] / weights[used].sum()

    def candidates(self) -> list[Candidate]:
        """List the draws that may be adopted, the nearest to the centre first."""
        sample = self.posterior.sample
        used = sample.weights > LEAST_WEIGHT
        weights = sample.weights[used] / sample.weights[used].sum()
        return order_from_centre(sample.points[used], weights, sample.misfits[used])

    def values(self, number: int) -> dict[str, float]:
        """Return the parameters of an evaluated set that differ from the catalogue."""
        point = shares(self.posterior.sample.points[number])
        return {k: v for k, v in self.space.changes(point).items() if k != MALE_PART}


def score_mean_field(
    changes: Mapping[str, float], *, mice: int, males: int, seed: int
) -> dict[str, float]:
    """Answer the rows with the mean field; measured as `targets.measure_rows` does."""
    from gutexo.analysis.mean_field_rows import score_point

    measured = targets.measure_rows(score_point(changes, mice, seed, males))
    return dict(zip(targets.target_names(), (float(f"{x:.8g}") for x in measured), strict=True))


def calibrate(
    plan: CalibrationPlan,
    folder: Path,
    *,
    workers: int = 1,
    report: Report = lambda line: None,
    progress: Progress = ignore_messages,
    model: ModelFunction | None = None,
    predict: Predict = predict_with_mice,
) -> Calibration:
    """Calibrate: a feasible point, free parameters, posterior, rank check, posterior predictive.

    The sixth step, adoption, runs mice for hours and is a command of its own.

    Args:
        plan: Sizes and seeds.
        folder: Folder where every evaluated set is saved; a run that it contains is continued.
        workers: Processes.
        report: Called with a line of text for the user.
        progress: Called with phase, done, total.
        model: The model; the mean field if None.
        predict: The study of mice with draws of the posterior.

    Returns:
        The results. They depend on plan and code, not on workers or interruptions.

    Raises:
        GutexoError: A step could not be run.
    """
    with _open_mean_field(plan, folder, workers, progress, model) as mean_field:
        start = _start(plan, mean_field.names)

        report("1. a feasible point")
        searched = make_search_space(base=plan.changes)
        found = find_feasible_point(
            replace(searched, base={n: v for n, v in start.items() if n not in searched.names}),
            mean_field,
            start,
            generations=plan.generations,
            population=plan.population,
            improvements=plan.improvements,
            seed=plan.seed,
            report=report,
        )
        point = start | found

        report("2. free parameters")
        screened: list[ScreenedParameter] = []
        free = plan.free
        if not free:
            able = [name for name in mean_field.names if name != MALE_PART]
            screened = choose_free_parameters(
                _space(able, point), mean_field, point, walks=plan.walks, most=plan.freed,
                seed=plan.seed, report=report,
            )  # fmt: skip
            free = tuple(one.parameter for one in screened if one.free)
        space = _space(free, point)

        report("3. posterior")
        windows = targets.row_windows()

        def measure(points: np.ndarray) -> np.ndarray:
            sets = [space.changes(one) for one in shares(points)]
            return targets.take_differences(mean_field.evaluate(sets, "reweighting"))

        posterior = sample_posterior(
            measure,
            windows,
            probits(space, point),
            first=plan.first,
            size=plan.size,
            growth=plan.growth,
            enough=plan.enough,
            seed=plan.seed,
            report=report,
        )

        seconds = mean_field.seconds

    report("4. rank check")
    ranks = check_ranks(
        space.names, posterior, _row_errors(windows), truths=plan.truths, seed=plan.seed
    )
    odd = ", ".join(one.parameter for one in ranks if not one.inside)
    words = f"NOT uniform: {odd}" if odd else "uniform"
    report(f"{ranks[0].truths} truths: ranks {words}")

    report("5. posterior predictive")
    sample, prior = posterior.sample, np.full(plan.first, 1.0 / plan.first)
    result = Calibration(
        point=point,
        screened=tuple(screened),
        space=space,
        posterior=posterior,
        ranks=tuple(ranks),
        marginals=tuple(summarise_marginals(space, sample, ranks)),
        pairs=tuple(find_correlations(space.names, sample)),
        predictive=(
            *summarise_predictive("prior", posterior.prior, prior),
            *summarise_predictive("posterior", posterior.measured, sample.weights),
        ),
        mice=(),
        seconds=seconds,
    )
    if not plan.predictive:
        return result
    draws = sample_draws(*result.draws(), plan.predictive, plan.seed)
    mice = predict(draws, seed=plan.seed, workers=workers, changes=plan.changes, report=report)
    return replace(result, mice=tuple(mice))


def screened_names(changes: Mapping[str, Any]) -> tuple[str, ...]:
    """List the numbers that may be freed: those that nothing published gives, and `SEARCHED`.

    Args:
        changes: Parameters that the user has set; they are not freed.
    """
    uncertain = select_uncertain(Parameters().entries(), tuple(changes))
    return tuple(one.name for one in uncertain if one.grade == "assumed" or one.name in SEARCHED)


@contextmanager
def _open_mean_field(
    plan: CalibrationPlan,
    folder: Path | None,
    workers: int,
    progress: Progress,
    model: ModelFunction | None,
) -> Iterator[EvaluatedSets]:
    """Open the table of evaluated sets, and the processes that serve every step."""
    from gutexo.cohort.executors import choose_executor

    if model is None:
        model = partial(score_mean_field, mice=plan.mice, males=plan.males, seed=plan.seed)
    processes = choose_executor(workers)
    try:
        yield EvaluatedSets(
            model=model,
            label=f"mean field, {plan.mice} females, {plan.males} males, seed {plan.seed}",
            names=tuple(dict.fromkeys((*screened_names(plan.changes), *plan.free, MALE_PART))),
            answers=targets.target_names(),
            parts=PARTS,
            base=plan.changes,
            path=None if folder is None else folder / SETS_FILE,
            workers=processes or 1,
            progress=progress,
        )
    finally:
        if processes is not None:
            processes.stop()


def _start(plan: CalibrationPlan, names: Sequence[str]) -> dict[str, float]:
    """Values of the defaults, to begin with."""
    values = Parameters().change(plan.changes).flat()
    values |= {MALE_PART: phenotype("C57BL/6 male")["senescence.production_part"]}
    return {name: float(values[name]) for name in names}


def _space(names: Sequence[str], point: Mapping[str, float]) -> ParameterSpace:
    """Make the space of some numbers; all others have the values of the point."""
    rest = {name: value for name, value in point.items() if name not in names}
    space = make_parameter_space(names, digits=DIGITS)
    return replace(space, base=rest)


def _row_errors(windows: RowWindows) -> RowErrors:
    half = 0.5 * (windows.high - windows.low)
    data = np.isfinite(half) & np.array(
        [targets.use_of(k) == "calibrate" for k in targets.target_names()]
    )
    return RowErrors(np.where(data, half, np.nan), windows.scale)


def time_mean_field(plan: CalibrationPlan, model: ModelFunction | None = None) -> float:
    """Measure the mean field's seconds per set on one process; the first set is only a warm-up.

    Args:
        plan: Cohort, and parameters that differ from the defaults.
        model: The model; the mean field if None.

    Raises:
        GutexoError: The model does not answer at the defaults.
    """
    with _open_mean_field(plan, None, 1, ignore_messages, model) as mean_field:
        start = _start(plan, mean_field.names)
        return mean_field.time_sets([start] * TIMED_SETS)
