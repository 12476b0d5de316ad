"""The page from a phone to a projector: no text leaves its canvas, none is cut short.

A window of 640 px is what 1280 px at 200 % zoom leaves.
"""

import pytest

from tests.page.conftest import linked

pytestmark = pytest.mark.gate

# Notes every text that a canvas was given and that does not lie inside it.
WATCH = """
window.cut = new Set(); window.written = 0;
const write = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, x, y, ...rest) {
  const { actualBoundingBoxLeft: l, actualBoundingBoxRight: r, actualBoundingBoxAscent: up,
          actualBoundingBoxDescent: down } = this.measureText(text);
  const m = this.getTransform();
  const left = m.a * (x - l) + m.e, right = m.a * (x + r) + m.e;
  const top = m.d * (y - up) + m.f, bottom = m.d * (y + down) + m.f;
  window.written += 1;
  const inside = left >= -1 && top >= -1 && right <= this.canvas.width + 1
    && bottom <= this.canvas.height + 1;
  if (!inside || String(text).includes("…")) window.cut.add(String(text));
  return write.call(this, text, x, y, ...rest);
};
"""


def whole(visitor, wide):
    """Look at what was written on canvases, and at the width of the page."""
    assert visitor.page.evaluate("written") > 50
    assert visitor.page.evaluate("[...cut]") == []
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= wide


@pytest.mark.parametrize("wide,large", [(1280, False), (900, True), (640, True), (360, True)])
def test_every_text_is_whole(visit, wide, large):
    visitor = visit(viewport={"width": wide, "height": 800}, watching=WATCH)
    if large:
        visitor.page.check("#large")
    visitor.page.evaluate("cut.clear()")
    visitor.step(2)
    whole(visitor, wide)


def test_the_line_of_the_band_is_whole(visit):
    """Of one mouse, whose band is computed soon."""
    alone = linked(arm="young + vehicle", beside=None)
    visitor = visit(alone, viewport={"width": 1280, "height": 800}, watching=WATCH)
    visitor.until(lambda: visitor.page.evaluate("gutexo.bands") == 1)
    visitor.page.evaluate("cut.clear()")
    visitor.step(2)
    whole(visitor, 1280)


def test_a_text_that_is_cut_is_noticed(visit):
    visitor = visit(watching=WATCH)
    visitor.page.evaluate(
        "() => { const g = document.querySelector('.mouse canvas').getContext('2d');"
        " g.fillText('far outside', 1e5, 10); }"
    )
    assert visitor.page.evaluate("[...cut]") == ["far outside"]
