"""Rules that every figure of the package keeps, with the longest names there are."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

import gutexo.figures
from gutexo.figures import FIGURES
from gutexo.figures.style import FOOTNOTE, make_sheet, render, styled
from tests.figures import rules
from tests.figures.every import PICTURES

ROOT = Path(__file__).parents[2]
RULES = {rule.__name__: rule for rule in rules.RULES}
IN_FAST_TIER = ("overview", "signal_flow")


def drawing_functions() -> set[str]:
    """Public functions of the package that return a figure."""
    found = set()
    for module in iter_modules(gutexo.figures.__path__):
        here = import_module(f"gutexo.figures.{module.name}")
        found |= {
            name
            for name, function in vars(here).items()
            if inspect.isfunction(function)
            and function.__module__ == here.__name__
            and not name.startswith("_")
            and inspect.signature(function).return_annotation in ("Figure", Figure)
        }
    return found


def test_no_figure_is_left_out() -> None:
    assert set(PICTURES) == drawing_functions()
    assert set(FIGURES) <= set(PICTURES)


@pytest.mark.parametrize("name", PICTURES)
def test_a_figure_keeps_every_rule(name: str) -> None:
    figure = PICTURES[name]()
    assert rules.complaints(figure) == []
    assert any(FOOTNOTE in text.get_text().replace("\n", " ") for text in figure.texts)


def drawn_elsewhere(names: list[str], seed: str, folder: Path) -> None:
    """Draw figures in a process of its own, whose strings have hashes of their own."""
    code = (
        "import sys; from pathlib import Path; from gutexo.figures.style import render;"
        "from tests.figures.every import PICTURES;"
        "[Path(sys.argv[1], f'{n}.svg').write_bytes(render(PICTURES[n](), 'svg'))"
        " for n in sys.argv[2:]]"
    )
    command = [sys.executable, "-c", code, str(folder), *names]
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    more = {"PYTHONHASHSEED": seed, "PYTHONPATH": path}
    subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, **more})


def assert_same(one: bytes, two: bytes, name: str) -> None:
    assert one == two, name
    assert not re.search(rb"<dc:date>|\d{4}-\d\d-\d\d|0x[0-9a-f]{6}|/home/|/tmp/", one), name


@pytest.mark.long
def test_svg_is_the_same_in_another_process(tmp_path: Path) -> None:
    drawn_elsewhere(list(IN_FAST_TIER), "1", tmp_path)
    for name in IN_FAST_TIER:
        here = render(PICTURES[name](), "svg")
        assert_same(here, (tmp_path / f"{name}.svg").read_bytes(), name)


@pytest.mark.long
def test_every_svg_is_the_same_in_two_processes(tmp_path: Path) -> None:
    for seed in ("1", "2"):
        (tmp_path / seed).mkdir()
        drawn_elsewhere(list(PICTURES), seed, tmp_path / seed)
    for name in PICTURES:
        one, two = ((tmp_path / seed / f"{name}.svg").read_bytes() for seed in ("1", "2"))
        assert_same(one, two, name)


def broken(rule: str) -> Figure:
    """A small figure that breaks one rule on purpose."""
    same = [Line2D([], [], color=colour, marker="o", label=colour) for colour in ("red", "blue")]
    with styled():
        legend = same if rule == "entries_alike" else ()
        page = make_sheet(1, title="Broken", caption="On purpose.", legend=legend)
        (axes,) = page.panels
        axes.plot([0, 1], [0, 1], color="red", marker="o")
        axes.set_xlabel("day")
        axes.set_ylabel("HOMA-IR (dimensionless)")
        if rule == "texts_outside":
            axes.text(0.9, 0.5, "a name that is longer than what is left of its panel")
        elif rule == "texts_overlapping":
            axes.text(0.5, 0.5, "one name")
            axes.text(0.52, 0.52, "another name")
        elif rule == "blocks_clipped_or_overlapping":
            page.figure.text(0.6, 0.01, "a text over the caption" * 3)
        elif rule == "axes_without_unit":
            axes.set_ylabel("HOMA-IR")
        elif rule == "lines_alike":
            axes.plot([0, 1], [1, 0], color="blue", marker="o")
    return page.figure


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_that_is_broken_on_purpose_is_told(rule: str) -> None:
    assert RULES[rule](rules.looked_at(broken(rule)))


def test_the_same_figure_breaks_no_rule_by_itself() -> None:
    assert rules.complaints(broken("none")) == []


@pytest.mark.parametrize(
    ("label", "tells"),
    [
        ("plasma TNF (pg/mL)", True),
        ("macrophage activation\n(dimensionless)", True),
        ("ratio to vehicle", True),
        ("day", True),
        ("power", False),
        ("", False),
    ],
)
def test_a_label_tells_its_unit_or_does_not(label: str, tells: bool) -> None:
    figure = broken("none")
    figure.axes[0].set_ylabel(label)
    assert (rules.axes_without_unit(rules.looked_at(figure)) == []) == tells


def test_a_shape_is_what_is_left_without_colour() -> None:
    looks = [{}, {"marker": "s"}, {"linestyle": "--"}, {"markerfacecolor": "white"}]
    lines = [Line2D([], [], **{"color": "red", "marker": "o", **look}) for look in looks]
    assert len({rules._shape(line) for line in lines}) == len(lines)
    assert rules._shape(Line2D([], [], color="blue", marker="o")) == rules._shape(lines[0])
