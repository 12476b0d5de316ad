"""Parts that figures share: a heat map, an interval plot, and what is drawn of a result."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import Normalize, to_rgb
from matplotlib.figure import Figure

from gutexo.analysis.effects import Effect, estimate_effects
from gutexo.errors import GutexoError
from gutexo.figures.cells import add_colour_bar, draw_heat_map
from gutexo.figures.intervals import draw_interval, list_rows
from gutexo.figures.results import content_of_study, save_figures
from tests.figures.made_up import COMPARISONS, checks, result, talk


def panel() -> Axes:
    return Figure().subplots()


def luminance(colour: object) -> float:
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("colours", ["cividis", "PuOr_r"])
def test_every_text_of_a_heat_map_can_be_read_on_its_colour(colours: str) -> None:
    axes, values = panel(), np.linspace(-1.0, 1.0, 41)[None, :]
    image = draw_heat_map(axes, values, [["x"] * 41], colours=colours, norm=Normalize(-1, 1))
    for text, value in zip(axes.texts, values[0], strict=True):
        one, other = luminance(text.get_color()), luminance(image.cmap(image.norm(value)))
        assert (max(one, other) + 0.05) / (min(one, other) + 0.05) >= 4.5


def test_cells_have_their_texts_and_a_hatch_where_nothing_is_known() -> None:
    axes = panel()
    values = np.array([[1.0, math.nan], [math.nan, 2.0]])
    texts, below = [["a", "none"], ["", "b"]], [["", ""], ["", "c"]]
    draw_heat_map(axes, values, texts, colours="cividis", norm=Normalize(0, 2), below=below)
    drawn = {text.get_text(): text.get_position() for text in axes.texts}
    assert (
        list(drawn) == ["a", "none", "b", "c"] and drawn["a"] == (0, 0) and drawn["none"] == (1, 0)
    )
    assert drawn["b"][1] < 1 < drawn["c"][1]  # the first row is at the top: smaller is higher
    (hatch,) = axes.collections
    assert hatch.get_hatch() and hatch.get_datalim(axes.transData).bounds == (-0.5, 0.5, 1.0, 1.0)


def test_a_colour_bar_has_its_ticks() -> None:
    axes = panel()
    image = draw_heat_map(axes, np.eye(2), [["", ""]] * 2, colours="cividis", norm=Normalize(0, 1))
    bar = add_colour_bar(image, "share", {0.0: "none", 1.0: "all"})
    assert [text.get_text() for text in bar.ax.get_yticklabels()] == ["none", "all"]


@pytest.mark.parametrize(
    ("value", "low", "high", "ends", "at", "marker"),
    [
        (0.5, 0.2, 0.9, (0.2, 0.9), 0.5, "o"),
        (0.5, -3.0, 7.0, (-1.0, 2.0), 0.5, "o"),
        (5.0, 4.0, 7.0, (2.0, 2.0), 2.0, ">"),
        (-math.inf, -math.inf, 0.5, (-1.0, 0.5), -1.0, "<"),
        (0.5, math.nan, math.nan, None, 0.5, "o"),
    ],
)
def test_an_interval_ends_where_the_panel_does(
    value: float,
    low: float,
    high: float,
    ends: tuple[float, float] | None,
    at: float,
    marker: str,
) -> None:
    axes = panel()
    draw_interval(axes, 3, value, low, high, colour="red", marker="o", limits=(-1.0, 2.0))
    *lines, mark = axes.lines
    assert [tuple(line.get_xdata()) for line in lines] == ([] if ends is None else [ends])
    assert mark.get_xdata()[0] == at and mark.get_ydata()[0] == 3 and mark.get_marker() == marker


def test_nothing_is_drawn_of_a_value_that_is_missing() -> None:
    axes = panel()
    draw_interval(axes, 0, math.nan, 1.0, 2.0, colour="red", marker="o")
    assert not axes.lines


def test_rows_are_listed_from_the_top() -> None:
    axes = panel()
    list_rows(axes, ["a", "b"], ["1", "2"])
    assert axes.get_ylim() == (1.6, -0.6)
    assert [text.get_text() for text in axes.get_yticklabels()] == ["a", "b"]
    (right,) = axes.child_axes
    assert [text.get_text() for text in right.get_yticklabels()] == ["1", "2"]


def test_a_figure_of_a_study_draws_what_it_needs() -> None:
    data = result()

    def effects() -> list[Effect]:
        return estimate_effects(data, COMPARISONS)

    assert content_of_study("overview", data, effects) is data
    assert content_of_study("effect_forest", data, effects) == effects()
    with pytest.raises(GutexoError, match="not that of a sweep"):
        content_of_study("sweep", data, effects)


def test_figures_of_a_result_are_files_with_their_names(tmp_path: Path) -> None:
    save_figures({"verification": checks()}, tmp_path)
    save_figures({"two": (talk(), talk(3.0))}, tmp_path, drawn_by="signal_flow")
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {f"{name}.{end}" for name in ("verification", "two") for end in ("png", "svg")}
