"""What a stage needs to know about now: the tick, its length and the keys of its draws."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulation.biology import streams
from simulation.biology.draws import key_of


class Clock(NamedTuple):
    """Now. Keys are (run, stream, tick); an identity is folded in where a draw is made."""

    tick: int
    hours: float
    thinning: int
    occupant: np.uint64  # not keyed to the tick: who an occupant is never changes
    motion: np.uint64
    release: np.uint64
    turnover: np.uint64
    thin: np.uint64
    identity: np.uint64
    cargo: np.uint64
    senescence: np.uint64


def clock(run_key: np.uint64, tick: int, hours: float, thinning: int) -> Clock:
    """The clock of one tick of the mouse with this run key."""

    def key(stream: np.uint64) -> np.uint64:
        return key_of(run_key, stream, tick)

    return Clock(
        tick=tick,
        hours=hours,
        thinning=thinning,
        occupant=key_of(run_key, streams.SUSCEPTIBILITY),
        motion=key(streams.MOTION),
        release=key(streams.RELEASE),
        turnover=key(streams.TURNOVER),
        thin=key(streams.THINNING),
        identity=key(streams.IDENTITY),
        cargo=key(streams.CARGO),
        senescence=key(streams.SENESCENCE),
    )
