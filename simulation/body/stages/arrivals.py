"""Arrivals: packets that were opened, degraded or excreted are removed; cells hold their cargo."""

from __future__ import annotations

from gutexo.biology.codes import DEGRADED, EXCRETED, N_AXES, N_PLACES
from gutexo.body.ledger import LEDGER_DEGRADED as LEDGER_DEGRADED
from gutexo.body.ledger import LEDGER_EXCRETED as LEDGER_EXCRETED
from gutexo.body.ledger import OPENED, PACKETS
from gutexo.compiled import kernel


@kernel
def copy_packet_row(packets, source, target):
    """Copy one packet to another row."""
    packets.id[target] = packets.id[source]
    packets.key[target] = packets.key[source]
    for axis in range(N_AXES):
        packets.cargo[target, axis] = packets.cargo[source, axis]
    packets.place[target] = packets.place[source]
    packets.position[target] = packets.position[source]
    packets.site[target] = packets.site[source]
    packets.born[target] = packets.born[source]
    packets.source[target] = packets.source[source]
    packets.generation[target] = packets.generation[source]
    packets.dose[target] = packets.dose[source]


@kernel
def apply_arrivals(count, packets, cells, ledger):
    """Give cargo to cells, count every departure under its own event and remove the empty rows.

    Returns:
        Number of packets that remain; their order does not change.
    """
    alive = 0
    for i in range(count):
        place = packets.place[i]
        if place < N_PLACES:
            if alive != i:
                copy_packet_row(packets, i, alive)
            alive += 1
            continue
        if place == DEGRADED or place == EXCRETED:
            event = LEDGER_DEGRADED if place == DEGRADED else LEDGER_EXCRETED
            for axis in range(N_AXES):
                ledger[event, axis] += packets.cargo[i, axis]
            ledger[event, PACKETS] += 1
        else:
            for axis in range(N_AXES):
                cells.held[packets.site[i], axis] += packets.cargo[i, axis]
            ledger[OPENED, PACKETS] += 1
    return alive
