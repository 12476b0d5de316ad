"""Sensitivity: which uncertain numbers move which answer, and whose variance the answers hold."""

from simulation.analysis.sensitivity.answers import Answers
from simulation.analysis.sensitivity.morris import TELL_LOST, lost_share
from simulation.analysis.sensitivity.plan import BUDGET, QUICK_PLAN, Plan
from simulation.analysis.sensitivity.sobol import OTHERS, largest_move
from simulation.analysis.sensitivity.space import ASKED, RANGES, Space, label, space_of
from simulation.analysis.sensitivity.study import TABLES, Sensitivity, sensitivity

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
