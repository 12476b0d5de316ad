"""The storage of a mouse: structures of arrays for segments, cells, packets and what they sense."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gutexo.biology.codes import FIRST_ORGAN, N_AXES, N_KINDS, N_PLACES
from gutexo.biology.draws import CUMULATIVE_SIZE
from gutexo.body.anatomy import Anatomy
from gutexo.catalogue.organs import N_ORGANS
from gutexo.catalogue.signals import N_CYTOKINES, N_SIGNALS

BLOCK_SIZE = 1024  # packets whose draws are made together; they fit into the fastest cache


class Segments(NamedTuple):
    """State of each barrier segment (float64[segments]); local cytokines have a column each."""

    junction: np.ndarray
    pore: np.ndarray
    damage: np.ndarray
    mucus: np.ndarray
    density: np.ndarray
    pathobionts: np.ndarray
    swallowed: np.ndarray
    lps: np.ndarray
    cytokines: np.ndarray


class Cells(NamedTuple):
    """State of each cell site ([cells]); the occupant of a site has a generation number.

    Susceptibility is the rank of a site in turning senescent, for life; of a macrophage it is the
    rank of its LPS threshold, drawn anew for each occupant. `senescence` is a code of a state,
    `cause`, `turned` and `cleared` say why and in which tick it turned senescent last, and in which
    it was cleared last (-1 for never, or before the first tick); no rule reads these three.
    """

    kind: np.ndarray
    segment: np.ndarray
    generation: np.ndarray
    susceptibility: np.ndarray
    senescence: np.ndarray
    cause: np.ndarray
    turned: np.ndarray
    cleared: np.ndarray
    position: np.ndarray
    state: np.ndarray
    fast: np.ndarray
    slow: np.ndarray
    capacity: np.ndarray
    release: np.ndarray
    held: np.ndarray


class Packets(NamedTuple):
    """Exosome packets ([capacity]); rows below the count are alive, in order of birth."""

    id: np.ndarray
    key: np.ndarray
    cargo: np.ndarray
    place: np.ndarray
    position: np.ndarray
    site: np.ndarray
    born: np.ndarray
    source: np.ndarray
    generation: np.ndarray
    dose: np.ndarray


class SensedColumns(NamedTuple):
    """What segments and organs sense at the start of a tick: derived, never a state.

    Cargo is in young levels. `mature` is the share of niches that are senescent and mature,
    `cell_secretion` what one of them secretes, `secretion` what all do (1 in an old gut with full
    licence), `induction` the chance of a well site to be induced in this tick; for the whole body
    `total_burden`, and `freed`, the chance of an induced site to be cleared in this tick. Per
    segment, maturity and axis: `load`, the mean cargo of a packet, `no_load`, the probability of no
    cargo, and `cargo_cumulative`, the first cumulative probabilities of its count. Per segment
    (last row: body) and place, in one row: `leaving` (1/h), and the probability of staying through
    a tick as a bound of draws, `staying`. `bits`, `bounds` and `flowed` are working space for one
    block of packets.
    """

    enterocyte_cargo: np.ndarray
    macrophage_cargo: np.ndarray
    activation: np.ndarray
    local_activation: np.ndarray
    lps: np.ndarray
    mature: np.ndarray
    cell_secretion: np.ndarray
    secretion: np.ndarray
    induction: np.ndarray
    load: np.ndarray
    no_load: np.ndarray
    cargo_cumulative: np.ndarray
    leaving: np.ndarray
    staying: np.ndarray
    bits: np.ndarray
    bounds: np.ndarray
    flowed: np.ndarray
    organ_cargo: np.ndarray
    organ_block: np.ndarray
    organ_sensitivity: np.ndarray
    organ_secretion: np.ndarray
    organ_induction: np.ndarray
    organs_secretion: np.ndarray
    total_burden: np.ndarray
    freed: np.ndarray


# Levels of signals, and their means over a tick, which organs sense.
BLOOD = np.dtype(
    [
        ("level", np.float64, (N_SIGNALS,)),
        ("sensed_level", np.float64, (N_SIGNALS,)),
        ("burden", np.float64),
        ("followed", np.float64),
        ("mature", np.float64),
        ("beta_mass", np.float64),
        ("glucose", np.float64),
        ("insulin", np.float64),
    ],
    align=True,
)


def new_segments(a: Anatomy) -> Segments:
    """Make the columns of a closed, healthy gut wall."""
    n = a.segments
    one, zero = np.ones, np.zeros
    return Segments(
        junction=np.full(n, 0.95),
        pore=zero(n),
        damage=zero(n),
        mucus=one(n),
        density=one(n),
        pathobionts=zero(n),
        swallowed=zero(n),
        lps=one(n),
        cytokines=np.ones((n, N_CYTOKINES)),
    )


def new_cells(a: Anatomy) -> Cells:
    """Make the cell sites in their order, each with its first occupant."""
    n = a.cells
    counts = (
        a.segments * a.enterocytes,
        a.segments * a.macrophages,
        *a.organ_cells,
    )
    segment = np.full(n, a.segments, np.int32)
    segment[: counts[0]] = np.repeat(np.arange(a.segments), a.enterocytes)
    segment[counts[0] : counts[0] + counts[1]] = np.repeat(np.arange(a.segments), a.macrophages)
    kind = np.repeat(np.arange(N_KINDS), counts).astype(np.int8)
    return Cells(
        kind=kind,
        segment=segment,
        generation=np.zeros(n, np.int32),
        susceptibility=np.zeros(n),
        senescence=np.zeros(n, np.int8),
        cause=np.zeros(n, np.int8),
        turned=np.full(n, -1, np.int32),
        cleared=np.full(n, -1, np.int32),
        position=np.zeros(n),
        state=np.where(kind >= FIRST_ORGAN, 1.0, 0.0),
        fast=np.zeros(n),
        slow=np.zeros(n),
        capacity=np.zeros(n),
        release=np.zeros(n, np.int32),
        held=np.zeros((n, N_AXES), np.int32),
    )


def new_packets(capacity: int) -> Packets:
    """Make empty columns for packets."""
    return Packets(
        id=np.zeros(capacity, np.int64),
        key=np.zeros(capacity, np.uint64),
        cargo=np.zeros((capacity, N_AXES), np.int32),
        place=np.zeros(capacity, np.int8),
        position=np.zeros(capacity, np.int32),
        site=np.zeros(capacity, np.int32),
        born=np.zeros(capacity, np.int32),
        source=np.zeros(capacity, np.int32),
        generation=np.zeros(capacity, np.int32),
        dose=np.zeros(capacity, np.int32),
    )


def grow_packets(packets: Packets, count: int, needed: int) -> Packets:
    """Return the same packets in columns with space for at least `needed` rows."""
    if needed <= len(packets.id):
        return packets
    roomier = new_packets(needed + needed // 2)
    for old, new in zip(packets, roomier, strict=True):
        new[:count] = old[:count]
    return roomier


def new_sensed_columns(a: Anatomy) -> SensedColumns:
    """Make empty columns for what is sensed; the sense stage fills them every tick."""
    n = a.segments
    return SensedColumns(
        enterocyte_cargo=np.zeros((n, N_AXES)),
        macrophage_cargo=np.zeros((n, N_AXES)),
        activation=np.zeros(n),
        local_activation=np.zeros(n),
        lps=np.zeros(n),
        mature=np.zeros(n),
        cell_secretion=np.zeros(n),
        secretion=np.zeros(n),
        induction=np.zeros(n),
        load=np.zeros((n, 2, N_AXES)),
        no_load=np.zeros((n, 2, N_AXES)),
        cargo_cumulative=np.zeros((n, 2, N_AXES, CUMULATIVE_SIZE)),
        leaving=np.zeros((n + 1) * N_PLACES),
        staying=np.zeros((n + 1) * N_PLACES, np.uint64),
        bits=np.zeros(BLOCK_SIZE, np.uint64),
        bounds=np.zeros(BLOCK_SIZE, np.uint64),
        flowed=np.zeros(BLOCK_SIZE, np.int32),
        organ_cargo=np.zeros((N_ORGANS, N_AXES)),
        organ_block=np.zeros(N_ORGANS),
        organ_sensitivity=np.zeros(N_ORGANS),
        organ_secretion=np.zeros(N_ORGANS),
        organ_induction=np.zeros(N_ORGANS),
        organs_secretion=np.zeros(1),
        total_burden=np.zeros(1),
        freed=np.zeros(1),
    )


def bytes_per_packet() -> int:
    """Bytes that one packet takes in the columns."""
    return sum(c.dtype.itemsize * (c.shape[1] if c.ndim > 1 else 1) for c in new_packets(1))
