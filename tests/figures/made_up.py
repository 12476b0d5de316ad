"""Results nobody simulated, to be drawn."""

import math
from itertools import product

from simulation.analysis.effects import Effect
from simulation.analysis.sweeps import SweepPoint

PAIRS = (
    ("young + old exosomes", "young + vehicle"),
    ("young + old exosomes", "young + young exosomes"),
    ("old + young exosomes", "old + vehicle"),
    ("old + vehicle", "young + vehicle"),
)


def swept() -> list[SweepPoint]:
    """Three parameters, four comparisons; one point has no pair."""
    grid = product((5.0, 20.0, 80.0, 150.0), (5.0, 20.0), (0.00123456, 12.0))
    found = []
    for place, (leak, half, clearance) in enumerate(grid):
        values = {
            "barrier.leak": leak,
            "immune.lps_half": half,
            "exosome.clearance_half_life": clearance,
        }
        for number, (arm, comparator) in enumerate(PAIRS):
            for readout in ("FITC-dextran", "plasma TNF", "HOMA-IR"):
                ratio = math.nan if place == 3 else math.exp(0.04 * (place - 4) - 0.1 * number)
                one = Effect(
                    readout, "1", arm, comparator, 28.0, 2.0, 1.0, 1.0, 0.9, 1.1,
                    ratio, 0.95 * ratio, 1.05 * ratio, 8,
                )  # fmt: skip
                found.append(SweepPoint(values, one))
    return found
