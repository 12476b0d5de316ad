"""The mouse: a Mesa model with a clock in hours and a public list of stages."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Self

import mesa
import numpy as np
from mesa.time import Priority, Schedule
from mesa.time.events import EventGenerator

from gutexo.biology.codes import LUMEN, STEP_BITS
from gutexo.biology.glucose import advance_beta, fasting_levels, peripheral_sensitivity
from gutexo.body.agent_views import AgentViews
from gutexo.body.assays import glycaemia
from gutexo.body.clock import Clock, make_clock
from gutexo.body.drivers import make_driver
from gutexo.body.interventions import Intervention, checked_interventions
from gutexo.body.jumps import grow_up, jump
from gutexo.body.mouse_guards import (
    CANNOT_ADD_AGENT,
    CANNOT_REMOVE_AGENT,
    READ_ONLY_ATTRIBUTES,
    guarded_agent_set,
)
from gutexo.body.observables import insulin_sensitivities, measure
from gutexo.body.recorder import Recorder
from gutexo.body.regimen import Course, Regimen, give_dose
from gutexo.body.snapshot import Snapshot, SnapshotMetadata
from gutexo.body.stages.dosing import harvest_lumen
from gutexo.body.state import State, empty_state
from gutexo.body.state_restoration import restore_state
from gutexo.body.summary import summarise
from gutexo.body.tick import STAGES, Stage
from gutexo.body.weaning import weaned_state
from gutexo.catalogue import Parameters
from gutexo.catalogue.ages import WEANING_DAYS
from gutexo.catalogue.durations import duration_days, duration_hours, to_days, to_hours
from gutexo.errors import GutexoError
from gutexo.support.arguments import check_finite_number, check_seed
from gutexo.support.html import html_table

DAY = 24.0
MOST_DAYS = 2000.0


class Mouse(mesa.Model):
    """A mouse that lives and ages, and that can be dosed and measured.

    It has lived: its first tick is at weaning, at 21 days of age, and its record begins at the age
    that is asked for (a default mouse of 90 days takes about a second, one of 730 days ten;
    `gut.raise_mouse` keeps mice that were raised before).

    Args:
        parameters: Known and assumed numbers; the catalogue's defaults if None.
        seed: Identity of the animal: its random effects, its path of senescence, all its draws.
        age: Age on day 0 of its record (d, 21 or more; "90 d" works too).
        driver: "compiled" runs all ticks until something is due in one call, "compiled by tick"
            each by itself, "agents" steps every agent separately; all give the same bits.
        interventions: Applied from day 0 of its record on; `Life` and `gut.raise_mouse` apply
            interventions from weaning on.

    Raises:
        GutexoError: An argument is not allowed, or the mouse dies before the age.
    """

    def __init__(
        self,
        parameters: Parameters | None = None,
        *,
        seed: int = 0,
        age: float | str = 90.0,
        driver: str = "compiled",
        interventions: Intervention | Iterable[Intervention] = (),
    ) -> None:
        parameters = Parameters() if parameters is None else parameters
        if not isinstance(parameters, Parameters):
            raise GutexoError(
                f"parameters must be Parameters; got {type(parameters).__name__}: use "
                "Parameters().change({...})"
            )
        given = checked_interventions(interventions)
        age = _checked_age(age)
        self._set_up(parameters, seed, WEANING_DAYS * DAY, driver)
        self.state = weaned_state(parameters, self._seed_of_life)
        self.ticks_before_record = int(round((age - WEANING_DAYS) * DAY / self.state.hours))
        self.loop = make_driver("compiled", self)
        grow_up(self)
        if not self.alive:
            raise GutexoError(
                f"the mouse of seed {self._seed_of_life} dies at {self.died:.4g} d, before"
                f" {age:g} d; gut.raise_mouse draws another"
            )
        self.loop = make_driver(driver, self)
        for intervention in given:
            self.regimen.add(intervention, 0.0)
        self.regimen.check(self.state, 0.0)
        self._start_clock()
        self._schedule_doses()
        self._record()

    def _set_up(self, parameters: Parameters, seed: Any, first_age: float, driver: str) -> None:
        seed = check_seed(seed)
        super().__init__(rng=seed % 2**32)
        self._views = AgentViews(self)
        self._all_agents = guarded_agent_set(self)
        self._default_schedule.stop()
        self.step = self._to_next_tick  # type: ignore[method-assign]
        self.parameters = parameters
        self._seed_of_life = seed
        self.first_age = first_age
        self._died: float | None = None
        self.regimen = Regimen()
        self.recorder = Recorder()
        self.glucose_rates = glycaemia.glucose_rates(parameters.glucose)
        self.loop = make_driver(driver, self)
        self.ticks_before_record = 0

    def _start_clock(self) -> None:
        """Schedule the ticks as Mesa events from now on."""
        s = self.state
        self.now: Clock = make_clock(
            s.run_key, s.tick, s.hours, self.parameters.resolution.thinning
        )
        self._start_pulse()
        self._clock_runs = False
        self._born = True

    def _start_pulse(self) -> None:
        """Schedule the end of the next tick, and then of each, as an event on Mesa's clock."""
        first = self._end_of_tick(self._ticks_of_time + 1)
        schedule = Schedule(interval=_hours_to_next_tick, start=first)
        self._pulse = EventGenerator(self, self._do_step, schedule, Priority.HIGH).start()

    def __setattr__(self, name: str, value: Any) -> None:
        if name in READ_ONLY_ATTRIBUTES and self.__dict__.get("_born", False):
            # Mesa sets the time of each event while its clock runs.
            if name != "time" or not self._clock_runs:
                raise GutexoError(f"mouse.{name} cannot be set: {READ_ONLY_ATTRIBUTES[name]}")
        super().__setattr__(name, value)

    # --- the tick ---------------------------------------------------------------------------

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages of a tick; a step runs exactly these."""
        return STAGES

    @property
    def driver(self) -> str:
        """Name of the loop that steps the agents; it may be changed at any time."""
        return self.loop.name

    @driver.setter
    def driver(self, name: str) -> None:
        self.loop = make_driver(name, self)

    @property
    def _ticks_of_time(self) -> int:
        """Whole ticks on Mesa's clock."""
        return math.floor(self.time / self.state.hours + 1e-6)

    def _end_of_tick(self, number: int) -> float:
        """Time (h) at which a tick ends; it is a product, so that rounding errors do not add up."""
        return number * self.state.hours

    def _to_next_tick(self) -> None:
        """Run until the end of the next tick; replaces Mesa's `step`, which always takes 1 h."""
        self.run_until(self._end_of_tick(self._ticks_of_time + 1))

    def step(self) -> None:
        """Run one tick; Mesa's clock calls this."""
        if not self.alive:
            return
        start = self._end_of_tick(self._ticks_of_time - 1)
        self.regimen.refresh(self.state, start)
        day_before = self._whole_days(self.state.tick)
        self.loop.run_ticks(self, 1)
        if self._whole_days(self.state.tick) > day_before:
            self._end_of_day()
            self._record()

    def _whole_days(self, tick: int) -> int:
        return math.floor((tick - self.ticks_before_record) * self.state.hours / DAY + 1e-9)

    def _end_of_day(self) -> None:
        """Advance slow processes by a day: the beta-cell mass follows fasting glucose."""
        liver, muscle, adipose = insulin_sensitivities(self.state)
        rates, blood = self.glucose_rates, self.state.blood
        around = peripheral_sensitivity(rates, muscle, adipose)
        glucose, _ = fasting_levels(rates, blood[0].beta_mass, liver, around)
        adaptation = self.state.records[-1].beta_cell_adaptation
        blood["beta_mass"] = advance_beta(rates, blood[0].beta_mass, glucose, adaptation, 1.0)

    def _record(self) -> None:
        self.recorder.record(round(self.day, 9), self.measure())

    def die(self) -> None:
        """Let the mouse die: its burden reached the threshold, and it is not stepped any more."""
        self.running = False
        self._died = self.first_age / DAY + (self.state.tick + 1) * self.state.hours / DAY

    # --- time -------------------------------------------------------------------------------

    @property
    def tick(self) -> int:
        """Ticks since day 0 of its record."""
        return self.state.tick - self.ticks_before_record

    @property
    def day(self) -> float:
        """Days since its first day."""
        return self.tick * self.state.hours / DAY

    @property
    def alive(self) -> bool:
        """Whether it lives; the state and the clock of a dead mouse do not change any more."""
        return self._died is None

    @property
    def died(self) -> float | None:
        """Age at death (d), None while it lives."""
        return self._died

    @property
    def age(self) -> float:
        """Age (d)."""
        return self.first_age / DAY + self.state.tick * self.state.hours / DAY

    def run_for(self, duration: float | str) -> None:
        """Simulate the mouse for a duration; time stops early when it dies.

        Args:
            duration: Hours, or text with a unit ("28 d").
        """
        hours = duration_hours(duration)
        if hours > 0:
            self.run_until(self.time + hours)

    def run_until(self, end_time: float | str) -> None:
        """Simulate the mouse until a time (h) on Mesa's clock; time stops early when it dies.

        A time that differs from the end of a tick only by rounding is taken as that end.

        Raises:
            GutexoError: The time is not a finite number, or in the past.
        """
        end = check_finite_number("end_time", to_hours(end_time, "end_time"))
        tick = self._end_of_tick(round(end / self.state.hours))
        end = tick if abs(tick - end) < 1e-6 else end
        if end < self.time - 1e-6:
            raise GutexoError(f"time {end:g} h is past: this mouse's clock is at {self.time:g} h")
        before, self._clock_runs = self._clock_runs, True
        try:
            while self.alive and self.time < end:
                if self.loop.jumps and self._end_of_tick(self._ticks_of_time + 1) < end:
                    jump(self, end)
                    if not self.alive:
                        break
                next_tick = self._end_of_tick(self._ticks_of_time + 1)
                super().run_until(min(next_tick, end))
        finally:
            self._clock_runs = before

    def run_until_age(self, age: float | str) -> None:
        """Simulate the mouse until an age (d; "24 months" works too); stops early when it dies.

        Raises:
            GutexoError: The age is not a finite number, or in the past.
        """
        age = duration_days(age, "age")
        if age < self.age - 1e-9:
            raise GutexoError(f"age {age:g} d is past: this mouse is {self.age:g} d old")
        end = self.time_at_age(age)
        if end > self.time:
            self.run_until(end)

    def time_at_age(self, age: float) -> float:
        """Time (h) on Mesa's clock at an age (d)."""
        ticks_before = self.state.tick - self._ticks_of_time
        return age * DAY - self.first_age - self._end_of_tick(ticks_before)

    # --- reading ----------------------------------------------------------------------------

    @property
    def agents(self) -> Any:
        """Mesa's agents: segments, cells and exosomes as views of the columns."""
        if hasattr(self, "_views"):
            self._views.sync()
        return self._all_agents

    @agents.setter
    def agents(self, agents: Any) -> None:
        raise AttributeError("agents belong to the mouse and cannot be set")

    @property
    def agents_by_type(self) -> Any:
        """Mesa's agents, grouped by class."""
        if hasattr(self, "_views"):
            self._views.sync()
        return dict(self._agents_by_type)

    @property
    def agent_types(self) -> list[type]:
        """Classes of the agents in this mouse."""
        return list(self.agents_by_type)

    def register_agent(self, agent: Any) -> None:
        """Register an agent of this mouse; agents that are no view of this mouse are refused.

        Raises:
            GutexoError: Something other than the mouse made the agent.
        """
        self._views.check(CANNOT_ADD_AGENT)
        kind = type(agent)
        if kind not in self._agents_by_type:
            self._agents_by_type[kind] = guarded_agent_set(self)
        super().register_agent(agent)

    def deregister_agent(self, agent: Any) -> None:
        """Remove an agent of this mouse; only the mouse itself may do this.

        Raises:
            GutexoError: Something other than the mouse removes the agent.
        """
        self._views.check(CANNOT_REMOVE_AGENT)
        super().deregister_agent(agent)

    def remove_all_agents(self) -> None:
        """Refuse to remove all agents, as for one agent.

        Raises:
            GutexoError: Always.
        """
        raise GutexoError(CANNOT_REMOVE_AGENT)

    def measure(self) -> dict[str, float]:
        """Read every observable, assays included, without changing the mouse.

        Returns:
            Value per name; units are in `OBSERVABLES`.
        """
        return measure(self.state, self.glucose_rates)

    def _repr_html_(self) -> str:
        return html_table(f"Mouse, seed {self._seed_of_life}", summarise(self))

    # --- intervening ------------------------------------------------------------------------

    def add(self, intervention: Intervention) -> None:
        """Apply an intervention to the mouse from now on.

        Args:
            intervention: Its start counts from now.

        Raises:
            GutexoError: The argument is not an intervention, it has a rate or dose that is not
                possible, or the mouse died.
        """
        if not self.alive:
            raise GutexoError(f"this mouse died at {self.died:.4g} d: nothing can be done to it")
        course = self.regimen.add(intervention, self.time)
        self._schedule(course)

    def _schedule(self, course: Course) -> None:
        for dose in course.doses[course.given :]:
            self.schedule_event(self._give_due, at=max(course.added + dose.at, self.time))

    def _schedule_doses(self) -> None:
        for course in self.regimen.courses:
            self._schedule(course)

    def _give_due(self) -> None:
        if not self.alive:
            return
        for _, dose in self.regimen.take_due_doses(self.time):
            give_dose(self.state, dose)

    def harvest(self) -> dict[str, np.ndarray]:
        """Remove and return the luminal exosomes.

        Returns:
            "cargo": int32[packets, axis], "segment": int16[packets].
        """
        s = self.state
        self._give_due()
        in_lumen = s.packets.place[: s.count] == LUMEN
        cargo = s.packets.cargo[: s.count][in_lumen].copy()
        segment = (s.packets.position[: s.count][in_lumen] >> STEP_BITS).astype(np.int16)
        s.count = harvest_lumen(s.count, s.packets, s.ledger)
        self._views.mark_stale()
        return {"cargo": cargo, "segment": segment}

    # --- snapshots --------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """Return the whole state of the mouse, to continue from it later or elsewhere."""
        s = self.state
        arrays = s.arrays()
        arrays |= self.recorder.arrays()
        meta = SnapshotMetadata(
            parameters=self.parameters.flat(),
            seed=self._seed_of_life,
            first_age=self.first_age,
            time=self.time,
            tick=int(s.tick),
            ticks_before_record=self.ticks_before_record,
            count=int(s.count),
            next_id=int(s.next_id),
            doses=int(s.doses),
            cell_doses=int(s.cell_doses),
            alive=self.alive,
            died=self.died,
            driver=self.driver,
        )
        courses = tuple(Course(c.intervention, c.added, c.given) for c in self.regimen.courses)
        return Snapshot(arrays, meta, courses)

    @classmethod
    def from_snapshot(
        cls,
        snapshot: Snapshot,
        *,
        driver: str | None = None,
        interventions: Intervention | Iterable[Intervention] = (),
        fresh_record: bool = False,
    ) -> Self:
        """Make a mouse that continues from a snapshot, identical to the bit.

        Args:
            snapshot: State to continue from.
            driver: Driver, if it is to be another one than in the snapshot.
            interventions: Interventions that are added now.
            fresh_record: Begin a new record, whose day 0 is now.

        Raises:
            GutexoError: The arrays have another shape than this mouse needs, or the ledger does not
                balance.
        """
        meta = snapshot.meta
        given = checked_interventions(interventions)
        mouse = cls.__new__(cls)
        parameters = Parameters.from_mapping(meta.parameters)
        mouse._set_up(parameters, meta.seed, meta.first_age, driver or meta.driver)
        state: State = empty_state(parameters, mouse._seed_of_life)
        restore_state(state, snapshot.arrays, meta.count)
        state.tick, state.next_id = meta.tick, meta.next_id
        state.doses, state.cell_doses = meta.doses, meta.cell_doses
        mouse.state = state
        mouse.time = meta.time
        mouse._died = None if meta.alive else (meta.died or 0.0)
        mouse.running = mouse.alive
        mouse.ticks_before_record = meta.ticks_before_record
        mouse._start_clock()
        for course in snapshot.courses:
            mouse.regimen.add(course.intervention, course.added, course.given)
        for intervention in given:
            mouse.regimen.add(intervention, mouse.time)
        mouse._schedule_doses()
        if fresh_record:
            mouse.ticks_before_record = state.tick
            mouse._record()
        else:
            mouse.recorder.load(snapshot.arrays)
        return mouse


def _hours_to_next_tick(mouse: Any) -> float:
    """Hours from now to the end of the next tick, never beyond it by rounding."""
    end = mouse._end_of_tick(mouse._ticks_of_time + 1)
    hours = end - mouse.time
    while mouse.time + hours > end:
        hours = math.nextafter(hours, 0.0)
    return hours


def _checked_age(age: Any) -> float:
    age = to_days(age, "age")
    if isinstance(age, bool) or not isinstance(age, (int, float, np.number)):
        raise GutexoError(f"age must be a number of days; got {age!r}")
    if not math.isfinite(age) or not WEANING_DAYS <= age <= MOST_DAYS:
        raise GutexoError(f"age must be {WEANING_DAYS:g} to {MOST_DAYS:g} days; got {age!r}")
    return float(age)
