"""The clock of a tick: its number, its length and the keys of its draws."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gutexo.biology import streams
from gutexo.biology.draws import derive_key, fold
from gutexo.compiled import kernel


class Clock(NamedTuple):
    """The current tick. Keys are (run, stream, tick); an identity is added where a draw is made."""

    tick: int
    hours: float
    thinning: int
    occupant: np.uint64  # not keyed to the tick: properties of an occupant never change
    motion: np.uint64
    release: np.uint64
    turnover: np.uint64
    thin: np.uint64
    identity: np.uint64
    cargo: np.uint64
    senescence: np.uint64
    induction: np.uint64


# Streams whose keys change with the tick, in the order of `Clock`.
_STREAMS = np.array(
    [
        streams.MOTION,
        streams.RELEASE,
        streams.TURNOVER,
        streams.THINNING,
        streams.IDENTITY,
        streams.CARGO,
        streams.SENESCENCE,
        streams.INDUCTION,
    ],
    np.uint64,
)


@kernel
def _fill_keys(run_key, tick, streams, keys):
    for n in range(len(streams)):
        keys[n] = fold(fold(run_key, streams[n]), np.uint64(tick))


def make_clock(run_key: np.uint64, tick: int, hours: float, thinning: int) -> Clock:
    """Make the clock of one tick of the mouse with this run key."""
    keys = np.empty(len(_STREAMS), np.uint64)
    _fill_keys(run_key, tick, _STREAMS, keys)
    return Clock(tick, hours, thinning, derive_key(run_key, streams.SUSCEPTIBILITY), *keys)


class ClockKeys(NamedTuple):
    """What the clocks of all ticks of a mouse have in common; `streams` has a key per stream."""

    hours: float
    thinning: int
    occupant: np.uint64
    streams: np.ndarray


def make_clock_keys(run_key: np.uint64, hours: float, thinning: int) -> ClockKeys:
    """Make what the clocks of the mouse with this run key have in common."""
    keys = np.array([derive_key(run_key, stream) for stream in _STREAMS], np.uint64)
    return ClockKeys(hours, thinning, derive_key(run_key, streams.SUSCEPTIBILITY), keys)


@kernel
def clock_of_tick(keys, tick):
    """Make the clock of one tick inside compiled code; `make_clock` makes the same outside."""
    n = np.uint64(tick)
    k = keys.streams
    return Clock(
        tick,
        keys.hours,
        keys.thinning,
        keys.occupant,
        fold(k[0], n),
        fold(k[1], n),
        fold(k[2], n),
        fold(k[3], n),
        fold(k[4], n),
        fold(k[5], n),
        fold(k[6], n),
        fold(k[7], n),
    )
