"""What a notebook shows of scenarios and studies."""

import gutexo as gut
from gutexo.protocol.descriptions import describe_intervention
from gutexo.protocol.study import MOST_ARMS


def test_a_scenario_says_who_what_and_how_long():
    html = gut.scenario("old + young exosomes")._repr_html_()
    assert "730 d old" in html and "2 donors, 90 d old" in html and "28 d" in html
    assert "nothing</td>" in gut.scenario("young mouse")._repr_html_()


def test_a_name_with_markup_stays_text():
    arm = gut.Scenario(name="<script>alert(1)</script>")
    vial = gut.designed_exosomes(10, name="<img src=x>")
    given = arm.add(gut.GiveExosomes(source=vial))
    study = gut.Study(name="<b>", question="a < b?", arms=(given,), notes=("<hr>",))
    for html in (given._repr_html_(), study._repr_html_()):
        for tag in ("<script", "<img", "<hr>", "a < b"):
            assert tag not in html
    assert "&lt;img" in given._repr_html_()


def test_a_long_study_and_many_changes_are_cut_short():
    quick = gut.scenario("young mouse").change(gut.QUICK)
    assert "7 parameters changed" in quick._repr_html_()
    one = quick.change({"barrier.leak": 20})
    assert "8 parameters changed" in one._repr_html_()
    few = gut.scenario("young mouse").change({"barrier.leak": 20})
    assert "barrier.leak = 20" in few._repr_html_()
    many = gut.Study(name="many", arms=tuple(few.named(f"arm {n}") for n in range(MOST_ARMS + 3)))
    assert "3 more arms" in many._repr_html_()


def test_an_intervention_tells_what_differs_from_its_defaults():
    assert describe_intervention(gut.treatments.Senolytic()) == "Senolytic"
    assert describe_intervention(gut.treatments.Senolytic(share=0.9)) == "Senolytic (share: 0.9)"
