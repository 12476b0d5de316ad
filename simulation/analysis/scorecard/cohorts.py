"""Rows estimated from arms of mice: age, transfer, dose, washout, lesions, other lives."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np
import xarray

from gutexo.analysis.diabetic import MOST_DIABETIC, count_diabetic, find_diabetic
from gutexo.analysis.effects import find_recorded_day, trajectories_of
from gutexo.analysis.estimates import (
    Estimate,
    bootstrap,
    find_complete,
    mean_change,
    ratio_of_effects,
    ratio_of_means,
    share_of_effect,
    share_of_gap,
    spread_of_change,
)
from gutexo.analysis.facts import score_facts
from gutexo.analysis.outcomes import AGED_READOUT_BY_PATTERN, TRANSFER_BY_PATTERN
from gutexo.analysis.pairs import ArmReadings, estimate_pairs
from gutexo.analysis.scorecard import studies
from gutexo.catalogue import Parameters
from gutexo.catalogue.patterns import pattern
from gutexo.cohort.study_run import run_study
from gutexo.protocol.standard_studies import COURSE_DAYS
from gutexo.protocol.study import Study

Measured = Estimate | Mapping[str, Estimate]
"""What a row measures: one number, or several by name, of which the worst is scored."""

SAME_AGE_READOUTS = ("FITC-dextran", "plasma TNF", "HOMA-IR")
SAME_AGE = {"same-age-young": "young", "same-age-old": "old"}
GERM_FREE = {"germ-free-tnf": "plasma TNF", "germ-free-permeability": "FITC-dextran"}
WASHOUT = {"washout-28d": 28.0, "washout-56d": 56.0}
TRANSFERRED_SHARE = {
    "transfer-fraction-permeability": "FITC-dextran",
    "transfer-fraction-inflammation": "plasma TNF",
    "transfer-fraction-insulin-resistance": "HOMA-IR",
}
DRIFTING = ("FITC-dextran", "TER", "HOMA-IR")
AGEING = ("plasma TNF", "plasma IL-6", "plasma LPS")  # age moves these within weeks
CONTROL_SEED_OFFSET = 7919  # added to the seed where the rows need different mice
# A drift of 3 % is small against what a single mouse wanders, so that it needs many mice.
DRIFT_MICE, DRIFT_MICE_PER_REPLICATE = 512, 64
LPS_RISE = 1.5  # rise of plasma LPS during the infusion, in levels of the untreated mice
LEAST_LIVER_FALL = 0.05  # log sensitivity


@dataclass(frozen=True)
class ScoredMice:
    """The mice behind the rows; each study is simulated when a row first needs it.

    Args:
        replicates: Mice per arm.
        seed: Seed of everything.
        workers: Processes.
        changes: Parameters that differ from the defaults.
        draws: Parameter draws; each mouse has the parameters of one.
        report: Called with a line of text for the user.
    """

    replicates: int
    seed: int
    workers: int
    changes: dict[str, Any]
    draws: Sequence[Mapping[str, float]]
    report: Callable[[str], None]

    def run(self, study: Study, other: int = 0, replicates: int = 0) -> xarray.Dataset:
        """Run a study, with other mice where `other` is not 0."""
        count = replicates or self.replicates
        self.report(f"mice: {study.name}, {len(study.arms)} arms of {count}")
        return run_study(
            study.change(self.changes),
            replicates=count,
            seed=self.seed + other,
            workers=self.workers,
            report=self.report,
            draws=self.draws,
        ).data

    @cached_property
    def followed(self) -> xarray.Dataset:
        """The six arms of the transfer."""
        return self.run(studies.build_followed())

    @cached_property
    def controls(self) -> xarray.Dataset:
        """Untreated mice, others than those of the transfer."""
        return self.run(studies.build_controls(), CONTROL_SEED_OFFSET)

    @cached_property
    def designed(self) -> xarray.Dataset:
        """Mice that get designed vesicles."""
        return self.run(studies.build_designed())

    @cached_property
    def high_doses(self) -> xarray.Dataset:
        """Young mice that get ten and thirty donor equivalents."""
        return self.run(studies.build_high_doses())

    @cached_property
    def infused(self) -> xarray.Dataset:
        """Young mice into which LPS is infused; their plasma LPS rises 2.5 times."""
        level = np.nanmean(values_on(self.followed, "plasma LPS", "young + vehicle", 0))
        half_life = Parameters().change(self.changes).immune.lps_half_life
        per_hour = 60.0 * math.log(2) / half_life
        return self.run(studies.build_lps_infusion(float(LPS_RISE * level * per_hour)))

    @cached_property
    def lesioned(self) -> xarray.Dataset:
        """Young and old mice with the same lesion."""
        return self.run(studies.build_lesions())

    @cached_property
    def males(self) -> xarray.Dataset:
        """Young males with vehicle or old exosomes of males."""
        return self.run(studies.build_males())

    @cached_property
    def signalled(self) -> xarray.Dataset:
        """Senolytics given to donors and to old mice, and a transplant of senescent cells."""
        return self.run(studies.build_signalled())

    @cached_property
    def untreated(self) -> xarray.Dataset:
        """Many untreated young mice."""
        count = count_untreated(self.replicates)
        return self.run(studies.build_untreated(), CONTROL_SEED_OFFSET, count)


def count_untreated(replicates: int) -> int:
    """Count the mice from which drift is read.

    Args:
        replicates: Mice per arm of the other studies.
    """
    return min(DRIFT_MICE, DRIFT_MICE_PER_REPLICATE * replicates)


def values_on(data: xarray.Dataset, readout: str, arm: str, day: float) -> np.ndarray:
    """Read the values of an arm on a day, float64[mouse]."""
    position, _ = find_recorded_day(data, day)
    return trajectories_of(data, readout, arm)[:, position]


def _aged(mice: ScoredMice, readout: str) -> Estimate:
    old = values_on(mice.controls, readout, "old control", 0)
    found = ratio_of_means(old, values_on(mice.followed, readout, "young + vehicle", 0))
    found = replace(found, note="different mice, survivors")
    if readout != "HOMA-IR":
        return found
    diabetic, living = count_diabetic(mice.controls, "old control", 0)
    note = f"{found.note}; {diabetic} of {living} old mice are diabetic"
    return replace(found, note=note, bound_held=diabetic <= MOST_DIABETIC * living)


def _pairs(
    row: str,
    readout: str,
    treated: tuple[xarray.Dataset, str],
    control: tuple[xarray.Dataset, str],
    day: float = COURSE_DAYS,
) -> Estimate:
    """Estimate the ratio of two arms, each a dataset and a name, as a row is judged by."""
    one, other = (ArmReadings.read(data, readout, arm, day) for data, arm in (treated, control))
    return estimate_pairs(one, other, pattern(row).window)


def _constrained(mice: ScoredMice, name: str) -> Estimate:
    fact = next(fact for fact in score_facts(mice.followed) if fact.id == name)
    data = mice.followed
    found = _pairs(name, fact.readout, (data, fact.arm), (data, fact.comparator))
    applies, held = fact.verdict != "unscored", fact.verdict != "fail"
    return replace(found, note=fact.note, applies=applies, bound_held=held)


def _same_age(mice: ScoredMice, age: str) -> dict[str, Estimate]:
    """Estimate same-age effects; in the young they must be small against the cross-age ones."""
    other = "old" if age == "young" else "young"
    data, found = mice.followed, {}
    for readout in SAME_AGE_READOUTS:
        same, crossed = (
            _pairs(
                f"same-age-{age}",
                readout,
                (data, f"{age} + {given} exosomes"),
                (data, f"{age} + vehicle"),
            )
            for given in (age, other)
        )
        found[readout] = same
        quarter = abs(math.log(same.value)) <= 0.25 * abs(math.log(crossed.value))
        if age == "young" and not quarter:
            words = f"{readout}: more than a quarter of the cross-age effect"
            note = "; ".join(part for part in (same.note, words) if part)
            found[readout] = replace(same, bound_held=False, note=note)
    return found


def _washout(mice: ScoredMice, after: float) -> Estimate:
    arms = ("old + young exosomes", "old + vehicle")
    days = (COURSE_DAYS, COURSE_DAYS + after)
    now, later = (
        np.log(
            values_on(mice.followed, "HOMA-IR", arms[0], day)
            / values_on(mice.followed, "HOMA-IR", arms[1], day)
        )
        for day in days
    )
    return _name_diabetic(share_of_effect(later, now), mice.followed, "HOMA-IR", arms, days)


def _germ_free(mice: ScoredMice, readout: str) -> Estimate:
    old = values_on(mice.controls, readout, "germ-free old", 0)
    return ratio_of_means(old, values_on(mice.controls, readout, "germ-free young", 0))


def _without_tnf(mice: ScoredMice) -> Estimate:
    knocked_out, wild = (
        values_on(mice.controls, "FITC-dextran", arm, 0)
        for arm in ("old TNF knock-out", "old control")
    )
    return ratio_of_means(knocked_out, wild)


def _designed(
    mice: ScoredMice, row: str, readout: str, arm: str, comparator: str, day: float = COURSE_DAYS
) -> Estimate:
    return _pairs(row, readout, (mice.designed, arm), (mice.designed, comparator), day)


def _transferred(mice: ScoredMice, readout: str) -> Estimate:
    return _share_of_gap(mice, readout, "young + old exosomes", "young + vehicle", "old + vehicle")


def _rescued(mice: ScoredMice) -> Estimate:
    return _share_of_gap(
        mice, "HOMA-IR", "old + young exosomes", "old + vehicle", "young + vehicle"
    )


def _share_of_gap(mice: ScoredMice, readout: str, *arms: str) -> Estimate:
    """Estimate a share of a gap between ages; arms are the treated, the start and the end."""
    data = mice.followed
    share = share_of_gap(*(values_on(data, readout, arm, COURSE_DAYS) for arm in arms))
    return _name_diabetic(share, data, readout, arms, (COURSE_DAYS,))


def _name_diabetic(
    share: Estimate, data: xarray.Dataset, readout: str, arms: Sequence[str], days: Sequence[float]
) -> Estimate:
    """Name the mice that a share of an effect leaves out because one of their arms is diabetic."""
    found = [find_diabetic(data, readout, arm, day) for arm in arms for day in days]
    left_out = int(np.logical_or.reduce(found).sum())
    if not left_out:
        return share
    words = f"{left_out} of {len(found[0])} mice are diabetic in an arm and left out"
    return replace(share, note="; ".join(part for part in (share.note, words) if part))


def _higher_dose(mice: ScoredMice) -> Estimate:
    usual = (mice.followed, "young + old exosomes")
    higher, highest = (
        _pairs("dose-monotone", "HOMA-IR", (mice.high_doses, studies.name_high_dose(dose)), usual)
        for dose in studies.HIGH_DOSES
    )
    note = f"{studies.HIGH_DOSES[1]:g} against 1: {highest.value:.3g}"
    return replace(higher, note="; ".join(part for part in (higher.note, note) if part))


def _infused(mice: ScoredMice) -> Estimate:
    """Estimate the fall of muscle's log sensitivity over that of the liver's under LPS."""
    falls = [
        np.log(
            values_on(mice.followed, name, "young + vehicle", COURSE_DAYS)
            / values_on(mice.infused, name, "young + LPS", COURSE_DAYS)
        )
        for name in ("muscle insulin sensitivity", "liver insulin sensitivity")
    ]
    muscle, liver = falls
    found = ratio_of_effects(muscle, liver)
    fall = float(np.nanmean(liver))
    note = f"the liver's falls by {fall:.3g} in logs, {LEAST_LIVER_FALL} wanted"
    return replace(found, bound_held=fall >= LEAST_LIVER_FALL, note=note)


def _lesioned(mice: ScoredMice) -> Estimate:
    day = studies.LESION_DAYS
    young, old = (
        np.log(
            values_on(mice.lesioned, "HOMA-IR", f"{age} + lesion", day)
            / values_on(mice.followed, "HOMA-IR", f"{age} + vehicle", day)
        )
        for age in ("young", "old")
    )
    return ratio_of_effects(old, young)


def _ends(mice: ScoredMice, readout: str, age: str) -> tuple[np.ndarray, np.ndarray]:
    """Values of untreated mice at the end and at the beginning of the course."""
    last, first = (
        values_on(mice.followed, readout, f"{age} + vehicle", day) for day in (COURSE_DAYS, 0)
    )
    return last, first


def _wander(mice: ScoredMice) -> dict[str, Estimate]:
    found = {}
    for age, months in (("young", "3 months"), ("old", "24 months")):
        tnf = spread_of_change(*_ends(mice, "plasma TNF", age)).value
        estimate = spread_of_change(*_ends(mice, "HOMA-IR", age))
        note = f"TNF at {months}: {tnf:.3g}"
        found[months] = replace(estimate, note="; ".join(x for x in (estimate.note, note) if x))
    return found


def _drift(mice: ScoredMice) -> dict[str, Estimate]:
    def change(readout: str) -> Estimate:
        last, first = (values_on(mice.untreated, readout, "untreated", d) for d in (COURSE_DAYS, 0))
        return mean_change(last, first)

    beside = ", ".join(f"{name} {change(name).value:+.3f}" for name in AGEING)
    return {name: replace(change(name), note=f"beside it {beside}") for name in DRIFTING}


def _visible(mice: ScoredMice) -> dict[str, Estimate]:
    """Estimate the size of each reported effect against what an untreated mouse wanders."""
    found = {}
    for readout, arm, comparator in TRANSFER_BY_PATTERN.values():
        treated, control = (
            values_on(mice.followed, readout, name, COURSE_DAYS) for name in (arm, comparator)
        )
        effect = np.log(treated / control)
        last, first = _ends(mice, readout, comparator.split()[0])
        wandered = np.log(last / first)

        def size(i: np.ndarray, a: np.ndarray = effect, b: np.ndarray = wandered) -> np.ndarray:
            return np.abs(a[i].mean(axis=-1)) / b[i].std(axis=-1, ddof=1)

        found[f"{readout}, {arm}"] = bootstrap(size, find_complete(effect, wandered))
    return found


def cohort_measurements(mice: ScoredMice) -> dict[str, Callable[[], Measured]]:
    """Return the measurement of each pattern of studies; mice live when one is called."""
    return {
        **{
            name: partial(_aged, mice, readout) for name, readout in AGED_READOUT_BY_PATTERN.items()
        },
        **{name: partial(_constrained, mice, name) for name in TRANSFER_BY_PATTERN},
        **{name: partial(_same_age, mice, age) for name, age in SAME_AGE.items()},
        **{name: partial(_washout, mice, after) for name, after in WASHOUT.items()},
        **{name: partial(_germ_free, mice, readout) for name, readout in GERM_FREE.items()},
        **{name: partial(_transferred, mice, what) for name, what in TRANSFERRED_SHARE.items()},
        "rescue-share": partial(_rescued, mice),
        "dose-monotone": partial(_higher_dose, mice),
        "tnf-knockout-permeability": partial(_without_tnf, mice),
        "lps-infusion-liver": partial(_infused, mice),
        "lesion-two-hit": partial(_lesioned, mice),
        "wander": partial(_wander, mice),
        "no-drift": partial(_drift, mice),
        "visible-against-wander": partial(_visible, mice),
        "lean-obese-exosomes": partial(
            _designed, mice, "lean-obese-exosomes", "GTT AUC", "lipid-rich", "vehicle"
        ),
        "protective-oral-vesicles": partial(
            _designed,
            mice,
            "protective-oral-vesicles",
            "FITC-dextran",
            "lesion + protective",
            "lesion",
            studies.LESION_DAYS,
        ),
    }
