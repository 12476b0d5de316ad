"""Whole studies: what is in the exosomes acts, whoever made them, and only if it arrives."""

import numpy as np
import pytest

import gutexo as gut
from gutexo.body.interventions import Intervention
from gutexo.protocol.exosome_treatments import GiveExosomes, Vehicle
from gutexo.protocol.life import OLD, YOUNG, Donors, Life
from gutexo.protocol.standard_studies import QUICK
from gutexo.protocol.study import Scenario, Study
from tests.conftest import SMALL


class NoUptake(Intervention):
    """Exosomes cannot leave the lumen: the path that the study is about is cut."""

    def modifiers(self, day):
        return {"exosome.mucus_entry": 0.0}


def arm(name, life, donors=None, days=28.0):
    given = Vehicle() if donors is None else GiveExosomes(source=Donors(life=donors))
    return Scenario(name=name, life=life, interventions=(given,), duration=days)


def test_swapped_preparations_swap_the_effects():
    """To the bit: an arm is what is given, not what it is called."""
    young = Life(age=YOUNG, changes=SMALL)
    aged = Life(age=YOUNG + 40, changes=SMALL)
    straight = Study(name="s", arms=(arm("a", young, young, 5), arm("b", young, aged, 5)))
    swapped = Study(name="s", arms=(arm("a", young, aged, 5), arm("b", young, young, 5)))
    one = gut.compare(straight, replicates=2, seed=5).data
    two = gut.compare(swapped, replicates=2, seed=5).data
    for name in gut.OBSERVABLES:
        a, b = (one[name].sel(scenario=s).values for s in "ab")
        assert np.array_equal(a, two[name].sel(scenario="b").values), name
        assert np.array_equal(b, two[name].sel(scenario="a").values), name
    assert not np.array_equal(*(one["HOMA-IR"].sel(scenario=s).values for s in "ab"))


@pytest.mark.gate
def test_irradiation_of_the_study_gives_young_donors_the_burden_of_old_ones():
    """Production x 8 for 60 days: a mean total burden of .3 to .5; the dead give nothing."""
    burdens, dead = [], 0
    for seed in range(32):
        mouse = gut.Mouse(gut.Parameters().change(QUICK), seed=seed)
        mouse.add(gut.treatments.Irradiation(strength=7.0))
        mouse.run_for("60 d")
        dead += not mouse.alive
        if mouse.alive:
            burdens.append(mouse.measure()["total burden"])
    print(f"{dead} of 32 died")
    assert 0.3 <= np.mean(burdens) <= 0.5 and dead < 16


@pytest.mark.long
def test_sick_young_donors_harm_and_well_old_donors_do_not():
    """Cargo, not age: irradiated young donors harm as old ones do, cleared old ones hardly."""
    study = gut.study("cargo not age").change(QUICK)
    result = gut.compare(study, replicates=12, seed=1, workers=2)
    healthy = "young + young exosomes"

    def against(donors, readout, control=healthy):
        return result.difference(readout, f"young + {donors} exosomes", control)

    for readout in ("FITC-dextran", "plasma TNF"):
        old, irradiated = against("old", readout), against("irradiated young", readout)
        well, sick = against("well old", readout), against("sick young", readout)
        print(readout, *(f"{one.ratio:.3f}" for one in (old, irradiated, well, sick)))
        assert old.ratio > 1.0 and irradiated.ratio >= old.ratio, readout
        assert np.log(well.ratio) <= 0.5 * np.log(old.ratio), readout
    # Nothing in them, nothing done; lipid cargo reaches insulin resistance without a cytokine.
    assert against("empty", "HOMA-IR", "young + vehicle").ratio == 1.0
    lipid = "young + insulin-resistance cargo"
    assert result.difference("HOMA-IR", lipid, "young + vehicle").ratio_low > 1.0


@pytest.mark.gate
def test_without_uptake_nothing_is_transferred_and_mice_still_age():
    young = Life(age=YOUNG, changes=QUICK, interventions=(NoUptake(),))
    old = Life(age=OLD, changes=QUICK, interventions=(NoUptake(),))
    study = Study(
        name="cut",
        arms=(
            arm("young + vehicle", young),
            arm("young + old exosomes", young, Life(age=OLD, changes=QUICK)),
            arm("old + vehicle", old),
        ),
    )
    result = gut.compare(study, replicates=4, seed=1, workers=2)
    for readout in ("FITC-dextran", "TER", "plasma TNF", "HOMA-IR"):
        effect = result.difference(readout, "young + old exosomes", "young + vehicle")
        assert effect.ratio == 1.0 and effect.difference == 0.0, readout
    # Burden and inflammation age on. The leak hardly does: exosomes carry it.
    ageing = result.difference("total burden", "old + vehicle", "young + vehicle")
    assert ageing.ratio > 1.0
    for readout, least, most in (("plasma TNF", 1.0, 3.0), ("FITC-dextran", 0.95, 1.1)):
        ageing = result.difference(readout, "old + vehicle", "young + vehicle")
        print(readout, ageing.ratio)
        assert least < ageing.ratio < most, readout


@pytest.mark.gate
def test_space_adds_to_what_a_mean_field_would_say():
    """Few bacteria upstream, many in the colon: the agents hear other than their mean, and where
    a lesion sits moves the number."""
    lesion = gut.treatments.BarrierLesion(share=0.3, stretch=(0.0, 0.2), every=0.5, repeats=40)
    ratios = []
    for given in ((), (lesion,)):
        mouse = gut.Mouse(gut.Parameters().change(QUICK), seed=3, interventions=given)
        mouse.run_for("14 d")
        ratios.append(mouse.measure()["activation over mean field"])
    assert abs(ratios[0] - 1.0) > 0.05
    assert abs(ratios[1] - ratios[0]) > 0.02
