"""Analysis of runs: paired effects, scores of the reported signs, and the tables of both."""

from gutexo.analysis.effects import (
    Effect,
    estimate_effect,
    estimate_effects,
    find_recorded_day,
    list_readouts,
)
from gutexo.analysis.facts import DISCLAIMER, Fact, score_facts
from gutexo.analysis.tables import read_table, write_table
from gutexo.analysis.trajectory_table import write_trajectories

__all__ = [
    "DISCLAIMER",
    "Effect",
    "Fact",
    "estimate_effect",
    "estimate_effects",
    "score_facts",
    "list_readouts",
    "find_recorded_day",
    "read_table",
    "write_table",
    "write_trajectories",
]
