"""The box: dose, interval, duration and route of the published study are unknown; sweep them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from gutexo.catalogue.durations import duration_days
from gutexo.catalogue.patterns import box
from gutexo.protocol.exosomal import GiveExosomes, Vehicle
from gutexo.protocol.life import OLD, YOUNG, Donors, Life
from gutexo.protocol.study import Scenario, Study

DOSES = (0.1, 0.3, 1.0, 3.0, 10.0)
READ_DAYS = (3, 7, 14, 28, 56)
"""Days at which a course that still goes on is read: each is a duration of the box."""


def arm_name(recipient: str, donors: str, dose: float, every: float, route: str) -> str:
    """Name of an arm of the box."""
    return f"{recipient} + {donors} exosomes, {dose:g} every {every:g} d, {route}"


def how_often(every: float) -> str:
    """An interval of so many days as people say it: "once a day", "every 2 days"."""
    if every == 1.0:
        return "once a day"
    times = 1.0 / every
    if every < 1.0 and abs(times - round(times)) < 1e-9:
        return f"{round(times)} times a day"
    return f"every {every:g} days"


def dose_and_duration() -> Study:
    """Every dose, interval and route of the box, in both directions, read as it goes on."""
    edges = box()
    arms, comparisons = _arms(edges["every"], edges["route"], float(edges["duration"][1]))
    return Study(
        name="dose and duration",
        question="In what share of doses and durations do the four reported signs hold?",
        arms=arms,
        comparisons=comparisons,
        replicates=4,
        figures=("dose_and_duration",),
        notes=("The share is reported, none is required.",),
    )


def dose_response(course: float | str = 28.0) -> Study:
    """Every dose of the box once a day by gavage, in both directions.

    Args:
        course: Days of dosing.
    """
    arms, comparisons = _arms((1.0,), ("gavage",), duration_days(course, "course"))
    return Study(
        name="dose response",
        question="How do leak, inflammation and insulin resistance follow the dose?",
        arms=arms,
        comparisons=comparisons,
        figures=("dose_response", "effect_forest"),
        notes=("The dose of the published study is not known.",),
    )


def _arms(
    intervals: Sequence[float], routes: Sequence[str], longest: float
) -> tuple[tuple[Scenario, ...], tuple[tuple[str, str], ...]]:
    """Both vehicles, then every dose at every interval and by every route; who is compared."""
    lives = {"young": Life(age=YOUNG), "old": Life(age=OLD)}
    arms = [
        Scenario(
            name=f"{recipient} + vehicle",
            life=lives[recipient],
            interventions=(Vehicle(repeats=int(longest)),),
            duration=longest,
        )
        for recipient in lives
    ]
    comparisons = []
    for recipient, donors in (("young", "old"), ("old", "young")):
        for dose, every, route in product(DOSES, intervals, routes):
            name = arm_name(recipient, donors, dose, every, route)
            given = GiveExosomes(
                source=Donors(life=lives[donors]),
                equivalents=dose,
                every=every,
                repeats=int(longest / every),
                route=route,
            )
            arms.append(
                Scenario(name=name, life=lives[recipient], interventions=(given,), duration=longest)
            )
            comparisons.append((name, f"{recipient} + vehicle"))
    return tuple(arms), tuple(comparisons)
