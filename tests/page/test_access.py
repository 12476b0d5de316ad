"""The page for everybody: no serious barrier, everything by keyboard, colours that can be told."""

import time
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
    for _ in range(30):
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
        if reached[-1] == "BODY":
            break
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", reached
        page.keyboard.press("Tab")
    for name in ("arm", "beside", "seed", "another", "full", "SUMMARY", "reset", "play", "step",
                 "speed", "large", "day", "CANVAS", "share", "csv", "png", "gif",
                 "html"):  # fmt: skip
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


def test_reduced_motion_slows_the_pictures_and_not_the_mice(visit):
    visitor = visit(reduced_motion="reduce")
    assert visitor.page.locator("#speed").input_value() == "24"
    visitor.play()
    visitor.until(lambda: visitor.frames > 1)
    before, start = visitor.frames, time.monotonic()
    visitor.until(lambda: visitor.frames >= before + 3)
    assert time.monotonic() - start > 1.0
    assert "less motion" in visitor.status
    visitor.pause()


def test_large_type_is_large_and_still_fits(visit):
    visitor = visit(viewport={"width": 800, "height": 900})
    page = visitor.page
    size = "parseFloat(getComputedStyle(document.querySelector('#status')).fontSize)"
    high = "document.querySelector('.mouse canvas').getBoundingClientRect().height"
    small, low = page.evaluate(size), page.evaluate(high)
    page.check("#large")
    assert page.evaluate(size) > 1.3 * small and page.evaluate(high) >= low
    assert page.evaluate("document.documentElement.scrollWidth") <= 800


@pytest.mark.parametrize("sight", BLINDNESS)
def test_classes_are_told_apart_by_colour_and_by_shape(visit, sight):
    page = visit().page
    classes = page.evaluate("import('/static/exosomes.js').then((marks) => marks.CLASSES)")
    assert len({kind["shape"] for kind in classes}) == len(classes)
    assert too_close([kind["color"] for kind in classes], sight) == []
