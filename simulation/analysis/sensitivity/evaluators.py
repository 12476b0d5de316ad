"""Models that a sensitivity analysis evaluates: the mean-field model, and mice to check it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from gutexo.analysis.outcomes import evaluate_mice
from gutexo.analysis.sensitivity.evaluator import SensitivityEvaluator
from gutexo.analysis.sensitivity.space import SENSITIVITY_QUESTIONS
from gutexo.cohort.study_run import Progress, ignore_messages


def mean_field_evaluator(
    mice: int,
    seed: int = 1,
    *,
    keep: Path | None = None,
    workers: Any = 1,
    progress: Progress = ignore_messages,
) -> SensitivityEvaluator:
    """Make an evaluator of the mean-field model.

    Args:
        mice: Mice of each age in the mean-field model, which differ in random effects and burdens.
        seed: Seed of its mice, the same for every parameter set.
        keep: File in which each answer is saved when it arrives.
        workers: Processes, or a task executor.
        progress: Called with phase, done, total.
    """
    from gutexo.analysis.mean_field_outcomes import evaluate_mean_field

    model = partial(evaluate_mean_field, mice=mice, seed=seed)
    name = f"twin mice={mice} seed={seed}"
    parts = ("mean_field", "analysis/mean_field_outcomes.py", "analysis/outcomes.py")
    return SensitivityEvaluator(model, SENSITIVITY_QUESTIONS, name, parts, keep, workers, progress)


def mouse_evaluator(
    replicates: int,
    seed: int = 1,
    *,
    keep: Path | None = None,
    workers: Any = 1,
    progress: Progress = ignore_messages,
) -> SensitivityEvaluator:
    """Make an evaluator of simulated mice.

    Args:
        replicates: Mice per arm.
        seed: Seed of everything, the same for every parameter set.
        keep: File in which each answer is saved when it arrives.
        workers: Processes, or a task executor.
        progress: Called with phase, done, total.
    """
    model = partial(evaluate_mice, replicates=replicates, seed=seed)
    name = f"mice replicates={replicates} seed={seed}"
    parts = ("analysis/outcomes.py", "cohort", "protocol")
    return SensitivityEvaluator(model, SENSITIVITY_QUESTIONS, name, parts, keep, workers, progress)
