"""The exosome stage as a Mesa user would first write it: an agent an exosome, on a Mesa grid.

The rates, places and sinks are those of the model; draws come from Mesa's own generator, so it does
not give the same bits.
"""

from __future__ import annotations

from typing import Any

import mesa
from mesa.discrete_space import CellAgent, OrthogonalMooreGrid

from gutexo.biology.codes import EXCRETED, LUMEN, N_PLACES, PLASMA, STEP_BITS, STEPS_PER_SEGMENT
from gutexo.biology.exosome import destination
from tests.benchmarks.worlds import World


class Exosome(CellAgent):
    """An exosome on a grid of places and segments (the last column is the body)."""

    def __init__(self, model: Gut, place: int, along: float) -> None:
        super().__init__(model)
        self.along = along  # position along the gut, in segments
        self.place = place
        self.cell = model.cell_of(place, along)

    def step(self) -> None:
        """Flow with the lumen, wait, move, until the tick is over or something takes it."""
        model: Any = self.model
        left = model.hours
        while True:
            row = model.row_of(self.place, self.along)
            rate = model.leaving[row][self.place]
            wait = self.random.expovariate(rate) if rate > 0 else left + 1
            stay = min(wait, left)
            if self.place == LUMEN:
                speed = model.fast if self.along < model.valve else model.slow
                self.along += speed * stay
                if self.along >= model.segments:
                    self.place = EXCRETED
                    break
            if wait >= left:
                break
            left -= wait
            share = self.random.random() * rate
            self.place = destination(model.rates[row], self.place, share)
            if self.place >= N_PLACES:
                break
        if self.place >= N_PLACES:
            model.taken[self.place] = model.taken.get(self.place, 0) + 1
            self.remove()
        else:
            self.cell = model.cell_of(self.place, self.along)


class Gut(mesa.Model):
    """A grid of places by segments with the exosomes of a world on it."""

    def __init__(self, world: World, seed: int = 1) -> None:
        super().__init__(rng=seed)
        s = world.mouse.state
        self.segments = s.anatomy.segments
        self.valve = s.anatomy.valve
        self.hours = s.hours
        body = s.records[-1]
        self.fast = float(body.small_intestine_speed) / STEPS_PER_SEGMENT
        self.slow = float(body.colon_speed) / STEPS_PER_SEGMENT
        self.rates = list(s.records)
        self.leaving = s.sensed.leaving.reshape(-1, N_PLACES).tolist()
        self.taken: dict[int, int] = {}
        self.grid = OrthogonalMooreGrid((N_PLACES, self.segments + 1), random=self.random)
        for place, position in zip(
            s.packets.place[: s.count].tolist(), s.packets.position[: s.count].tolist(), strict=True
        ):
            Exosome(self, place, position / (1 << STEP_BITS))

    def row_of(self, place: int, along: float) -> int:
        """Segment of an exosome, the body's row in plasma and tissue."""
        return min(int(along), self.segments - 1) if place < PLASMA else self.segments

    def cell_of(self, place: int, along: float) -> Any:
        """Cell of the grid."""
        return self.grid[place, self.row_of(place, along)]

    def step(self) -> None:
        """One tick of every exosome, in random order."""
        self.agents.shuffle_do("step")
