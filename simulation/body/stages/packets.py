"""Exosome packets in motion: competing exponentials in rates that stand still for one tick."""

from __future__ import annotations

import numpy as np

from simulation.biology.draws import draw, exponential, fold, uniform, uniform_at
from simulation.biology.exosome import destination, flow
from simulation.biology.places import (
    EXCRETED,
    IN_ADIPOCYTE,
    IN_ENTEROCYTE,
    IN_HEPATOCYTE,
    IN_MACROPHAGE,
    IN_MYOCYTE,
    LUMEN,
    N_PLACES,
    PLASMA,
    STEPS,
)
from simulation.compiled import kernel

# More moves than this in one tick mean a rate that no tick can follow.
MOST_MOVES = 500


@kernel
def choose_site(place, g, a, bits):
    """Row of the cell that takes a packet: each of its kind within reach is as likely."""
    if place == IN_ENTEROCYTE:
        return g * a.enterocytes + int(bits % np.uint64(a.enterocytes))
    if place == IN_MACROPHAGE:
        return a.first_macrophage + g * a.macrophages + int(bits % np.uint64(a.macrophages))
    if place == IN_HEPATOCYTE:
        return a.first_hepatocyte + int(bits % np.uint64(a.hepatocytes))
    if place == IN_MYOCYTE:
        return a.first_myocyte + int(bits % np.uint64(a.myocytes))
    return a.first_adipocyte + int(bits % np.uint64(a.adipocytes))


@kernel
def advance_packet(i, a, packets, segments, heard, rates, clock):
    """One tick of one packet: where it is afterwards, or which sink took it.

    Returns:
        0, or 1 where it moved more often than a tick can hold.
    """
    n = a.segments
    body = rates[n]
    valve = a.valve * STEPS
    end = n * STEPS
    place = packets.place[i]
    position = packets.position[i]
    left = clock.hours
    base = fold(clock.motion, packets.key[i])
    g = min(position // STEPS, n - 1)
    row = g if place < PLASMA else n
    u = uniform_at(base, 0)
    newborn = packets.born[i] == clock.tick and packets.dose[i] < 0
    if not newborn and u < heard.staying[row, place]:
        # By far the most frequent: nothing happens but the luminal flow.
        if place == LUMEN:
            position = flow(body, position, left, valve)
            packets.position[i] = min(position, end)
            if position >= end:
                packets.place[i] = EXCRETED
        return 0
    if newborn:
        # Born at some moment of this tick, it lives the rest of it.
        left = left * uniform_at(fold(clock.identity, packets.key[i]), 1)
    moves = 0
    while moves < MOST_MOVES:
        wait = left + 1.0
        if heard.leaving[row, place] > 0.0:
            wait = exponential(u) / heard.leaving[row, place]
        stay = min(wait, left)
        if place == LUMEN:
            position = flow(body, position, stay, valve)
            if position >= end:
                place = EXCRETED
                position = end
                break
            # The rate is that of the segment where the wait began.
            g = position // STEPS
        if wait >= left:
            break
        left -= wait
        share = uniform_at(base, 2 * moves + 1) * heard.leaving[row, place]
        mucus = segments.mucus[row] if row < n else 1.0
        damage = segments.damage[row] if row < n else 0.0
        place = destination(rates[row], place, share, mucus, damage)
        if place >= N_PLACES:
            if place <= IN_ADIPOCYTE:
                packets.site[i] = choose_site(place, g, a, draw(base, 1000))
            break
        row = g if place < PLASMA else n
        moves += 1
        u = uniform(draw(base, 2 * moves))
    packets.place[i] = place
    packets.position[i] = position
    return 0 if moves < MOST_MOVES else 1


@kernel
def run_packets(count, a, packets, segments, heard, rates, clock):
    """One tick of all packets; the row of the first that failed, else -1."""
    for i in range(count):
        if advance_packet(i, a, packets, segments, heard, rates, clock) != 0:
            return i
    return -1
