"""What the runs say: paired effects, the constrained facts, and the tables that hold them."""

from gutexo.analysis.effects import Effect, effect, effects, readouts, recorded_day
from gutexo.analysis.facts import PHRASE, Fact, facts
from gutexo.analysis.tables import write_effects, write_trajectories

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
