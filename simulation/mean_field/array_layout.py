"""Indices of the numbers in the arrays of the mean-field mouse."""

from gutexo.catalogue.signals import N_CYTOKINES, N_SIGNALS

# Rows of the wall array, one column per segment. DISRUPTING to PROTECTING is cargo held by
# enterocytes, INCITING and CALMING by macrophages. INDUCED and RIPE are shares of niches: induced;
# induced and mature. SENESCENT is the mature burden of a segment relative to that of an old gut,
# BATHED the LPS that a segment senses. The last rows are local cytokines.
(
    JUNCTION,
    PORE,
    DAMAGE,
    MUCUS,
    DENSITY,
    PATHOBIONTS,
    SWALLOWED,
    LPS,
    ACTIVATION,
    DISRUPTING,
    INFLAMING,
    PROTECTING,
    INCITING,
    CALMING,
    OFFER,
    INDUCED,
    RIPE,
    SENESCENT,
    BATHED,
    LICENCE,
    SECRETION,
    HAZARD,
    CYTOKINE,
) = range(23)
WALL = CYTOKINE + N_CYTOKINES
# Rows of the organ array, one column per organ.
(
    FAST,
    SLOW,
    CAPACITY,
    SENSITIVITY,
    LIPID,
    ORGAN_INFLAMING,
    SUPPORT,
    ORGAN_INDUCED,
    ORGAN_RIPE,
    ORGAN_SECRETION,
    ORGAN_HAZARD,
) = range(11)
ORGAN = 11
# Body array: levels of signals in plasma, their means over a step, and single numbers. FOLLOWED
# follows the burden and sets which sites are intrinsic; MATURED is the mature part of the burden;
# ORGANS_SECRETION is the mean over the cells of all organs.
LEVEL, SENSED = 0, N_SIGNALS
(
    BURDEN,
    FOLLOWED,
    MATURED,
    TOTAL,
    MASS,
    ALIVE,
    INFUSED,
    ORGAN_LICENCE,
    ORGANS_SECRETION,
) = range(2 * N_SIGNALS, 2 * N_SIGNALS + 9)
BODY = 2 * N_SIGNALS + 9
# Channels of packets: number, units on four axes; from OWN on one per kind of dose, in packets.
COUNT, BARRIER, INFLAMMATORY, INSULIN, PROTECTIVE, OWN = range(6)
