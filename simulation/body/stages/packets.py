"""Motion of exosome packets: competing exponential waits with rates that are constant for a tick.

Most packets stay in their place or flow with the lumen; one draw per packet decides this, for a
block of packets at a time. The few that leave their place are simulated singly (`simulate_moves`).
"""

from __future__ import annotations

import numpy as np

from gutexo.biology.codes import (
    DEGRADED,
    EXCRETED,
    IN_ENTEROCYTE,
    IN_FIRST_ORGAN,
    IN_MACROPHAGE,
    LUMEN,
    N_PLACES,
    PLASMA,
    STEP_BITS,
    STEPS_PER_SEGMENT,
)
from gutexo.biology.draws import (
    below,
    draw,
    exponential,
    first_uniform,
    hash_pair,
    second_uniform,
    uniform,
)
from gutexo.biology.exosome import destination, flow
from gutexo.body.columns import BLOCK_SIZE
from gutexo.compiled import kernel

# More moves than this in one tick mean a rate that is too fast for any tick.
MAX_MOVES = 500
# Draw numbers of a packet that are not those of its moves.
SITE_DRAW = 1000
BIRTH_DRAW = 1001
# Added to the place of a packet that leaves it in this tick, until its moves are simulated.
LEAVING = 64


@kernel
def choose_site(place, g, a, bits):
    """Choose the row of the cell that takes a packet: all cells of its kind are equally likely.

    An enterocyte or macrophage is chosen in the packet's segment, other cells in the whole organ.
    """
    if place == IN_ENTEROCYTE:
        return g * a.enterocytes + int(bits % np.uint64(a.enterocytes))
    if place == IN_MACROPHAGE:
        return a.first_macrophage + g * a.macrophages + int(bits % np.uint64(a.macrophages))
    organ = place - IN_FIRST_ORGAN
    return a.first_organ_rows[organ] + int(bits % np.uint64(a.organ_cells[organ]))


@kernel
def rate_row(place, position, segments):
    """Row of the rates of a packet: its segment, or the body in plasma and tissue."""
    return min(position >> STEP_BITS, segments - 1) if place < PLASMA else segments


@kernel
def flow_or_mark(stays, place, position, flowed, end):
    """Place and position of a packet after a tick; a packet that leaves its place is marked."""
    in_lumen = stays and place == LUMEN
    # A packet does not move beyond the end of the gut.
    onward = min(flowed, end) if in_lumen else position
    where = EXCRETED if in_lumen and flowed >= end else place
    return where if stays else place + LEAVING, onward


@kernel
def simulate_moves(i, a, left, bits, packets, sensed, rates):
    """Simulate the rest of a tick of a packet that leaves its place, move by move.

    Args:
        i: Row of the packet.
        a: Anatomy.
        left: Time left (h).
        bits: Its draw of this tick, which gives the first wait.
        packets: Packet columns.
        sensed: Sensed columns.
        rates: Rate records.

    Returns:
        0, or 1 where it moved `MAX_MOVES` times or more.
    """
    n = a.segments
    body = rates[n]
    end = n * STEPS_PER_SEGMENT
    place = packets.place[i]
    position = packets.position[i]
    row = rate_row(place, position, n)
    u = uniform(bits)
    moves = 0
    while moves < MAX_MOVES:
        rate = sensed.leaving[np.uint64(row * N_PLACES + place)]
        wait = exponential(u) / rate if rate > 0.0 else left + 1.0
        if place == LUMEN:
            position = flow(
                position,
                min(wait, left),
                a.valve * STEPS_PER_SEGMENT,
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
        # The rate is that of the segment where the wait began; the move happens where it ends.
        move_bits = draw(bits, moves)
        place = destination(rates[np.uint64(row)], place, first_uniform(move_bits) * rate)
        if place >= N_PLACES:
            if place < DEGRADED:
                g = min(position >> STEP_BITS, n - 1)
                packets.site[i] = choose_site(place, g, a, draw(bits, SITE_DRAW))
            break
        row = rate_row(place, position, n)
        moves += 1
        u = second_uniform(move_bits)
    packets.place[i] = place
    packets.position[i] = position
    return 0 if moves < MAX_MOVES else 1


@kernel
def is_newborn(packets, i, clock):
    """Whether a cell released this packet in this tick."""
    return packets.born[i] == clock.tick and packets.dose[i] < 0


@kernel
def time_left(bits, newborn, hours):
    """Hours of this tick in which a packet exists; a newborn packet appears at a random time."""
    return hours * uniform(draw(bits, BIRTH_DRAW)) if newborn else hours


@kernel
def advance_packet(i, a, packets, sensed, rates, clock):
    """Advance one packet by one tick: set its new place and position, or the sink that took it.

    Returns:
        0, or 1 where it moved `MAX_MOVES` times or more.
    """
    n = a.segments
    body = rates[n]
    place = packets.place[i]
    position = packets.position[i]
    bits = hash_pair(clock.motion, packets.key[i])
    left = time_left(bits, is_newborn(packets, i, clock), clock.hours)
    stays = below(bits, sensed.staying[rate_row(place, position, n) * N_PLACES + place])
    flowed = flow(
        position,
        left,
        a.valve * STEPS_PER_SEGMENT,
        body.small_intestine_speed,
        body.colon_speed,
        body.small_intestine_pace,
    )
    place, position = flow_or_mark(stays, place, position, flowed, n * STEPS_PER_SEGMENT)
    if place < LEAVING:
        packets.place[i] = place
        packets.position[i] = position
        return 0
    return simulate_moves(i, a, left, bits, packets, sensed, rates)


@kernel
def flow_block(a, key, place, position, newborn, sensed, body, clock):
    """Advance a block of packets by one tick, all newborn or none; packets that leave are marked.

    There are several short loops instead of one, because the compiler turns each of them into
    vector instructions. A packet that stays for a whole tick also stays for a part of it, so the
    same bound is used for newborn packets.
    """
    n = a.segments
    size = len(key)
    bits = sensed.bits[:size]
    bounds = sensed.bounds[:size]
    flowed = sensed.flowed[:size]
    for i in range(size):
        bits[i] = hash_pair(clock.motion, key[i])
    for i in range(size):
        row = rate_row(place[i], position[i], n)
        # An unsigned index is never negative, so no test for a negative index slows the loop.
        bounds[i] = sensed.staying[np.uint64(row * N_PLACES + place[i])]
    valve = a.valve * STEPS_PER_SEGMENT
    fast = body.small_intestine_speed
    slow = body.colon_speed
    hours_per_step = body.small_intestine_pace
    if newborn:
        for i in range(size):
            left = time_left(bits[i], True, clock.hours)
            flowed[i] = flow(position[i], left, valve, fast, slow, hours_per_step)
    else:
        for i in range(size):
            flowed[i] = flow(position[i], clock.hours, valve, fast, slow, hours_per_step)
    end = np.int32(n * STEPS_PER_SEGMENT)  # as wide as a position: twice as many fit a vector
    for i in range(size):
        stays = below(bits[i], bounds[i])
        place[i], position[i] = flow_or_mark(stays, place[i], position[i], flowed[i], end)


@kernel
def run_packets(count, a, packets, sensed, rates, clock):
    """Advance all packets by one tick; return the row of the first failure, else -1."""
    # Packets are in order of birth, so those of this tick are the last.
    first_newborn = count
    while first_newborn > 0 and is_newborn(packets, first_newborn - 1, clock):
        first_newborn -= 1
    body = rates[a.segments]
    start = 0
    while start < count:
        newborn = start >= first_newborn
        stop = min(start + BLOCK_SIZE, count if newborn else first_newborn)
        flow_block(
            a,
            packets.key[start:stop],
            packets.place[start:stop],
            packets.position[start:stop],
            newborn,
            sensed,
            body,
            clock,
        )
        start = stop
    for i in range(count):
        if packets.place[i] >= LEAVING:
            packets.place[i] -= LEAVING
            bits = hash_pair(clock.motion, packets.key[i])
            left = time_left(bits, i >= first_newborn, clock.hours)
            if simulate_moves(i, a, left, bits, packets, sensed, rates) != 0:
                return i
    return -1
