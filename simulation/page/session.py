"""What one visitor watches: one or two mice that are raised, played, rewound and looked into.

It knows nothing of sockets or widgets, so a page and a notebook drive it alike.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from gutexo.analysis.trajectory_table import trajectories_csv
from gutexo.body.mouse import DAY, Mouse
from gutexo.body.observables import OBSERVABLES
from gutexo.body.snapshot import Snapshot
from gutexo.catalogue.organs import ORGANS as _ORGAN_TABLE
from gutexo.cohort.lives import is_raised
from gutexo.cohort.result import CohortReadings
from gutexo.cohort.tasks import ArmRun, ArmTask, LifeTask, life_tasks
from gutexo.errors import GutexoError
from gutexo.page.frames import arrays_of, encode
from gutexo.page.wish import Arms, Wish, arms
from gutexo.protocol.study import Scenario, Study
from gutexo.scene.agent import inspect_agent
from gutexo.scene.picture import segment_at, take_picture
from gutexo.scene.signals import read_signals

CURVES = ("plasma TNF", "FITC-dextran", "liver insulin sensitivity", "HOMA-IR", "total burden")
ORGANS = {
    "gut": "junction integrity",
    "blood": "plasma TNF",
    **{organ.name: f"{organ.tissue} insulin sensitivity" for organ in _ORGAN_TABLE},
    "pancreas": "beta-cell mass",
}
"""Readout that stands for the state of each organ on the body map."""
EXOSOMES = 2000
KEPT = 60  # snapshots a mouse; when there are more, every second one goes


def list_known(values: Iterable[float]) -> list[float | None]:
    """List numbers for JSON, which has no NaN: a number that is not known is None."""
    return [None if value != value else float(value) for value in values]


@dataclass
class Actor:
    """A mouse on the stage.

    Attributes:
        scenario: Its arm.
        mouse: Itself.
        redraws: Mice that died before it.
        start: Time on its clock at day 0 (h).
        kept: Snapshots by tick, to go back to.
        told: Days of its record the visitor has.
    """

    scenario: Scenario
    mouse: Mouse
    redraws: int
    start: float
    kept: dict[int, Snapshot] = field(default_factory=dict)
    told: int = 0
    spacing: int = 1

    def keep(self) -> None:
        """Keep this moment if it is the turn of its day."""
        day = self.mouse.tick * self.mouse.state.hours / DAY
        if day != int(day) or int(day) % self.spacing:
            return
        self.kept.setdefault(self.mouse.tick, self.mouse.snapshot())
        if len(self.kept) > KEPT:
            self.spacing *= 2
            for tick in list(self.kept):
                if round(tick * self.mouse.state.hours / DAY) % self.spacing:
                    del self.kept[tick]


class Session:
    """One visitor's mice.

    Args:
        among: What can be watched; the arms of the studies if None.
    """

    def __init__(self, among: Arms | None = None) -> None:
        self.among = arms() if among is None else among
        self.wish = Wish()
        self.actors: list[Actor] = []
        self.left = threading.Event()  # Nobody watches any more: what is under way ends.

    # --- what a visitor does ----------------------------------------------------------------

    def unraised(self, wish: Wish, folder: Path) -> list[LifeTask]:
        """The lives that have to be raised before the mice of a wish can stand.

        Args:
            wish: What is to be watched.
            folder: Where lives are kept.
        """
        tasks = [ArmTask(arm, wish.seed, 0) for arm in wish.scenarios(self.among)]
        needed = life_tasks(tasks)
        return [task for task in needed if not is_raised(task.life, task.seed, folder)]

    def prepare(self, wish: Wish, folder: Path) -> list[Actor]:
        """The mice of a wish on their day 0; they stand beside those that are watched.

        Args:
            wish: What is to be watched.
            folder: Where lives are kept.

        Raises:
            GutexoError: No mouse reaches the age with these parameters.
        """
        actors = []
        for scenario in wish.scenarios(self.among):
            begun = ArmTask(scenario, wish.seed, 0).prepare_mouse(folder)
            actors.append(Actor(scenario, begun.mouse, begun.redraws, begun.mouse.time))
            actors[-1].keep()
        return actors

    def begin(self, wish: Wish, actors: list[Actor]) -> dict[str, Any]:
        """Watch other mice; what was there before goes.

        Args:
            wish: What they were prepared for.
            actors: The mice.

        Returns:
            What a page needs to know before the first frame.
        """
        self.wish, self.actors = wish, actors
        return self.facts()

    def advance(self, ticks: int = 1) -> None:
        """Live on; a mouse whose scenario is over stands still."""
        for _ in range(ticks):
            for actor in self.actors:
                if not self._over(actor) and not self.left.is_set():
                    actor.mouse.step()
                    actor.keep()

    def rewind(self, day: float) -> None:
        """Go back to a day, and to the very bits of it.

        Args:
            day: Days since day 0; a day that has not come is the present.
        """
        for actor in self.actors:
            hours = actor.mouse.state.hours
            tick = min(max(round(day * DAY / hours), 0), actor.mouse.tick)
            before = max(kept for kept in actor.kept if kept <= tick)
            actor.mouse = Mouse.from_snapshot(actor.kept[before])
            actor.told = 0
            while actor.mouse.tick < tick and not self.left.is_set():
                actor.mouse.step()

    @property
    def over(self) -> bool:
        """Whether all mice have come to the end of their scenario, or of their lives."""
        return all(self._over(actor) for actor in self.actors)

    def _over(self, actor: Actor) -> bool:
        end = actor.start + DAY * actor.scenario.duration
        return not actor.mouse.alive or actor.mouse.time >= end - 1e-6

    # --- what a visitor sees ----------------------------------------------------------------

    def facts(self) -> dict[str, Any]:
        """Names, units and limits of what is watched, as JSON types."""
        return {
            "wish": self.wish.model_dump(),
            "mice": [
                {
                    "arm": actor.scenario.name,
                    "study": self.among[actor.scenario.name][0],
                    "duration": actor.scenario.duration,
                    "doses": actor.scenario.dose_days(),
                    "age": actor.mouse.age,
                    "redraws": actor.redraws,
                    "regions": take_picture(actor.mouse, 1).regions,
                    "segments": actor.mouse.state.anatomy.segments,
                }
                for actor in self.actors
            ],
            "curves": [[name, OBSERVABLES[name].unit] for name in CURVES],
            "organs": [[organ, name, OBSERVABLES[name].unit] for organ, name in ORGANS.items()],
        }

    def frame(self, which: int, number: int = 0) -> bytes:
        """One mouse as it stands, with the days the visitor has not seen.

        Args:
            which: 0, or 1 for the mouse beside.
            number: Number of the frame, which the page gives back.
        """
        actor = self.actors[which]
        mouse, record = actor.mouse, actor.mouse.recorder
        seen = take_picture(mouse, EXOSOMES)
        days = record.days
        first = actor.told
        actor.told = len(days)
        header = {
            "frame": number,
            "which": which,
            "day": round(mouse.day, 6),
            "age": round(mouse.age, 6),
            "alive": mouse.alive,
            "over": self._over(actor),
            "shown": seen.shown_share,
            "first": first,
            "days": days[first:].tolist(),
            "curves": {name: list_known(record[name][first:]) for name in CURVES},
            "organs": {o: [record[r][0], record[r][-1]] for o, r in ORGANS.items()},
        }
        return encode(header, arrays_of(seen))

    def heard(self) -> list[dict[str, Any]]:
        """What each organ of each mouse hears now: a row a signal, its level mouse by mouse."""
        listened = [read_signals(actor.mouse) for actor in self.actors]
        return [
            {**asdict(same[0]), "level": [item.level for item in same]}
            for same in zip(*listened, strict=True)
        ]

    def look(self, which: int, kind: str, index: int, along: float = 0.0) -> dict[str, Any]:
        """State and history of one agent.

        Args:
            which: 0, or 1 for the mouse beside.
            kind: "segment", "cell", "exosome", or "shown" for an exosome by its place among those
                shown, "place" for the segment at a place.
            index: Row of a segment or cell, identity of an exosome, number among those shown.
            along: Place along the gut (0 to 1).

        Returns:
            The agent, with kind and index under which it is found again.

        Raises:
            GutexoError: There is none.
        """
        actor = self.actors[which]
        if kind == "place":
            kind, index = "segment", segment_at(actor.mouse.state, along)
        elif kind == "shown":
            identities = take_picture(actor.mouse, EXOSOMES).exosomes.id
            if not 0 <= index < len(identities):
                raise GutexoError("this exosome is gone: opened, degraded or excreted")
            kind, index = "exosome", int(identities[index])
        before = [actor.kept[tick] for tick in sorted(actor.kept)]
        return {"which": which, "kind": kind, "index": index} | asdict(
            inspect_agent(actor.mouse, kind, index, before)
        )

    @property
    def study(self) -> Study:
        """What is watched, as a study."""
        return Study(name="page", arms=tuple(actor.scenario for actor in self.actors))

    @property
    def day(self) -> float:
        """Days since day 0."""
        return max((actor.mouse.day for actor in self.actors), default=0.0)

    def csv(self) -> bytes:
        """What was recorded so far, as `trajectories.csv` of a run has it, byte for byte."""
        collected = CohortReadings(self.study, 1)
        for number, actor in enumerate(self.actors):
            collected.add((number, 0), ArmRun.of(actor.mouse, actor.redraws))
        return trajectories_csv(collected.dataset(self.wish.seed, []))
