"""Share links: what cannot be followed is said in words, and a mouse stands there all the same."""

import base64
import json

import pytest

pytestmark = pytest.mark.gate

WHOLE = {"v": 1, "arm": "young + vehicle", "beside": None, "seed": 1, "full": False}


def fragment(content):
    """What follows the # of a link."""
    text = content if isinstance(content, str) else json.dumps(content)
    return base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).decode().rstrip("=")


def changed(value):
    return WHOLE | {"changes": {"barrier.repair": value}}


SLIDER = "the value of the parameter 'barrier.repair' is not a number"
BROKEN = {
    fragment(changed("fast")): SLIDER,
    fragment(changed("0.2")): SLIDER,
    fragment(changed(True)): SLIDER,
    fragment(changed({"a": 1})): SLIDER,
    fragment(changed([])): SLIDER,
    fragment(changed(None)): SLIDER,
    fragment(json.dumps(changed(1)).replace(": 1}", ": 1e999}")): SLIDER,
    fragment(json.dumps(changed(1)).replace(": 1}", ": NaN}")): "cannot be read",
    fragment(WHOLE | {"changes": {"\ud800": 1}}): "broken characters",
    fragment(WHOLE | {"changes": ["barrier.repair"]}): "its changes",
    fragment(WHOLE | {"changes": "x"}): "its changes",
    fragment(WHOLE | {"arm": "\ud800"}): "the mouse is not a name",
    fragment(WHOLE | {"arm": 3}): "the mouse is not a name",
    fragment(WHOLE | {"beside": {}}): "the mouse beside",
    fragment(WHOLE | {"seed": "1"}): "the seed",
    fragment(WHOLE | {"seed": -1}): "the seed",
    fragment(WHOLE | {"seed": 1.5}): "the seed",
    fragment(WHOLE | {"full": "yes"}): "full",
    fragment(WHOLE | {"more": 1}): "'more' is not known",
    fragment('{"v": 1, "__proto__": {"arm": 3}}'): "'__proto__' is not known",
    fragment(WHOLE | {"v": 2}): "another version",
    fragment([1]): "cannot be read",
    fragment("null"): "cannot be read",
    fragment("\ud800"): "cannot be read",
    "%ED%A0%80": "cannot be read",
    "!": "cannot be read",
    "A" * 9000: "too long",
}


def test_every_broken_link_is_told_what_is_wrong_with_it(visit):
    page = visit().page
    for text, wrong in BROKEN.items():
        said = page.evaluate(
            "text => import('/static/link.js').then((m) => m.decodeLink(text))"
            ".then(JSON.stringify, (error) => error.message)",
            text,
        )
        assert wrong in said, text
        assert "JSON" not in said and len(said) < 120
    fine = changed(0.2)
    assert page.evaluate(
        "text => import('/static/link.js').then((m) => m.decodeLink(text))", fragment(fine)
    ) == {name: value for name, value in fine.items() if name != "v"}


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (changed("fast"), SLIDER),  # the page sees it
        (WHOLE | {"arm": "no such <b>mouse</b>"}, "no such <b>mouse</b>"),  # the model sees it
        (changed(1e9), "barrier.repair"),
    ],
)
def test_a_broken_link_says_so_beside_the_usual_mouse(visit, content, wrong):
    visitor = visit("#" + fragment(content))
    assert visitor.status.startswith("This link is broken: ") and wrong in visitor.status
    visitor.until(lambda: "Here is the usual mouse. Day 0 of young + old exo" in visitor.status)
    page = visitor.page
    assert page.locator("#arm").input_value() == "young + old exosomes"
    visitor.step()
    page.select_option("#beside", "")
    page.click("#reset")
    visitor.until(lambda: visitor.status.startswith("Day 0 of"))
    assert page.locator("#sliders output").first.text_content() not in ("", "NaN")


def test_a_link_beyond_the_ends_of_its_slider_keeps_its_value(visit):
    """A slider spans a part of what the catalogue allows."""
    page = visit("#" + fragment(changed(0.0101))).page
    slide = page.locator("#sliders input[aria-label^='barrier.repair:']")
    assert slide.get_attribute("data-exact") == "0.0101"
    at, least = float(slide.input_value()), float(slide.get_attribute("min"))
    assert at == pytest.approx(least)
