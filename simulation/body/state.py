"""The whole state of one mouse: columns, counters and blood, as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gutexo.biology import streams
from gutexo.biology.draws import fold, key_of, normal, uniform_at
from gutexo.biology.insulin_signalling import capacity_target
from gutexo.biology.places import ENTEROCYTE, MACROPHAGE
from gutexo.biology.senescence import mature, senescent_share, step_burden
from gutexo.body.anatomy import Anatomy, anatomy
from gutexo.body.columns import (
    BLOOD,
    Cells,
    Heard,
    Packets,
    Segments,
    new_cells,
    new_heard,
    new_packets,
    new_segments,
    with_room,
)
from gutexo.body.ledger import new_ledger
from gutexo.body.rates import RateBook
from gutexo.body.size import refuse_too_large
from gutexo.body.stages.cells import settle_capacity, susceptibility
from gutexo.body.stages.sense import sense
from gutexo.catalogue import Parameters
from gutexo.compiled import rule

COLUMN_SETS = {"segments": Segments, "cells": Cells, "packets": Packets}


@rule
def grow_up(r, key, hours, blood):
    """The senescent burden from birth to some age (h), before the mouse itself is stepped."""
    b = blood[0]
    for hour in range(hours):
        z = normal(uniform_at(fold(key, np.uint64(hour)), 0))
        b.burden = step_burden(r, b.burden, float(hour), 1.0, z)
        if b.burden > 0.95:
            b.burden = 0.95
        b.matured = mature(r, b.matured, b.burden, 1.0)
    b.share = senescent_share(r, b.matured)


@dataclass
class State:
    """Everything a stage reads or writes.

    Attributes:
        anatomy: Rows and counts.
        run_key: Key of all this mouse's draws.
        rates: Base rates and the records that rules read now.
        tick: Ticks done.
        count: Packets alive.
        next_id: Identity the next packet gets.
        doses: Exosome doses given so far.
    """

    parameters: Parameters
    anatomy: Anatomy
    run_key: np.uint64
    rates: RateBook
    segments: Segments
    cells: Cells
    packets: Packets
    heard: Heard
    blood: np.ndarray
    ledger: np.ndarray
    tick: int = 0
    count: int = 0
    next_id: int = 1
    doses: int = 0

    @property
    def records(self) -> np.ndarray:
        """Rates by segment, body last."""
        return self.rates.records

    @property
    def hours(self) -> float:
        """Length of a tick (h)."""
        return self.parameters.resolution.tick

    def make_room(self, needed: int) -> None:
        """Let the packet columns hold at least `needed` rows."""
        self.packets = with_room(self.packets, self.count, needed)

    def arrays(self) -> dict[str, np.ndarray]:
        """Copies of all that must be kept to go on to the bit."""
        kept = {"blood": self.blood.copy().view(np.float64), "ledger": self.ledger.copy()}
        for group in COLUMN_SETS:
            for name, column in getattr(self, group)._asdict().items():
                rows = self.count if group == "packets" else len(column)
                kept[f"{group}.{name}"] = column[:rows].copy()
        return kept


def empty_state(parameters: Parameters, seed: int) -> State:
    """Columns of the right size and the rates of this animal, nothing lived yet."""
    a = anatomy(parameters)
    run_key = key_of(np.uint64(seed), 0)
    return State(
        parameters=parameters,
        anatomy=a,
        run_key=run_key,
        rates=RateBook(parameters, a, run_key),
        segments=new_segments(a),
        cells=new_cells(a),
        packets=new_packets(max(64, int(1.3 * parameters.resolution.packets))),
        heard=new_heard(a),
        blood=np.zeros(1, BLOOD).view(np.recarray).view(np.ndarray),
        ledger=new_ledger(),
    )


def young_state(parameters: Parameters, seed: int, age: float) -> State:
    """A mouse of some age (h) about to be stepped for the first time: simple, to be settled.

    Its senescent burden has been followed from birth; everything else starts healthy.

    Raises:
        GutexoError: This machine's memory cannot hold it.
    """
    refuse_too_large(parameters)
    state = empty_state(parameters, seed)
    a, cells, records = state.anatomy, state.cells, state.records
    key = key_of(state.run_key, streams.SUSCEPTIBILITY)
    for i in range(a.cells):
        cells.susceptibility[i] = susceptibility(key, i, 0)
        if cells.kind[i] == ENTEROCYTE:
            cells.position[i] = uniform_at(key_of(key, i), 1)
        elif cells.kind[i] == MACROPHAGE:
            cells.state[i] = parameters.immune.rest
        else:
            cells.capacity[i] = capacity_target(records[a.segments], 1.0)
    state.segments.density[:] = records["microbiota_density"][:-1]
    state.blood[0].beta_mass = parameters.glucose.beta_mass
    for name in ("tnf", "tnf_heard", "il6", "il6_heard", "il10", "lps", "lps_heard"):
        state.blood[name] = 1.0
    youth = key_of(state.run_key, streams.YOUTH)
    grow_up(records[a.segments], youth, int(max(age, 0.0)), state.blood)
    return state


def settle_slowly(state: State) -> None:
    """Put what changes over weeks where it would come to rest with what is heard now.

    Settling takes two weeks of ticks, too few for the mitochondria of muscle.
    """
    s, a = state, state.anatomy
    sense(a, s.segments, s.cells, s.heard, s.records, s.blood, s.hours)
    settle_capacity(a.first_hepatocyte, s.cells, s.heard, s.records)
