"""Studies over a grid of doses, intervals, durations and routes.

Those of the published study are not known, so they are swept.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from gutexo.catalogue.durations import duration_days
from gutexo.catalogue.patterns import dose_grid
from gutexo.protocol.exosome_treatments import GiveExosomes, Vehicle
from gutexo.protocol.life import OLD, YOUNG, Donors, Life
from gutexo.protocol.study import Scenario, Study

DOSES = (0.1, 0.3, 1.0, 3.0, 10.0)
READ_DAYS = (3, 7, 14, 28, 56)
"""Days on which a running course is read: each is a duration of the dose grid."""


def arm_name(recipient: str, donors: str, dose: float, every: float, route: str) -> str:
    """Return the name of an arm of the dose grid."""
    return f"{recipient} + {donors} exosomes, {dose:g} every {every:g} d, {route}"


def describe_interval(every: float) -> str:
    """Return an interval of days in plain words: "once a day", "every 2 days"."""
    if every == 1.0:
        return "once a day"
    times = 1.0 / every
    if every < 1.0 and abs(times - round(times)) < 1e-9:
        return f"{round(times)} times a day"
    return f"every {every:g} days"


def dose_and_duration() -> Study:
    """Build the study of every dose, interval and route of the grid, in both directions.

    Its duration is the longest of the grid; shorter durations are read while it runs.
    """
    edges = dose_grid()
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
    """Build the study of every dose of the grid once a day by gavage, in both directions.

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
    """Build the arms (both vehicles, then every dose, interval and route) and the comparisons."""
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
            exosomes = GiveExosomes(
                source=Donors(life=lives[donors]),
                equivalents=dose,
                every=every,
                repeats=int(longest / every),
                route=route,
            )
            arms.append(
                Scenario(
                    name=name, life=lives[recipient], interventions=(exosomes,), duration=longest
                )
            )
            comparisons.append((name, f"{recipient} + vehicle"))
    return tuple(arms), tuple(comparisons)
