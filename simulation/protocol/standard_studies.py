"""The studies that come with the software."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gutexo.catalogue.ages import WEANING_DAYS
from gutexo.catalogue.durations import duration_days
from gutexo.errors import GutexoError, suggest
from gutexo.protocol.dose_studies import dose_and_duration, dose_response
from gutexo.protocol.exosome_treatments import GiveExosomes, Vehicle, designed_exosomes
from gutexo.protocol.life import OLD, YOUNG, Donors, Life
from gutexo.protocol.study import Scenario, Study
from gutexo.protocol.treatments import BarrierLesion, GermFree, Irradiation, Senolytic

COURSE_DAYS = 28.0  # days of the default course; that of the published study is not known
QUICK = {
    "resolution.segments": 16,
    "resolution.enterocytes": 12,
    "resolution.macrophages": 6,
    "resolution.hepatocytes": 64,
    "resolution.myocytes": 32,
    "resolution.adipocytes": 24,
    "resolution.packets": 2000,
}
"""Changes of `--quick`: a coarser mouse, for a first look and for teaching."""


def _transfer_arms(
    course: float, equivalents: float, every: float = 1.0, follow: float = 0.0
) -> dict[str, Scenario]:
    young, old = Life(age=YOUNG), Life(age=OLD)
    repeats = int(round(course / every))
    doses: dict[str, Any] = {
        "vehicle": Vehicle(every=every, repeats=repeats),
        "young exosomes": GiveExosomes(
            source=Donors(life=young), equivalents=equivalents, every=every, repeats=repeats
        ),
        "old exosomes": GiveExosomes(
            source=Donors(life=old), equivalents=equivalents, every=every, repeats=repeats
        ),
    }
    return {
        f"{recipient} + {what}": Scenario(
            name=f"{recipient} + {what}",
            life=life,
            interventions=(dose,),
            duration=course + follow,
        )
        for recipient, life in (("young", young), ("old", old))
        for what, dose in doses.items()
    }


def transfer(
    course: float | str = COURSE_DAYS, equivalents: float = 1.0, every: float | str = 1.0
) -> Study:
    """Build the study of the exosome transfer.

    It has six arms: young and old mice, each with vehicle, young and old luminal exosomes.

    Args:
        course: Days of dosing.
        equivalents: Donor equivalents per dose.
        every: Days between doses.
    """
    arms = _transfer_arms(
        duration_days(course, "course"), equivalents, duration_days(every, "every")
    )
    return Study(
        name="exosome transfer",
        question="What do luminal exosomes do to a gut and a body of another age?",
        arms=tuple(arms.values()),
        comparisons=(
            ("young + old exosomes", "young + vehicle"),
            ("young + old exosomes", "young + young exosomes"),
            ("young + young exosomes", "young + vehicle"),
            ("old + young exosomes", "old + vehicle"),
            ("old + young exosomes", "old + old exosomes"),
            ("old + old exosomes", "old + vehicle"),
            ("old + vehicle", "young + vehicle"),
        ),
        notes=(
            "Dose, route, schedule and duration of the published study are not known.",
            "The rescue of old mice hangs on one coupling whose size has no source: "
            "insulin.cargo_protection.",
        ),
    )


def old_to_young() -> Study:
    """Build the study of old exosomes in young mice, with both controls."""
    arms = _transfer_arms(COURSE_DAYS, 1.0)
    names = ("young + vehicle", "young + young exosomes", "young + old exosomes")
    return Study(
        name="old to young",
        question="Do exosomes of old mice make young mice leaky, inflamed, insulin resistant?",
        arms=tuple(arms[name] for name in names),
        comparisons=((names[2], names[0]), (names[2], names[1]), (names[1], names[0])),
    )


def young_to_old() -> Study:
    """Build the study of young exosomes in old mice, with both controls."""
    arms = _transfer_arms(COURSE_DAYS, 1.0)
    names = ("old + vehicle", "old + old exosomes", "old + young exosomes", "young + vehicle")
    return Study(
        name="young to old",
        question="Which problems of old mice do exosomes of young mice ease?",
        arms=tuple(arms[name] for name in names),
        comparisons=((names[2], names[0]), (names[2], names[1]), (names[0], names[3])),
    )


def ageing() -> Study:
    """Build the study of one cohort from 3 to 24 months of age."""
    return Study(
        name="ageing",
        question="What does a life of 21 months do to gut and body?",
        arms=(Scenario(name="ageing mouse", life=Life(age=YOUNG), duration=OLD - YOUNG),),
        figures=("life",),
    )


def cargo_not_age() -> Study:
    """Build the study that separates cargo from the donor's age.

    Donors are sick or irradiated young mice, and old mice that are germ-free or kept healthy by a
    senolytic; some exosomes are designed.
    """
    sick = Life(
        age=YOUNG + 60.0,
        interventions=(BarrierLesion(share=0.5, every=1.0, repeats=60),),
    )
    # From 90 d on, for 60 d: interventions of a life count from weaning.
    irradiated = Life(
        age=YOUNG + 60.0, interventions=(Irradiation(strength=7.0, start=YOUNG - WEANING_DAYS),)
    )
    # Weekly from weaning until the exosomes are taken.
    weeks = int((OLD - WEANING_DAYS) // 7) + 1
    well = Life(age=OLD, interventions=(Senolytic(share=0.8, every=7.0, repeats=weeks),))
    germ_free = Life(age=OLD, interventions=(GermFree(),))
    young, old = Life(age=YOUNG), Life(age=OLD)

    def arm(name: str, source: Any) -> Scenario:
        dose = Vehicle() if source is None else GiveExosomes(source=source)
        return Scenario(name=name, life=young, interventions=(dose,), duration=COURSE_DAYS)

    control, healthy = "young + vehicle", "young + young exosomes"
    arms = (
        arm(control, None),
        arm(healthy, Donors(life=young)),
        arm("young + old exosomes", Donors(life=old)),
        arm("young + sick young exosomes", Donors(life=sick)),
        arm("young + irradiated young exosomes", Donors(life=irradiated)),
        arm("young + well old exosomes", Donors(life=well)),
        arm("young + germ-free old exosomes", Donors(life=germ_free)),
        arm("young + empty exosomes", designed_exosomes(7000)),
        arm("young + insulin-resistance cargo", designed_exosomes(7000, insulin_resistance=10.0)),
    )
    return Study(
        name="cargo not age",
        question="Is it the cargo that acts, or the donor's age?",
        arms=arms,
        comparisons=(
            *((a.name, control) for a in arms[1:]),
            # Any exosome adds some cargo. The effect of sickness or age is the difference to
            # exosomes of healthy young mice.
            *((a.name, healthy) for a in arms[2:7]),
        ),
    )


_STUDIES: dict[str, Callable[[], Study]] = {
    "exosome transfer": transfer,
    "old to young": old_to_young,
    "young to old": young_to_old,
    "ageing": ageing,
    "cargo not age": cargo_not_age,
    "dose and duration": dose_and_duration,
    "dose response": dose_response,
}
_SCENARIOS: dict[str, Life] = {
    "young mouse": Life(age=YOUNG),
    "aged mouse": Life(age=OLD),
    "germ-free mouse": Life(age=YOUNG, interventions=(GermFree(),)),
}


def studies() -> list[str]:
    """List the names of the studies that come with the software."""
    return list(_STUDIES)


def study(name: str) -> Study:
    """Return a study by name.

    Args:
        name: One of `studies()`.

    Returns:
        The study; `Study.change` changes its parameters and `gut.compare` runs it.

    Raises:
        GutexoError: There is no study of this name.
    """
    key = str(name).replace("_", " ").replace("-", " ")
    if key not in _STUDIES:
        raise GutexoError(f"study '{name}' does not exist{suggest(str(name), _STUDIES)}")
    return _STUDIES[key]()


def scenarios() -> list[str]:
    """List the names of scenarios, including the arms of all studies."""
    names = list(_SCENARIOS)
    for build in _STUDIES.values():
        if build in (dose_and_duration, dose_response):
            continue  # its arms are named by dose, interval and route
        names += [arm.name for arm in build().arms if arm.name not in names]
    return names


def scenario(name: str) -> Scenario:
    """Return a scenario by name: a mouse that gets no doses, or an arm of a study.

    Args:
        name: One of `scenarios()`.

    Raises:
        GutexoError: There is no scenario of this name.
    """
    if name in _SCENARIOS:
        return Scenario(name=name, life=_SCENARIOS[name])
    for build in _STUDIES.values():
        for arm in build().arms:
            if arm.name == name:
                return arm
    raise GutexoError(f"scenario '{name}' does not exist{suggest(str(name), scenarios())}")
