"""The page for everybody: no serious barrier, everything by keyboard, colours that can be told."""

import time
from importlib.resources import files
from itertools import combinations

import numpy as np
import pytest

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


# Machado, Oliveira and Fernandes, IEEE TVCG 15:1291 (2009), severity 1.
BLINDNESS = {
    "none": np.eye(3),
    "protan": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deutan": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritan": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}


def lab(rgb, sight):
    """CIE L*a*b* of a colour as somebody sees it."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.asarray(BLINDNESS[sight]) @ linear, 0, 1)
    xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    ) @ seen / [0.9505, 1.0, 1.089]  # fmt: skip
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("sight", BLINDNESS)
def test_classes_are_told_apart_by_colour_and_by_shape(visit, sight):
    page = visit().page
    classes = page.evaluate("import('/static/exosomes.js').then((marks) => marks.CLASSES)")
    assert len({kind["shape"] for kind in classes}) == len(classes)
    colors = [
        np.array([int(kind["color"][i : i + 2], 16) / 255 for i in (1, 3, 5)]) for kind in classes
    ]
    for one, other in combinations(colors, 2):
        assert np.linalg.norm(lab(one, sight) - lab(other, sight)) > 10
