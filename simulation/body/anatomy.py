"""Layout of a mouse: the rows of each kind of cell and the position of the ileocaecal valve."""

from __future__ import annotations

from typing import NamedTuple

from gutexo.biology.codes import STEPS_PER_SEGMENT
from gutexo.catalogue import Parameters

# Shares of the gut's segments that are duodenum, jejunum, ileum and colon (of 64: 6, 28, 14, 16).
# Assumed: lengths of a mouse's gut, with finer segments where bacteria live.
REGIONS = (("duodenum", 6 / 64), ("jejunum", 28 / 64), ("ileum", 14 / 64), ("colon", 16 / 64))


class Anatomy(NamedTuple):
    """Counts and first rows of segments and cell sites.

    Segments run from duodenum to colon; the row after them is that of the body. Cell sites are in
    one set of columns: enterocytes segment by segment, macrophages segment by segment, then organs.
    """

    segments: int
    duodenum_end: int
    jejunum_end: int
    valve: int
    enterocytes: int
    macrophages: int
    hepatocytes: int
    myocytes: int
    adipocytes: int
    first_macrophage: int
    first_hepatocyte: int
    first_myocyte: int
    first_adipocyte: int
    cells: int

    @property
    def valve_position(self) -> int:
        """Position of the ileocaecal valve (steps from the pylorus)."""
        return self.valve * STEPS_PER_SEGMENT

    def region(self, segment: int) -> str:
        """Name of the region that contains a segment."""
        for name, end in zip(
            ("duodenum", "jejunum", "ileum"),
            (self.duodenum_end, self.jejunum_end, self.valve),
            strict=True,
        ):
            if segment < end:
                return name
        return "colon"

    def segment_range(self, low: float, high: float) -> tuple[int, int]:
        """First and last (exclusive) segment of the gut between two fractions; at least one."""
        first = min(int(low * self.segments + 1e-9), self.segments - 1)
        last = max(first + 1, int(round(high * self.segments)))
        return first, min(last, self.segments)


def build_anatomy(parameters: Parameters) -> Anatomy:
    """Build the layout of a mouse at the resolution of its parameters."""
    size = parameters.resolution
    n = size.segments
    ends: list[int] = []
    share = 0.0
    for _, part in REGIONS[:3]:
        share += part
        ends.append(max(len(ends) + 1, int(round(share * n))))
    first_macrophage = n * size.enterocytes
    first_hepatocyte = first_macrophage + n * size.macrophages
    first_myocyte = first_hepatocyte + size.hepatocytes
    first_adipocyte = first_myocyte + size.myocytes
    return Anatomy(
        segments=n,
        duodenum_end=ends[0],
        jejunum_end=ends[1],
        valve=ends[2],
        enterocytes=size.enterocytes,
        macrophages=size.macrophages,
        hepatocytes=size.hepatocytes,
        myocytes=size.myocytes,
        adipocytes=size.adipocytes,
        first_macrophage=first_macrophage,
        first_hepatocyte=first_hepatocyte,
        first_myocyte=first_myocyte,
        first_adipocyte=first_adipocyte,
        cells=first_adipocyte + size.adipocytes,
    )
