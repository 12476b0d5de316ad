"""Sensitivity: which uncertain numbers move which answer, and whose variance the answers hold."""

from gutexo.analysis.sensitivity.answers import Answers
from gutexo.analysis.sensitivity.morris import TELL_LOST, lost_share
from gutexo.analysis.sensitivity.plan import BUDGET, QUICK_PLAN, Plan
from gutexo.analysis.sensitivity.sobol import OTHERS, largest_move
from gutexo.analysis.sensitivity.space import ASKED, RANGES, Space, label, space_of
from gutexo.analysis.sensitivity.study import TABLES, Sensitivity, sensitivity

__all__ = [
    "ASKED",
    "BUDGET",
    "OTHERS",
    "QUICK_PLAN",
    "RANGES",
    "TABLES",
    "TELL_LOST",
    "Answers",
    "Plan",
    "Sensitivity",
    "Space",
    "label",
    "largest_move",
    "lost_share",
    "sensitivity",
    "space_of",
]
