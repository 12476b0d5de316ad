"""Many ticks in one compiled call: the stages of `body.tick`, in their order, tick after tick."""

from __future__ import annotations

from gutexo.body.clock import clock_of_tick
from gutexo.body.ledger import find_imbalance
from gutexo.body.stages.arrivals import apply_arrivals
from gutexo.body.stages.births import count_births, release_packets
from gutexo.body.stages.blood import advance_blood
from gutexo.body.stages.cells import run_cells
from gutexo.body.stages.packets import run_packets
from gutexo.body.stages.segments import run_segments
from gutexo.body.stages.sense import sense
from gutexo.compiled import kernel

# Where a call stands: ticks done, packets alive, identity of the next, packets to be released in a
# tick that waits for rows (-1 for none), and the row of a failure.
TICK, COUNT, NEXT_ID, RELEASED, ROW = range(5)
# Why a call ends.
ALL_DONE, NEEDS_ROWS, DIED, NOT_FINITE_SEGMENT, NOT_FINITE_CELL = range(5)
TOO_MANY_MOVES, NOT_FINITE_BLOOD, UNBALANCED = range(5, 8)
FAILED_STAGES = {
    NOT_FINITE_SEGMENT: "segments",
    NOT_FINITE_CELL: "cells",
    TOO_MANY_MOVES: "packets",
    NOT_FINITE_BLOOD: "blood",
    UNBALANCED: "ledger",
}
check_every_tick = False
"""Whether the ledger is checked at each tick (in tests), not only at the end of a call."""


@kernel
def run_ticks(
    a,
    segments,
    cells,
    packets,
    sensed,
    rates,
    blood,
    ledger,
    keys,
    first_age,
    progress,
    until,
    every_tick,
):
    """Run ticks until there have been `until`; `progress` says where a call begins and ends.

    Returns:
        `ALL_DONE`, `DIED`, `NEEDS_ROWS` (of packets; the call may be repeated), or the failure.
    """
    while progress[TICK] < until:
        tick = progress[TICK]
        clock = clock_of_tick(keys, tick)
        if progress[RELEASED] < 0:
            sense(a, segments, cells, sensed, rates, blood, clock.hours)
            progress[ROW] = run_segments(a.segments, segments, sensed, rates, clock.hours)
            if progress[ROW] >= 0:
                return NOT_FINITE_SEGMENT
            progress[ROW] = run_cells(cells, segments, sensed, rates, blood, ledger, clock)
            if progress[ROW] >= 0:
                return NOT_FINITE_CELL
            progress[RELEASED] = count_births(a, cells)
        if progress[COUNT] + progress[RELEASED] > len(packets.id):
            return NEEDS_ROWS
        count = release_packets(
            a, progress[COUNT], progress[NEXT_ID], cells, packets, sensed, ledger, clock
        )
        progress[NEXT_ID] += progress[RELEASED]
        progress[RELEASED] = -1
        progress[COUNT] = count
        progress[ROW] = run_packets(count, a, packets, sensed, rates, clock)
        if progress[ROW] >= 0:
            return TOO_MANY_MOVES
        progress[COUNT] = apply_arrivals(count, packets, cells, ledger)
        age = first_age + (tick + 1) * clock.hours
        life = advance_blood(a, sensed, segments, rates, blood, age, clock)
        if life == 2:
            progress[ROW] = 0
            return NOT_FINITE_BLOOD
        if every_tick or life == 1 or tick + 1 == until:
            progress[ROW] = find_imbalance(ledger, packets.cargo, progress[COUNT], cells.held)
            if progress[ROW] >= 0:
                return UNBALANCED
        progress[TICK] += 1
        if life == 1:
            return DIED
    return ALL_DONE
