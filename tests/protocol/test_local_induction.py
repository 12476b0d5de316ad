"""Induction is local: a niche hears its own segment, not the mean of the gut."""

from typing import Any

import numpy as np
import pytest

from gutexo.analysis.intervals import mean_interval
from gutexo.biology.codes import BY_INDUCTION
from gutexo.body import tick
from gutexo.body.doses import Dose, Preparation
from gutexo.body.interventions import Intervention
from gutexo.body.mouse import Mouse
from gutexo.errors import GutexoError
from gutexo.protocol.treatments import Factors

LOOP = (0.625, 0.75)  # two segments of the ileum of 16
FIRST, END = 10, 12
DOSE = 20.0  # donor equivalents a day, into the loop
DAYS = 7
# Only exosomes can tell segments apart: nothing is exchanged with neighbours, no packet reaches the
# blood, and the gut's burden is no part of the total.
ALONE = {"immune.spread": 0.0, "senescence.gut_weight": 0.0}
HELD_BACK = Factors(factors={"exosome.portal_entry": 0.0})


class IntoLoop(Intervention):
    """Exosomes of a preparation, injected into a loop of the ileum once a day."""

    source: Any  # a preparation: pydantic before 2.11 reads no arrays in a dataclass

    def doses(self):
        amount = DOSE * self.source.equivalent
        return [
            Dose(24.0 * day, "exosomes", amount, "gavage", self.source, LOOP) for day in range(DAYS)
        ]


@pytest.fixture(scope="module")
def vial(medium):
    """The lumen of an old mouse of the catalogue."""
    for seed in range(70, 80):
        try:
            return Preparation("old", Mouse(medium, seed=seed, age=730).harvest()["cargo"])
        except GutexoError:  # it died before
            continue
    raise AssertionError("no mouse lived")


def run_with_twin(parameters, seed, vial):
    """A dosed mouse and its twin without doses, whose plasma it is given after every tick."""
    start = Mouse(parameters, seed=seed, driver="compiled by tick").snapshot()
    twin = Mouse.from_snapshot(start, interventions=[HELD_BACK])
    dosed = Mouse.from_snapshot(start, interventions=[HELD_BACK, IntoLoop(source=vial)])
    for _ in range(24 * DAYS):
        for mouse in (twin, dosed):
            mouse.run_for(1.0)
        dosed.state.blood[:] = twin.state.blood
    return dosed, twin


def upstream(mouse):
    """Everything of the segments before the loop, which the cargo never reaches."""
    s, rows = mouse.state, slice(0, FIRST)
    cells = s.cells.segment < FIRST
    columns = [column[rows] for column in s.segments]
    return [column.tobytes() for column in (*columns, *(c[cells] for c in s.cells))]


def niches_turned(mouse):
    """Niches of the loop that were induced since the first dose, also those cleared since."""
    s = mouse.state
    rows = slice(FIRST * s.anatomy.enterocytes, END * s.anatomy.enterocytes)
    induced = s.cells.cause[rows] == BY_INDUCTION
    return np.sum(induced & (s.cells.turned[rows] >= mouse.ticks_before_record))


def extra_niches(parameters, vial, mice):
    found = []
    for seed in range(mice):
        dosed, twin = run_with_twin(parameters, seed, vial)
        assert upstream(dosed) == upstream(twin)
        found.append(float(niches_turned(dosed)) - float(niches_turned(twin)))
    return np.array(found)


@pytest.mark.gate
def test_old_cargo_in_one_loop_turns_niches_there_and_nowhere_else(medium, vial):
    """64 mice, twenty donor equivalents a day for a week, plasma replayed from the twin."""
    mean, low, _ = mean_interval(extra_niches(medium.change(ALONE), vial, 64), 0.95)
    assert low > 0.0, mean


def test_a_hazard_that_reads_the_mean_of_the_gut_is_caught(medium, vial, monkeypatch):
    """The toy: every segment hears the same, so segments far upstream turn too."""
    honest = tick.STAGES[0]

    def of_the_mean(mouse, now):
        honest.run(mouse, now)
        mouse.state.sensed.induction[:] = mouse.state.sensed.induction.mean()

    monkeypatch.setattr(tick, "STAGES", (honest._replace(run=of_the_mean), *tick.STAGES[1:]))
    with pytest.raises(AssertionError):
        extra_niches(medium.change(ALONE), vial, 24)


def test_segments_that_the_cargo_never_reached_are_the_same_to_the_bit(medium, vial):
    dosed, twin = run_with_twin(medium.change(ALONE), 3, vial)
    assert upstream(dosed) == upstream(twin)
    held = dosed.state.sensed.enterocyte_cargo[FIRST:END]
    assert (held > twin.state.sensed.enterocyte_cargo[FIRST:END]).any()
