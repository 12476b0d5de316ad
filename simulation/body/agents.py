"""Mesa agents: views of one row each. They read and set columns; `step` runs their `advance`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from gutexo.biology.barrier import conductance, dextran_permeability
from gutexo.biology.codes import (
    AXES,
    KIND_NAMES,
    PLACE_NAMES,
    PLASMA,
    SENESCENCE_NAMES,
    STEP_BITS,
    WELL,
)
from gutexo.body.stages.cells import advance_cell
from gutexo.body.stages.packets import advance_packet
from gutexo.body.stages.segments import advance_segment
from gutexo.catalogue.signals import CYTOKINES
from gutexo.errors import GutexoError

if TYPE_CHECKING:
    from gutexo.body.living_mouse import LivingMouse


class Column:
    """An attribute of an agent, stored in a column of the mouse."""

    def __init__(self, group: str, name: str, meaning: str, axis: int | None = None) -> None:
        self._group, self._column, self._axis = group, name, axis
        self.__doc__ = meaning

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def _place(self, agent: Any) -> tuple[np.ndarray, Any]:
        column = getattr(getattr(agent.model.state, self._group), self._column)
        return column, agent.row if self._axis is None else (agent.row, self._axis)

    def __get__(self, agent: Any, owner: type) -> Any:
        if agent is None:
            return self
        column, where = self._place(agent)
        return column[where].item()

    def __set__(self, agent: Any, value: Any) -> None:
        column, where = self._place(agent)
        if self._column == "held" or self._column == "cargo":
            raise GutexoError(
                f"{self._name} is counted by the ledger and cannot be set; give a dose instead"
            )
        number = float(value)
        if self._column == "senescence" and value not in range(len(SENESCENCE_NAMES)):
            raise GutexoError(
                f"senescence must be a whole number of 0 to {len(SENESCENCE_NAMES) - 1}; "
                f"got {value!r}"
            )
        if not np.isfinite(number):
            raise GutexoError(f"{type(agent).__name__}.{self._name} must be finite; got {value!r}")
        column[where] = value


class BarrierSegment(mesa.Agent):
    """A segment of gut wall: tight junctions, pore and bare epithelium are its three paths.

    Args:
        model: The mouse.
        row: Place along the gut, 0 at the pylorus.

    Attributes:
        region: Duodenum, jejunum, ileum or colon.
        ter: Trans-epithelial resistance (ohm cm2), from the pore and junctions.
        permeability: To 4-kDa dextran, relative to a closed wall.
        junction, pore, damage, mucus, density, pathobionts, lps: Columns; setting one changes the
            mouse. So do the local cytokines that are sensed at the gut wall, such as `tnf`.
    """

    junction = Column("segments", "junction", "share of closed tight junctions")
    pore = Column("segments", "pore", "opening of the pore path by TNF")
    damage = Column("segments", "damage", "share of bare epithelium")
    mucus = Column("segments", "mucus", "penetrability of the mucus against a healthy one")
    density = Column("segments", "density", "bacteria against a conventional mouse")
    pathobionts = Column("segments", "pathobionts", "share of pathobionts")
    lps = Column("segments", "lps", "LPS that crosses, in levels of a closed young wall")

    def __init__(self, model: LivingMouse, row: int) -> None:
        super().__init__(model)
        self.row = row

    def step(self) -> tuple[int, int]:
        """Advance this segment by one tick and return (code, row)."""
        m = self.model
        s = m.state
        return advance_segment(self.row, s.segments, s.sensed, s.records, m.now.hours), self.row

    @property
    def region(self) -> str:
        """Duodenum, jejunum, ileum or colon."""
        return self.model.state.anatomy.region(self.row)

    @property
    def ter(self) -> float:
        """Trans-epithelial resistance (ohm cm2)."""
        r = self.model.state.records[self.row]
        return float(r.barrier_ter_young / conductance(r, self.junction, self.pore))

    @property
    def permeability(self) -> float:
        """Permeability to 4-kDa dextran relative to a closed wall."""
        r = self.model.state.records[self.row]
        return float(dextran_permeability(r, self.junction, self.damage))


for _number, _signal in enumerate(CYTOKINES):
    if _signal.at_wall:
        _text = f"local {_signal.name}, constitutive levels"
        _column = Column("segments", "cytokines", _text, _number)
        _column.__set_name__(BarrierSegment, _signal.key)
        setattr(BarrierSegment, _signal.key, _column)


class Cell(mesa.Agent):
    """A cell site; its occupant has a generation number.

    Args:
        model: The mouse.
        row: Row of its columns.
    """

    generation = Column("cells", "generation", "occupants this site has had before")
    senescence = Column(
        "cells",
        "senescence",
        "0 well, 1 intrinsic senescent, 2 the same and mature, 3 induced, 4 the same and mature",
    )
    barrier_held = Column("cells", "held", "barrier-disrupting cargo held", 0)
    inflammatory_held = Column("cells", "held", "inflammatory cargo held", 1)
    insulin_resistance_held = Column("cells", "held", "insulin-resistance cargo held", 2)
    protective_held = Column("cells", "held", "protective cargo held", 3)

    def __init__(self, model: LivingMouse, row: int) -> None:
        super().__init__(model)
        self.row = row

    def step(self) -> tuple[int, int]:
        """Advance this site by one tick and return (code, row)."""
        m = self.model
        s = m.state
        code = advance_cell(
            self.row, s.cells, s.segments, s.sensed, s.records, s.blood, s.ledger, m.now
        )
        return code, self.row

    @property
    def senescent(self) -> bool:
        """Whether its site is senescent: the niche beneath an enterocyte, or the cell itself."""
        return self.senescence != WELL

    @property
    def segment(self) -> int | None:
        """Row of its barrier segment, None in an organ."""
        g = int(self.model.state.cells.segment[self.row])
        return g if g < self.model.state.anatomy.segments else None


class Enterocyte(Cell):
    """An enterocyte: it migrates from crypt to tip in two days, is shed, and releases exosomes.

    The cargo that it loads into them depends on the niche beneath it, which stays, and on what
    senescent niches around secrete.

    Args:
        model: The mouse.
        row: Row of its columns.

    Attributes:
        position: Position between crypt (0) and tip (1).
        generation: Occupants this site has had before.
        senescence: State of the niche beneath it: 0 well, 1 intrinsic senescent, 2 the same and
            mature, 3 induced, 4 the same and mature.
        senescent: Whether that niche is senescent.
        barrier_held, inflammatory_held, insulin_resistance_held, protective_held: Cargo (units).
    """

    position = Column("cells", "position", "way from crypt (0) to tip (1)")


class Macrophage(Cell):
    """A lamina-propria macrophage: it opens exosomes and senses the LPS that crosses the wall.

    Args:
        model: The mouse.
        row: Row of its columns.

    Attributes:
        activation: 0 at rest, about 1 fully active; secretion depends on it.
    """

    activation = Column("cells", "state", "activation, 0 at rest")


class _InsulinCell(Cell):
    """A cell that responds to insulin.

    Attributes:
        sensitivity: Insulin sensitivity, 1 where nothing blocks or supports it.
        phosphorylation: Fast block, serine phosphorylation of IRS-1.
        irs_loss: Slow block, loss of IRS-1.
    """

    sensitivity = Column(
        "cells", "state", "insulin sensitivity, 1 where nothing blocks or supports it"
    )
    phosphorylation = Column("cells", "fast", "fast block: serine phosphorylation of IRS-1")
    irs_loss = Column("cells", "slow", "slow block: loss of IRS-1")
    capacity = Column("cells", "capacity", "mitochondrial capacity, 0 to 1")


class Hepatocyte(_InsulinCell):
    """A hepatocyte: the liver responds to insulin by suppressing glucose production.

    Args:
        model: The mouse.
        row: Row of its columns.

    Attributes:
        sensitivity, phosphorylation, irs_loss: Its insulin sensitivity, fast block and slow block.
    """


class Myocyte(_InsulinCell):
    """A myocyte: most insulin-dependent glucose uptake is in muscle.

    Args:
        model: The mouse.
        row: Row of its columns.

    Attributes:
        sensitivity, phosphorylation, irs_loss: Its insulin sensitivity, fast block and slow block.
    """


class Adipocyte(_InsulinCell):
    """An adipocyte: part of the insulin-dependent glucose uptake is in fat.

    Args:
        model: The mouse.
        row: Row of its columns.

    Attributes:
        sensitivity, phosphorylation, irs_loss: Its insulin sensitivity, fast block and slow block.
    """


_BY_NAME: dict[str, type[Cell]] = {
    cell.__name__.lower(): cell for cell in (Enterocyte, Macrophage, Hepatocyte, Myocyte, Adipocyte)
}
# Classes by kind, in the order of the kinds' code numbers.
CELL_KINDS = {name: _BY_NAME[name] for name in KIND_NAMES}


class Exosome(mesa.Agent):
    """A packet of identical exosomes in the mouse, with an identity that never changes.

    One agent represents many particles (a super-individual); how many is a setting.

    Args:
        model: The mouse.
        identity: Its number, which is never used again.
        row: Current row of its columns.

    Attributes:
        place: Lumen, mucus, epithelium, lamina propria, plasma or tissue.
        cargo: Units per axis, counted by the ledger.
        born, dose, source: Its origin; no rule reads them.
    """

    barrier = Column("packets", "cargo", "barrier-disrupting cargo", 0)
    inflammatory = Column("packets", "cargo", "inflammatory cargo", 1)
    insulin_resistance = Column("packets", "cargo", "insulin-resistance cargo", 2)
    protective = Column("packets", "cargo", "protective cargo", 3)
    born = Column("packets", "born", "tick of release or dose")
    dose = Column("packets", "dose", "number of the dose it came with, -1 for the mouse's own")
    source = Column("packets", "source", "row of the cell that released it, -1 if dosed")

    def __init__(self, model: LivingMouse, identity: int, row: int) -> None:
        super().__init__(model)
        self.identity = identity
        self._row = row

    @property
    def row(self) -> int:
        """Current row of its columns; rows move, identities stay in order."""
        s = self.model.state
        if self._row < s.count and s.packets.id[self._row] == self.identity:
            return self._row
        row = int(np.searchsorted(s.packets.id[: s.count], self.identity))
        if row >= s.count or s.packets.id[row] != self.identity:
            raise GutexoError(f"exosome {self.identity} is gone: opened, degraded or excreted")
        self._row = row
        return row

    def step(self) -> tuple[int, int]:
        """Advance this packet by one tick and return (code, row)."""
        m = self.model
        s = m.state
        row = self.row
        code = advance_packet(row, s.anatomy, s.packets, s.sensed, s.records, m.now)
        return code, row

    @property
    def alive(self) -> bool:
        """Whether it is still in the mouse: not opened, degraded or excreted."""
        try:
            return self.row >= 0
        except GutexoError:
            return False

    @property
    def place(self) -> str:
        """Lumen, mucus, epithelium, lamina propria, plasma or tissue."""
        return PLACE_NAMES[self.model.state.packets.place[self.row]]

    @property
    def segment(self) -> int | None:
        """Row of its barrier segment, None in plasma and tissue."""
        s = self.model.state
        if s.packets.place[self.row] >= PLASMA:
            return None
        return min(int(s.packets.position[self.row]) >> STEP_BITS, s.anatomy.segments - 1)

    @property
    def cargo(self) -> dict[str, int]:
        """Units per axis."""
        row = self.model.state.packets.cargo[self.row]
        return {name: int(row[axis]) for axis, name in enumerate(AXES)}


__all__ = [
    "Adipocyte",
    "BarrierSegment",
    "Cell",
    "Enterocyte",
    "Exosome",
    "Hepatocyte",
    "Macrophage",
    "Myocyte",
]
