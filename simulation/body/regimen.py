"""The regimen of a mouse: its interventions, their active modifiers and their due doses."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gutexo.biology import streams
from gutexo.biology.codes import LUMEN, PLASMA, TISSUE
from gutexo.biology.draws import derive_key
from gutexo.body.doses import Dose, check_gut_region
from gutexo.body.interventions import (
    Intervention,
    checked_doses,
    checked_interventions,
    checked_modifiers,
)
from gutexo.body.senescent_doses import clear_senescent, transplant_senescent
from gutexo.body.stages.dosing import dose_packets
from gutexo.body.state import State
from gutexo.catalogue.signals import LPS
from gutexo.errors import GutexoError

ENTRY_PLACES = {"gavage": LUMEN, "intravenous": PLASMA, "intraperitoneal": TISSUE}
DAY = 24.0


@dataclass
class Course:
    """One intervention on one mouse.

    Attributes:
        intervention: The intervention.
        added: When it was added (h on the mouse's clock).
        given: Number of doses already given.
    """

    intervention: Intervention
    added: float
    given: int = 0

    def __post_init__(self) -> None:
        self.doses = checked_doses(self.intervention)

    @property
    def start(self) -> float:
        """Start of its window (h on the mouse's clock)."""
        return self.added + DAY * self.intervention.start

    @property
    def stop(self) -> float:
        """End of its window (h on the mouse's clock)."""
        stop = self.intervention.stop
        return math.inf if stop is None else self.added + DAY * stop

    def factors(self, time: float) -> dict[str, float] | None:
        """Return the checked modifiers at a time (h), None outside the window."""
        if not self.start <= time < self.stop:
            return None
        day = math.floor((time - self.start) / DAY)
        return checked_modifiers(self.intervention, float(max(day, 0)))

    def next_change(self, time: float) -> float:
        """Return the next time (h) at which factors may differ."""
        if time < self.start:
            return self.start
        if time >= self.stop:
            return math.inf
        return min(self.start + DAY * (math.floor((time - self.start) / DAY) + 1), self.stop)


class Regimen:
    """All interventions on one mouse."""

    def __init__(self) -> None:
        self.courses: list[Course] = []
        self._next_change = -math.inf
        self._resolved: list = []

    def add(self, intervention: Intervention, time: float, given: int = 0) -> Course:
        """Add an intervention at a time (h on the mouse's clock).

        Raises:
            GutexoError: The argument is not an intervention, or it has a rate or a dose that is not
                possible.
        """
        checked_interventions([intervention])
        check_first_day(intervention)
        course = Course(intervention, time, given)
        self.courses.append(course)
        self._next_change = -math.inf
        return course

    @property
    def next_change(self) -> float:
        """Next time (h) at which modifiers may differ from those that were applied last."""
        return self._next_change

    def refresh(self, state: State, time: float) -> None:
        """Apply the modifiers at a time (h) to the rates, if they may have changed."""
        if time < self._next_change:
            return
        active = self._list_active(time)
        if active != self._resolved:
            state.rates.resolve(active)
            self._resolved = active
        self._next_change = min((c.next_change(time) for c in self.courses), default=math.inf)

    def _list_active(self, time: float) -> list:
        """List factors and stretch of gut of every modifier that acts at a time (h)."""
        active = []
        for course in self.courses:
            factors = course.factors(time)
            if factors:
                gut_region = course.intervention.segments()
                check_gut_region(gut_region)
                active.append((factors, gut_region))
        return active

    def check(self, state: State, time: float) -> None:
        """Check that the modifiers at a time (h) are possible; the rates do not change.

        Raises:
            GutexoError: A modifier is too fast for the tick.
        """
        active = self._list_active(time)
        if active != self._resolved:
            try:
                state.rates.resolve(active)
            finally:
                state.rates.resolve(self._resolved)

    def take_due_doses(self, time: float) -> list[tuple[Course, Dose]]:
        """Return the doses due until a time (h), in order of time, and mark them as given."""
        ready = []
        for number, course in enumerate(self.courses):
            while course.given < len(course.doses):
                dose = course.doses[course.given]
                if course.added + dose.at > time + 1e-9:
                    break
                ready.append((course.added + dose.at, number, course.given, course, dose))
                course.given += 1
        ready.sort(key=lambda item: item[:3])
        return [(course, dose) for *_, course, dose in ready]


def check_first_day(intervention: Intervention) -> None:
    """Refuse an intervention now if it would be refused at the start of its window.

    Other errors in the user's own code are reported on the day on which that code is called.

    Raises:
        GutexoError: A rate, a factor or the part of the gut is not possible.
    """
    try:
        checked_modifiers(intervention, 0.0)
        check_gut_region(intervention.segments())
    except GutexoError:
        raise
    except (Exception, SystemExit):
        return


def give_dose(state: State, dose: Dose) -> None:
    """Add a dose to the compartment that it is given to."""
    a, blood = state.anatomy, state.blood
    gut_region = slice(*a.segment_range(*dose.segments)) if dose.segments else slice(0, a.segments)
    if dose.substance == "exosomes":
        _give_exosomes(state, dose)
    elif dose.substance == "LPS":
        if dose.route == "gavage":
            state.segments.swallowed[gut_region] += dose.amount
        else:
            blood["level"][:, LPS] += dose.amount / state.parameters.immune.lps_unit
    elif dose.substance == "microbiota":
        state.segments.pathobionts[gut_region] = dose.amount
        density = state.segments.density[gut_region]
        state.segments.density[gut_region] = np.maximum(
            density, state.parameters.microbiota.density
        )
    elif dose.substance == "injury":
        damage = state.segments.damage[gut_region]
        state.segments.damage[gut_region] = damage + (1.0 - damage) * dose.amount
    elif dose.substance == "senolytic":
        clear_senescent(state, dose)
    elif dose.substance == "senescent cells":
        transplant_senescent(state, dose)


def _give_exosomes(state: State, dose: Dose) -> None:
    preparation = dose.preparation
    amount = int(round(dose.amount))
    number = state.doses
    state.doses += 1
    if preparation is None or amount == 0 or len(preparation.cargo) == 0:
        return
    state.make_room(state.count + amount)
    stretch = (0, 1)  # by gavage at the pylorus
    if dose.segments is not None:
        first, end = state.anatomy.segment_range(*dose.segments)
        stretch = (first, end - first)
    key = derive_key(state.run_key, streams.DOSE, number)
    state.count = dose_packets(
        state.anatomy,
        state.count,
        state.next_id,
        state.packets,
        state.ledger,
        key,
        number,
        amount,
        preparation.cargo,
        ENTRY_PLACES[dose.route],
        stretch,
        state.tick,
    )
    state.next_id += amount
