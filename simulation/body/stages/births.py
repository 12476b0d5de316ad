"""Births: packets that cells release in this tick, with the cargo that their cell loads now."""

from __future__ import annotations

import numpy as np

from gutexo.biology.codes import LUMEN, N_AXES, STEP_BITS
from gutexo.biology.draws import (
    draw,
    fill_poisson_cumulative,
    first_uniform,
    fold,
    hash_pair,
    poisson,
    poisson_from_cumulative,
    second_uniform,
)
from gutexo.biology.senescence import is_mature
from gutexo.body.ledger import MADE, PACKETS
from gutexo.compiled import kernel

# Above this mean one uniform number is not enough for the inversion.
MAX_INVERSION_MEAN = 300.0
_TO_SITE = np.uint64(32)
_TO_STEP = np.uint64(64 - STEP_BITS)


@kernel
def count_births(a, cells):
    """Count the packets that cells release in this tick."""
    total = 0
    for i in range(a.first_macrophage):
        total += cells.release[i]
    return total


@kernel
def prepare_cumulative(g, maturity, sensed):
    """Fill in the cumulative probabilities of cargo once for all similar cells of a segment."""
    for axis in range(N_AXES):
        zero, mean = sensed.no_load[g, maturity, axis], sensed.load[g, maturity, axis]
        fill_poisson_cumulative(zero, mean, sensed.cargo_cumulative[g, maturity, axis])


@kernel
def draw_cargo_count(sensed, g, maturity, axis, bits, u):
    """Draw the cargo of a newborn packet on one axis: a Poisson count of units."""
    mean = sensed.load[g, maturity, axis]
    if mean < MAX_INVERSION_MEAN:
        return poisson_from_cumulative(sensed.cargo_cumulative[g, maturity, axis], mean, u)
    return poisson(mean, fold(bits, np.uint64(axis)))


@kernel
def draw_cargo(row, g, maturity, packets, sensed, bits):
    """Draw the cargo of one newborn packet: two axes from each of two hashes."""
    other = draw(bits, 0)
    for axis in range(N_AXES):
        source = bits if axis < 2 else other
        u = first_uniform(source) if axis % 2 == 0 else second_uniform(source)
        packets.cargo[row, axis] = draw_cargo_count(sensed, g, maturity, axis, bits, u)


@kernel
def release_packets(a, count, next_id, cells, packets, sensed, ledger, clock):
    """Append the packets that cells release; the columns must have enough rows.

    Returns:
        The new count.
    """
    first = count
    prepared_segment, prepared = -1, 0
    for i in range(a.first_macrophage):
        if cells.release[i] == 0:
            continue
        g = cells.segment[i]
        maturity = is_mature(cells.senescence[i])
        # Cells are ordered by segment. Probabilities are prepared when a cell releases packets: it
        # may have come to secrete in this tick, as the first of its segment.
        if g != prepared_segment:
            prepared_segment, prepared = g, 0
        if (prepared >> maturity) & 1 == 0:
            prepare_cumulative(g, maturity, sensed)
            prepared |= 1 << maturity
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
            draw_cargo(count, g, maturity, packets, sensed, hash_pair(clock.cargo, key))
            count += 1
            next_id += 1
        cells.release[i] = 0
    for row in range(first, count):
        for axis in range(N_AXES):
            ledger[MADE, axis] += packets.cargo[row, axis]
    ledger[MADE, PACKETS] += count - first
    return count
