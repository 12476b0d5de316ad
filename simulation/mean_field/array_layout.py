"""Indices of the numbers in the arrays of the mean-field model."""

from gutexo.catalogue.organs import N_ORGANS
from gutexo.catalogue.signals import N_CYTOKINES, N_SIGNALS

# Rows of the wall array, one column per segment; the last are local cytokines.
JUNCTION, PORE, DAMAGE, MUCUS, DENSITY, PATHOBIONTS, SWALLOWED, LPS = range(8)
ACTIVATION, INFLAMING, CALMING, DISRUPTING, PROTECTING, OFFER, STOOD = range(8, 15)
CYTOKINE = 15
WALL = CYTOKINE + N_CYTOKINES
# Indices of the body array: levels of signals in plasma, their means over a tick, the burden, and
# six numbers of every organ.
LEVEL, SENSED = 0, N_SIGNALS
MATURED, SHARE = 2 * N_SIGNALS, 2 * N_SIGNALS + 1
FAST, SLOW, CAPACITY, LIPID, SUPPORT, SENSITIVITY = range(
    SHARE + 1, SHARE + 1 + 6 * N_ORGANS, N_ORGANS
)
BODY = SENSITIVITY + N_ORGANS
# Channels of packets: number, units on four axes; from OWN on one per kind of dose, in packets.
COUNT, BARRIER, INFLAMMATORY, INSULIN, PROTECTIVE, OWN = range(6)
