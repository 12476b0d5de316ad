"""Layout of a mouse: the rows of each kind of cell and the position of the ileocaecal valve."""

from __future__ import annotations

from typing import NamedTuple

from gutexo.biology.codes import STEPS_PER_SEGMENT
from gutexo.catalogue import Parameters
from gutexo.catalogue.organs import ORGANS

# Shares of the gut's segments that are duodenum, jejunum, ileum and colon (of 64: 6, 28, 14, 16).
# Assumed: lengths of a mouse's gut, with finer segments where bacteria live.
REGIONS = (("duodenum", 6 / 64), ("jejunum", 28 / 64), ("ileum", 14 / 64), ("colon", 16 / 64))


class Anatomy(NamedTuple):
    """Counts and first rows of segments and cell sites.

    Segments run from duodenum to colon; the row after them is that of the body. Cell sites are in
    one set of columns: enterocytes segment by segment, macrophages segment by segment, then organs
    in the order of their table.
    """

    segments: int
    duodenum_end: int
    jejunum_end: int
    valve: int
    enterocytes: int
    macrophages: int
    organ_cells: tuple[int, ...]
    first_macrophage: int
    first_organ_cell: int
    first_organ_rows: tuple[int, ...]
    cells: int

    @property
    def valve_position(self) -> int:
        """Position of the ileocaecal valve (steps from the pylorus)."""
        return self.valve * STEPS_PER_SEGMENT

    def organ_rows(self, organ: int) -> slice:
        """Rows of the cells of an organ, by its position in the table of organs."""
        first = self.first_organ_rows[organ]
        return slice(first, first + self.organ_cells[organ])

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
    first_organ_cell = first_macrophage + n * size.macrophages
    organ_cells = tuple(getattr(size, f"{organ.cell}s") for organ in ORGANS)
    rows = [first_organ_cell]
    for count in organ_cells:
        rows.append(rows[-1] + count)
    return Anatomy(
        segments=n,
        duodenum_end=ends[0],
        jejunum_end=ends[1],
        valve=ends[2],
        enterocytes=size.enterocytes,
        macrophages=size.macrophages,
        organ_cells=organ_cells,
        first_macrophage=first_macrophage,
        first_organ_cell=first_organ_cell,
        first_organ_rows=tuple(rows[:-1]),
        cells=rows[-1],
    )
