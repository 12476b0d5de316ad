"""Dosing and harvest: packets that enter from a preparation, and packets that a harvest removes."""

from __future__ import annotations

import numpy as np

from gutexo.biology.codes import LUMEN, N_AXES, STEPS_PER_SEGMENT
from gutexo.biology.draws import draw, fold
from gutexo.body.ledger import DOSED, HARVESTED, PACKETS
from gutexo.body.stages.arrivals import copy_packet_row
from gutexo.compiled import rule


@rule
def dose_packets(
    a, count, next_id, packets, ledger, key, dose, amount, cargo, place, stretch, tick
):
    """Append a dose: each packet copies one of the preparation, so cargo stays jointly distributed.

    Packets are drawn without replacement until the preparation is used up, then again from all.

    Args:
        key: Key of this dose; the identity of a packet is (dose, serial).
        dose: Number of the dose.
        amount: Number of packets.
        cargo: int32[packets, axis] of the preparation.
        place: Place where they enter.
        stretch: First segment and number of segments over which they enter in the lumen.
        tick: The tick in which they are given.

    Returns:
        The new count.
    """
    size = len(cargo)
    order = np.arange(size)
    for serial in range(amount):
        turn = serial % size
        bits = fold(key, np.uint64(serial))
        # Fisher-Yates shuffle, one step per packet.
        other = turn + int(draw(bits, 0) % np.uint64(size - turn))
        pick = order[other]
        order[other] = order[turn]
        order[turn] = pick
        packets.id[count] = next_id
        packets.key[count] = bits
        packets.place[count] = place
        packets.position[count] = 0
        if place == LUMEN:
            steps = np.uint64(stretch[1] * STEPS_PER_SEGMENT)
            packets.position[count] = stretch[0] * STEPS_PER_SEGMENT + int(draw(bits, 1) % steps)
        packets.site[count] = -1
        packets.born[count] = tick
        packets.source[count] = -1
        packets.generation[count] = 0
        packets.dose[count] = dose
        for axis in range(N_AXES):
            packets.cargo[count, axis] = cargo[pick, axis]
            ledger[DOSED, axis] += cargo[pick, axis]
        ledger[DOSED, PACKETS] += 1
        count += 1
        next_id += 1
    return count


@rule
def harvest_lumen(count, packets, ledger):
    """Remove every luminal packet; the other rows move up.

    Returns:
        The new count.
    """
    alive = 0
    for i in range(count):
        if packets.place[i] == LUMEN:
            for axis in range(N_AXES):
                ledger[HARVESTED, axis] += packets.cargo[i, axis]
            ledger[HARVESTED, PACKETS] += 1
        else:
            if alive != i:
                copy_packet_row(packets, i, alive)
            alive += 1
    return alive
