"""A mouse whose exosome stage can be run again and again from the same state."""

from __future__ import annotations

import numpy as np

from gutexo.biology.codes import N_PLACES
from gutexo.biology.draws import derive_key
from gutexo.body.clock import Clock, make_clock
from gutexo.body.mouse import Mouse
from gutexo.body.stages.packets import run_packets
from gutexo.catalogue import Parameters
from gutexo.compiled import kernel

MOST_TURNS = 100
TICKS_A_CALL = 24
MUTABLE = ("place", "position", "site")


@kernel
def run_stage_ticks(count, a, packets, start, sensed, rates, clock, motions):
    """Run the exosome stage once per key of motion; packets that end begin again."""
    for motion in motions:
        now = Clock(
            clock.tick,
            clock.hours,
            clock.thinning,
            clock.occupant,
            motion,
            clock.release,
            clock.turnover,
            clock.thin,
            clock.identity,
            clock.cargo,
            clock.senescence,
            clock.induction,
        )
        failed = run_packets(count, a, packets, sensed, rates, now)
        if failed >= 0:
            return failed
        for i in range(count):
            if packets.place[i] >= N_PLACES:
                packets.place[i] = start.place[i]
                packets.position[i] = start.position[i]
    return -1


class World:
    """A settled mouse, halted between the births and the motion of its packets.

    Args:
        packets: Packets at steady state.
        seed: Of the mouse.
    """

    def __init__(self, packets: float, seed: int = 1) -> None:
        changes = {"resolution.packets": packets}
        self.mouse = Mouse(Parameters().change(changes), seed=seed, age=23)
        self.mouse.run_for("1 d")
        s = self.mouse.state
        thinning = s.parameters.resolution.thinning
        self.now = self.mouse.now = make_clock(s.run_key, s.tick, s.hours, thinning)
        for stage in self.mouse.stages:
            if stage.name == "packets":
                break
            stage.run(self.mouse, self.now)
        keys = [derive_key(s.run_key, 99, n) for n in range(MOST_TURNS * TICKS_A_CALL)]
        self.keys = np.array(keys, np.uint64).reshape(MOST_TURNS, TICKS_A_CALL)
        self.start = s.packets._replace(**{n: getattr(s.packets, n).copy() for n in MUTABLE})
        self.motions = self.keys[0]

    @property
    def count(self) -> int:
        """Packets alive, newborn ones included."""
        return self.mouse.state.count

    def rewind(self, turn: int = 0) -> None:
        """Put the packets back to where they were before the stage, to draw other numbers.

        Were they the same again, a processor would learn by heart which branch comes next.

        Args:
            turn: Which draws; the same for everybody who is compared.
        """
        for name in MUTABLE:
            getattr(self.mouse.state.packets, name)[:] = getattr(self.start, name)
        self.motions = self.keys[turn]
        self.now = self.now._replace(motion=self.motions[0])

    def run(self) -> None:
        """The exosome stage of the compiled driver, for `TICKS_A_CALL` ticks."""
        s = self.mouse.state
        failed = run_stage_ticks(
            *(s.count, s.anatomy, s.packets, self.start),
            *(s.sensed, s.records, self.now, self.motions),
        )
        assert failed == -1

    def outcome(self) -> tuple[bytes, ...]:
        """Where every packet is after the stage."""
        s = self.mouse.state
        return tuple(getattr(s.packets, name)[: s.count].tobytes() for name in MUTABLE)
