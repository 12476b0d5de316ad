"""The mean-field mouse as a system of ordinary differential equations, from weaning on."""

from __future__ import annotations

from gutexo.catalogue import Parameters
from gutexo.catalogue.ages import WEANING_DAYS
from gutexo.catalogue.organs import ADIPOSE, LIVER, MUSCLE
from gutexo.catalogue.rates import field_name
from gutexo.mean_field.array_layout import BARRIER, MASS, SENSITIVITY
from gutexo.mean_field.equations import body, stream, wall
from gutexo.mean_field.equations.system import FUNCTIONS, EquationSystem, Parameter
from gutexo.mean_field.glucose import fasting_state
from gutexo.mean_field.mouse import MeanFieldMouse

SEGMENTS = 16
"""Segments of the gut by default; each has 25 states."""


def still_parameters(parameters: Parameters) -> Parameters:
    """Return the parameters without what is random: noise of the burden, random effects."""
    return parameters.change({"senescence.noise": 0.0, "animal.variation": 0.0})


def build_equations(parameters: Parameters, segments: int = SEGMENTS) -> EquationSystem:
    """Build the equations of a mouse, whose states at time 0 are those at weaning.

    Args:
        parameters: Parameters of the mouse; what is random is left out.
        segments: Segments of the gut, instead of `resolution.segments`.

    Raises:
        GutexoError: The number of segments is out of range.
    """
    p = still_parameters(parameters).change({"resolution.segments": segments})
    weaned = MeanFieldMouse(p, age=WEANING_DAYS)
    s = EquationSystem(segments, dict(FUNCTIONS))
    s.add_parameter("weaning_age", WEANING_DAYS, "age at time 0", "d")
    released = "packets released per hour and segment; of the young levels, so of the defaults"
    s.add_parameter("release", weaned.numbers["release"], released, "1/h")
    body.add_burden(s, weaned.body)
    wall.add_signals(s, weaned.wall)
    body.add_organ_secretion(s)
    wall.add_cytokines(s)
    wall.add_loads(s, weaned._sense()[BARRIER:])
    stream.add_stream(s, weaned.numbers)
    stream.add_uptake(s)
    stream.add_held_cargo(s, weaned.numbers)
    wall.add_states(s, weaned.wall)
    body.add_blood(s, weaned.body)
    body.add_organs(s, weaned.organs)
    body.add_glucose(s, weaned.body, _fasting(weaned))
    body.add_readings(s)
    s.take_parameters(_catalogue(p))
    return s


def _fasting(mouse: MeanFieldMouse) -> tuple[float, float]:
    """Fasting glucose and insulin."""
    share = mouse.parameters.glucose.muscle_share
    of = mouse.organs[SENSITIVITY]
    periphery = share * of[MUSCLE] + (1.0 - share) * of[ADIPOSE]
    return fasting_state(mouse._row, mouse.body[MASS], of[LIVER], periphery)


def _catalogue(parameters: Parameters) -> dict[str, Parameter]:
    return {
        field_name(e.name): Parameter(float(e.value), e.unit, f"{e.name}: {e.meaning}")
        for e in parameters.entries()
    }
