"""Where an exosome can be, which cells there are, cargo axes: the shared code numbers."""

from __future__ import annotations

# Places an exosome can leave again (transient states of its chain).
LUMEN = 0
MUCUS = 1
EPITHELIUM = 2
LAMINA_PROPRIA = 3
PLASMA = 4
TISSUE = 5
N_PLACES = 6
# Sinks: the packet was opened by a cell of this kind, degraded, or left the body.
IN_ENTEROCYTE = 6
IN_MACROPHAGE = 7
IN_HEPATOCYTE = 8
IN_MYOCYTE = 9
IN_ADIPOCYTE = 10
DEGRADED = 11
EXCRETED = 12

PLACE_NAMES = (
    "lumen",
    "mucus",
    "epithelium",
    "lamina propria",
    "plasma",
    "tissue",
    "enterocyte",
    "macrophage",
    "hepatocyte",
    "myocyte",
    "adipocyte",
    "degraded",
    "excreted",
)

# Kinds of cell sites, in the order in which their rows stand.
ENTEROCYTE = 0
MACROPHAGE = 1
HEPATOCYTE = 2
MYOCYTE = 3
ADIPOCYTE = 4
N_KINDS = 5
KIND_NAMES = ("enterocyte", "macrophage", "hepatocyte", "myocyte", "adipocyte")

# Cargo axes.
BARRIER = 0
INFLAMMATORY = 1
INSULIN_RESISTANCE = 2
PROTECTIVE = 3
N_AXES = 4
AXES = ("barrier", "inflammatory", "insulin_resistance", "protective")

# A position along the gut is counted in this many steps a segment, so that it adds exactly.
STEP_BITS = 16
STEPS = 1 << STEP_BITS
# Cell states are added in fixed point: this many units for 1.0.
FIXED_POINT = 4294967296.0
