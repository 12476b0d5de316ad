"""Rows read from arms of mice: age, transfer, washout, germ-free lives, designed vesicles."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any

import numpy as np
import xarray

from gutexo.analysis.effects import recorded_day, trajectories_of
from gutexo.analysis.facts import facts
from gutexo.analysis.outcomes import AGED, TRANSFERRED
from gutexo.analysis.scorecard.reading import (
    Reading,
    ratio_of_means,
    ratio_of_pairs,
    share_left,
)
from gutexo.cohort.compare import run_study
from gutexo.protocol.exosomal import GiveExosomes, Vehicle, carrying
from gutexo.protocol.life import OLD, YOUNG, Life
from gutexo.protocol.studies import COURSE, transfer
from gutexo.protocol.study import Scenario, Study
from gutexo.protocol.treatments import BarrierLesion, GermFree

EACH = ("FITC-dextran", "plasma TNF", "HOMA-IR")
SAME_AGE = {"same-age-young": "young", "same-age-old": "old"}
GERM_FREE = {"germ-free-tnf": "plasma TNF", "germ-free-permeability": "FITC-dextran"}
WASHOUT = {"washout-28d": 28.0, "washout-56d": 56.0}
OTHER_MICE = 7919  # added to the seed where the rows ask for different mice
VESICLES = 7000  # packets, about the luminal content of a donor at default resolution


def _controls() -> Study:
    """Mice of both ages as they stand, with and without bacteria."""
    germ_free = (GermFree(),)
    return Study(
        name="controls",
        arms=(
            Scenario(name="old control", life=Life(age=OLD), duration=0),
            Scenario(name="germ-free young", life=Life(interventions=germ_free), duration=0),
            Scenario(name="germ-free old", life=Life(age=OLD, interventions=germ_free), duration=0),
        ),
    )


def _followed() -> Study:
    """The six arms; the two of the rescue are followed for two months after the last dose."""
    study = transfer()
    arms = []
    for arm in study.arms:
        longer = arm.name in ("old + vehicle", "old + young exosomes")
        fields = dict(arm)
        fields["duration"] = COURSE + (max(WASHOUT.values()) if longer else 0.0)
        arms.append(Scenario(**fields))
    return Study(name="exosome transfer, followed", arms=tuple(arms))


def _designed() -> Study:
    """Vesicles of designed cargo: lipid-rich ones by vein, protective ones into a lesion."""
    young, lesion = Life(age=YOUNG), BarrierLesion(share=0.3, every=1.0, repeats=14)
    lipid = carrying(VESICLES, insulin_resistance=10.0)
    protective = carrying(VESICLES, protective=20.0)
    by_vein = GiveExosomes(source=lipid, route="intravenous")
    by_mouth = GiveExosomes(source=protective, every=2.0, repeats=7)
    return Study(
        name="designed vesicles",
        arms=(
            Scenario(name="vehicle", life=young, interventions=(Vehicle(),), duration=COURSE),
            Scenario(name="lipid-rich", life=young, interventions=(by_vein,), duration=COURSE),
            Scenario(name="lesion", life=young, interventions=(lesion, Vehicle()), duration=14.0),
            Scenario(
                name="lesion + protective",
                life=young,
                interventions=(lesion, by_mouth),
                duration=14.0,
            ),
        ),
    )


def _on(data: xarray.Dataset, readout: str, arm: str, day: float) -> np.ndarray:
    """Values of an arm on a day, float64[mouse]."""
    position, _ = recorded_day(data, day)
    return trajectories_of(data, readout, arm)[:, position]


def _same_age(data: xarray.Dataset, age: str) -> Reading:
    """The readout of three that same-age exosomes move most, against what the other age's do."""
    worst: Reading | None = None
    quarter = True
    for readout in EACH:
        arms = (f"{age} + {age} exosomes", f"{age} + vehicle")
        other = "old" if age == "young" else "young"
        same, control = (_on(data, readout, arm, COURSE) for arm in arms)
        reading = ratio_of_pairs(same, control, level=0.9)
        cross = ratio_of_pairs(_on(data, readout, f"{age} + {other} exosomes", COURSE), control)
        quarter &= abs(math.log(reading.value)) <= 0.25 * abs(math.log(cross.value))
        if worst is None or abs(math.log(reading.value)) > abs(math.log(worst.value)):
            most = (f"{readout}, the most of three; 90 % interval", reading.note)
            worst = replace(reading, note="; ".join(part for part in most if part))
    assert worst is not None
    held = quarter if age == "young" else True
    note = worst.note + ("" if quarter else "; more than a quarter of the cross-age effect")
    return replace(worst, bound_held=held, note=note)


def _washout(data: xarray.Dataset, after: float) -> Reading:
    arms = ("old + young exosomes", "old + vehicle")
    now, later = (
        np.log(_on(data, "HOMA-IR", arms[0], day) / _on(data, "HOMA-IR", arms[1], day))
        for day in (COURSE, COURSE + after)
    )
    return share_left(later, now)


def _constrained(data: xarray.Dataset) -> dict[str, Reading]:
    return {
        fact.id: Reading(
            fact.ratio,
            fact.ratio_low,
            fact.ratio_high,
            fact.replicates,
            fact.note,
            applies=fact.verdict != "unscored",
            bound_held=fact.verdict != "fail",
        )
        for fact in facts(data)
    }


def readings(
    ids: set[str],
    replicates: int,
    seed: int,
    workers: int,
    changes: dict[str, Any],
    draws: Sequence[Mapping[str, float]],
    say: Callable[[str], None],
) -> dict[str, Reading]:
    """Readings of the rows of this kind that are wanted."""

    def run(study: Study, other: int = 0) -> xarray.Dataset:
        say(f"mice: {study.name}, {len(study.arms)} arms of {replicates}")
        return run_study(
            study.change(changes),
            replicates=replicates,
            seed=seed + other,
            workers=workers,
            say=say,
            draws=draws,
        ).data

    @cache
    def followed() -> xarray.Dataset:
        return run(_followed())

    @cache
    def controls() -> xarray.Dataset:
        return run(_controls(), OTHER_MICE)

    @cache
    def designed() -> xarray.Dataset:
        return run(_designed())

    def aged(readout: str) -> Reading:
        old = _on(controls(), readout, "old control", 0)
        reading = ratio_of_means(old, _on(followed(), readout, "young + vehicle", 0))
        return replace(reading, note="different mice, survivors")

    def germ_free(readout: str) -> Reading:
        old = _on(controls(), readout, "germ-free old", 0)
        return ratio_of_means(old, _on(controls(), readout, "germ-free young", 0))

    def designed_pair(readout: str, arm: str, comparator: str, day: float) -> Reading:
        treated, control = (_on(designed(), readout, name, day) for name in (arm, comparator))
        return ratio_of_pairs(treated, control)

    def same_age(age: str) -> Reading:
        return _same_age(followed(), age)

    def washout(after: float) -> Reading:
        return _washout(followed(), after)

    def constrained(name: str) -> Reading:
        return _constrained(followed())[name]

    table: dict[str, Callable[[], Reading]] = {
        **{name: partial(aged, readout) for name, readout in AGED.items()},
        **{name: partial(constrained, name) for name in TRANSFERRED},
        **{name: partial(same_age, age) for name, age in SAME_AGE.items()},
        **{name: partial(washout, after) for name, after in WASHOUT.items()},
        **{name: partial(germ_free, readout) for name, readout in GERM_FREE.items()},
        "lean-obese-exosomes": partial(designed_pair, "GTT AUC", "lipid-rich", "vehicle", COURSE),
        "protective-oral-vesicles": partial(
            designed_pair, "FITC-dextran", "lesion + protective", "lesion", 14.0
        ),
    }
    return {name: table[name]() for name in table if name in ids}
