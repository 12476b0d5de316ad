"""A mouse whose exosome stage can be run again and again from the same state."""

from __future__ import annotations

from gutexo.biology.draws import derive_key
from gutexo.body.clock import make_clock
from gutexo.body.mouse import Mouse
from gutexo.body.stages.packets import run_packets
from gutexo.catalogue import Parameters

MOST_TURNS = 100
MUTABLE = ("place", "position", "site")


class World:
    """A settled mouse, halted between the births and the motion of its packets.

    Args:
        packets: Packets at steady state.
        seed: Of the mouse.
    """

    def __init__(self, packets: float, seed: int = 1) -> None:
        changes = {"resolution.packets": packets, "resolution.settling": 2}
        self.mouse = Mouse(Parameters().change(changes), seed=seed)
        self.mouse.run_for("1 d")
        s = self.mouse.state
        thinning = s.parameters.resolution.thinning
        self.now = self.mouse.now = make_clock(s.run_key, s.tick, s.hours, thinning)
        for stage in self.mouse.stages:
            if stage.name == "packets":
                break
            stage.run(self.mouse, self.now)
        self.keys = [derive_key(s.run_key, 99, turn) for turn in range(MOST_TURNS)]
        self.start = {name: getattr(s.packets, name).copy() for name in MUTABLE}

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
        for name, column in self.start.items():
            getattr(self.mouse.state.packets, name)[:] = column
        self.now = self.now._replace(motion=self.keys[turn])

    def run(self) -> None:
        """The exosome stage of the compiled driver."""
        s = self.mouse.state
        failed = run_packets(s.count, s.anatomy, s.packets, s.sensed, s.records, self.now)
        assert failed == -1

    def outcome(self) -> tuple[bytes, ...]:
        """Where every packet is after the stage."""
        s = self.mouse.state
        return tuple(getattr(s.packets, name)[: s.count].tobytes() for name in MUTABLE)
