"""Rows estimated from arms of mice: age, transfer, washout, germ-free lives, designed vesicles."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any

import numpy as np
import xarray

from gutexo.analysis.effects import find_recorded_day, trajectories_of
from gutexo.analysis.facts import score_facts
from gutexo.analysis.outcomes import AGED_READOUT_BY_PATTERN, TRANSFER_BY_PATTERN
from gutexo.analysis.scorecard.estimate import (
    Estimate,
    ratio_of_means,
    ratio_of_pairs,
    remaining_share,
)
from gutexo.cohort.study_run import run_study
from gutexo.protocol.exosome_treatments import GiveExosomes, Vehicle, designed_exosomes
from gutexo.protocol.life import OLD, YOUNG, Life
from gutexo.protocol.standard_studies import COURSE_DAYS, transfer
from gutexo.protocol.study import Scenario, Study
from gutexo.protocol.treatments import BarrierLesion, GermFree

SAME_AGE_READOUTS = ("FITC-dextran", "plasma TNF", "HOMA-IR")
SAME_AGE = {"same-age-young": "young", "same-age-old": "old"}
GERM_FREE = {"germ-free-tnf": "plasma TNF", "germ-free-permeability": "FITC-dextran"}
WASHOUT = {"washout-28d": 28.0, "washout-56d": 56.0}
CONTROL_SEED_OFFSET = 7919  # added to the seed where the rows need different mice
VESICLE_PACKETS = 7000  # packets, about the luminal content of a donor at default resolution


def _build_controls() -> Study:
    """Build a study of untreated mice of both ages, with and without bacteria."""
    germ_free = (GermFree(),)
    return Study(
        name="controls",
        arms=(
            Scenario(name="old control", life=Life(age=OLD), duration=0),
            Scenario(name="germ-free young", life=Life(interventions=germ_free), duration=0),
            Scenario(name="germ-free old", life=Life(age=OLD, interventions=germ_free), duration=0),
        ),
    )


def _build_followed() -> Study:
    """Build the six arms; follow the two of the rescue for two months after the last dose."""
    study = transfer()
    arms = []
    for arm in study.arms:
        longer = arm.name in ("old + vehicle", "old + young exosomes")
        fields = dict(arm)
        fields["duration"] = COURSE_DAYS + (max(WASHOUT.values()) if longer else 0.0)
        arms.append(Scenario(**fields))
    return Study(name="exosome transfer, followed", arms=tuple(arms))


def _build_designed() -> Study:
    """Build arms with designed vesicles: lipid-rich ones by vein, protective ones into a lesion."""
    young, lesion = Life(age=YOUNG), BarrierLesion(share=0.3, every=1.0, repeats=14)
    lipid = designed_exosomes(VESICLE_PACKETS, insulin_resistance=10.0)
    protective = designed_exosomes(VESICLE_PACKETS, protective=20.0)
    by_vein = GiveExosomes(source=lipid, route="intravenous")
    by_mouth = GiveExosomes(source=protective, every=2.0, repeats=7)
    return Study(
        name="designed vesicles",
        arms=(
            Scenario(name="vehicle", life=young, interventions=(Vehicle(),), duration=COURSE_DAYS),
            Scenario(name="lipid-rich", life=young, interventions=(by_vein,), duration=COURSE_DAYS),
            Scenario(name="lesion", life=young, interventions=(lesion, Vehicle()), duration=14.0),
            Scenario(
                name="lesion + protective",
                life=young,
                interventions=(lesion, by_mouth),
                duration=14.0,
            ),
        ),
    )


def _values_on(data: xarray.Dataset, readout: str, arm: str, day: float) -> np.ndarray:
    """Read the values of an arm on a day, float64[mouse]."""
    position, _ = find_recorded_day(data, day)
    return trajectories_of(data, readout, arm)[:, position]


def _estimate_same_age(data: xarray.Dataset, age: str) -> Estimate:
    """Estimate the largest same-age effect of three readouts and compare the cross-age effects."""
    worst: Estimate | None = None
    quarter = True
    for readout in SAME_AGE_READOUTS:
        arms = (f"{age} + {age} exosomes", f"{age} + vehicle")
        other = "old" if age == "young" else "young"
        same, control = (_values_on(data, readout, arm, COURSE_DAYS) for arm in arms)
        reading = ratio_of_pairs(same, control, level=0.9)
        cross = ratio_of_pairs(
            _values_on(data, readout, f"{age} + {other} exosomes", COURSE_DAYS), control
        )
        quarter &= abs(math.log(reading.value)) <= 0.25 * abs(math.log(cross.value))
        if worst is None or abs(math.log(reading.value)) > abs(math.log(worst.value)):
            most = (f"{readout}, the most of three; 90 % interval", reading.note)
            worst = replace(reading, note="; ".join(part for part in most if part))
    assert worst is not None
    bound_held = quarter if age == "young" else True
    note = worst.note + ("" if quarter else "; more than a quarter of the cross-age effect")
    return replace(worst, bound_held=bound_held, note=note)


def _estimate_washout(data: xarray.Dataset, after: float) -> Estimate:
    arms = ("old + young exosomes", "old + vehicle")
    now, later = (
        np.log(
            _values_on(data, "HOMA-IR", arms[0], day) / _values_on(data, "HOMA-IR", arms[1], day)
        )
        for day in (COURSE_DAYS, COURSE_DAYS + after)
    )
    return remaining_share(later, now)


def _estimate_constrained(data: xarray.Dataset) -> dict[str, Estimate]:
    return {
        fact.id: Estimate(
            fact.ratio,
            fact.ratio_low,
            fact.ratio_high,
            fact.replicates,
            fact.note,
            applies=fact.verdict != "unscored",
            bound_held=fact.verdict != "fail",
        )
        for fact in score_facts(data)
    }


def cohort_measurements(
    replicates: int,
    seed: int,
    workers: int,
    changes: dict[str, Any],
    draws: Sequence[Mapping[str, float]],
    report: Callable[[str], None],
) -> dict[str, Callable[[], Estimate]]:
    """Return the measurement of each pattern of studies; mice live when one is called."""

    def run(study: Study, other: int = 0) -> xarray.Dataset:
        report(f"mice: {study.name}, {len(study.arms)} arms of {replicates}")
        return run_study(
            study.change(changes),
            replicates=replicates,
            seed=seed + other,
            workers=workers,
            report=report,
            draws=draws,
        ).data

    @cache
    def followed() -> xarray.Dataset:
        return run(_build_followed())

    @cache
    def controls() -> xarray.Dataset:
        return run(_build_controls(), CONTROL_SEED_OFFSET)

    @cache
    def designed() -> xarray.Dataset:
        return run(_build_designed())

    def aged(readout: str) -> Estimate:
        old = _values_on(controls(), readout, "old control", 0)
        reading = ratio_of_means(old, _values_on(followed(), readout, "young + vehicle", 0))
        return replace(reading, note="different mice, survivors")

    def germ_free(readout: str) -> Estimate:
        old = _values_on(controls(), readout, "germ-free old", 0)
        return ratio_of_means(old, _values_on(controls(), readout, "germ-free young", 0))

    def designed_pair(readout: str, arm: str, comparator: str, day: float) -> Estimate:
        treated, control = (
            _values_on(designed(), readout, name, day) for name in (arm, comparator)
        )
        return ratio_of_pairs(treated, control)

    def same_age(age: str) -> Estimate:
        return _estimate_same_age(followed(), age)

    def washout(after: float) -> Estimate:
        return _estimate_washout(followed(), after)

    def constrained(name: str) -> Estimate:
        return _estimate_constrained(followed())[name]

    return {
        **{name: partial(aged, readout) for name, readout in AGED_READOUT_BY_PATTERN.items()},
        **{name: partial(constrained, name) for name in TRANSFER_BY_PATTERN},
        **{name: partial(same_age, age) for name, age in SAME_AGE.items()},
        **{name: partial(washout, after) for name, after in WASHOUT.items()},
        **{name: partial(germ_free, readout) for name, readout in GERM_FREE.items()},
        "lean-obese-exosomes": partial(
            designed_pair, "GTT AUC", "lipid-rich", "vehicle", COURSE_DAYS
        ),
        "protective-oral-vesicles": partial(
            designed_pair, "FITC-dextran", "lesion + protective", "lesion", 14.0
        ),
    }
