"""Interleaved rounds: every contestant runs once a round, so that all share the machine's moods."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Contestant:
    """Something to be timed.

    Args:
        name: Its name.
        run: What is timed.
        work: What it does in one run, in whatever is counted (packets updated).
        prepare: Run before each timed run, untimed; told which one of the round it is.
        repeats: Timed runs a round, whose median counts.
    """

    name: str
    run: Callable[[], object]
    work: float
    prepare: Callable[[int], object] = lambda turn: None
    repeats: int = 1
    seconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """Median time of a run over rounds (s)."""
        return statistics.median(self.seconds)

    @property
    def spread(self) -> float:
        """Half the distance between quartiles, as a share of the median."""
        low, _, high = statistics.quantiles(self.seconds, n=4)
        return (high - low) / 2 / self.median

    @property
    def rate(self) -> float:
        """Work a second."""
        return self.work / self.median


def race(contestants: list[Contestant], rounds: int) -> None:
    """Time all of them, one after the other, round after round.

    Args:
        contestants: Who runs; times are kept in them.
        rounds: Rounds after a first one that does not count.
    """
    for number in range(rounds + 1):
        for one in contestants:
            times = []
            for turn in range(one.repeats):
                one.prepare(turn)
                start = time.perf_counter()
                one.run()
                times.append(time.perf_counter() - start)
            if number:
                one.seconds.append(statistics.median(times))


def ratio(one: Contestant, other: Contestant) -> float:
    """How many times as much work a second, median over rounds."""
    return statistics.median(
        (one.work / a) / (other.work / b) for a, b in zip(one.seconds, other.seconds, strict=True)
    )
