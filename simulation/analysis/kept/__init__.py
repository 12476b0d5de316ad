"""Tables that analyses left behind, read again so that their figures can be drawn without a run."""

from gutexo.analysis.kept.calibration import (
    read_box,
    read_learnt,
    read_predictive,
    read_ranks,
)
from gutexo.analysis.kept.checks import read_ablations, read_verification
from gutexo.analysis.kept.laboratory import read_design
from gutexo.analysis.kept.scores import read_scores, read_scores_of_draws, sets_scored
from gutexo.analysis.kept.sensitivity import read_sensitivity

__all__ = [
    "read_ablations",
    "read_box",
    "read_design",
    "read_learnt",
    "read_predictive",
    "read_ranks",
    "read_scores",
    "read_scores_of_draws",
    "read_sensitivity",
    "read_verification",
    "sets_scored",
]
