"""The data of a picture of a mouse at one moment: the gut unrolled, cells, exosomes, organs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gutexo.biology.cargo import load
from gutexo.biology.codes import (
    AXES,
    ENTEROCYTE,
    FIRST_ORGAN,
    KIND_NAMES,
    MACROPHAGE,
    N_AXES,
    STEPS_PER_SEGMENT,
)
from gutexo.body.anatomy import Anatomy
from gutexo.body.mouse import Mouse
from gutexo.body.state import State
from gutexo.catalogue.organs import ORGANS

EMPTY = N_AXES
CARGO_CLASSES = (*AXES, "empty")
"""Classes of exosomes: the axis with most cargo, relative to what healthy cells load."""
_KEY_COUNT = 2.0**64


@dataclass(frozen=True)
class PictureExosomes:
    """Exosome packets in a picture.

    Attributes:
        id: Identity, int64[n].
        along: Position along the gut, 0 (pylorus) to 1, float64[n]; of a packet that has left the
            gut, the position where it left.
        place: Index into `PLACE_NAMES`, int8[n].
        cargo_class: Index into `CARGO_CLASSES`, int8[n].
        given: Whether the packet came with a dose, bool[n].
        row: Row in the mouse's columns, int64[n].
    """

    id: np.ndarray
    along: np.ndarray
    place: np.ndarray
    cargo_class: np.ndarray
    given: np.ndarray
    row: np.ndarray


@dataclass(frozen=True)
class PictureCells:
    """Cell sites in a picture.

    Attributes:
        kind: Index into `KIND_NAMES`, int8[n].
        along: Position along the gut, 0 to 1, float64[n]; 0 in organs.
        level: Activation of a macrophage, insulin sensitivity of a cell of an organ,
            barrier cargo held by an enterocyte (relative to the young level of a cell),
            float64[n].
        senescence: State of the site, index into `SENESCENCE_NAMES`, int8[n]; of an enterocyte that
            of the niche beneath it, of a macrophage always well.
    """

    kind: np.ndarray
    along: np.ndarray
    level: np.ndarray
    senescence: np.ndarray


@dataclass(frozen=True)
class Picture:
    """The data of a picture of a mouse at one moment.

    Attributes:
        day: Days since its first day.
        age: Age (d).
        regions: Name and end (0 to 1 along the gut) of each region.
        junction: Share of closed tight junctions per segment, float64[segments].
        bare: Share of the epithelium that is bare, float64[segments].
        mucus: Thickness of mucus, relative to the young level, float64[segments].
        lps: LPS that crosses, relative to the young level, float64[segments].
        cells: Cell sites.
        exosomes: Packets in the picture, the same ones from moment to moment.
        shown_share: Share of all packets that is in the picture.
    """

    day: float
    age: float
    regions: tuple[tuple[str, float], ...]
    junction: np.ndarray
    bare: np.ndarray
    mucus: np.ndarray
    lps: np.ndarray
    cells: PictureCells
    exosomes: PictureExosomes
    shown_share: float


def take_picture(mouse: Mouse, most: int = 2000) -> Picture:
    """Collect the data of a picture of a mouse; the mouse does not change.

    Args:
        mouse: The mouse.
        most: Approximate largest number of exosomes in the picture.

    Returns:
        The data of the picture.
    """
    s, a = mouse.state, mouse.state.anatomy
    exosomes, share = _pick_exosomes(s, most)
    return Picture(
        day=mouse.day,
        age=mouse.age,
        regions=list_regions(a),
        junction=s.segments.junction.copy(),
        bare=s.segments.damage.copy(),
        mucus=s.segments.mucus.copy(),
        lps=s.segments.lps.copy(),
        cells=_place_cells(s),
        exosomes=exosomes,
        shown_share=share,
    )


def list_regions(a: Anatomy) -> tuple[tuple[str, float], ...]:
    """List name and end (fraction of the gut) of each region."""
    ends = (a.duodenum_end, a.jejunum_end, a.valve, a.segments)
    names = ("duodenum", "jejunum", "ileum", "colon")
    return tuple((name, end / a.segments) for name, end in zip(names, ends, strict=True))


def healthy_loads(state: State) -> np.ndarray:
    """Mean units a healthy cell loads on each axis without inflammation, float64[axes]."""
    body = state.records[-1]
    return np.array([load(body, axis, 0, 0.0, 0.0) for axis in range(N_AXES)])


def classify_cargo(cargo: np.ndarray, loads: np.ndarray) -> np.ndarray:
    """Find the axis of which each packet carries most, relative to what healthy cells load.

    Args:
        cargo: Units, int[packets, axes].
        loads: Healthy mean units, float[axes].

    Returns:
        Index into `CARGO_CLASSES`, int8[packets].
    """
    against = cargo / np.where(loads > 0.0, loads, np.inf)
    found = against.argmax(axis=1) if len(cargo) else np.zeros(0, int)
    return np.where(cargo.any(axis=1), found, EMPTY).astype(np.int8)


def _pick_exosomes(s: State, most: int) -> tuple[PictureExosomes, float]:
    """Choose packets whose key is below a bound, so that a packet that is shown stays shown.

    Returns the packets and their share of all packets.
    """
    packets, n = s.packets, s.count
    share = min(1.0, most / max(n, 1))
    # The share is a power of two in steps of 1/8, so that the bound (and with it the choice of
    # packets) seldom changes.
    share = 1.0 if share == 1.0 else 2.0 ** (np.floor(8.0 * np.log2(share)) / 8.0)
    rows = np.arange(n) if share == 1.0 else np.flatnonzero(packets.key[:n] < share * _KEY_COUNT)
    length = s.anatomy.segments * STEPS_PER_SEGMENT
    return PictureExosomes(
        id=packets.id[rows],
        along=packets.position[rows] / length,
        place=packets.place[rows],
        cargo_class=classify_cargo(packets.cargo[rows], healthy_loads(s)),
        given=packets.dose[rows] >= 0,
        row=rows,
    ), float(share)


def _place_cells(s: State) -> PictureCells:
    a, cells = s.anatomy, s.cells
    along = (cells.segment + 0.5) / a.segments
    within = np.zeros(a.cells)
    gut = slice(0, a.first_organ_cell)
    for kind, per in ((ENTEROCYTE, a.enterocytes), (MACROPHAGE, a.macrophages)):
        rows = np.flatnonzero(cells.kind[gut] == kind)
        within[rows] = ((rows % per) + 0.5) / per - 0.5
    along = np.where(cells.kind < FIRST_ORGAN, along + within / a.segments, 0.0)
    level = cells.state.copy()
    enterocytes = cells.kind == ENTEROCYTE
    unit = s.records[-1].reference_enterocyte / a.enterocytes
    level[enterocytes] = cells.held[enterocytes, 0] / unit
    return PictureCells(cells.kind.copy(), along, level, cells.senescence.copy())


def site_name(state: State, row: int) -> str:
    """Return a readable name of a cell site, such as "enterocyte in segment 3 (duodenum)"."""
    kind = int(state.cells.kind[row])
    name = KIND_NAMES[kind]
    if kind < FIRST_ORGAN:
        segment = int(state.cells.segment[row])
        return f"{name} in segment {segment} ({state.anatomy.region(segment)})"
    return f"{name} of the {ORGANS[kind - FIRST_ORGAN].name}"


def segment_at(state: State, along: float) -> int:
    """Return the segment at a position along the gut (0 to 1)."""
    return min(max(int(along * state.anatomy.segments), 0), state.anatomy.segments - 1)


__all__ = [
    "CARGO_CLASSES",
    "PictureCells",
    "PictureExosomes",
    "Picture",
    "classify_cargo",
    "healthy_loads",
    "take_picture",
    "list_regions",
    "segment_at",
    "site_name",
]
