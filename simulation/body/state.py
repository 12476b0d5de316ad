"""The whole state of one mouse: columns, counters and blood as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gutexo.biology.draws import derive_key
from gutexo.body.anatomy import Anatomy, build_anatomy
from gutexo.body.columns import (
    BLOOD,
    Cells,
    Packets,
    Segments,
    SensedColumns,
    grow_packets,
    new_cells,
    new_packets,
    new_segments,
    new_sensed_columns,
)
from gutexo.body.ledger import new_ledger
from gutexo.body.rates import RateTable
from gutexo.catalogue import Parameters

COLUMN_SETS = {"segments": Segments, "cells": Cells, "packets": Packets}


@dataclass
class State:
    """Everything that a stage reads or writes.

    Attributes:
        anatomy: Rows and counts.
        run_key: Key of all draws of this mouse.
        rates: Base rates and the current records that rules read.
        tick: Ticks done.
        count: Packets alive.
        next_id: Identity the next packet gets.
        doses: Doses of exosomes given so far.
        cell_doses: Doses of senolytics and of senescent cells given so far.
    """

    parameters: Parameters
    anatomy: Anatomy
    run_key: np.uint64
    rates: RateTable
    segments: Segments
    cells: Cells
    packets: Packets
    sensed: SensedColumns
    blood: np.ndarray
    ledger: np.ndarray
    tick: int = 0
    count: int = 0
    next_id: int = 1
    doses: int = 0
    cell_doses: int = 0

    @property
    def records(self) -> np.ndarray:
        """Rates per segment; the last row is the body."""
        return self.rates.records

    @property
    def hours(self) -> float:
        """Length of a tick (h)."""
        return self.parameters.resolution.tick

    def make_room(self, needed: int) -> None:
        """Enlarge the packet columns to at least `needed` rows."""
        self.packets = grow_packets(self.packets, self.count, needed)

    def arrays(self) -> dict[str, np.ndarray]:
        """Copy all arrays that must be saved to continue identically to the bit."""
        saved = {"blood": self.blood.copy().view(np.float64), "ledger": self.ledger.copy()}
        for group in COLUMN_SETS:
            for name, column in getattr(self, group)._asdict().items():
                rows = self.count if group == "packets" else len(column)
                saved[f"{group}.{name}"] = column[:rows].copy()
        return saved


def empty_state(parameters: Parameters, seed: int) -> State:
    """Make the state of an animal before any tick: columns of the right size, and its rates."""
    a = build_anatomy(parameters)
    run_key = derive_key(np.uint64(seed), 0)
    return State(
        parameters=parameters,
        anatomy=a,
        run_key=run_key,
        rates=RateTable(parameters, a, run_key),
        segments=new_segments(a),
        cells=new_cells(a),
        packets=new_packets(max(64, int(1.3 * parameters.resolution.packets))),
        sensed=new_sensed_columns(a),
        blood=np.zeros(1, BLOOD).view(np.recarray).view(np.ndarray),
        ledger=new_ledger(),
    )
