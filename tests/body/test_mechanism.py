"""Mechanism, not label: what acts is cargo, space matters, couplings carry what they should."""

import inspect

import numpy as np
import pytest

from gutexo.biology import cargo, insulin_signalling, macrophage, senescence
from gutexo.body.doses import Preparation
from gutexo.body.mouse import Mouse
from gutexo.catalogue.signals import LPS
from gutexo.errors import GutexoError
from gutexo.protocol.exosome_treatments import GiveExosomes, Vehicle, designed_exosomes
from gutexo.protocol.treatments import (
    BarrierLesion,
    Butyrate,
    CytokineBlockade,
    GermFree,
    Knockout,
    LpsBolus,
    LpsInfusion,
    MicrobiotaTransfer,
    Senolytic,
    TightJunctionSupport,
)

# Mice that hear LPS and TNF well before either saturates, with a wall whose paths let much through:
# a coupling shows, whatever was fitted.
KEEN = {
    "immune.lps_half": 12.0,
    "barrier.pore_half": 10.0,
    "barrier.unrestricted": 60.0,
    "barrier.leak": 80.0,
    "epithelium.injury_by_tnf": 2.0,
}


def lived(parameters, *interventions, seed=1, days=20):
    mouse = Mouse(parameters, seed=seed, interventions=interventions)
    mouse.run_for(f"{days} d")
    return mouse


def bits(mouse):
    """All arrays but the identities of packets, which number doses of nothing too."""
    arrays = mouse.snapshot().arrays
    return {k: v.tobytes() for k, v in arrays.items()}


def test_renaming_donors_changes_nothing(small, preparation):
    other = Preparation("somebody else's", preparation.cargo, preparation.donors)
    one = lived(small, GiveExosomes(source=preparation), days=5)
    two = lived(small, GiveExosomes(source=other), days=5)
    assert bits(one) == bits(two)


def test_equal_cargo_from_donors_of_different_ages_is_the_same(small):
    """Donors of two ages whose packets were made equal give recipients equal to the bit."""
    harvests = []
    for age in (90, 400):
        donor = Mouse(small, seed=11, age=age)
        harvest = donor.harvest()["cargo"][:150]
        harvest[:] = np.array([3, 2, 5, 1])
        harvests.append(Preparation(f"{age} days", harvest))
    one, two = (lived(small, GiveExosomes(source=h), days=5) for h in harvests)
    assert bits(one) == bits(two)


def test_zero_cargo_equals_vehicle_to_the_bit(small):
    empty = lived(small, GiveExosomes(source=designed_exosomes(100)), days=6)
    vehicle = lived(small, Vehicle(), days=6)
    for group in ("segments", "cells"):
        for name in getattr(empty.state, group)._fields:
            one = getattr(getattr(empty.state, group), name)
            two = getattr(getattr(vehicle.state, group), name)
            assert one.tobytes() == two.tobytes(), name
    assert empty.state.blood.tobytes() == vehicle.state.blood.tobytes()
    quiet = ("luminal exosomes", "plasma exosomes")
    for name, value in vehicle.measure().items():
        if name not in quiet:
            assert value == empty.measure()[name], name


HARM = {"barrier": 12.0, "inflammatory": 12.0, "insulin_resistance": 12.0}


def test_effects_grow_with_dose_from_nothing(medium):
    vial = designed_exosomes(1500, **HARM)
    values = [
        lived(medium, GiveExosomes(source=vial, equivalents=e)).measure() for e in (0, 0.3, 1, 3)
    ]
    vehicle = lived(medium, Vehicle()).measure()
    assert values[0] == vehicle
    for name, sign in (("FITC-dextran", 1), ("HOMA-IR", 1), ("TER", -1), ("plasma TNF", 1)):
        course = [sign * v[name] for v in values]
        assert course == sorted(course) and course[-1] > course[0], name


@pytest.mark.parametrize(
    "axis,moved,still",
    [
        ("barrier", "junction integrity", None),
        ("insulin_resistance", "liver insulin sensitivity", "plasma TNF"),
    ],
)
def test_each_axis_has_its_own_path(medium, axis, moved, still):
    """Lipid cargo reaches insulin signalling without any cytokine."""
    control = lived(medium, Vehicle()).measure()
    treated = lived(
        medium, GiveExosomes(source=designed_exosomes(1500, **{axis: 20.0}), equivalents=2)
    ).measure()
    assert treated[moved] < 0.97 * control[moved]
    if still:
        assert treated[still] == control[still]


def test_protective_cargo_helps(medium):
    control = lived(medium, Vehicle()).measure()
    treated = lived(medium, GiveExosomes(source=designed_exosomes(1500, protective=30.0))).measure()
    assert treated["liver insulin sensitivity"] > 1.03 * control["liver insulin sensitivity"]
    assert treated["macrophage activation"] < control["macrophage activation"]


def test_a_lesion_in_one_segment_is_local_with_a_gradient(medium):
    """Local LPS, local macrophages, neighbours less, the far end nothing; mean of six mice."""
    medium = medium.change(KEEN)
    lesion = BarrierLesion(share=0.05, stretch=(0.625, 0.6875), every=0.5, repeats=40)
    ratios, rises = [], []
    for seed in range(6):
        hurt = lived(medium, lesion, seed=seed, days=14).state
        well = lived(medium, seed=seed, days=14).state
        ratios.append(hurt.segments.lps / well.segments.lps)
        rises.append(hurt.sensed.activation - well.sensed.activation)
    lps, rise = np.mean(ratios, axis=0), np.mean(rises, axis=0)
    g = 10
    assert lps[g] > 1.5 > 1.1 > max(lps[g - 1], lps[g + 1])
    assert rise[g] > 0.05
    assert rise[g] > rise[g - 1] > 3 * rise[g - 3] and rise[g] > rise[g + 1] > 3 * rise[g + 3]
    assert abs(rise[0]) < 0.1 * rise[g]


def test_positions_matter(medium):
    """The same injury upstream, where few bacteria live, inflames less than downstream."""
    up = lived(medium, BarrierLesion(share=0.5, stretch=(0.0, 0.25), repeats=20))
    down = lived(medium, BarrierLesion(share=0.5, stretch=(0.75, 1.0), repeats=20))
    assert down.measure()["plasma TNF"] > 1.1 * up.measure()["plasma TNF"]


def test_two_barrier_outputs_move_apart(medium):
    """TNF opens the pore (TER) while junction support closes the leak (dextran)."""
    medium = medium.change(KEEN)
    control = lived(medium).measure()
    lps = lived(medium, LpsInfusion(rate=30, days=20)).measure()
    support = lived(medium, TightJunctionSupport(strength=5)).measure()
    assert lps["TER"] < 0.97 * control["TER"]
    leak = support["FITC-dextran"] / control["FITC-dextran"]
    resistance = support["TER"] / control["TER"]
    assert leak < 0.7 and resistance < 1.15


def test_interventions_do_what_they_say(medium):
    medium = medium.change(KEEN)
    control = lived(medium).measure()
    assert lived(medium, GermFree()).measure()["plasma TNF"] < 0.7 * control["plasma TNF"]
    assert (
        lived(medium, Butyrate(strength=3)).measure()["junction integrity"]
        > (control["junction integrity"])
    )
    blocked = lived(medium, CytokineBlockade(which=("TNF", "IL-10"), share=1.0)).measure()
    assert blocked["muscle insulin sensitivity"] > control["muscle insulin sensitivity"]
    assert blocked["TER"] > control["TER"]
    dysbiotic = lived(medium, MicrobiotaTransfer(pathobionts=1.0)).measure()
    assert dysbiotic["plasma LPS"] > control["plasma LPS"]
    cleared = lived(medium, Senolytic(share=0.9), days=1).measure()
    assert cleared["senescent burden"] < control["senescent burden"]


def test_a_blockade_of_what_nothing_senses_is_refused():
    with pytest.raises(
        GutexoError, match="nothing senses IL-6 here; a Knockout stops its secretion"
    ):
        CytokineBlockade(which=("TNF", "IL-6"))
    assert Knockout(which="IL-6").modifiers(0.0) == {"il6.secretion": 0.0}


def test_an_lps_bolus_passes_within_hours_but_is_sensed(small):
    control = lived(small, days=1)
    mouse = Mouse(small, seed=1, interventions=[LpsBolus(amount=500)])
    mouse.run_for(1)
    sensed = mouse.state.blood[0].sensed_level[LPS]
    mouse.run_for(23)
    assert sensed > 10 * control.state.blood[0].sensed_level[LPS]
    assert mouse.state.blood[0].level[LPS] < 2 * control.state.blood[0].level[LPS]
    assert mouse.measure()["macrophage activation"] > control.measure()["macrophage activation"]


def test_combined_modifiers_multiply_whatever_their_order(small):
    both = [TightJunctionSupport(strength=0.3), TightJunctionSupport(strength=0.7)]
    one = lived(small, *both, days=3)
    two = lived(small, *reversed(both), days=3)
    for name in one.state.segments._fields:
        a, b = getattr(one.state.segments, name), getattr(two.state.segments, name)
        assert a.tobytes() == b.tobytes()


def test_no_rule_takes_an_age_class_an_arm_or_a_donor():
    forbidden = {"age", "arm", "donor", "label", "old", "young", "group", "treatment"}
    for module in (cargo, insulin_signalling, macrophage):
        for name, function in inspect.getmembers(module):
            source = getattr(function, "py_func", None)
            if source is None:
                continue
            assert not forbidden & set(inspect.signature(source).parameters), name
    # Production of senescent cells rises with time lived, a number: no class of age.
    names = set(inspect.signature(senescence.step_burden.py_func).parameters)
    assert forbidden & names == {"age"}
