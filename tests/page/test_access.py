"""The page for everybody: no serious barrier, everything by keyboard, colours that can be told."""

from importlib.resources import files

import pytest

from tests.colours import BLINDNESS, too_close

pytestmark = pytest.mark.gate


def test_axe_finds_nothing_serious(visit):
    visitor = visit()
    visitor.page.click("summary >> nth=0")
    visitor.page.click("#learn")
    visitor.page.locator(".chapter").first.click()
    visitor.step()
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    visitor.page.evaluate(axe)
    found = visitor.page.evaluate("axe.run()")
    serious = [
        (rule["id"], rule["nodes"][0]["html"][:200])
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
    ]
    assert not serious and len(found["passes"]) > 15


def test_everything_is_reached_and_done_by_keyboard(visit):
    visitor = visit()
    page = visitor.page
    page.focus("#arm")
    reached = []
    for _ in range(24):
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
        if reached[-1] == "BODY":
            break
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", reached
        page.keyboard.press("Tab")
    for name in ("arm", "beside", "seed", "full", "SUMMARY", "reset", "play", "step", "speed",
                 "day", "CANVAS", "share", "csv", "png", "html"):  # fmt: skip
        assert name in reached, reached
    page.focus("#step")
    before = visitor.frames
    page.keyboard.press("Enter")
    visitor.until(lambda: visitor.frames > before)
    page.focus("#play")
    before = visitor.frames
    page.keyboard.press("Space")
    visitor.until(lambda: visitor.frames > before + 30)
    page.keyboard.press("Space")
    visitor.until(lambda: page.evaluate("gutexo.stands"))
    page.focus("#day")
    page.keyboard.press("Home")
    visitor.until(lambda: visitor.day == 0)


@pytest.mark.parametrize("sight", BLINDNESS)
def test_classes_are_told_apart_by_colour_and_by_shape(visit, sight):
    page = visit().page
    classes = page.evaluate("import('/static/view.js').then((view) => view.CLASSES)")
    assert len({kind["shape"] for kind in classes}) == len(classes)
    assert too_close([kind["color"] for kind in classes], sight) == []
