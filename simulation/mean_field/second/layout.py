"""Indices of the numbers in the arrays of the second mean-field mouse."""

from gutexo.catalogue.signals import N_SIGNALS
from gutexo.mean_field.array_layout import (
    DAMAGE,
    DENSITY,
    JUNCTION,
    LPS,
    MUCUS,
    PATHOBIONTS,
    PORE,
    SWALLOWED,
)

__all__ = [
    "DAMAGE",
    "DENSITY",
    "JUNCTION",
    "LPS",
    "MUCUS",
    "PATHOBIONTS",
    "PORE",
    "SWALLOWED",
]

# Rows of the wall array, one column per segment; the first eight are those of the first mean field,
# so that its transport and its marker read both. DISRUPTING to CALMING is cargo held by enterocytes
# (first three) and macrophages. INDUCED and RIPE are shares of niches: induced; induced and mature.
# BATHED is the LPS that a segment senses.
_FIRST = max(JUNCTION, PORE, DAMAGE, MUCUS, DENSITY, PATHOBIONTS, SWALLOWED, LPS) + 1
(
    ACTIVATION,
    DISRUPTING,
    INFLAMING,
    PROTECTING,
    INCITING,
    CALMING,
    OFFER,
    LOCAL_TNF,
    LOCAL_IL10,
    INDUCED,
    RIPE,
    SENESCENT,
    BATHED,
    LICENCE,
    SECRETION,
    HAZARD,
) = range(_FIRST, _FIRST + 16)
WALL = _FIRST + 16
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
    ORGAN_HAZARD,
) = range(10)
ORGAN = 10
# Body array: levels of signals in plasma, their means over a step, and single numbers. FOLLOWED
# follows the burden and sets which sites are intrinsic; MATURED is the mature part of the burden.
LEVEL, SENSED = 0, N_SIGNALS
(
    BURDEN,
    FOLLOWED,
    MATURED,
    TOTAL,
    MASS,
    ALIVE,
    INFUSED,
    ORGAN_SENESCENT,
    ORGAN_LICENCE,
    ORGAN_SECRETION,
) = range(2 * N_SIGNALS, 2 * N_SIGNALS + 10)
BODY = 2 * N_SIGNALS + 10
