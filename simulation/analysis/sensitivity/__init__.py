"""Sensitivity: which uncertain parameters change which answer, and their shares of its variance."""

from gutexo.analysis.sensitivity.morris import REPORT_LOST, lost_share
from gutexo.analysis.sensitivity.pipeline import TABLES, Sensitivity, measure_sensitivity
from gutexo.analysis.sensitivity.plan import BUDGET, QUICK_PLAN, SensitivityPlan
from gutexo.analysis.sensitivity.sobol import OTHERS, largest_move
from gutexo.analysis.sensitivity.space import (
    RANGES,
    SENSITIVITY_QUESTIONS,
    describe_range,
    label_question,
    make_sensitivity_space,
)

__all__ = [
    "SENSITIVITY_QUESTIONS",
    "BUDGET",
    "OTHERS",
    "QUICK_PLAN",
    "RANGES",
    "TABLES",
    "REPORT_LOST",
    "SensitivityPlan",
    "Sensitivity",
    "describe_range",
    "label_question",
    "largest_move",
    "lost_share",
    "measure_sensitivity",
    "make_sensitivity_space",
]
