"""Births: packets that cells release in this tick, with the cargo their cell loads now."""

from __future__ import annotations

import numpy as np

from simulation.biology.draws import draw, fold, poisson, poisson_from, uniform
from simulation.biology.places import LUMEN, N_AXES, STEPS
from simulation.body.ledger import MADE, PACKETS
from simulation.compiled import kernel

# Above this mean one uniform is not enough for the inversion.
ONE_DRAW = 30.0


@kernel
def count_births(a, cells):
    """Packets about to be released."""
    total = 0
    for i in range(a.first_macrophage):
        total += cells.release[i]
    return total


@kernel
def load_cargo(row, g, flag, packets, heard, key, ledger):
    """Poisson cargo of one newborn packet."""
    for axis in range(N_AXES):
        mean = heard.load[g, flag, axis]
        lot = fold(key, np.uint64(axis))
        if mean < ONE_DRAW:
            units = poisson_from(heard.no_load[g, flag, axis], mean, uniform(lot))
        else:
            units = poisson(mean, lot)
        packets.cargo[row, axis] = units
        ledger[MADE, axis] += units


@kernel
def release_packets(a, count, next_id, cells, packets, heard, ledger, clock):
    """Append the packets that cells release; there must be room for them.

    Returns:
        The new count.
    """
    for i in range(a.first_macrophage):
        g = cells.segment[i]
        flag = cells.senescent[i]
        site = fold(clock.identity, np.uint64(i))
        occupant = fold(site, np.uint64(cells.generation[i]))
        for serial in range(cells.release[i]):
            key = fold(occupant, np.uint64(serial))
            packets.id[count] = next_id
            packets.key[count] = key
            packets.place[count] = LUMEN
            packets.position[count] = g * STEPS + int(draw(key, 1) % np.uint64(STEPS))
            packets.site[count] = -1
            packets.born[count] = clock.tick
            packets.source[count] = i
            packets.generation[count] = cells.generation[i]
            packets.dose[count] = -1
            load_cargo(count, g, flag, packets, heard, fold(clock.cargo, key), ledger)
            ledger[MADE, PACKETS] += 1
            count += 1
            next_id += 1
        cells.release[i] = 0
    return count
