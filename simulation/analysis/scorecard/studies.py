"""Studies whose mice the rows of the scorecard are read from."""

from __future__ import annotations

from gutexo.catalogue.ages import WEANING_DAYS
from gutexo.catalogue.phenotypes import phenotype
from gutexo.protocol.exosome_treatments import GiveExosomes, Vehicle, designed_exosomes
from gutexo.protocol.life import OLD, YOUNG, Donors, Life
from gutexo.protocol.standard_studies import COURSE_DAYS, QUICK, transfer
from gutexo.protocol.study import Scenario, Study
from gutexo.protocol.treatments import (
    BarrierLesion,
    GermFree,
    Knockout,
    LpsInfusion,
    SenescentCellTransplant,
    Senolytic,
)

WASHOUT_DAYS = (28.0, 56.0)  # days after the last dose
LESION_DAYS = 14.0
VESICLE_PACKETS = 7000  # packets, about the luminal content of a donor at default resolution
HIGH_DOSES = (10.0, 30.0)  # donor equivalents
HARM_LEFT_DAYS = 14.0  # days after the last dose
SENOLYTIC_SHARE, SENOLYTIC_DAYS = 0.7, 56.0
CLEARED_DONORS = "young + exosomes of old donors after a senolytic"
OLD_SENOLYTIC, TRANSPLANTED = "old + senolytic", "young + senescent cells"
WHOLE_LIFE, LONGEST_LIFE, WEANED_DAY = "whole life", 1500, int(WEANING_DAYS)


def _daily_lesion() -> BarrierLesion:
    return BarrierLesion(share=0.3, every=1.0, repeats=int(LESION_DAYS))


def build_followed() -> Study:
    """Build the six arms; follow the rescue for two months and the harm for two weeks more."""
    after = {
        "old + vehicle": max(WASHOUT_DAYS),
        "old + young exosomes": max(WASHOUT_DAYS),
        "old + old exosomes": HARM_LEFT_DAYS,
        "young + vehicle": HARM_LEFT_DAYS,
        "young + old exosomes": HARM_LEFT_DAYS,
    }
    arms = tuple(
        Scenario(**{**dict(arm), "duration": COURSE_DAYS + after.get(arm.name, 0.0)})
        for arm in transfer().arms
    )
    return Study(name="exosome transfer, followed", arms=arms)


def build_males() -> Study:
    """Build young males with vehicle or exosomes of old males, followed for two weeks."""
    male = phenotype("C57BL/6 male")
    life, source = Life(age=YOUNG, changes=male), Donors(life=Life(age=OLD, changes=male))
    doses = {"vehicle": Vehicle(), "old exosomes": GiveExosomes(source=source)}
    return Study(
        name="males",
        arms=tuple(
            Scenario(
                name=f"young + {name}",
                life=life,
                interventions=(dose,),
                duration=COURSE_DAYS + HARM_LEFT_DAYS,
            )
            for name, dose in doses.items()
        ),
    )


def build_signalled() -> Study:
    """Build arms on senescent cells: cleared donors, cleared old mice, and a transplant."""
    pulse = Senolytic(share=SENOLYTIC_SHARE, start=OLD - WEANING_DAYS - 14.0)
    donors = Donors(life=Life(age=OLD, interventions=(pulse,)))
    pulses = Senolytic(share=SENOLYTIC_SHARE, every=14.0, repeats=4)
    young, old = Life(age=YOUNG), Life(age=OLD)
    return Study(
        name="senescent cells",
        arms=(
            Scenario(
                name=CLEARED_DONORS,
                life=young,
                interventions=(GiveExosomes(source=donors),),
                duration=COURSE_DAYS,
            ),
            Scenario(
                name=OLD_SENOLYTIC,
                life=old,
                interventions=(pulses, Vehicle()),
                duration=SENOLYTIC_DAYS,
            ),
            Scenario(
                name=TRANSPLANTED,
                life=young,
                interventions=(SenescentCellTransplant(share=0.02), Vehicle()),
                duration=COURSE_DAYS,
            ),
        ),
    )


def build_lives(sex: str) -> Study:
    """Build untreated mice that are followed from weaning to their death.

    Args:
        sex: "female" or "male".
    """
    life = Life(age=WEANING_DAYS, changes={**QUICK, **phenotype(f"C57BL/6 {sex}")})
    arm = Scenario(name=WHOLE_LIFE, life=life, duration=float(LONGEST_LIFE))
    return Study(name=f"whole lives, {sex}s", arms=(arm,))


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
