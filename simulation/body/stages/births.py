"""Births: packets that cells release in this tick, with the cargo their cell loads now."""

from __future__ import annotations

import numpy as np

from gutexo.biology.draws import (
    draw,
    first_uniform,
    fold,
    meet,
    poisson,
    poisson_by_head,
    poisson_head,
    second_uniform,
)
from gutexo.biology.places import LUMEN, N_AXES, STEP_BITS
from gutexo.body.ledger import MADE, PACKETS
from gutexo.compiled import kernel

# Above this mean one uniform number is not enough for the inversion.
ONE_DRAW = 300.0
_TO_SITE = np.uint64(32)
_TO_STEP = np.uint64(64 - STEP_BITS)


@kernel
def count_births(a, cells):
    """Packets about to be released."""
    total = 0
    for i in range(a.first_macrophage):
        total += cells.release[i]
    return total


@kernel
def prepare_load(g, flag, heard):
    """The first chances of each cargo count, once for all packets of like cells of a segment."""
    for axis in range(N_AXES):
        zero, mean = heard.no_load[g, flag, axis], heard.load[g, flag, axis]
        poisson_head(zero, mean, heard.head[g, flag, axis])


@kernel
def cargo_count(heard, g, flag, axis, lot, u):
    """Poisson units on one axis of a newborn packet."""
    mean = heard.load[g, flag, axis]
    if mean < ONE_DRAW:
        return poisson_by_head(heard.head[g, flag, axis], mean, u)
    return poisson(mean, fold(lot, np.uint64(axis)))


@kernel
def load_cargo(row, g, flag, packets, heard, lot):
    """Cargo of one newborn packet: two axes from each of two hashes."""
    other = draw(lot, 0)
    cargo = packets.cargo[row]
    cargo[0] = cargo_count(heard, g, flag, 0, lot, first_uniform(lot))
    cargo[1] = cargo_count(heard, g, flag, 1, lot, second_uniform(lot))
    cargo[2] = cargo_count(heard, g, flag, 2, lot, first_uniform(other))
    cargo[3] = cargo_count(heard, g, flag, 3, lot, second_uniform(other))


@kernel
def release_packets(a, count, next_id, cells, packets, heard, ledger, clock):
    """Append the packets that cells release; there must be room for them.

    Returns:
        The new count.
    """
    first = count
    prepared_segment, prepared = -1, 0
    for i in range(a.first_macrophage):
        if cells.release[i] == 0:
            continue
        g = cells.segment[i]
        flag = cells.senescent[i]
        # Cells stand segment by segment. What is prepared is asked of those that release: a cell
        # may have turned senescent in this tick, the first of its segment.
        if g != prepared_segment:
            prepared_segment, prepared = g, 0
        if (prepared >> flag) & 1 == 0:
            prepare_load(g, flag, heard)
            prepared |= 1 << flag
        occupant = (np.uint64(i) << _TO_SITE) | np.uint64(cells.generation[i])
        releasing = fold(clock.identity, occupant)
        for serial in range(cells.release[i]):
            key = fold(releasing, np.uint64(serial))
            packets.id[count] = next_id
            packets.key[count] = key
            packets.place[count] = LUMEN
            packets.position[count] = (g << STEP_BITS) + np.int32(key >> _TO_STEP)
            packets.site[count] = -1
            packets.born[count] = clock.tick
            packets.source[count] = i
            packets.generation[count] = cells.generation[i]
            packets.dose[count] = -1
            load_cargo(count, g, flag, packets, heard, meet(clock.cargo, key))
            count += 1
            next_id += 1
        cells.release[i] = 0
    for row in range(first, count):
        for axis in range(N_AXES):
            ledger[MADE, axis] += packets.cargo[row, axis]
    ledger[MADE, PACKETS] += count - first
    return count
