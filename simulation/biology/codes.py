"""Code numbers of the places of an exosome, the kinds of cells and the cargo axes."""

from __future__ import annotations

from gutexo.catalogue.organs import N_ORGANS, ORGANS

# Places that an exosome can leave again (transient states of its chain).
LUMEN = 0
MUCUS = 1
EPITHELIUM = 2
LAMINA_PROPRIA = 3
PLASMA = 4
TISSUE = 5
N_PLACES = 6
# Sinks: a cell of this kind opened the packet, or it was degraded, or it left the body.
IN_ENTEROCYTE = 6
IN_MACROPHAGE = 7
IN_FIRST_ORGAN = 8
DEGRADED = IN_FIRST_ORGAN + N_ORGANS
EXCRETED = DEGRADED + 1

PLACE_NAMES = (
    "lumen",
    "mucus",
    "epithelium",
    "lamina propria",
    "plasma",
    "tissue",
    "enterocyte",
    "macrophage",
    *(organ.cell for organ in ORGANS),
    "degraded",
    "excreted",
)

# Kinds of cell sites, in the order of their rows: gut, then organs in the order of their table.
ENTEROCYTE = 0
MACROPHAGE = 1
FIRST_ORGAN = 2
N_KINDS = FIRST_ORGAN + N_ORGANS
KIND_NAMES = ("enterocyte", "macrophage", *(organ.cell for organ in ORGANS))

# Cargo axes.
BARRIER = 0
INFLAMMATORY = 1
INSULIN_RESISTANCE = 2
PROTECTIVE = 3
N_AXES = 4
AXES = ("barrier", "inflammatory", "insulin_resistance", "protective")

# States of a site of senescence: the niche beneath an enterocyte, or a cell of an organ.
WELL = 0
INTRINSIC = 1
INTRINSIC_MATURE = 2
INDUCED = 3
INDUCED_MATURE = 4
SENESCENCE_NAMES = (
    "well",
    "intrinsic senescent",
    "intrinsic senescent, mature",
    "induced senescent",
    "induced senescent, mature",
)

# Why a site turned senescent last.
NEVER = 0
BY_ITSELF = 1
BY_INDUCTION = 2
BY_TRANSPLANT = 3

# A position along the gut is counted in this many steps per segment, so that sums are exact.
STEP_BITS = 16
STEPS_PER_SEGMENT = 1 << STEP_BITS
# Cell states are added in fixed point, with this many units for 1.0.
FIXED_POINT = 4294967296.0
