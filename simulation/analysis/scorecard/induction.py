"""Rows on signals that age: induced senescence, its spread, its memory and its clearance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from gutexo.analysis.estimates import (
    Estimate,
    ratio_of_means,
    ratio_of_sums,
    share_of_effect,
    share_of_summed_effect,
)
from gutexo.analysis.pairs import ArmReadings, estimate_pairs
from gutexo.analysis.scorecard import studies
from gutexo.analysis.scorecard.cohorts import (
    SAME_AGE_READOUTS,
    Measured,
    ScoredMice,
    values_on,
)
from gutexo.catalogue.patterns import pattern
from gutexo.protocol.standard_studies import COURSE_DAYS

SHARES = {"gut": "gut senescent share", "organs": "organ senescent share"}
VEHICLE, TREATED = "young + vehicle", "young + old exosomes"


def _induced(mice: ScoredMice) -> dict[str, Estimate]:
    """Senescent share of recipients of old exosomes over that of their twins, for both sexes."""
    found = {}
    for sex, data in (("females", mice.followed), ("males", mice.males)):
        for place, readout in SHARES.items():
            treated, control = (
                values_on(data, readout, arm, COURSE_DAYS) for arm in (TREATED, VEHICLE)
            )
            found[f"{place} of {sex}"] = ratio_of_sums(treated, control)
    return found


def _own_cargo(mice: ScoredMice) -> Estimate:
    """Barrier load of own packets over that of the twin, with the licence of the twin."""
    (load, twin), (mature, of_twin) = (
        [values_on(mice.followed, name, arm, COURSE_DAYS) for arm in (TREATED, VEHICLE)]
        for name in ("own barrier cargo", "gut mature share")
    )
    raw = ratio_of_sums(load, twin)
    found = ratio_of_sums(at_twins_licence(twin, mature, of_twin), twin)
    return replace(found, note=f"raw ratio {raw.value:.3g}")


def at_twins_licence(twin: np.ndarray, mature: np.ndarray, of_twin: np.ndarray) -> np.ndarray:
    """Mean load that a mouse would have with its own mature niches and its twin's licence.

    It is 1 and an extra part that is proportional to the share of mature niches and to their
    licence, so the extra part of the twin is scaled by the ratio of the shares.

    Args:
        twin: Mean load of the twin.
        mature: Share of mature niches of the mouse.
        of_twin: That of the twin; where it is 0 nothing is known of its licence.
    """
    known = of_twin > 0
    return np.where(known, 1.0 + (twin - 1.0) * mature / np.where(known, of_twin, 1.0), np.nan)


def _left_after_senolytic(mice: ScoredMice) -> dict[str, Estimate]:
    found = {}
    for name in (*SHARES.values(), "FITC-dextran", "HOMA-IR"):
        control, usual = (
            values_on(mice.followed, name, arm, COURSE_DAYS) for arm in (VEHICLE, TREATED)
        )
        cleared = values_on(mice.signalled, name, studies.CLEARED_DONORS, COURSE_DAYS)
        if name in SHARES.values():  # a single young mouse may have no senescent niche
            found[name] = share_of_summed_effect(cleared, control, usual, control)
        else:
            found[name] = share_of_effect(np.log(cleared / control), np.log(usual / control))
    return found


def _spread(mice: ScoredMice) -> Estimate:
    treated = values_on(mice.signalled, "host senescent share", studies.TRANSPLANTED, COURSE_DAYS)
    return ratio_of_sums(
        treated, values_on(mice.followed, "host senescent share", VEHICLE, COURSE_DAYS)
    )


def _old_glucose(mice: ScoredMice) -> Estimate:
    day = studies.SENOLYTIC_DAYS
    treated, control = (
        ArmReadings.read(data, "GTT AUC", arm, day)
        for data, arm in (
            (mice.signalled, studies.OLD_SENOLYTIC),
            (mice.followed, "old + vehicle"),
        )
    )
    return estimate_pairs(treated, control, pattern("senolytic-old-glucose").window)


def _liver_without_tnf(mice: ScoredMice) -> Estimate:
    knocked_out, wild = (
        values_on(mice.controls, "liver senescent share", arm, 0)
        for arm in ("old TNF knock-out", "old control")
    )
    return ratio_of_means(knocked_out, wild)


def _harm_left(mice: ScoredMice) -> dict[str, Estimate]:
    """Share of the harm of old exosomes that is left two weeks after the last dose."""
    after = COURSE_DAYS + studies.HARM_LEFT_DAYS
    cohorts = (
        ("young females", mice.followed, "young"),
        ("young males", mice.males, "young"),
        ("old females", mice.followed, "old"),
    )
    found = {}
    for who, data, age in cohorts:
        arms = (f"{age} + old exosomes", f"{age} + vehicle")
        for readout in (*SAME_AGE_READOUTS, SHARES["gut"]):
            (now, base), (later, base_later) = (
                [values_on(data, readout, arm, day) for arm in arms] for day in (COURSE_DAYS, after)
            )
            if readout == SHARES["gut"]:
                left = share_of_summed_effect(later, base_later, now, base)
            else:
                left = share_of_effect(np.log(later / base_later), np.log(now / base))
            found[f"{readout}, {who}"] = left
    return found


def induction_measurements(mice: ScoredMice) -> dict[str, Callable[[], Measured]]:
    """Return the measurement of each pattern of induction; mice live when one is called."""
    return {
        "induced-senescence": partial(_induced, mice),
        "own-cargo": partial(_own_cargo, mice),
        "senolytic-donors": partial(_left_after_senolytic, mice),
        "senescent-cells-spread": partial(_spread, mice),
        "senolytic-old-glucose": partial(_old_glucose, mice),
        "tnf-knockout-liver-senescence": partial(_liver_without_tnf, mice),
        "harm-left-14d": partial(_harm_left, mice),
    }
