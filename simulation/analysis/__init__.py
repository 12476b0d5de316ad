"""What the runs say: paired effects, the constrained facts, and the tables that hold them."""

from simulation.analysis.effects import Effect, effect, effects, readouts, recorded_day
from simulation.analysis.facts import PHRASE, Fact, facts
from simulation.analysis.tables import write_effects, write_trajectories

__all__ = [
    "PHRASE",
    "Effect",
    "Fact",
    "effect",
    "effects",
    "facts",
    "readouts",
    "recorded_day",
    "write_effects",
    "write_trajectories",
]
