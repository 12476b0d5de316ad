"""The exact ledger of packets and cargo: each event has a counter, and none is a remainder."""

from __future__ import annotations

import numpy as np

from gutexo.biology.codes import AXES, N_AXES
from gutexo.compiled import kernel

# Rows of the ledger.
MADE = 0
DOSED = 1
DECAYED = 2  # cargo that decayed inside cells
SHED = 3  # cargo lost with cells that were shed or replaced
LEDGER_DEGRADED = 4  # packets degraded elsewhere in the body
LEDGER_EXCRETED = 5
HARVESTED = 6
OPENED = 7  # packets opened by a cell, which holds their cargo from then on
N_EVENTS = 8
EVENT_NAMES = ("made", "dosed", "decayed", "shed", "degraded", "excreted", "harvested", "opened")
# Columns: units on the four axes, then packets.
PACKETS = N_AXES


def new_ledger() -> np.ndarray:
    """Make counters [event, axis or packets], all zero."""
    return np.zeros((N_EVENTS, N_AXES + 1), np.int64)


@kernel
def find_imbalance(ledger, cargo, count, held):
    """Return the first ledger column that does not balance, -1 if all balance.

    Args:
        ledger: int64[event, column].
        cargo: int32[capacity, axis] of packets; the first `count` rows are alive.
        count: Packets alive.
        held: int32[cells, axis] held by cells.
    """
    for axis in range(N_AXES):
        carried = 0
        for i in range(count):
            carried += cargo[i, axis]
        in_cells = 0
        for i in range(held.shape[0]):
            in_cells += held[i, axis]
        came = ledger[MADE, axis] + ledger[DOSED, axis]
        went = ledger[DECAYED, axis] + ledger[SHED, axis] + ledger[LEDGER_DEGRADED, axis]
        went += ledger[LEDGER_EXCRETED, axis] + ledger[HARVESTED, axis]
        if came != carried + in_cells + went:
            return axis
    came = ledger[MADE, PACKETS] + ledger[DOSED, PACKETS]
    went = ledger[OPENED, PACKETS] + ledger[LEDGER_DEGRADED, PACKETS]
    went += ledger[LEDGER_EXCRETED, PACKETS] + ledger[HARVESTED, PACKETS]
    if came != count + went:
        return PACKETS
    return -1


def ledger_column_name(column: int) -> str:
    """Name of a ledger column."""
    return "packets" if column == PACKETS else f"{AXES[column]} cargo"
