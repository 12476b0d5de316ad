"""The whole state of one mouse: columns, counters and blood as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gutexo.biology import streams
from gutexo.biology.codes import ENTEROCYTE, MACROPHAGE
from gutexo.biology.draws import derive_key, fold, normal, uniform_at
from gutexo.biology.insulin_signalling import capacity_target
from gutexo.biology.senescence import low_pass_phenotype, senescent_share, step_burden
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
from gutexo.body.mouse_size import check_fits_memory
from gutexo.body.rates import RateTable
from gutexo.body.stages.cells import equilibrate_capacity, susceptibility
from gutexo.body.stages.sense import sense
from gutexo.catalogue import Parameters
from gutexo.compiled import rule

COLUMN_SETS = {"segments": Segments, "cells": Cells, "packets": Packets}


@rule
def advance_burden_from_birth(r, key, hours, blood):
    """Advance the senescent burden from birth to an age (h), before the mouse itself is stepped."""
    b = blood[0]
    for hour in range(hours):
        z = normal(uniform_at(fold(key, np.uint64(hour)), 0))
        b.burden = step_burden(r, b.burden, float(hour), 1.0, z)
        if b.burden > 0.95:
            b.burden = 0.95
        b.matured = low_pass_phenotype(r, b.matured, b.burden, 1.0)
    b.share = senescent_share(r, b.matured)


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
        doses: Exosome doses given so far.
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


def young_state(parameters: Parameters, seed: int, age: float) -> State:
    """Make the state of a mouse of some age (h) before its first tick: simple and not yet settled.

    Its senescent burden has been simulated from birth; everything else starts healthy.

    Raises:
        GutexoError: The memory of this machine is not sufficient.
    """
    check_fits_memory(parameters)
    state = empty_state(parameters, seed)
    a, cells, records = state.anatomy, state.cells, state.records
    key = derive_key(state.run_key, streams.SUSCEPTIBILITY)
    for i in range(a.cells):
        cells.susceptibility[i] = susceptibility(key, i, 0)
        if cells.kind[i] == ENTEROCYTE:
            cells.position[i] = uniform_at(derive_key(key, i), 1)
        elif cells.kind[i] == MACROPHAGE:
            cells.state[i] = parameters.immune.rest
        else:
            cells.capacity[i] = capacity_target(records[a.segments], 1.0)
    state.segments.density[:] = records["microbiota_density"][:-1]
    state.blood[0].beta_mass = parameters.glucose.beta_mass
    state.blood["level"] = state.blood["sensed_level"] = 1.0
    youth = derive_key(state.run_key, streams.YOUTH)
    advance_burden_from_birth(records[a.segments], youth, int(max(age, 0.0)), state.blood)
    return state


def equilibrate_slow_states(state: State) -> None:
    """Set states that change over weeks to their steady state under what is sensed now.

    Settling takes two weeks of ticks, which is too short for the mitochondria of muscle.
    """
    s, a = state, state.anatomy
    sense(a, s.segments, s.cells, s.sensed, s.records, s.blood, s.hours)
    equilibrate_capacity(a.first_organ_cell, s.cells, s.sensed, s.records)
