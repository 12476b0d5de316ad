"""A made-up input for every figure, with the longest names that studies and readouts have."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from matplotlib.figure import Figure

from gutexo.analysis.effects import estimate_effects
from gutexo.body.observables import OBSERVABLES
from gutexo.figures import find_figure
from gutexo.figures.animation import draw_frame
from gutexo.protocol.standard_studies import studies, study
from tests.figures import made_up


@cache
def long_arms() -> dict[str, float]:
    """Both vehicles and the arms with the longest names, and where each of them drifts."""
    names = {arm.name for name in studies() for arm in study(name).arms}
    longest = sorted(names, key=lambda name: (-len(name), name))
    some = [
        name
        for who in ("young + old", "old + young")
        for name in [one for one in longest if one.startswith(who)][:2]
    ]
    levels = (1.4, 1.2, 1.5, 1.6)
    return {"young + vehicle": 1.0, "old + vehicle": 1.8, **dict(zip(some, levels, strict=True))}


def longest_readouts() -> list[str]:
    """The four readouts with the longest names."""
    return sorted(OBSERVABLES, key=lambda name: (-len(name), name))[:4]


@cache
def long_names() -> Any:
    """A result of such arms, some of whose mice die, with every readout that has a long name."""
    found = made_up.with_deaths(made_up.result(arms=long_arms()))
    for name, like in zip(longest_readouts(), list(found.data_vars), strict=False):
        column = found[like].assign_attrs(units=OBSERVABLES[name].unit, long_name=name)
        found = found.assign({name: column})
    arms = list(long_arms())
    pairs = [[arm, "young + vehicle" if arm.startswith("young") else arms[1]] for arm in arms[2:]]
    return found.assign_attrs(comparisons=str(pairs).replace("'", '"'))


def _of_result(name: str) -> Callable[[], Figure]:
    return lambda: find_figure(name)(long_names())


def _gut() -> Figure:
    moments = [made_up.seen(0.0), made_up.seen(7.5)]
    return find_figure("barrier_snapshots")(
        moments, moments, note="Of 8 mice the nearest to the mean."
    )


def _frame() -> Figure:
    pictures = [made_up.seen(day) for day in (0.0, 1.5, 27.0 + 4 / 24)]
    readings = {"FITC-dextran": [1.0, 2.0, 3.0], "HOMA-IR": [1.0, 1.1, 1.2]}
    return draw_frame(pictures, readings, beside=readings, title="A young mouse given old exosomes")


PICTURES: dict[str, Callable[[], Figure]] = {
    **{
        name: _of_result(name) for name in ("inflammation", "insulin_resistance", "barrier", "life")
    },
    "trajectories": lambda: find_figure("trajectories")(long_names(), longest_readouts()),
    "overview": _of_result("overview"),
    "dose_and_duration": lambda: find_figure("dose_and_duration")(made_up.box()),
    "box": lambda: find_figure("box")(made_up.box()),
    "dose_response": lambda: find_figure("dose_response")(made_up.dosed()),
    "effect_forest": lambda: find_figure("effect_forest")(
        estimate_effects(long_names(), [(arm, "young + vehicle") for arm in long_arms()][2:])
    ),
    "barrier_snapshots": _gut,
    "draw_frame": _frame,
    "signal_flow": lambda: find_figure("signal_flow")(made_up.talk(), made_up.talk(3.0)),
    "sweep": lambda: find_figure("sweep")(made_up.swept()),
    "scorecard": lambda: find_figure("scorecard")(made_up.card()),
    "ablations": lambda: find_figure("ablations")(made_up.ablated_effects()),
    "verification": lambda: find_figure("verification")(*made_up.checks()),
    "design": lambda: find_figure("design")(made_up.needs()),
    "sensitivity_morris": lambda: find_figure("sensitivity_morris")(made_up.sensed()),
    "sensitivity_tornado": lambda: find_figure("sensitivity_tornado")(made_up.sensed()),
    **{
        name: (lambda name=name: find_figure(name)(made_up.calibrated(name)))
        for name in ("calibration_posterior", "calibration_predictive", "calibration_ranks")
    },
}
"""Every figure that the package draws, by the name of its drawing function."""
