"""A mouse at one moment as a picture needs it: the gut unrolled, its cells, exosomes, organs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gutexo.biology.cargo import load
from gutexo.biology.places import (
    ADIPOCYTE,
    AXES,
    ENTEROCYTE,
    HEPATOCYTE,
    KIND_NAMES,
    MACROPHAGE,
    MYOCYTE,
    N_AXES,
    STEPS,
)
from gutexo.body.anatomy import Anatomy
from gutexo.body.mouse import Mouse
from gutexo.body.state import State

EMPTY = N_AXES
CARGO_CLASSES = (*AXES, "empty")
"""Classes of exosomes by what they carry most of, against what healthy cells load."""
_KEYS = 2.0**64


@dataclass(frozen=True)
class Exosomes:
    """Packets that are shown.

    Attributes:
        id: Identity, int64[n].
        along: Place along the gut, 0 (pylorus) to 1, float64[n]; where it left it, once it has.
        place: Index into `PLACE_NAMES`, int8[n].
        cargo_class: Index into `CARGO_CLASSES`, int8[n].
        given: Whether it came with a dose, bool[n].
        row: Row in the mouse's columns, int64[n].
    """

    id: np.ndarray
    along: np.ndarray
    place: np.ndarray
    cargo_class: np.ndarray
    given: np.ndarray
    row: np.ndarray


@dataclass(frozen=True)
class Cells:
    """Cell sites.

    Attributes:
        kind: Index into `KIND_NAMES`, int8[n].
        along: Place along the gut, 0 to 1, float64[n]; 0 in organs.
        level: Activation of a macrophage, insulin sensitivity of a cell of an organ,
            barrier cargo held by an enterocyte (young levels of a cell), float64[n].
        senescent: bool[n].
    """

    kind: np.ndarray
    along: np.ndarray
    level: np.ndarray
    senescent: np.ndarray


@dataclass(frozen=True)
class Picture:
    """A mouse at one moment.

    Attributes:
        day: Days since its first day.
        age: Age (d).
        regions: Name and end (0 to 1 along the gut) of each region.
        junction: Share of closed tight junctions by segment, float64[segments].
        bare: Share of epithelium laid bare, float64[segments].
        mucus: Thickness of mucus, young levels, float64[segments].
        lps: LPS that crosses, young levels, float64[segments].
        cells: Cell sites.
        exosomes: Packets that are shown, the same ones from moment to moment.
        shown: Share of all packets that is shown.
    """

    day: float
    age: float
    regions: tuple[tuple[str, float], ...]
    junction: np.ndarray
    bare: np.ndarray
    mucus: np.ndarray
    lps: np.ndarray
    cells: Cells
    exosomes: Exosomes
    shown: float


def picture(mouse: Mouse, most: int = 2000) -> Picture:
    """Look at a mouse; nothing of it changes.

    Args:
        mouse: Who is looked at.
        most: About how many exosomes are shown.

    Returns:
        What there is to be drawn.
    """
    s, a = mouse.state, mouse.state.anatomy
    exosomes, shown = _exosomes(s, most)
    return Picture(
        day=mouse.day,
        age=mouse.age,
        regions=regions(a),
        junction=s.segments.junction.copy(),
        bare=s.segments.damage.copy(),
        mucus=s.segments.mucus.copy(),
        lps=s.segments.lps.copy(),
        cells=_cells(s),
        exosomes=exosomes,
        shown=shown,
    )


def regions(a: Anatomy) -> tuple[tuple[str, float], ...]:
    """Name and end, as a fraction of the gut, of each region."""
    ends = (a.duodenum_end, a.jejunum_end, a.valve, a.segments)
    names = ("duodenum", "jejunum", "ileum", "colon")
    return tuple((name, end / a.segments) for name, end in zip(names, ends, strict=True))


def healthy_loads(state: State) -> np.ndarray:
    """Mean units a healthy cell loads on each axis where nothing is inflamed, float64[axes]."""
    body = state.records[-1]
    return np.array([load(body, axis, 0, 0.0, 0.0) for axis in range(N_AXES)])


def cargo_classes(cargo: np.ndarray, loads: np.ndarray) -> np.ndarray:
    """What each packet carries most of, against what healthy cells load.

    Args:
        cargo: Units, int[packets, axes].
        loads: Healthy mean units, float[axes].

    Returns:
        Index into `CARGO_CLASSES`, int8[packets].
    """
    against = cargo / np.where(loads > 0.0, loads, np.inf)
    found = against.argmax(axis=1) if len(cargo) else np.zeros(0, int)
    return np.where(cargo.any(axis=1), found, EMPTY).astype(np.int8)


def _exosomes(s: State, most: int) -> tuple[Exosomes, float]:
    """Packets whose key lies below a bound, so that a packet that is shown stays so."""
    packets, n = s.packets, s.count
    share = min(1.0, most / max(n, 1))
    # Steps of an eighth: the bound, and with it who is shown, seldom moves.
    share = 1.0 if share == 1.0 else 2.0 ** (np.floor(8.0 * np.log2(share)) / 8.0)
    rows = np.arange(n) if share == 1.0 else np.flatnonzero(packets.key[:n] < share * _KEYS)
    length = s.anatomy.segments * STEPS
    return Exosomes(
        id=packets.id[rows],
        along=packets.position[rows] / length,
        place=packets.place[rows],
        cargo_class=cargo_classes(packets.cargo[rows], healthy_loads(s)),
        given=packets.dose[rows] >= 0,
        row=rows,
    ), float(share)


def _cells(s: State) -> Cells:
    a, cells = s.anatomy, s.cells
    along = (cells.segment + 0.5) / a.segments
    within = np.zeros(a.cells)
    gut = slice(0, a.first_hepatocyte)
    for kind, per in ((ENTEROCYTE, a.enterocytes), (MACROPHAGE, a.macrophages)):
        rows = np.flatnonzero(cells.kind[gut] == kind)
        within[rows] = ((rows % per) + 0.5) / per - 0.5
    along = np.where(cells.kind < HEPATOCYTE, along + within / a.segments, 0.0)
    level = cells.state.copy()
    enterocytes = cells.kind == ENTEROCYTE
    unit = s.records[-1].reference_enterocyte / a.enterocytes
    level[enterocytes] = cells.held[enterocytes, 0] / unit
    return Cells(cells.kind.copy(), along, level, cells.senescent == 1)


def site_name(state: State, row: int) -> str:
    """A cell site as people call it, such as "macrophage 12 of the ileum"."""
    kind = int(state.cells.kind[row])
    name = KIND_NAMES[kind]
    if kind < HEPATOCYTE:
        segment = int(state.cells.segment[row])
        return f"{name} in segment {segment} ({state.anatomy.region(segment)})"
    organ = {HEPATOCYTE: "liver", MYOCYTE: "muscle", ADIPOCYTE: "adipose tissue"}[kind]
    return f"{name} of the {organ}"


def segment_at(state: State, along: float) -> int:
    """Segment at a place along the gut (0 to 1)."""
    return min(max(int(along * state.anatomy.segments), 0), state.anatomy.segments - 1)


__all__ = [
    "CARGO_CLASSES",
    "Cells",
    "Exosomes",
    "Picture",
    "cargo_classes",
    "healthy_loads",
    "picture",
    "regions",
    "segment_at",
    "site_name",
]
