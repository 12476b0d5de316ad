"""Whole sensitivity analysis: screening, Sobol indices, spread of answers, and check with mice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gutexo.analysis.evaluated_sets import EvaluatedSets
from gutexo.analysis.parameter_space import ParameterSpace
from gutexo.analysis.sensitivity import answer_spread, emulator_check, winsorising
from gutexo.analysis.sensitivity import morris as screening
from gutexo.analysis.sensitivity import sobol as variance
from gutexo.analysis.sensitivity.answer_spread import AnswerSpread
from gutexo.analysis.sensitivity.emulator_check import EmulatorCheck
from gutexo.analysis.sensitivity.morris import MorrisIndex
from gutexo.analysis.sensitivity.plan import SensitivityPlan
from gutexo.analysis.sensitivity.sobol import SobolIndex
from gutexo.analysis.tables import columns_of, row_values
from gutexo.errors import GutexoError, suggest

TABLES: dict[str, type] = {
    "morris": MorrisIndex,
    "sobol": SobolIndex,
    "groups": SobolIndex,
    "answers": AnswerSpread,
    "emulator": EmulatorCheck,
}
"""Row type of each table, and of the file with its name."""


@dataclass(frozen=True)
class Sensitivity:
    """Results of a sensitivity analysis.

    Attributes:
        space: Parameters that were changed, and their ranges.
        range: Name of the ranges, `near` or `prior`.
        questions: Questions that were evaluated.
        plan: Sizes of the analysis.
        seed: Seed of all designs and bootstraps.
        importance: Mean share of squared mu* by parameter, largest first.
        picked: Parameters with an index of their own.
        morris: One row per parameter and question.
        sobol: One row per picked parameter, or group of all others, and question.
        groups: One row per group (assumed, sourced) and question.
        answers: One row per question: median and spread.
        emulator: One row per question: emulator against mice; empty where mice were not run.
        passed_over: Number of points at which mice were not run, since few would have reached old
            age.
        evaluations: Number of sets evaluated with the emulator.
        reasons: Number of refused answers, by reason.
    """

    space: ParameterSpace
    range: str
    questions: tuple[str, ...]
    plan: SensitivityPlan
    seed: int
    importance: dict[str, float]
    picked: tuple[str, ...]
    morris: tuple[MorrisIndex, ...]
    sobol: tuple[SobolIndex, ...]
    groups: tuple[SobolIndex, ...]
    answers: tuple[AnswerSpread, ...]
    emulator: tuple[EmulatorCheck, ...]
    passed_over: int
    evaluations: int
    reasons: dict[str, int]

    def to_frame(self, table: str) -> Any:
        """Return a table as a pandas frame (pandas is installed with SALib).

        Args:
            table: One of `TABLES`.

        Raises:
            GutexoError: There is no such table.
        """
        if table not in TABLES:
            raise GutexoError(f"table '{table}' does not exist{suggest(table, TABLES)}")
        from pandas import DataFrame

        rows = map(row_values, getattr(self, table))
        return DataFrame(list(rows), columns=list(columns_of(TABLES[table])))


def measure_sensitivity(
    space: ParameterSpace,
    plan: SensitivityPlan,
    emulator: EvaluatedSets,
    mice: Sequence[EvaluatedSets] = (),
    coarse_emulator: EvaluatedSets | None = None,
    *,
    range: str = "near",
    seed: int = 1,
    report: Callable[[str], None] = lambda line: None,
) -> Sensitivity:
    """Find which uncertain parameters change which answer, and their shares of its variance.

    Args:
        space: Parameters that are changed, and their ranges.
        plan: Sizes of the analysis.
        emulator: Answers of the emulator.
        mice: Answers of mice to check the emulator with, each with another seed; no check if empty.
        coarse_emulator: Answers of the emulator at the resolution of these mice; those of
            `emulator` if None.
        range: Name of the ranges of the space.
        seed: Seed of all designs and bootstraps.
        report: Called with a line of text for the user.

    Returns:
        All tables.

    Raises:
        GutexoError: SALib is not installed, or no parameter set has an answer.
    """
    names, questions = space.names, emulator.answers
    evaluations = 0

    def evaluate(points: np.ndarray, phase: str) -> np.ndarray:
        nonlocal evaluations
        flat = points.reshape(-1, len(names))
        evaluations += len(flat)
        sets = [space.values(point) for point in flat]
        return emulator.log_evaluate(sets, phase).reshape(*points.shape[:-1], -1)

    defaults = {one.name: float(one.value) for one in space.entries}
    default = emulator.log_evaluate([defaults], "defaults")[0]
    evaluations += 1

    report(f"Morris: {plan.trajectories} walks over {len(names)} parameters")
    walks = screening.trajectories(len(names), plan.trajectories, seed)
    walk_logs = evaluate(walks, "screening")
    fences = winsorising.tukey_fences(walk_logs.reshape(-1, len(questions)))
    effects = screening.elementary_effects(walks, winsorising.winsorise(walk_logs, fences))
    screened = screening.screen_parameters(names, questions, effects, seed)
    importance = screening.importance(screened)
    picked = tuple(list(importance)[: plan.picked])

    report(f"Sobol: {plan.points} rows, {len(picked)} parameters and all others")
    apart = variance.group_parameters(names, picked)
    points = variance.saltelli_design(apart, plan.points, seed)
    logs = evaluate(points, "variance by parameter")
    independent = variance.independent_points(logs)
    ends = winsorising.tukey_fences(independent)
    found = variance.sobol_indices(apart, questions, winsorising.winsorise(logs, ends), seed)
    spread = answer_spread.measure_spreads(questions, default, independent, ends)

    report("Sobol: assumed and sourced parameters")
    knowledge = answer_spread.group_by_knowledge(space)
    halves = evaluate(
        variance.saltelli_design(knowledge, plan.points, seed), "variance by knowledge"
    )
    groups = variance.sobol_indices(knowledge, questions, winsorising.winsorise(halves, ends), seed)

    compared: list[EmulatorCheck] = []
    passed = 0
    if mice:
        report(f"emulator against mice: {plan.checked} parameter sets, {len(mice)} run(s) each")
        chosen, passed = emulator_check.choose_mouse_points(
            [space.changes(point) for point in points[:, 0]], plan.checked - 1
        )
        sets = [defaults, *chosen]
        simulated = np.array([one.log_evaluate(sets, "evaluating mice") for one in mice])
        emulated = (coarse_emulator or emulator).log_evaluate(sets, "evaluating emulator")
        evaluations += len(sets)
        spans = [row.sd_log for row in spread]
        compared = emulator_check.check_emulator(questions, emulated, simulated, spans)
    return Sensitivity(
        space=space,
        range=range,
        questions=questions,
        plan=plan,
        seed=seed,
        importance=importance,
        picked=picked,
        morris=tuple(screened),
        sobol=tuple(found),
        groups=tuple(groups),
        answers=tuple(spread),
        emulator=tuple(compared),
        passed_over=passed,
        evaluations=evaluations,
        reasons=dict(emulator.reasons.most_common()),
    )
