"""What a notebook shows of mice: whatever a name holds, it is text."""

from gutexo.body.interventions import Intervention
from gutexo.body.mouse import Mouse
from gutexo.support.html import MICE_ONLY_NOTE, html_table


def test_names_are_shown_as_text():
    shown = html_table("<a>", [("<i>", "a & b", 3)], column_names=("<u>", "x", "y"), notes="<s>")
    assert all(f"<{tag}>" not in shown for tag in "aius")
    assert shown.count("&lt;") == 4 and "a &amp; b" in shown
    assert MICE_ONLY_NOTE in shown


def test_a_mouse_is_shown_and_not_disturbed(small):
    mouse = Mouse(small, seed=4, interventions=[Intervention()])
    before = mouse.measure()
    shown = mouse._repr_html_()
    assert "seed 4" in shown and "90 d old" in shown and "12 segments" in shown
    assert "72 enterocytes" in shown and "in lumen" in shown and "Intervention" in shown
    assert mouse.measure() == before and MICE_ONLY_NOTE in shown
    mouse.die()
    assert "died at" in mouse._repr_html_()
