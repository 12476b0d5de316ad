"""Studies whose mice the rows of the scorecard are read from."""

from __future__ import annotations

from gutexo.protocol.exosome_treatments import GiveExosomes, Vehicle, designed_exosomes
from gutexo.protocol.life import OLD, YOUNG, Donors, Life
from gutexo.protocol.standard_studies import COURSE_DAYS, transfer
from gutexo.protocol.study import Scenario, Study
from gutexo.protocol.treatments import BarrierLesion, GermFree, Knockout, LpsInfusion

WASHOUT_DAYS = (28.0, 56.0)  # days after the last dose
LESION_DAYS = 14.0
VESICLE_PACKETS = 7000  # packets, about the luminal content of a donor at default resolution
HIGH_DOSES = (10.0, 30.0)  # donor equivalents


def _daily_lesion() -> BarrierLesion:
    return BarrierLesion(share=0.3, every=1.0, repeats=int(LESION_DAYS))


def build_followed() -> Study:
    """Build the six arms; follow the two of the rescue for two months after the last dose."""
    study = transfer()
    arms = []
    for arm in study.arms:
        longer = arm.name in ("old + vehicle", "old + young exosomes")
        fields = dict(arm)
        fields["duration"] = COURSE_DAYS + (max(WASHOUT_DAYS) if longer else 0.0)
        arms.append(Scenario(**fields))
    return Study(name="exosome transfer, followed", arms=tuple(arms))


def build_controls() -> Study:
    """Build a study of untreated mice: of both ages without bacteria, old ones without TNF."""
    germ_free, no_tnf = (GermFree(),), (Knockout(which=("TNF",)),)
    return Study(
        name="controls",
        arms=(
            Scenario(name="old control", life=Life(age=OLD), duration=0),
            Scenario(name="germ-free young", life=Life(interventions=germ_free), duration=0),
            Scenario(name="germ-free old", life=Life(age=OLD, interventions=germ_free), duration=0),
            Scenario(
                name="old TNF knock-out", life=Life(age=OLD, interventions=no_tnf), duration=0
            ),
        ),
    )


def build_designed() -> Study:
    """Build arms with designed vesicles: lipid-rich ones by vein, protective ones into a lesion."""
    young, lesion = Life(age=YOUNG), _daily_lesion()
    lipid = designed_exosomes(VESICLE_PACKETS, insulin_resistance=10.0)
    protective = designed_exosomes(VESICLE_PACKETS, protective=20.0)
    by_vein = GiveExosomes(source=lipid, route="intravenous")
    by_mouth = GiveExosomes(source=protective, every=2.0, repeats=7)
    return Study(
        name="designed vesicles",
        arms=(
            Scenario(name="vehicle", life=young, interventions=(Vehicle(),), duration=COURSE_DAYS),
            Scenario(name="lipid-rich", life=young, interventions=(by_vein,), duration=COURSE_DAYS),
            Scenario(
                name="lesion",
                life=young,
                interventions=(lesion, Vehicle()),
                duration=LESION_DAYS,
            ),
            Scenario(
                name="lesion + protective",
                life=young,
                interventions=(lesion, by_mouth),
                duration=LESION_DAYS,
            ),
        ),
    )


def name_high_dose(equivalents: float) -> str:
    """Name the arm of young mice with a high dose of old exosomes."""
    return f"young + old exosomes, {equivalents:g} donor equivalents"


def build_high_doses() -> Study:
    """Build young mice with high doses of old exosomes; the followed study has the usual dose."""
    source = Donors(life=Life(age=OLD))
    return Study(
        name="high doses",
        arms=tuple(
            Scenario(
                name=name_high_dose(dose),
                life=Life(age=YOUNG),
                interventions=(GiveExosomes(source=source, equivalents=dose),),
                duration=COURSE_DAYS,
            )
            for dose in HIGH_DOSES
        ),
    )


def build_lps_infusion(rate: float) -> Study:
    """Build young mice into which LPS is infused for four weeks.

    Args:
        rate: Rise of plasma LPS per hour (EU/mL/h).
    """
    infusion = LpsInfusion(rate=rate, days=COURSE_DAYS)
    arm = Scenario(
        name="young + LPS",
        life=Life(age=YOUNG),
        interventions=(infusion,),
        duration=COURSE_DAYS,
    )
    return Study(name="LPS infusion", arms=(arm,))


def build_lesions() -> Study:
    """Build young and old mice with the same lesion of the barrier for two weeks."""
    return Study(
        name="lesion at two ages",
        arms=tuple(
            Scenario(
                name=f"{age} + lesion",
                life=life,
                interventions=(_daily_lesion(),),
                duration=LESION_DAYS,
            )
            for age, life in (("young", Life(age=YOUNG)), ("old", Life(age=OLD)))
        ),
    )


def build_untreated() -> Study:
    """Build untreated young mice, to see whether anything drifts."""
    arm = Scenario(name="untreated", life=Life(age=YOUNG), duration=COURSE_DAYS)
    return Study(name="untreated young mice", arms=(arm,))
