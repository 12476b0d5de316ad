"""Readers of saved analyses, so that their figures can be drawn without a run."""

from gutexo.analysis.saved_tables.calibration import read_dose_grid, read_ranks
from gutexo.analysis.saved_tables.curves import read_design, read_verification
from gutexo.analysis.saved_tables.scores import last_scored_set, read_scores
from gutexo.analysis.saved_tables.sensitivity import read_sensitivity

__all__ = [
    "last_scored_set",
    "read_design",
    "read_dose_grid",
    "read_ranks",
    "read_scores",
    "read_sensitivity",
    "read_verification",
]
