"""Rows of the patterns that the mean-field mouse can answer, on one fixed cohort of mice.

Only rows that may be fitted are computed (calibrate, constrain), and beside them known answers and
reports that a search has to watch; never a row that validates.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from gutexo.analysis.mean_field_arms import (
    COURSE,
    LESION_DAYS,
    OLD,
    PROTECTIVE,
    SHORT,
    SIGNS,
    YOUNG,
    Arms,
    Readings,
    choose_cohort,
    law_ratios,
    log_ratio,
    mean_log,
    mean_of,
    sum_ratio,
    values_of,
)
from gutexo.analysis.mean_field_outcomes import ter_in_culture
from gutexo.errors import GutexoError
from gutexo.mean_field.stability import check_stability


def score_point(
    numbers: Mapping[str, float] | None = None, mice: int = 12, seed: int = 1, males: int = 8
) -> dict[str, float]:
    """Compute the rows that may be fitted, and what a search watches, of one set of numbers.

    Args:
        numbers: Value of each parameter that differs from its default; that of
            `mean_field_arms.MALE_PART` is of males.
        mice: Females of the cohort; four or more.
        seed: Seed of the cohort.
        males: Males, for the rows of both sexes; 0 for none.

    Returns:
        Value by row id, with a part behind a colon where a row has several numbers; NaN where no
        answer was possible. Names without a row are watched or reported.

    Raises:
        GutexoError: A name is not known, or there are too few mice.
    """
    if mice < 4 or 0 < males < 4:
        raise GutexoError(f"there must be four mice or more; got {mice} and {males} males")
    changes = dict(numbers or {})
    with np.errstate(all="ignore"):
        arms = Arms(choose_cohort("female", mice, seed), changes)
        found = _rows_of_age(arms) | _rows_of_transfer(arms)
        found |= _rows_of_lesions(arms) | _rows_of_lives(arms)
        for name, ratio in law_ratios(arms).items():
            found[f"life:{name}"] = ratio
        found |= ter_in_culture(arms.parameters)
        found["stability"] = check_stability(arms.parameters)
        if males:
            found |= _rows_of_males(Arms(choose_cohort("male", males, seed), changes))
    return found


def _rows_of_age(arms: Arms) -> dict[str, float]:
    young, old = arms.control[YOUNG], arms.control[OLD]
    names = {
        "old-permeability": "FITC-dextran", "old-ter": "TER", "old-endotoxin": "plasma LPS",
        "old-tnf": "plasma TNF", "old-il6": "plasma IL-6", "old-homa-ir": "HOMA-IR",
    }  # fmt: skip
    found = {row: mean_of(old, name) / mean_of(young, name) for row, name in names.items()}
    licence = mean_of(old, "gut licence")
    cargo = arms.parameters.cargo
    most = max(
        cargo.barrier_by_senescence, cargo.inflammatory_by_senescence, cargo.insulin_by_senescence
    )
    one = arms.lives[0].numbers
    found["load of a cell"] = most * licence * one["whole"] / one["mature_reference"]
    found["young X"], found["old X"] = mean_of(young, "total burden"), mean_of(old, "total burden")
    found["young HOMA-IR"], found["old HOMA-IR"] = (
        mean_of(young, "HOMA-IR"),
        mean_of(old, "HOMA-IR"),
    )
    found["old alive"] = float(np.isfinite(values_of(old, "TER")).mean())
    share = mean_of(old, "gut senescent share")
    found["old induced part of gut"] = mean_of(old, "gut induced share") / share
    share = mean_of(old, "organ senescent share")
    found["old induced part of organs"] = mean_of(old, "organ induced share") / share
    return found


def _rows_of_transfer(arms: Arms) -> dict[str, float]:
    of_young, of_old = arms.donors(arms.young), arms.donors(arms.old)
    arms.grow((OLD + LESION_DAYS, OLD + COURSE, OLD + 2 * COURSE, OLD + 3 * COURSE))
    young, old = arms.control[YOUNG + COURSE], arms.control[OLD + COURSE]
    harmed = [m.measure() for m in arms.dose(arms.young, of_old, 1.0)]
    same = [m.measure() for m in arms.dose(arms.young, of_young, 1.0)]
    rescued_mice = arms.dose(arms.old, of_young, 1.0)
    rescued = [m.measure() for m in rescued_mice]
    same_old = [m.measure() for m in arms.dose(arms.old, of_old, 1.0)]
    found: dict[str, float] = {}
    rows = zip(("permeability", "inflammation", "insulin-resistance"), SIGNS.values(), strict=True)
    for row, name in rows:
        harm, gap = log_ratio(harmed, young, name), mean_log(old, name) - mean_log(young, name)
        found[f"old-to-young-{row}"] = math.exp(harm)
        found[f"transfer-fraction-{row}"] = harm / gap if gap > 0.01 else (3.0 if harm > 0 else 0.0)
        little = log_ratio(same, young, name)
        found[f"same-age-young:{name}"] = math.exp(little)
        found[f"same-age-young:quarter {name}"] = abs(little) / max(harm, 0.005)
        found[f"same-age-old:{name}"] = math.exp(log_ratio(same_old, old, name))
        wander = _wander(arms, YOUNG, name)
        found[f"visible {name}"] = abs(harm) / wander
        found[f"drift {name}"] = log_ratio(young, arms.control[YOUNG], name)
    gap = mean_log(old, "HOMA-IR") - mean_log(young, "HOMA-IR")
    benefit = -log_ratio(rescued, old, "HOMA-IR")
    found["young-to-old-insulin-resistance"] = math.exp(-benefit)
    found["rescue-share"] = benefit / gap if gap > 0.01 else 0.0
    found["visible rescue"] = benefit / _wander(arms, OLD, "HOMA-IR")
    found["wander:young"] = _wander(arms, YOUNG, "HOMA-IR")
    found["wander:old"] = _wander(arms, OLD, "HOMA-IR")
    for row, weeks in (("washout-28d", 2), ("washout-56d", 3)):
        day = OLD + weeks * COURSE
        later = [
            m.live(day - m.age if m.alive else 0.0, step=SHORT).measure() for m in rescued_mice
        ]
        alive = [np.isfinite(one["TER"]) for one in later]
        then = [one if ok else _dead(one) for one, ok in zip(rescued, alive, strict=True)]
        benefit = max(-log_ratio(then, old, "HOMA-IR"), 0.005)
        found[row] = -log_ratio(later, arms.control[day], "HOMA-IR") / benefit
    found["induced-senescence:female gut"] = sum_ratio(harmed, young, "gut senescent share")
    found["induced-senescence:female organs"] = sum_ratio(harmed, young, "organ senescent share")
    found["own-cargo"] = _own_cargo(arms, harmed, young)
    found["own cargo, raw"] = sum_ratio(harmed, young, "own barrier cargo")
    ten = [m.measure() for m in arms.dose(arms.young, of_old, 10.0)]
    found["dose-monotone"] = math.exp(log_ratio(ten, harmed, "HOMA-IR"))
    return found


def _dead(readings: Readings) -> Readings:
    return dict.fromkeys(readings, math.nan)


def _wander(arms: Arms, age: float, name: str) -> float:
    ratio = values_of(arms.control[age + COURSE], name) / values_of(arms.control[age], name)
    return float(np.nanstd(np.log(ratio), ddof=1))


def _own_cargo(arms: Arms, treated: list[Readings], twins: list[Readings]) -> float:
    """Mean barrier load of own packets against the twins', with the licence of the twin."""
    x, ones, others = arms.parameters.cargo.barrier_by_senescence, 0.0, 0.0
    for one, other in zip(treated, twins, strict=True):
        ratio = one["mature senescent signal"] / other["mature senescent signal"]
        if math.isfinite(ratio):
            ones += 1.0 + x * ratio * other["gut secretion"]
            others += 1.0 + x * other["gut secretion"]
    return ones / others if others > 0 else math.nan


def _rows_of_lesions(arms: Arms) -> dict[str, float]:
    lesioned = arms.lesion(arms.young)
    protected = arms.lesion(arms.young, PROTECTIVE)
    harm = log_ratio(lesioned, arms.control[YOUNG + LESION_DAYS], "HOMA-IR")
    in_old = log_ratio(arms.lesion(arms.old), arms.control[OLD + LESION_DAYS], "HOMA-IR")
    infused = arms.infuse()
    young = arms.control[YOUNG + COURSE]
    liver = -log_ratio(infused, young, "liver insulin sensitivity")
    muscle = -log_ratio(infused, young, "muscle insulin sensitivity")
    return {
        "lesion-two-hit": in_old / max(harm, 0.002),
        "lesion harm": harm,
        "protective-oral-vesicles": math.exp(log_ratio(protected, lesioned, "FITC-dextran")),
        "lps-infusion-liver": muscle / max(liver, 1e-4),
        "lps-infusion-liver:fall": liver,
    }


def _rows_of_lives(arms: Arms) -> dict[str, float]:
    half = max(4, len(arms.cohort.seeds) // 2)
    young, old = arms.other_lives((YOUNG, OLD), half, microbiota__density=0.0)
    (knocked,) = arms.other_lives((OLD,), half, tnf__secretion=0.0)
    wild = arms.control[OLD][:half]
    both = [
        (one["FITC-dextran"], other["FITC-dextran"])
        for one, other in zip(knocked, wild, strict=True)
        if np.isfinite(one["TER"]) and np.isfinite(other["TER"])
    ]
    return {
        "germ-free-tnf": mean_of(old, "plasma TNF") / mean_of(young, "plasma TNF"),
        "germ-free-permeability": mean_of(old, "FITC-dextran") / mean_of(young, "FITC-dextran"),
        "tnf-knockout-permeability": sum(a for a, _ in both) / sum(b for _, b in both)
        if both
        else math.nan,
    }


def _rows_of_males(arms: Arms) -> dict[str, float]:
    treated = [m.measure() for m in arms.dose(arms.young, arms.donors(arms.old), 1.0)]
    twins = arms.control[YOUNG + COURSE]
    found = {
        "induced-senescence:male gut": sum_ratio(treated, twins, "gut senescent share"),
        "induced-senescence:male organs": sum_ratio(treated, twins, "organ senescent share"),
    }
    for name in SIGNS.values():
        found[f"male transfer {name}"] = math.exp(log_ratio(treated, twins, name))
    for name, ratio in law_ratios(arms).items():
        found[f"male life:{name}"] = ratio
    return found
