"""An intervention says whose exosomes it gives and when, before a mouse is run."""

import warnings

import pytest

from gutexo.body.doses import Dose
from gutexo.body.interventions import Intervention
from gutexo.cohort.tasks import ArmTask
from gutexo.errors import GutexoError
from gutexo.protocol.citations import reference_keys
from gutexo.protocol.exosome_treatments import GiveExosomes, Vehicle, designed_exosomes
from gutexo.protocol.life import Donors, Life, checked_donors
from gutexo.protocol.study import Scenario, Study, list_dose_days
from gutexo.protocol.study_checks import check_study
from gutexo.protocol.treatments import GermFree

DONORS = Donors(life=Life(age=91, interventions=GermFree()), count=3)


class Meals(Intervention):
    """A class that overrides `doses` only."""

    def doses(self):
        return [Dose(36, "LPS", 1.0), Dose(12, "LPS", 1.0), Dose(1, "vehicle")]


class Late(GiveExosomes):
    """A course with days of its own."""

    def dose_days(self):
        return [5.0, 9.0]


class Once(GiveExosomes):
    """A course with doses of its own, once there is a preparation."""

    def doses(self):
        return super().doses()[:1]


def arm(item):
    return Scenario(name="mine", interventions=item)


def test_most_interventions_have_no_donors():
    for item in (Intervention(), Vehicle(), Meals(), GiveExosomes(source=designed_exosomes(5))):
        assert item.donors() is None and checked_donors(item) is None
        assert len(ArmTask(arm(item), 0, 0).lives()) == 1


def test_donors_are_raised_and_cited():
    item = GiveExosomes(source=DONORS)
    assert item.donors() == DONORS == checked_donors(item)
    assert len(ArmTask(arm(item), 0, 0).lives()) == 4
    assert set(GermFree.sources) <= set(reference_keys(item)) != set(GiveExosomes.sources)
    assert item.resolved(designed_exosomes(5)).donors() is None


def test_times_are_known_before_exosomes_are_harvested():
    assert Intervention().dose_times() == [] == Vehicle().dose_times()
    assert Meals().dose_times() == [0.5, 1.5]
    for source in (DONORS, designed_exosomes(5)):
        item = GiveExosomes(source=source, start=1, every=0.3, repeats=3)
        assert item.dose_times() == pytest.approx([1.0, 1.3, 1.6])
        assert item.dose_times() == list_dose_days(item)
        assert Late(source=source).dose_times() == [5.0, 9.0]
    assert GiveExosomes(source=DONORS).doses() == []
    assert Once(source=designed_exosomes(5)).dose_times() == [0.0]


@pytest.mark.parametrize("wrong", [3, "mice", Life(), [DONORS]])
def test_other_donors_are_refused(wrong):
    class Own(Intervention):
        def donors(self):
            return wrong

    plan = Study(name="planned", arms=(arm(Own()),))
    with pytest.raises(GutexoError, match=r"^arm 'mine': Own: donors\(\) must return Donors or "):
        check_study(plan)


def test_a_field_may_have_the_name_of_a_method():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")

        class Own(Intervention):
            donors: int = 3
            dose_times: tuple[float, ...] = (6.0,)

            def doses(self):
                return [Dose(at, "LPS", 1.0) for at in self.dose_times]

    mine = arm(Own())
    assert check_study(Study(name="planned", arms=(mine,))) == []
    assert mine.dose_days() == [0.25] and len(ArmTask(mine, 0, 0).lives()) == 1
