"""Readers of saved tables of analyses, so that their figures can be drawn without a run."""

from gutexo.analysis.saved_tables.calibration import (
    read_dose_grid,
    read_marginal_summaries,
    read_predictive,
    read_sbc_ranks,
)
from gutexo.analysis.saved_tables.checks import read_ablations, read_verification
from gutexo.analysis.saved_tables.design import read_design
from gutexo.analysis.saved_tables.scores import last_scored_sets, read_scores, read_scores_of_draws
from gutexo.analysis.saved_tables.sensitivity import read_sensitivity

__all__ = [
    "read_ablations",
    "read_dose_grid",
    "read_design",
    "read_marginal_summaries",
    "read_predictive",
    "read_sbc_ranks",
    "read_scores",
    "read_scores_of_draws",
    "read_sensitivity",
    "read_verification",
    "last_scored_sets",
]
