"""Models that a sensitivity analysis evaluates: the mean-field model, and mice to check it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from gutexo.analysis.evaluated_sets import EvaluatedSets
from gutexo.analysis.outcomes import evaluate_mice
from gutexo.analysis.parameter_space import ParameterSpace
from gutexo.analysis.sensitivity.space import SENSITIVITY_QUESTIONS
from gutexo.cohort.study_run import Progress, ignore_messages


def open_mean_field(
    space: ParameterSpace,
    mice: int,
    seed: int = 1,
    *,
    resolution: Mapping[str, Any] | None = None,
    path: Path | None = None,
    workers: Any = 1,
    progress: Progress = ignore_messages,
) -> EvaluatedSets:
    """Open the answers of the mean-field model.

    Args:
        space: Parameters that differ from set to set, and what every set has.
        mice: Mice of each age in the mean-field model, which differ in random effects and burdens.
        seed: Seed of its mice, the same for every parameter set.
        resolution: Parameters that differ from those of the space in every set.
        path: Table in which each answer is saved when it arrives.
        workers: Processes, or a task executor.
        progress: Called with phase, done, total.
    """
    from gutexo.analysis.mean_field_outcomes import evaluate_mean_field

    return EvaluatedSets(
        model=partial(evaluate_mean_field, mice=mice, seed=seed),
        label=f"mean field, {mice} mice, seed {seed}",
        names=space.names,
        answers=SENSITIVITY_QUESTIONS,
        parts=("mean_field", "analysis/mean_field_outcomes.py", "analysis/outcomes.py"),
        base={**space.base, **(resolution or {})},
        path=path,
        workers=workers,
        progress=progress,
    )


def open_mice(
    space: ParameterSpace,
    replicates: int,
    seed: int = 1,
    *,
    resolution: Mapping[str, Any] | None = None,
    path: Path | None = None,
    workers: Any = 1,
    progress: Progress = ignore_messages,
) -> EvaluatedSets:
    """Open the answers of simulated mice.

    Args:
        space: Parameters that differ from set to set, and what every set has.
        replicates: Mice per arm.
        seed: Seed of everything, the same for every parameter set.
        resolution: Parameters that differ from those of the space in every set.
        path: Table in which each answer is saved when it arrives.
        workers: Processes, or a task executor.
        progress: Called with phase, done, total.
    """
    return EvaluatedSets(
        model=partial(evaluate_mice, replicates=replicates, seed=seed),
        label=f"mice, {replicates} an arm, seed {seed}",
        names=space.names,
        answers=SENSITIVITY_QUESTIONS,
        parts=("analysis/outcomes.py", "cohort", "protocol"),
        base={**space.base, **(resolution or {})},
        path=path,
        workers=workers,
        progress=progress,
    )
