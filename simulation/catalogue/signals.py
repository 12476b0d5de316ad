"""Table of soluble signals in blood: cytokines and LPS, one row each.

From a row follow its named rates, its columns, its kinetics in plasma, its readout, its blockade,
its arrows on the page and in the figure of flows, and its place in the mean-field model. Numbers of
a row stand in the group `immune`: `{key}_half_life`, `{key}_unit`, and of a cytokine
`{key}_by_activation` and, if senescent cells secrete it, `{key}_by_senescence`.
"""

from __future__ import annotations

from dataclasses import dataclass

from gutexo.catalogue.organs import ORGANS

CONSTITUTIVE = "of the constitutive level"


@dataclass(frozen=True)
class Listener:
    """Something that senses a signal.

    Attributes:
        place: Epithelium, crypt niches, macrophages or the name of an organ.
        effect: What the signal does there.
    """

    place: str
    effect: str


@dataclass(frozen=True)
class Signal:
    """A soluble signal.

    Attributes:
        name: Name in readouts, on the page and in figures.
        key: Name in parameters and named rates.
        unit: Unit of its level in plasma.
        measured: How its readout is measured.
        source: What secretes it.
        reference: Reference of its level.
        at_wall: What senses it at the gut wall.
        in_blood: Organs that sense it in blood, as a mean over a tick.
        secretion_varies: Whether its secretion differs between animals.
    """

    name: str
    key: str
    unit: str
    measured: str
    source: str = "macrophages"
    reference: str = CONSTITUTIVE
    at_wall: tuple[Listener, ...] = ()
    in_blood: tuple[Listener, ...] = ()
    secretion_varies: bool = False


SECRETORS = "macrophages and senescent cells"

BLOCKS = "blocks insulin signalling"
INDUCES = "induces senescence"
LICENSES = "licenses senescent cells to secrete"
NICHES = "crypt niches"

# Macrophages and senescent cells secrete cytokines; a level of 1 is the constitutive one.
CYTOKINES = (
    Signal(
        "TNF",
        "tnf",
        "pg/mL",
        "TNF at the end of the day",
        source=SECRETORS,
        at_wall=(
            Listener("epithelium", "opens the pore, sheds epithelium, favours pathobionts"),
            Listener(NICHES, INDUCES),
        ),
        in_blood=tuple(Listener(organ.name, f"{BLOCKS}, {INDUCES}") for organ in ORGANS),
        secretion_varies=True,
    ),
    Signal(
        "IL-6",
        "il6",
        "pg/mL",
        "IL-6 at the end of the day, a marker that nothing senses",
        source=SECRETORS,
    ),
    Signal(
        "IL-10",
        "il10",
        "pg/mL",
        "IL-10, the anti-inflammatory arm, at the end of the day",
        at_wall=(Listener("macrophages", "calms"),),
    ),
)
# LPS is not secreted: it crosses the gut wall. It is the last signal.
SIGNALS = (
    *CYTOKINES,
    Signal(
        "LPS",
        "lps",
        "EU/mL",
        "LPS that passed the gut wall and the liver",
        source="bacteria",
        reference="of a closed young wall",
        at_wall=(Listener(NICHES, LICENSES), Listener("macrophages", "activates")),
        in_blood=tuple(
            Listener(organ.name, f"{BLOCKS}, {LICENSES}" if organ.name == "liver" else LICENSES)
            for organ in ORGANS
        ),
    ),
)
TNF, IL6, IL10 = range(3)
LPS = len(CYTOKINES)
N_CYTOKINES = len(CYTOKINES)
N_SIGNALS = len(SIGNALS)
