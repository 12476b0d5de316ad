"""Names of arms that matplotlib would read as formulas, or that no font can draw."""

import warnings
import xml.etree.ElementTree as xml

import pytest

from gutexo.analysis.effects import estimate_effects
from gutexo.figures import find_figure
from gutexo.figures.style import render
from tests.figures import made_up

ODD = (
    r"$\frac{$ and $",
    "price: 5$ + 6$",
    "$x^2$",
    "two\nlines",
    "\x1b[31mred\x07 \u202egnp",
    "[/nope] <b>&amp;</b> -- %s",
)


@pytest.fixture(scope="module")
def data():
    return made_up.result(mice=2, days=3, arms=dict.fromkeys(ODD, 1.2))


@pytest.mark.parametrize("name", ["trajectories", "effect_forest", "overview"])
@pytest.mark.filterwarnings("error")
def test_names_are_drawn_as_they_are(name, data):
    drawn_from = data
    pairs = [(ODD[n], ODD[n + 1]) for n in range(len(ODD) - 1)]
    if name == "effect_forest":
        drawn_from = estimate_effects(data, pairs)
    data.attrs["comparisons"] = [list(pair) for pair in pairs]
    more = (["HOMA-IR"],) if name == "trajectories" else ()
    figure = find_figure(name)(drawn_from, *more)
    content = render(figure, "svg")
    xml.fromstring(content)
    assert b"\x1b" not in content and b"\x07" not in content
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        render(figure, "png")


def test_a_dollar_stays_a_dollar(data):
    figure = find_figure("trajectories")(data, ["HOMA-IR"])
    render(figure, "png")
    texts = [text for legend in figure.legends for text in legend.get_texts()]
    labels = [text.get_text() for text in texts]
    assert "$x^2$" in labels and "\\x1b[31mred\\x07 \\u202egnp" in labels
    assert not any(text.get_parse_math() for text in texts)
