"""Exosome packets in motion: competing exponentials in rates that stand still for one tick.

Most packets stay where they are or flow on with the lumen; one draw decides it, for a block of
packets at a time. The few that leave their place go on one by one (`travel`).
"""

from __future__ import annotations

import numpy as np

from gutexo.biology.draws import (
    below,
    draw,
    exponential,
    first_uniform,
    meet,
    second_uniform,
    uniform,
)
from gutexo.biology.exosome import destination, flow
from gutexo.biology.places import (
    EXCRETED,
    IN_ADIPOCYTE,
    IN_ENTEROCYTE,
    IN_HEPATOCYTE,
    IN_MACROPHAGE,
    IN_MYOCYTE,
    LUMEN,
    N_PLACES,
    PLASMA,
    STEP_BITS,
    STEPS,
)
from gutexo.body.columns import BLOCK
from gutexo.compiled import kernel

# More moves than this in one tick mean a rate that no tick can follow.
MOST_MOVES = 500
# Numbers of a packet's draws beyond those of its moves.
SITE_DRAW = 1000
BIRTH_DRAW = 1001
# Added to the place of a packet that leaves it in this tick, until it has travelled.
LEAVING = 64


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
def row_of(place, position, segments):
    """Row of the rates that hold for a packet: its segment's, the body's in plasma and tissue."""
    return min(position >> STEP_BITS, segments - 1) if place < PLASMA else segments


@kernel
def settle(stays, place, position, flowed, end):
    """Place and position after a tick of a packet that stays, or that is to leave its place."""
    in_lumen = stays and place == LUMEN
    # The end of the gut is the end of the way.
    onward = min(flowed, end) if in_lumen else position
    where = EXCRETED if in_lumen and flowed >= end else place
    return where if stays else place + LEAVING, onward


@kernel
def travel(i, a, left, bits, packets, heard, rates):
    """The rest of a tick of a packet that leaves its place, from move to move.

    Args:
        i: Row of the packet.
        a: Anatomy.
        left: Time left (h).
        bits: Its draw of this tick, from which the first wait comes.
        packets: Columns.
        heard: What is heard.
        rates: Records.

    Returns:
        0, or 1 where it moved more often than a tick can hold.
    """
    n = a.segments
    body = rates[n]
    end = n * STEPS
    place = packets.place[i]
    position = packets.position[i]
    row = row_of(place, position, n)
    u = uniform(bits)
    moves = 0
    while moves < MOST_MOVES:
        rate = heard.leaving[np.uint64(row * N_PLACES + place)]
        wait = exponential(u) / rate if rate > 0.0 else left + 1.0
        if place == LUMEN:
            position = flow(
                position,
                min(wait, left),
                a.valve * STEPS,
                body.small_intestine_speed,
                body.colon_speed,
                body.small_intestine_pace,
            )
            if position >= end:
                place = EXCRETED
                position = end
                break
        if wait >= left:
            break
        left -= wait
        # The rate was that of the segment where the wait began; the move is made where it ends.
        lot = draw(bits, moves)
        place = destination(rates[np.uint64(row)], place, first_uniform(lot) * rate)
        if place >= N_PLACES:
            if place <= IN_ADIPOCYTE:
                g = min(position >> STEP_BITS, n - 1)
                packets.site[i] = choose_site(place, g, a, draw(bits, SITE_DRAW))
            break
        row = row_of(place, position, n)
        moves += 1
        u = second_uniform(lot)
    packets.place[i] = place
    packets.position[i] = position
    return 0 if moves < MOST_MOVES else 1


@kernel
def is_newborn(packets, i, clock):
    """Whether a cell released this packet in this tick."""
    return packets.born[i] == clock.tick and packets.dose[i] < 0


@kernel
def time_left(bits, newborn, hours):
    """Hours of this tick that a packet lives; a newborn one appears at some moment of it."""
    return hours * uniform(draw(bits, BIRTH_DRAW)) if newborn else hours


@kernel
def advance_packet(i, a, packets, heard, rates, clock):
    """One tick of one packet: where it is afterwards, or which sink took it.

    Returns:
        0, or 1 where it moved more often than a tick can hold.
    """
    n = a.segments
    body = rates[n]
    place = packets.place[i]
    position = packets.position[i]
    bits = meet(clock.motion, packets.key[i])
    left = time_left(bits, is_newborn(packets, i, clock), clock.hours)
    stays = below(bits, heard.staying[row_of(place, position, n) * N_PLACES + place])
    flowed = flow(
        position,
        left,
        a.valve * STEPS,
        body.small_intestine_speed,
        body.colon_speed,
        body.small_intestine_pace,
    )
    place, position = settle(stays, place, position, flowed, n * STEPS)
    if place < LEAVING:
        packets.place[i] = place
        packets.position[i] = position
        return 0
    return travel(i, a, left, bits, packets, heard, rates)


@kernel
def settle_block(a, key, place, position, newborn, heard, body, clock):
    """One tick of a block of packets, all newborn or none; those that leave are marked.

    Short loops instead of one, each of which the compiler turns into vector instructions. A packet
    that stays for a whole tick stays for a part of it, so one bound serves newborn ones too.
    """
    n = a.segments
    size = len(key)
    bits = heard.bits[:size]
    bounds = heard.bounds[:size]
    flowed = heard.flowed[:size]
    for i in range(size):
        bits[i] = meet(clock.motion, key[i])
    for i in range(size):
        row = row_of(place[i], position[i], n)
        # An unsigned index cannot count from the end, so no test for that is in the way.
        bounds[i] = heard.staying[np.uint64(row * N_PLACES + place[i])]
    valve = a.valve * STEPS
    fast = body.small_intestine_speed
    slow = body.colon_speed
    pace = body.small_intestine_pace
    if newborn:
        for i in range(size):
            left = time_left(bits[i], True, clock.hours)
            flowed[i] = flow(position[i], left, valve, fast, slow, pace)
    else:
        for i in range(size):
            flowed[i] = flow(position[i], clock.hours, valve, fast, slow, pace)
    for i in range(size):
        stays = below(bits[i], bounds[i])
        place[i], position[i] = settle(stays, place[i], position[i], flowed[i], n * STEPS)


@kernel
def settle_rows(first, last, newborn, a, packets, heard, body, clock):
    """One tick of some rows, block by block; those that leave are marked."""
    for start in range(first, last, BLOCK):
        stop = min(start + BLOCK, last)
        settle_block(
            a,
            packets.key[start:stop],
            packets.place[start:stop],
            packets.position[start:stop],
            newborn,
            heard,
            body,
            clock,
        )


@kernel
def run_packets(count, a, packets, heard, rates, clock):
    """One tick of all packets; the row of the first that failed, else -1."""
    # Packets stand in order of birth, so those of this tick are the last.
    first_newborn = count
    while first_newborn > 0 and is_newborn(packets, first_newborn - 1, clock):
        first_newborn -= 1
    body = rates[a.segments]
    settle_rows(0, first_newborn, False, a, packets, heard, body, clock)
    settle_rows(first_newborn, count, True, a, packets, heard, body, clock)
    for i in range(count):
        if packets.place[i] >= LEAVING:
            packets.place[i] -= LEAVING
            bits = meet(clock.motion, packets.key[i])
            left = time_left(bits, i >= first_newborn, clock.hours)
            if travel(i, a, left, bits, packets, heard, rates) != 0:
                return i
    return -1
